/*
 * The request that goes upstream: the client's, byte for byte the same but for what
 * is changed.
 */
#ifndef CORE_WIRE_REQUEST_WRITE_H
#define CORE_WIRE_REQUEST_WRITE_H

#include "core/wire/request.h"

/* What the upstream's request has otherwise; zeroed but max_tokens = -1 and stream
 * as in the request: nothing.  "prompt" with variables is always left out. */
struct wire_change {
	struct slice	 model;		/* absent: as it came */
	int64_t		 max_tokens;	/* where the request names none; -1: none */
	bool		 stream;	/* in chat this asks for usage too */
	bool		 logprobs;	/* asked for, whether the client did or not */
	/* Beside those of wire_request_texts(): what stands in their place; one
	 * whose p is NULL stays.  NULL: all stay. */
	const struct slice *texts;
	/* An array of {"role","content"} in the place of messages or input, or
	 * absent; texts must be NULL then.  In Messages its system messages
	 * become `system`. */
	struct slice	 messages;
};
enum status	wire_request_write(struct buf *, const struct wire_request *,
		    const struct wire_change *, struct error *) MUST_CHECK;

#endif
