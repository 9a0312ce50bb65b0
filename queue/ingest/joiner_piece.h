/*
 * What joining has in common: parts of an event gathered as they stand in its
 * bytes, and written again.
 */
#ifndef QUEUE_INGEST_JOINER_PIECE_H
#define QUEUE_INGEST_JOINER_PIECE_H

#include "core/base/buf.h"
#include "core/json/parse.h"
#include "core/json/write.h"

#define PIECE_BYTES_MAX	((size_t)32 << 20)	/* of one response; more is cut */

/* The text at a key begins so, and goes on. */
bool	piece_begins(const struct json *, const char *key, const char *with);
/* False: the object and the one that is kept, raw, have other texts at the key,
 * neither of them empty. */
bool	piece_same(const struct buf *kept, const struct json *, uint32_t object,
	    const char *key);
/* Sets the value's bytes, if there is one. */
void	piece_set(struct buf *, const struct json *, uint32_t t);
/* Adds the inside of a string, if there is one; what is too much is cut. */
void	piece_inside(struct buf *, const struct json *, uint32_t string);
/* Adds a value to the inside of an array. */
void	piece_element(struct buf *, struct slice raw);
/* The members of an object in its bytes, but for some; `but` ends with NULL. */
void	piece_members(struct writer *, struct slice object, const char *const *but);
/* The members of one object, and those of another that it has not or as null. */
void	piece_merge(struct writer *, const char *key, struct slice newer,
	    struct slice older);
/* A string or an array of what is inside of it; ends: "\"\"" or "[]". */
void	piece_write(struct writer *, const char *key, const char *ends,
	    const struct buf *inside);

#endif
