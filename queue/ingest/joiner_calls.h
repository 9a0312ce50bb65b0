/*
 * Calls that come in pieces, in the deltas of OpenAI's chat and those who answer like
 * it: `tool_calls` with an index each, which some leave out or repeat, and the
 * older `function_call`.
 */
#ifndef QUEUE_INGEST_JOINER_CALLS_H
#define QUEUE_INGEST_JOINER_CALLS_H

#include "core/json/parse.h"
#include "core/json/write.h"

/* Begins as all zero. */
struct calls_joiner {
	struct joined_call	*call;
	size_t			 n;
	size_t			 bytes;		/* of what was kept */
	bool			 legacy;	/* the only one is a function_call */
};

void	calls_joiner_add(struct calls_joiner *, const struct json *,
	    uint32_t delta);
/* The member "tool_calls", or "function_call"; nothing where there is none. */
void	calls_joiner_write(const struct calls_joiner *, struct writer *);
void	calls_joiner_release(struct calls_joiner *);

#endif
