/*
 * The keys of a policy with their tokens, which the policy only names: from the
 * environment or from files of the one who serves.  Kept as SHA-256.
 */
#ifndef QUEUE_SERVE_KEYRING_H
#define QUEUE_SERVE_KEYRING_H

#include "core/policy/policy.h"

#define TOKEN_LEAST	16	/* bytes */

struct keyring;

/*
 * STATUS_INVALID, STATUS_NOT_FOUND, STATUS_IO, naming the key: its variable is
 * unset, its file is missing or readable by others, its token is too short, or
 * another key's.
 */
enum status	keyring_new(struct keyring **, const struct policy *,
		    struct error *) MUST_CHECK;
void		keyring_free(struct keyring *);
/* Whose token it is, or NULL; takes as long for any. */
const struct service_key *keyring_find(const struct keyring *, struct slice token);

#endif
