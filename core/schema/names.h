/*
 * Names looked up while a schema runs.
 */
#ifndef CORE_SCHEMA_NAMES_H
#define CORE_SCHEMA_NAMES_H

#include "core/base/arena.h"
#include "core/json/parse.h"

/* Strings to what the schema says of them; open addressing. */
struct name {
	struct slice	 key;
	uint64_t	 head;		/* name_head() of it */
	uint32_t	 node;		/* the property's, or NODE_NONE */
	bool		 required;
};
struct names {
	struct name	*v;		/* in the schema's order */
	uint32_t	 n;
	uint32_t	*slot;		/* index + 1, or 0 */
	uint32_t	 mask;
};

/* The first eight bytes, those behind the end as zeros. */
static inline uint64_t
name_head(const char *p, size_t n)
{
	uint64_t w = 0;

	memcpy(&w, p, n < 8 ? n : 8);
	return w;
}
/* The same where eight bytes can be read whatever n is. */
static inline uint64_t
name_head_fast(const char *p, size_t n)
{
	static const unsigned char keep[16] = { 255, 255, 255, 255, 255, 255,
	    255, 255 };
	uint64_t w, mask;

	memcpy(&w, p, 8);
	memcpy(&mask, keep + (n < 8 ? 8 - n : 0), 8);
	return w & mask;
}
static inline bool
name_is(const struct name *name, struct slice key, uint64_t head)
{
	return name->head == head && name->key.n == key.n && (key.n <= 8 ||
	    memcmp(name->key.p + 8, key.p + 8, key.n - 8) == 0);
}

/* The names' table. */
uint32_t	name_find(const struct names *, struct slice, uint64_t head);
/* Builds the heads, and the slots over v[0..n): no two keys are equal. */
enum status	names_index(struct names *, struct arena *, struct error *)
		    MUST_CHECK;

/* RFC 6901, of a token in a document; p is NULL when out of memory. */
struct slice	json_pointer_of(const struct json *, uint32_t, struct arena *);

#endif
