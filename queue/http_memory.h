/*
 * Memory for libcurl.  It takes some sixty pieces a call and gives them back at its
 * end, which the C library does slowly where many calls are under way at once: a
 * thread that makes many calls keeps what was given back for the next one.
 */
#ifndef QUEUE_HTTP_MEMORY_H
#define QUEUE_HTTP_MEMORY_H

#include <stddef.h>

#define HTTP_MEMORY_SIZES	10	/* of pieces that are kept */

struct http_piece;

/* What one thread keeps; all zero: nothing. */
struct http_memory {
	struct http_piece *piece[HTTP_MEMORY_SIZES];
	size_t		 bytes;		/* of them all; 2 MiB at most */
};

/* From now on this thread's pieces come from there, and go there; NULL: none is
 * kept.  Any thread may give back what another one took. */
void		http_memory_use(struct http_memory *);
void		http_memory_release(struct http_memory *);

/* For curl_global_init_mem(); as the functions of the C library. */
void		*http_memory_alloc(size_t);
void		*http_memory_zalloc(size_t n, size_t size);
void		*http_memory_resize(void *, size_t);
char		*http_memory_string(const char *);
void		 http_memory_free(void *);

#endif
