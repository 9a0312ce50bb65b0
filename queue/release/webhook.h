/* A release as its webhook has it: the body, and the headers that sign it. */
#ifndef QUEUE_RELEASE_WEBHOOK_H
#define QUEUE_RELEASE_WEBHOOK_H

#include "queue/http_calls.h"
#include "queue/release/signature.h"
#include "queue/session.h"

struct webhook {
	struct buf	body;
	struct buf	id, timestamp, signature;	/* "Name: value" */
};
#define WEBHOOK_INIT	{ BUF_INIT, BUF_INIT, BUF_INIT, BUF_INIT }

/*
 * Of release n: {"type","timestamp","data":{..., "log":{"name","size","root"}}},
 * with the log as it is now, signed for that time.  Outside any transaction.
 */
enum status	webhook_make(struct webhook *, struct session *, int64_t n,
		    const struct hook_secrets *, int64_t now_ms,
		    struct error *) MUST_CHECK;
/* They live as long as the webhook does. */
void		webhook_headers(struct webhook *,
		    const char *headers[HTTP_CALL_HEADERS]);
void		webhook_release(struct webhook *);

#endif
