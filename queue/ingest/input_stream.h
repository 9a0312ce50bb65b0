/*
 * Where records come from: plain, gzip and zstd files, folders of them, and
 * standard input, read as one stream of bytes a file.
 */
#ifndef QUEUE_INGEST_INPUT_STREAM_H
#define QUEUE_INGEST_INPUT_STREAM_H

#include "core/base/buf.h"

struct source;

/* The list of files that the paths stand for: a folder stands for its *.jsonl,
 * *.jsonl.gz and *.jsonl.zst in name order.  Each is checked to be readable. */
struct source_list {
	char		**path;
	size_t		 n, cap;
	uint64_t	 bytes;		/* of all regular files */
};
enum status	source_list_make(struct source_list *, const char *const *paths,
		    size_t n, struct error *) MUST_CHECK;
void		source_list_release(struct source_list *);

enum status	source_open(struct source **, const char *path, struct error *)
		    MUST_CHECK;
void		source_close(struct source *);
/* Up to n bytes; *got 0 at the end.  A cut-off gzip or zstd file is STATUS_IO. */
enum status	source_read(struct source *, void *, size_t n, size_t *got,
		    struct error *) MUST_CHECK;
/* Waits up to that long until the next read would not wait; false: it would.
 * Only a pipe or a terminal ever does. */
bool		source_ready(const struct source *, int timeout_ms);
/* A descriptor whose bytes are those of the stream, by their offsets in it; -1
 * where there is none: a packed file, a pipe. */
int		source_dup(const struct source *);
/* Bytes taken from the file so far. */
uint64_t	source_offset(const struct source *);

#endif
