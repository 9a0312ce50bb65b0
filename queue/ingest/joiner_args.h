/*
 * Calls of Gemini whose arguments come in pieces (Vertex AI,
 * streamFunctionCallArguments): values by their JSON paths, in the order of the
 * document, a text in several of them.
 */
#ifndef QUEUE_INGEST_JOINER_ARGS_H
#define QUEUE_INGEST_JOINER_ARGS_H

#include "core/json/parse.h"
#include "core/json/write.h"

/* Begins as all zero, and stays where it is. */
struct args_joiner {
	bool		open;		/* a call is under way */
	bool		text;		/* in a string */
	struct buf	call;		/* the part, as far as it is written */
	struct writer	w;		/* of it */
	struct buf	string;		/* the one under way: the inside */
	struct buf	path;		/* of the last value */
};

/* True: the part at t belongs to such a call; one that is whole by it is added to
 * `parts`. */
bool	args_joiner_add(struct args_joiner *, const struct json *, uint32_t t,
	    struct buf *parts);
/* No more comes: adds the one under way. */
void	args_joiner_end(struct args_joiner *, struct buf *parts);
void	args_joiner_release(struct args_joiner *);

#endif
