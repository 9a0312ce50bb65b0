/*
 * What LangGraph streams beside its states (joiner_events.h): pieces of messages
 * (messages), messages so far (messages/partial, messages/complete) and what each
 * node gave back (updates).  The last answer of a run counts.
 */
#ifndef QUEUE_INGEST_JOINER_GRAPH_H
#define QUEUE_INGEST_JOINER_GRAPH_H

#include "core/base/buf.h"
#include "core/json/parse.h"

#define GRAPH_MESSAGES	16	/* of branches that run beside each other */

/* A message out of pieces. */
struct graph_message {
	size_t		last;		/* the number of its last piece; 0: none yet */
	struct buf	id;		/* raw */
	struct buf	text;		/* inside of a string */
	struct buf	call, given;	/* the call under way: its piece, raw; arguments */
	struct buf	calls;		/* those that are done */
	struct buf	about, usage;	/* raw */
};

/* Begins as all zero. */
struct graph_joiner {
	bool		used;		/* something is under way */
	size_t		n;		/* pieces so far */
	struct graph_message message[GRAPH_MESSAGES];
	struct graph_message *now;	/* whose piece came last; NULL: whole */
	struct buf	whole;		/* the message, raw */
};

/* True: the event was one of these, and says no more for now. */
bool	graph_joiner_add(struct graph_joiner *, const struct json *);
/* A run is over, or another begins: adds its answer. */
void	graph_joiner_end(struct graph_joiner *, struct buf *out);
/* Its states tell the same, and more. */
void	graph_joiner_clear(struct graph_joiner *);
void	graph_joiner_release(struct graph_joiner *);

#endif
