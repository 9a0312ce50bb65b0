/*
 * JSON texts with other values in some places; all else byte for byte.
 */
#ifndef CORE_WIRE_PATCH_H
#define CORE_WIRE_PATCH_H

#include "core/json/parse.h"
#include "core/json/write.h"

/* Zeroed: none.  A failed allocation sets bytes.failed. */
struct patch {
	struct patch_at {
		uint32_t	start, end;	/* in the text */
		size_t		from, n;	/* in `bytes` */
	}		*at;
	size_t		 n, cap;
	struct buf	 bytes;
};

void	patch_release(struct patch *);
/* In the place of a value, which lies in none that has one: JSON, or a text that
 * becomes a string.  Values are given in the order of the text. */
void	patch_raw(struct patch *, const struct json *, uint32_t, struct slice raw);
void	patch_text(struct patch *, const struct json *, uint32_t, struct slice);
/* Adds a value with what lies in it. */
void	patch_write(const struct patch *, const struct json *, uint32_t,
	    struct buf *);

/* A member that is otherwise: raw.p NULL leaves it out. */
struct wire_member {
	const char	*name;
	struct slice	 raw;
};
/* Writes an object's members, those named otherwise, and at the end those of them
 * that it did not have.  The patch may be NULL. */
void	members_write(struct writer *, const struct json *, uint32_t object,
	    const struct patch *, const struct wire_member *, size_t n);

#endif
