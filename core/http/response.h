/*
 * Heads and chunks of responses, written into a buffer (whose buf_check() is the
 * caller's).  A head is begun, gets its fields, and is ended in one of the ways
 * below.  No value can end its line: what may not stand in one is escaped.
 */
#ifndef CORE_HTTP_RESPONSE_H
#define CORE_HTTP_RESPONSE_H

#include "core/base/buf.h"

#define HTTP_DATE	30
/* "Sun, 06 Nov 1994 08:49:37 GMT"; of the years 1 to 9999 the nearest. */
void		http_date(int64_t ms, char out[HTTP_DATE]);

/* "Not Found"; "" of a status that the table does not have. */
const char	*http_status_text(int status);

/* The status line, Date and, where the connection ends with it, its close. */
void		http_response_begin(struct buf *, int status, const char *date,
		    bool closes);
/* The name is a token of ours; controls and what is not ASCII become %XX, blanks
 * at the ends are left out. */
void		http_response_field(struct buf *, const char *name, struct slice);
void		http_response_number(struct buf *, const char *name, uint64_t);
/* The head's end: a body of so many bytes follows, or chunks, or none may
 * (1xx, 204, 304). */
void		http_response_length(struct buf *, uint64_t);
void		http_response_chunked(struct buf *);
void		http_response_bare(struct buf *);

/* One chunk; of no bytes nothing, since that would be the end. */
void		http_chunk(struct buf *, struct slice);
void		http_chunk_end(struct buf *);

#endif
