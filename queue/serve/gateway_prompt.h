/* Prompts of gateways: which version a label points at now, and requests filled in. */
#ifndef QUEUE_SERVE_GATEWAY_PROMPT_H
#define QUEUE_SERVE_GATEWAY_PROMPT_H

#include "queue/serve/gateway.h"

struct gateway_prompts;
struct gateway_prompts *gateway_prompts_new(void);
void		 gateway_prompts_free(struct gateway_prompts *);
/* Where the store changed: finds the prompts of the policy in force again, and says
 * which are others now. */
void		 gateway_prompts_follow(struct server *);

/* Is that PROMPT@VERSION or PROMPT@LABEL of the gateway's prompt? */
bool		 gateway_prompt_is(const struct gateway *, struct slice model);
/*
 * Puts the prompt's messages, with the variables that the client gives, before the
 * request's own; the call then has the request as if it had come so.  False after
 * an error is set as the answer.
 */
bool		 gateway_prompt_apply(struct server *, struct gateway_call *);

#endif
