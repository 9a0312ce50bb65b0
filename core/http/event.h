/*
 * What a reader says of the bytes that it was given.
 */
#ifndef CORE_HTTP_EVENT_H
#define CORE_HTTP_EVENT_H

enum http_event {
	HTTP_MORE,	/* all bytes are taken; more are needed */
	HTTP_HEAD,	/* the head is whole */
	HTTP_DATA,	/* a piece of the body */
	HTTP_END,	/* the request is whole; told again until http_request_next() */
	HTTP_BAD,	/* see `fault`; told again until the reader is released */
	HTTP_NO_MEMORY
};

/* Why a request is not taken; it repeats nothing that was sent. */
struct http_fault {
	int		 status;	/* 400, 413, 414, 417, 431, 501, 505 */
	const char	*reason;	/* static, no prefix, for a message */
};

#endif
