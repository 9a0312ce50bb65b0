/*
 * The lines of files, folders and standard input, in blocks of whole lines.
 * What has come through a pipe is handed on at once, without waiting until a
 * block is full.  A line over the limit comes in pieces, each a block of its
 * own, so that memory is bounded whatever the input.
 */
#ifndef QUEUE_INGEST_LINES_H
#define QUEUE_INGEST_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

/* Zeroed: empty.  It keeps its room from one filling to the next. */
struct line_block {
	char		*bytes;		/* the last line's LF may be missing */
	size_t		 n, cap;
	const char	*file;		/* "-": standard input; lives in the lines */
	uint64_t	 line;		/* number of the first line, from 1 */
	uint64_t	*lines;		/* each line's number, where nlines > 0 */
	size_t		 nlines, lines_cap;
	const char	*refused;	/* the file is no text, and why; NULL: it is */
	bool		 overlong;	/* a piece of a line over the limit, no LF */
	bool		 more;		/* not its first piece; may be empty */
	uint64_t	 offset;	/* of all input as stored, behind this block */
};
void		line_block_release(struct line_block *);

struct lines_options {
	const char	*const *paths;	/* "-": standard input; folders too */
	size_t		 npaths;	/* 0: standard input */
	size_t		 block;		/* bytes of a block of several lines, > 0 */
	size_t		 line_max;	/* bytes of one line */
	bool		 single;	/* end a block after its first line */
	/* Asked about ten times a second while waiting for input: stop? */
	bool		(*stopped)(void *arg);
	/* Called with true before waiting for input, with false after it. */
	void		(*waiting)(void *arg, bool);
	void		*arg;
};

struct lines;

/* STATUS_NOT_FOUND or STATUS_IO name a path that cannot be read: all are looked
 * at before the first line. */
enum status	lines_new(struct lines **, const struct lines_options *,
		    struct error *) MUST_CHECK;
void		lines_free(struct lines *);
/* Bytes of all input as stored; 0: not known. */
uint64_t	lines_total(const struct lines *);
/*
 * Fills the block with what comes next; false in *more: nothing did, and there
 * is nothing more.  STATUS_INTERRUPTED, without a message, where stopped() said
 * so.
 */
enum status	lines_next(struct lines *, struct line_block *, bool *more,
		    struct error *) MUST_CHECK;

#endif
