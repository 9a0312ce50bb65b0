/*
 * Streams whose events tell what of the response comes one after the other: Google's
 * interactions, Cohere's chat (v2), llama.cpp, Dify, ERNIE, Anthropic's completions,
 * Bedrock's ConverseStream and LangGraph's states.
 */
#ifndef QUEUE_INGEST_JOINER_EVENTS_H
#define QUEUE_INGEST_JOINER_EVENTS_H

#include "core/base/buf.h"
#include "core/json/parse.h"

struct event_joiner {
	struct buf	head;		/* what tells of the whole, raw: an object */
	struct buf	list;		/* steps or calls that are done, raw */
	struct buf	begin;		/* of the one under way, raw: an object */
	struct buf	text, more;	/* inside of a string: its text, arguments */
	unsigned	kind;		/* 0: nothing is under way */
	bool		broken;		/* an event of it could not be read */
};

/* True: the event was one of these; a response that is whole by it is added to
 * `out`, a line each. */
bool		event_joiner_add(struct event_joiner *, const struct json *,
		    struct buf *out);
/* {"run_id":"..","attempt":1}: a run of LangGraph's begins. */
bool		event_joiner_is_run(const struct json *);
/* A state of its run is there. */
bool		event_joiner_has_state(const struct event_joiner *);
/* No more events come: adds what broke off. */
void		event_joiner_end(struct event_joiner *, struct buf *out);
void		event_joiner_release(struct event_joiner *);

#endif
