/*
 * How listed words begin: a table that rules nearly every other word out by its
 * first four letters, however the listed one is drawn out.
 */
#ifndef CORE_GUARD_PROFANITY_BEGIN_H
#define CORE_GUARD_PROFANITY_BEGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BEGIN_BYTES	4

struct begins {
	uint32_t	bits[2048];	/* by begin_slot() */
};

/* A word of two letters or more, folded. */
void		begins_add(struct begins *, const char *word, size_t n);

/* The slot of four bytes; letters in either case have the same one. */
static inline uint32_t
begin_slot(const unsigned char *p)
{
	uint32_t four = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;

	return (four & 0x1f1f1f1fu) * 0x9e3779b1u >> 16;
}

/* May a token of ASCII letters that begins with these bytes be a listed word?
 * Of a token that is shorter, what stands behind it is among them. */
static inline bool
begins_has(const struct begins *b, const unsigned char *p)
{
	uint32_t slot = begin_slot(p);

	return b->bits[slot >> 5] >> (slot & 31) & 1;
}

#endif
