/*
 * Streams whose last event has the whole response: OpenAI's Responses and
 * Assistants, Cohere's chat (v1) and TGI.  What the events before it tell counts
 * where it does not come.
 */
#ifndef QUEUE_INGEST_JOINER_WHOLE_H
#define QUEUE_INGEST_JOINER_WHOLE_H

#include "core/base/buf.h"
#include "core/json/parse.h"

/* Begins as all zero. */
struct whole_joiner {
	unsigned	kind;		/* 0: nothing is under way */
	struct buf	head;		/* what tells of the whole, raw: an object */
	struct buf	list;		/* items or calls that are done, raw */
	struct buf	begin;		/* the item under way, raw: an object */
	struct buf	text, more;	/* inside of a string: its text, arguments */
	int64_t		index;		/* TGI's, of the last token */
};

/* True: the event was one of these, and says no more; a response that is whole by
 * it is added to `out`, and one that broke off before it. */
bool	whole_joiner_add(struct whole_joiner *, const struct json *,
	    struct buf *out);
/* No more events come: adds what broke off. */
void	whole_joiner_end(struct whole_joiner *, struct buf *out);
void	whole_joiner_release(struct whole_joiner *);

#endif
