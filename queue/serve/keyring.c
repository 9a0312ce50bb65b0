#include "queue/serve/keyring.h"

#include <stdlib.h>

#include <openssl/crypto.h>

#include "core/base/hash.h"
#include "queue/secret.h"

struct ring_key {
	const struct service_key *key;
	struct hash	 token;
};

struct keyring {
	struct hasher	*hasher;
	size_t		 n;
	struct ring_key	 v[];
};

static enum status
ring_add(struct keyring *r, const struct service_key *k, struct error *err)
{
	const struct secret_place place = { k->token_env, k->token_file,
	    TOKEN_LEAST };
	struct ring_key *to = &r->v[r->n];
	struct buf token = BUF_INIT;
	enum status st;
	size_t i;

	if ((st = secret_read(&place, &token, err)) == STATUS_OK)
		hash_bytes(r->hasher, buf_slice(&token), &to->token);
	secret_release(&token);
	for (i = 0; st == STATUS_OK && i < r->n; i++)
		if (hash_eq(&r->v[i].token, &to->token))
			st = error_set(err, STATUS_INVALID,
			    "its token: another key has it too");
	if (st != STATUS_OK)
		return error_prefix(err, "key \"%s\"", k->name);
	to->key = k;
	r->n++;
	return STATUS_OK;
}

enum status
keyring_new(struct keyring **out, const struct policy *p, struct error *err)
{
	const struct service_policy *s = &p->service;
	struct keyring *r = calloc(1, sizeof(*r) + s->nkeys * sizeof(r->v[0]));
	enum status st;
	size_t i;

	*out = NULL;
	if (r == NULL)
		return error_nomem(err);
	st = hasher_new(&r->hasher, err);
	for (i = 0; i < s->nkeys && st == STATUS_OK; i++)
		st = ring_add(r, &s->keys[i], err);
	if (st != STATUS_OK) {
		keyring_free(r);
		return st;
	}
	*out = r;
	return STATUS_OK;
}

void
keyring_free(struct keyring *r)
{
	if (r == NULL)
		return;
	hasher_free(r->hasher);
	free(r);
}

const struct service_key *
keyring_find(const struct keyring *r, struct slice token)
{
	const struct service_key *found = NULL;
	struct hash hash;
	size_t i;

	hash_bytes(r->hasher, token, &hash);
	for (i = 0; i < r->n; i++)
		if (CRYPTO_memcmp(&r->v[i].token, &hash, sizeof(hash)) == 0)
			found = r->v[i].key;
	return found;
}
