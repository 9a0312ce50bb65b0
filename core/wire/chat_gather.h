/*
 * Chunks of a chat completion into the completion.
 */
#ifndef CORE_WIRE_CHAT_GATHER_H
#define CORE_WIRE_CHAT_GATHER_H

#include "core/wire/stream.h"
#include "core/json/write.h"

enum wire_outcome chat_whole(struct wire_stream *, struct error *);
enum wire_outcome chat_event(struct wire_stream *, const struct sse_event *,
		    struct error *);
bool		chat_is_end(struct slice data);
enum wire_outcome chat_end(struct wire_stream *, struct error *);
void		chat_response(const struct wire_stream *, struct writer *);

#endif
