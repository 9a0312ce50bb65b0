/*
 * Server-sent events (WHATWG HTML, "Server-sent events"): a reader of bytes that
 * come in pieces of any size, and a writer.
 *
 * Lines end with LF, CR or CR LF; a byte order mark at the very beginning is left
 * out; the lines of `data` are joined by LF; fields of other names are ignored.
 * Bytes stay as they are: what is to be valid UTF-8 or JSON the caller checks.
 *
 *	while ((outcome = sse_read(&r, &in, &event)) == SSE_EVENT)
 *		...
 */
#ifndef CORE_HTTP_SSE_H
#define CORE_HTTP_SSE_H

#include "core/base/buf.h"

enum sse_outcome {
	SSE_MORE,	/* all bytes are taken; more are needed */
	SSE_EVENT,
	SSE_TOO_LONG,	/* told again until the reader is released */
	SSE_NO_MEMORY	/* to be released */
};

/* Good until the next call. */
struct sse_event {
	struct slice	type;		/* "message" where none was named */
	struct slice	data;
	struct slice	id;		/* the last one named, by it or before it;
					 * SLICE_NONE where none was */
};

struct sse_reader {
	size_t		max;		/* bytes of an event, and of a line */
	int64_t		retry_ms;	/* as last named; -1: never */

	/* The reader's own. */
	struct buf	line, type, data, id;
	bool		first, after_cr, named, told, too_long;
};

void		 sse_init(struct sse_reader *, size_t max);
void		 sse_release(struct sse_reader *);
/* Takes from the front of *in up to the next event. */
enum sse_outcome sse_read(struct sse_reader *, struct slice *in,
		    struct sse_event *) MUST_CHECK;
/* At the end of input: was an event cut off?  It does not count as sent. */
bool		 sse_unfinished(const struct sse_reader *);

/*
 * Adds one event.  Type and id, left out where they are absent, may not hold CR or
 * LF, nor an id NUL: those that sse_read() told never do.  A CR or CR LF of data
 * arrives as LF.
 */
void		 sse_write(struct buf *, const struct sse_event *);
/* Adds one line that no reader makes an event of; it may not hold CR or LF. */
void		 sse_comment(struct buf *, struct slice);

#endif
