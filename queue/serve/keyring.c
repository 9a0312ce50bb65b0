#include "queue/serve/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "core/base/hash.h"

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
refuse(struct error *err, const struct service_key *k, enum status st,
    const char *from, const char *why)
{
	return error_set(err, st, "key \"%s\": %s: %s", k->name, from, why);
}

/* The first line of the file. */
static enum status
token_read(const struct service_key *k, char *token, size_t size, ssize_t *n,
    struct error *err)
{
	int fd = open(k->token_file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	char *end;

	if (fd == -1)
		return refuse(err, k, errno == ENOENT ? STATUS_NOT_FOUND :
		    STATUS_IO, k->token_file, strerror(errno));
	if (fstat(fd, &st) != 0 || (*n = read(fd, token, size)) == -1) {
		(void)refuse(err, k, STATUS_IO, k->token_file, strerror(errno));
		(void)close(fd);
		return err->code;
	}
	(void)close(fd);
	if ((st.st_mode & 077) != 0)
		return refuse(err, k, STATUS_INVALID, k->token_file,
		    "others may read it: chmod 600");
	if ((end = memchr(token, '\n', (size_t)*n)) != NULL)
		*n = end - token;
	if (*n > 0 && token[*n - 1] == '\r')
		--*n;
	return STATUS_OK;
}

static enum status
token_get(const struct service_key *k, char *token, size_t size, size_t *n,
    struct error *err)
{
	const char *from = k->token_file, *v;
	ssize_t got = 0;
	enum status st;
	size_t i;

	if (k->token_env != NULL) {
		from = k->token_env;
		if ((v = getenv(from)) == NULL)
			return refuse(err, k, STATUS_INVALID, from,
			    "the variable is not set");
		if ((size_t)(got = (ssize_t)strlen(v)) <= size)
			memcpy(token, v, (size_t)got);
	} else if ((st = token_read(k, token, size, &got, err)) != STATUS_OK) {
		return st;
	}
	if (got < TOKEN_LEAST || got > TOKEN_MOST)
		return refuse(err, k, STATUS_INVALID, from,
		    "a token has 16 to 1024 bytes");
	for (i = 0; i < (size_t)got; i++)
		if (token[i] <= ' ' || token[i] > '~')
			return refuse(err, k, STATUS_INVALID, from, "a token is "
			    "made of visible ASCII characters");
	*n = (size_t)got;
	return STATUS_OK;
}

static enum status
ring_add(struct keyring *r, const struct service_key *k, struct error *err)
{
	struct ring_key *to = &r->v[r->n];
	char token[TOKEN_MOST + 2];
	enum status st;
	size_t i, n = 0;

	if ((st = token_get(k, token, sizeof(token), &n, err)) == STATUS_OK)
		hash_bytes(r->hasher, (struct slice){ token, n }, &to->token);
	OPENSSL_cleanse(token, sizeof(token));
	if (st != STATUS_OK)
		return st;
	for (i = 0; i < r->n; i++)
		if (hash_eq(&r->v[i].token, &to->token))
			return refuse(err, k, STATUS_INVALID, "its token",
			    "another key has it too");
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
