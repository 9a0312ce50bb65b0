/*
 * A body in chunks (RFC 9112, 7.1), decoded in place.  Strict: a size is 1 to 15
 * hexadecimal digits, every line ends with CR LF, no blanks but within an
 * extension.  Extensions and trailers are checked, bounded and dropped.
 */
#ifndef CORE_HTTP_CHUNK_H
#define CORE_HTTP_CHUNK_H

#include "core/base/buf.h"
#include "core/http/event.h"

#define HTTP_CHUNK_EXTRA_MAX	16384u	/* bytes of extensions and trailers: 431 */

/* Begins as zeros. */
struct http_chunks {
	uint64_t	left;		/* of the chunk; of its size as it is read */
	uint64_t	taken;		/* of the body */
	uint32_t	extra;		/* bytes of extensions and trailers */
	uint8_t		state, digits;
};

/* Takes from the front of *in up to the next event: HTTP_DATA with *piece in it,
 * HTTP_END once the last trailer was read, HTTP_BAD with *fault, HTTP_MORE.  The
 * body may have body_max bytes. */
enum http_event	http_chunks_read(struct http_chunks *, uint64_t body_max,
		    struct slice *in, struct slice *piece,
		    const struct http_fault **fault);

#endif
