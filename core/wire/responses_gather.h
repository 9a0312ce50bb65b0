/*
 * Events of a response into the response.
 */
#ifndef CORE_WIRE_RESPONSES_GATHER_H
#define CORE_WIRE_RESPONSES_GATHER_H

#include "core/json/write.h"
#include "core/wire/stream.h"

enum wire_outcome responses_whole(struct wire_stream *, struct error *);
enum wire_outcome responses_event(struct wire_stream *, const struct sse_event *,
		    struct error *);
void		responses_response(const struct wire_stream *, struct writer *);

/* The texts that come in deltas: response.STEM.delta and response.STEM.done. */
struct response_text {
	const char	*stem;
	const char	*list, *index;	/* of the item's parts; NULL: the item's own */
	const char	*member;	/* of the part or item, and of "done" */
	enum wire_kind	 kind;
};
extern const struct response_text response_texts[];	/* ends with a NULL stem */

#endif
