/*
 * A client's request: what a gateway needs to know of it.
 */
#ifndef CORE_WIRE_REQUEST_H
#define CORE_WIRE_REQUEST_H

#include "core/base/arena.h"
#include "core/json/parse.h"
#include "core/wire/wire.h"

/* Zeroed, or read before: its tokens' memory is used again. */
struct wire_request {
	enum wire_api	 api;
	struct slice	 body;		/* stays where it is */
	bool		 malformed;	/* it is no JSON, and nothing below is set */
	struct slice	 model;		/* decoded, never empty */
	bool		 stream;
	bool		 usage_asked;	/* in a stream; only chat has to ask */
	bool		 logprobs_asked;
	bool		 json_asked;	/* an answer that is to be JSON */
	bool		 tools;		/* the model may call some */
	bool		 messages;	/* it has some, or an input */
	bool		 background;
	bool		 previous;	/* goes on from what the service keeps:
					 * previous_response_id, conversation */
	int64_t		 max_tokens;	/* by whichever name; -1: not given */
	int64_t		 choices;	/* n; 1 */
	struct slice	 unit;		/* safety_identifier, else user, else
					 * metadata.user_id; or absent */
	struct slice	 variables;	/* "prompt":{"variables":{...}}: that object
					 * as it came; absent: none, or the prompt
					 * has an id and is the upstream's own */
	struct json	 d;
};

/*
 * Strict JSON, each key once.  STATUS_INVALID with "byte N: why" where it is not
 * JSON, else naming the member that is missing or of a wrong type; neither
 * repeats what was sent.  Decoded texts go into the arena.
 */
enum status	wire_request_read(struct wire_request *, enum wire_api,
		    struct slice body, struct arena *, struct error *)
		    MUST_CHECK;
void		wire_request_release(struct wire_request *);

/*
 * The texts of the request in order, decoded: system and instructions, messages
 * and input, tool results, arguments of earlier calls; every string but those
 * that name, type or hold bytes.  Thinking that is sent back is signed and none.
 */
enum status	wire_request_texts(const struct wire_request *, struct arena *,
		    struct slice **texts, size_t *n, struct error *) MUST_CHECK;

#endif
