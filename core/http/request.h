/*
 * Requests of HTTP/1.1 (RFC 9112), read strictly from bytes that come in pieces
 * of any size; what is read never depends on where they were cut.
 *
 * What two readers could take for two different things is refused, since the
 * difference is how one request is smuggled behind another: Content-Length
 * beside Transfer-Encoding, or twice, or anything but 1 to 15 digits without
 * leading zeros; Transfer-Encoding other than `chunked` alone, or in HTTP/1.0;
 * blanks after either of them, or a tab before; Host missing, twice, malformed or
 * not that of an absolute target; bare LF or CR, NUL and other controls; folded
 * lines; a blank before a colon or in a name; other than single spaces in the
 * request line; versions but 1.0 and 1.1; methods that are not in the table below.
 * A request that was refused ends its connection, and so does one of HTTP/1.0.
 * Chunk extensions and trailers are checked and dropped; one empty line before a
 * request is passed over; no upgrade is followed.
 *
 * Whoever reads a connection does, for the bytes that came:
 *
 *	while ((event = http_request_read(r, &in, &piece)) != HTTP_MORE)
 *		HTTP_HEAD	the head is whole: fields may be looked at, body_max
 *				lowered; if r->expects, send HTTP_CONTINUE
 *		HTTP_DATA	piece is a part of the body
 *		HTTP_END	the request is whole; once it was answered, and if not
 *				r->closes, http_request_next(r), and go on: what is left
 *				of `in` is the next one
 *		HTTP_BAD	answer r->fault, close
 *
 * No sockets and no time here: heads and bodies that are slow are the caller's.
 */
#ifndef CORE_HTTP_REQUEST_H
#define CORE_HTTP_REQUEST_H

#include "core/http/chunk.h"
#include "core/http/target.h"

#define HTTP_FIELDS_MAX	100	/* of a request, whatever its limits say */

/* What a reader takes; lives as long as it. */
struct http_limits {
	size_t		head_max;	/* bytes, under 65536: 431 */
	size_t		fields_max;	/* at most HTTP_FIELDS_MAX: 431 */
	size_t		target_max;	/* bytes: 414 */
	uint64_t	body_max;	/* bytes, decoded: 413 */
};

/* In the order of the names in request.c.  Others: 501. */
enum http_method {
	METHOD_GET, METHOD_HEAD, METHOD_POST, METHOD_PUT, METHOD_PATCH,
	METHOD_DELETE, METHOD_OPTIONS
};

enum http_framing { HTTP_NO_BODY, HTTP_LENGTH, HTTP_CHUNKED };

/* Places in the head. */
struct http_field {
	uint16_t	name, name_len;
	uint16_t	value, value_len;
};

/*
 * A reader, and the request that it holds.  Public members are good from
 * HTTP_HEAD until http_request_next(): slices point into `head`, which neither
 * moves nor changes in between.
 */
struct http_request {
	const struct http_limits *limits;
	enum http_method	 method;
	struct http_target	 target;
	struct http_authority	 host;		/* of Host */
	int			 minor;		/* HTTP/1.minor */
	enum http_framing	 framing;
	uint64_t		 length;	/* of the body, if HTTP_LENGTH */
	uint64_t		 body_max;	/* limits' at first; may be lowered at
						 * HTTP_HEAD */
	bool			 closes;	/* no request follows on the connection */
	bool			 expects;	/* waits for HTTP_CONTINUE */
	size_t			 nfields;	/* see http_field_name() */
	const struct http_fault	*fault;		/* of HTTP_BAD */

	/* The reader's own. */
	struct buf		 head;
	struct http_field	 fields[HTTP_FIELDS_MAX];
	uint64_t		 lengths;	/* a bit for each name's */
	size_t			 line;		/* where in head the line began */
	uint64_t		 left;		/* of a body of HTTP_LENGTH */
	struct http_chunks	 chunks;
	unsigned		 seen;		/* a bit for each row of `known` */
	uint8_t			 stage;
	bool			 blank;		/* an empty line was passed over */
};

#define HTTP_CONTINUE	"HTTP/1.1 100 Continue\r\n\r\n"

void		 http_request_init(struct http_request *,
		    const struct http_limits *);
void		 http_request_release(struct http_request *);

/* Takes from the front of *in; see above.  At HTTP_DATA *piece, which is never
 * empty, points into what *in was.  To be called again after each event, though
 * *in is empty: HTTP_HEAD may be followed by HTTP_END at once. */
enum http_event	 http_request_read(struct http_request *, struct slice *in,
		    struct slice *piece) MUST_CHECK;

/* After HTTP_END: makes it ready for the next.  Keeps little memory. */
void		 http_request_next(struct http_request *);

/* Has nothing of a request come yet?  An end of input is clean then; else the
 * request was cut off. */
bool		 http_request_idle(const struct http_request *);

/* How many fields have this name (of any case), and the first one's value,
 * trimmed: SLICE_NONE where there is none. */
static inline size_t http_request_field(const struct http_request *,
		    const char *name, struct slice *value);
/* Field i < r->nfields, in the order of the request. */
struct slice	 http_field_name(const struct http_request *, size_t i);
struct slice	 http_field_value(const struct http_request *, size_t i);

static inline uint64_t
http_length_bit(size_t n)
{
	return (uint64_t)1 << n % 64;
}

/* What http_request_field() asks where a name has this length. */
size_t		 http_request_seek(const struct http_request *, struct slice name,
		    struct slice *value);

/* Most of those that are asked for are not there, which takes no call. */
static inline size_t
http_request_field(const struct http_request *r, const char *name,
    struct slice *value)
{
	const struct slice wanted = { name, strlen(name) };

	*value = SLICE_NONE;
	return (r->lengths & http_length_bit(wanted.n)) == 0 ? 0 :
	    http_request_seek(r, wanted, value);
}

#endif
