/*
 * The protocols of guard services that others call; each is one row and one file.
 * Bodies and answers: handrail-serve.1.
 */
#ifndef CORE_PROTOCOL_PROTOCOL_H
#define CORE_PROTOCOL_PROTOCOL_H

#include "core/protocol/asked.h"

struct protocol {
	const char	*name;
	/* Takes the texts out of a body that is JSON.  STATUS_INVALID: it is no such
	 * request, saying why in words of our own. */
	enum status	(*read)(struct asked *, struct error *);
	/* Once they are judged.  STATUS_INVALID, STATUS_NOT_FOUND: it cannot be
	 * answered so; STATUS_IO: a guard could not run. */
	enum status	(*answer)(struct asked *, struct writer *, struct error *);
	/* For callers that let pass whatever ends in an error: says no instead.
	 * NULL: an error stops them. */
	void		(*refuse)(struct writer *, const char *why);
};

extern const struct protocol protocol_litellm;
extern const struct protocol protocol_agentgateway_request;
extern const struct protocol protocol_agentgateway_response;
extern const struct protocol protocol_portkey;
extern const struct protocol protocol_moderations;
extern const struct protocol protocol_analyze;
extern const struct protocol protocol_anonymize;

#endif
