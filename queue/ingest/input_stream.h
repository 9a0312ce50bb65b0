/*
 * Where records come from: plain, gzip and zstd files, folders of them, and
 * standard input, read as one stream of bytes a file.
 */
#ifndef QUEUE_INGEST_INPUT_STREAM_H
#define QUEUE_INGEST_INPUT_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

struct input_stream;

/* The list of files that the paths stand for: a folder means its *.jsonl,
 * *.json, *.ndjson, *.gz and *.zst in name order.  Each is checked to be readable. */
struct input_list {
	char		**path;
	size_t		 n, cap;
	uint64_t	 bytes;		/* of all regular files */
};
enum status	input_list_make(struct input_list *, const char *const *paths,
		    size_t n, struct error *) MUST_CHECK;
void		input_list_release(struct input_list *);

enum status	input_stream_open(struct input_stream **, const char *path,
		    struct error *) MUST_CHECK;
void		input_stream_close(struct input_stream *);
/* Up to n bytes; *got 0 at the end.  A cut-off gzip or zstd file is STATUS_IO. */
enum status	input_stream_read(struct input_stream *, void *, size_t n,
		    size_t *got, struct error *) MUST_CHECK;
/* Waits up to that long until the next read would not wait; false: it would.
 * Only a pipe or a terminal ever does. */
bool		input_stream_ready(const struct input_stream *, int timeout_ms);
/* A descriptor whose bytes are those of the stream, by their offsets in it; -1
 * where there is none: a packed file, a pipe. */
int		input_stream_dup(const struct input_stream *);
/* Bytes taken from the file so far. */
uint64_t	input_stream_offset(const struct input_stream *);

#endif
