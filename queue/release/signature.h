/* What a hook's receiver knows a delivery by: Standard Webhooks 1.0
 * (github.com/standard-webhooks), symmetric signatures. */
#ifndef QUEUE_RELEASE_SIGNATURE_H
#define QUEUE_RELEASE_SIGNATURE_H

#include "core/policy/policy.h"

#define HOOK_SECRET_LEAST	24	/* bytes, as the specification asks for */
#define HOOK_SECRET_MOST	64

struct hook_secrets {
	struct hook_secret {
		uint8_t	b[HOOK_SECRET_MOST];
		size_t	n;
	}	 v[HOOK_SECRETS_MAX];
	size_t	 n;
};

/* Reads them from where the policy says, each "whsec_BASE64"; the error names the
 * hook and the place. */
enum status	hook_secrets_read(struct hook_secrets *,
		    const struct hook_policy *, struct error *) MUST_CHECK;
void		hook_secrets_forget(struct hook_secrets *);

/* The value of webhook-signature: "v1,BASE64" for each secret, the first one first,
 * over "ID.TIMESTAMP.BODY". */
enum status	hook_sign(struct buf *, const struct hook_secrets *,
		    const char *id, int64_t timestamp_s, struct slice body,
		    struct error *) MUST_CHECK;

#endif
