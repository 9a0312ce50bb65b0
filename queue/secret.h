/* A secret that the policy only says where to find: tokens of keys and services. */
#ifndef QUEUE_SECRET_H
#define QUEUE_SECRET_H

#include "core/base/buf.h"

#define SECRET_MOST	1024	/* bytes */

struct secret_place {
	const char	*env, *file;	/* one of them; else NULL */
	size_t		 least;		/* bytes */
};
/*
 * Adds it to a buffer that the caller cleanses: visible ASCII, the first line of a
 * file that nobody else may read.  Errors name the place and no byte of it.
 */
enum status	secret_read(const struct secret_place *, struct buf *,
		    struct error *) MUST_CHECK;
/* Releases the buffer, its bytes overwritten. */
void		secret_release(struct buf *);

#endif
