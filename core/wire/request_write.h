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
};
enum status	wire_request_write(struct buf *, const struct wire_request *,
		    const struct wire_change *, struct error *) MUST_CHECK;
/*
 * The request with a prompt filled in: without "prompt", and with these messages, an
 * array of {"role","content"}, before its own.  In Messages those of the system go
 * before its `system`.  Of the config, an object or absent, the API's parameters of
 * models that the request does not set are set; all else in it is left out.
 */
enum status	wire_request_prompt(struct buf *, const struct wire_request *,
		    struct slice messages, struct slice config, struct error *)
		    MUST_CHECK;

#endif
