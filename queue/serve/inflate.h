/*
 * A body that comes with Content-Encoding: gzip, unpacked piece by piece as it comes.
 * At most INFLATE_RATIO times the bytes that came, so that a small one cannot fill
 * the memory.
 */
#ifndef QUEUE_SERVE_INFLATE_H
#define QUEUE_SERVE_INFLATE_H

#include "core/base/buf.h"

#define INFLATE_RATIO	100

struct inflater;

enum inflated {
	INFLATED,		/* what there was, is in the buffer */
	INFLATED_BAD,		/* it is no gzip, is damaged, or something follows it */
	INFLATED_LARGE,		/* more than `most` bytes */
	INFLATED_BOMB,		/* more than INFLATE_RATIO times what came */
	INFLATED_NO_MEMORY
};

struct inflater	*inflater_new(void);	/* NULL: no memory */
void		 inflater_free(struct inflater *);
/* Adds what the piece unpacks to; of all pieces at most `most` bytes. */
enum inflated	 inflater_add(struct inflater *, struct slice piece, uint64_t most,
		    struct buf *out);
/* Is it whole? */
bool		 inflater_whole(const struct inflater *);

#endif
