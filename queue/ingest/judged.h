/*
 * What the pipeline gives its caller for each item or refused line, and how
 * either is written as a line of JSON.
 */
#ifndef QUEUE_INGEST_JUDGED_H
#define QUEUE_INGEST_JUDGED_H

#include <stdint.h>

#include "core/base/buf.h"

/* One item judged, or one line refused. */
struct judged {
	struct judged	*next;		/* in input order, of one chunk */
	const char	*file;		/* as given; "-" is standard input */
	uint64_t	 line;		/* from 1 */
	struct slice	 record;	/* the line's bytes, without its LF */
	const char	*refused;	/* the reason; then the rest is NULL */
	bool		 alike;		/* refused: others will be for the same */
	bool		 more;		/* refused: further bytes of the same line */
	const struct item *item;
	const struct verdict *verdict;
	void		*prepared;	/* what prepare() made, in the chunk's arena */
	struct slice	 text;		/* what render() wrote */
};

/* Its verdict, or its refusal, as one line with its LF; of an overlong line
 * that is refused in pieces only the first gives a line.  policy: its id. */
void		judged_json(struct buf *, const struct judged *,
		    struct slice policy);
/* A refused line among verdicts: {"line":7,"error":"..."}. */
void		refusal_json(struct buf *, uint64_t line, const char *why);

#endif
