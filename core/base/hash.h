/*
 * SHA-256 and HMAC, over OpenSSL's libcrypto.
 */
#ifndef CORE_BASE_HASH_H
#define CORE_BASE_HASH_H

#include "core/base/buf.h"

#define HASH_LEN	32
#define HASH_HEX	65	/* hexadecimal with its NUL */

struct hash {
	uint8_t	b[HASH_LEN];
};

/* A kept context: several times the speed of one made for every call. */
struct hasher;
enum status	hasher_new(struct hasher **, struct error *) MUST_CHECK;
void		hasher_free(struct hasher *);
/* SHA-256 of the parts one after the other. */
void		hash_parts(struct hasher *, const struct slice *, size_t,
		    struct hash *);
void		hash_bytes(struct hasher *, struct slice, struct hash *);
/* The same of what comes piece by piece: begin, more as often as there is, end. */
void		hash_begin(struct hasher *);
void		hash_more(struct hasher *, struct slice);
void		hash_end(struct hasher *, struct hash *);
/* SHA-256(0x00 || leaf) and SHA-256(0x01 || left || right). */
void		hash_leaf(struct hasher *, struct slice, struct hash *);
void		hash_node(struct hasher *, const struct hash *,
		    const struct hash *, struct hash *);
/* HMAC-SHA-256. */
enum status	hash_hmac(struct slice key, struct slice, struct hash *,
		    struct error *) MUST_CHECK;

void		hash_hex(const struct hash *, char out[HASH_HEX]);
bool		hash_from_hex(struct slice, struct hash *);
bool		hash_eq(const struct hash *, const struct hash *);

#endif
