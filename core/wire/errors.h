/*
 * Errors in the form that the clients of each API read:
 * {"error":{"message","type","param","code"}} for OpenAI's,
 * {"type":"error","error":{"type","message"}} for Anthropic's.
 */
#ifndef CORE_WIRE_ERRORS_H
#define CORE_WIRE_ERRORS_H

#include "core/base/buf.h"
#include "core/wire/wire.h"

/* Type and code NULL: by the status.  Anthropic's type always is; it has a code
 * only where one is given. */
struct wire_error {
	int		 status;	/* of HTTP */
	const char	*type, *code;
	const char	*message;	/* UTF-8 */
	int64_t		 sequence;	/* of an event of Responses */
};
/* Adds it as a body. */
void	wire_error_write(struct buf *, enum wire_api, const struct wire_error *);
/* Adds it as the event that ends a stream whose head is out; no [DONE] follows. */
void	wire_error_event(struct buf *, enum wire_api, const struct wire_error *);

/* The same for what the service itself said: a body of that API. */
void	wire_error_pass(struct buf *, enum wire_api, struct slice body);

#endif
