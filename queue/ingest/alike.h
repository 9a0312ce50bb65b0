/*
 * Refused lines that are alike (judged.alike): of those of one file that were refused
 * for the same reason the first is reported, with how many there are.
 */
#ifndef QUEUE_INGEST_ALIKE_H
#define QUEUE_INGEST_ALIKE_H

#include "core/base/buf.h"
#include "queue/ingest/judged.h"

#define ALIKE_MAX	8u	/* reasons of one file; further ones count as the last */

/* Begins as all zero. */
struct alike_lines {
	struct buf	 file;			/* that they are counted of */
	struct buf	 all, why;		/* a file, and its first refusal */
	bool		 mixed;			/* there was something else in it */
	bool		 plain;			/* that first one is not `alike` */
	unsigned	 n;
	struct {
		struct buf	 why;
		uint64_t	 line, n;	/* of the first; how many */
	} reason[ALIKE_MAX];
};

/* Why, of the first one, and how many there were with it. */
typedef void alike_fn(void *arg, const char *file, uint64_t line,
		    const char *why, uint64_t n);

/*
 * Called for every item and every line that is refused, in order: are all lines of
 * the file up to this one refused, and for one reason?
 */
bool		alike_all(struct alike_lines *, const struct judged *);
/* Counts one; true: it is the first.  What was counted of another file is told
 * before. */
bool		alike_add(struct alike_lines *, const struct judged *, alike_fn *,
		    void *arg);
/* Tells what was counted, and counts anew. */
void		alike_tell(struct alike_lines *, alike_fn *, void *arg);
void		alike_release(struct alike_lines *);

#endif
