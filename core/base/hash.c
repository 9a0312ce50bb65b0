/*
 * The plain SHA-256 calls of libcrypto, which neither allocate nor fail: EVP of
 * OpenSSL 3 allocates for every hash, and a hash that could not be made would be
 * no proof.  They are of the 1.1 interface, asked for by this name.
 */
#define OPENSSL_API_COMPAT 0x10100000L

#include "core/base/hash.h"

#include <stdlib.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

struct hasher {
	SHA256_CTX	ctx;
};

enum status
hasher_new(struct hasher **out, struct error *err)
{
	*out = calloc(1, sizeof(**out));
	return *out == NULL ? error_nomem(err) : STATUS_OK;
}

void
hasher_free(struct hasher *h)
{
	free(h);
}

void
hash_begin(struct hasher *h)
{
	(void)SHA256_Init(&h->ctx);
}

void
hash_more(struct hasher *h, struct slice s)
{
	if (s.n > 0)
		(void)SHA256_Update(&h->ctx, s.p, s.n);
}

void
hash_end(struct hasher *h, struct hash *out)
{
	(void)SHA256_Final(out->b, &h->ctx);
}

void
hash_parts(struct hasher *h, const struct slice *parts, size_t n,
    struct hash *out)
{
	size_t i;

	hash_begin(h);
	for (i = 0; i < n; i++)
		hash_more(h, parts[i]);
	hash_end(h, out);
}

void
hash_bytes(struct hasher *h, struct slice s, struct hash *out)
{
	hash_parts(h, &s, 1, out);
}

void
hash_leaf(struct hasher *h, struct slice leaf, struct hash *out)
{
	hash_begin(h);
	hash_more(h, SLICE("\0"));
	hash_more(h, leaf);
	hash_end(h, out);
}

void
hash_node(struct hasher *h, const struct hash *left, const struct hash *right,
    struct hash *out)
{
	uint8_t b[1 + 2 * HASH_LEN];

	b[0] = 1;
	memcpy(b + 1, left->b, HASH_LEN);
	memcpy(b + 1 + HASH_LEN, right->b, HASH_LEN);
	hash_begin(h);
	hash_more(h, (struct slice){ (const char *)b, sizeof(b) });
	hash_end(h, out);
}

enum status
hash_hmac(struct slice key, struct slice text, struct hash *out,
    struct error *err)
{
	unsigned n = 0;

	if (key.n > INT32_MAX)
		return error_set(err, STATUS_INVALID, "HMAC: key too long");
	/* A null key would mean "as before" to HMAC(). */
	if (HMAC(EVP_sha256(), key.p == NULL ? "" : key.p, (int)key.n,
	    text.p == NULL ? (const uint8_t *)"" : (const uint8_t *)text.p,
	    text.n, out->b, &n) == NULL || n != HASH_LEN)
		return error_set(err, STATUS_NOMEM, "HMAC: cannot be made");
	return STATUS_OK;
}

void
hash_hex(const struct hash *h, char out[HASH_HEX])
{
	static const char digit[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < HASH_LEN; i++) {
		out[2 * i] = digit[h->b[i] >> 4];
		out[2 * i + 1] = digit[h->b[i] & 15];
	}
	out[2 * HASH_LEN] = '\0';
}

/* One more than a digit's value; 0: no digit.  Capitals are none: canonical
 * leaves have one form of everything. */
static const uint8_t hex_value[256] = {
	['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6,
	['6'] = 7, ['7'] = 8, ['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16
};

bool
hash_from_hex(struct slice s, struct hash *out)
{
	const uint8_t *p = (const uint8_t *)s.p;
	unsigned high, low;
	size_t i;

	if (s.p == NULL || s.n != 2 * HASH_LEN)
		return false;
	for (i = 0; i < HASH_LEN; i++) {
		high = hex_value[p[2 * i]];
		low = hex_value[p[2 * i + 1]];
		if (high == 0 || low == 0)
			return false;
		out->b[i] = (uint8_t)((high - 1) << 4 | (low - 1));
	}
	return true;
}

bool
hash_eq(const struct hash *a, const struct hash *b)
{
	return memcmp(a->b, b->b, HASH_LEN) == 0;
}
