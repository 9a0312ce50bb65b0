/*
 * Records in, verdicts out, in order: a reader (lines.h) fills chunks of whole
 * lines, a pool of workers (pool.h) judges them (chunk.h), the caller's thread
 * consumes them one chunk after the other.  Memory is bounded by the number of
 * chunks, not by the input.
 */
#ifndef QUEUE_INGEST_PIPELINE_H
#define QUEUE_INGEST_PIPELINE_H

#include <signal.h>

#include "core/judge/judge.h"
#include "queue/ingest/judged.h"

struct pipeline_options {
	const struct policy	*policy;
	struct judge_options	 judge;
	const char		*const *paths;	/* "-": standard input; folders too */
	size_t			 npaths;	/* 0: standard input */
	const char		*format;	/* NULL: by the record's marks */
	const char		*inputs_path;	/* request lines of a batch, or NULL */
	const char		*queue;		/* every item's queue, or NULL */
	unsigned		 workers;	/* 0: as many as there are cores */
	const volatile sig_atomic_t *stop;	/* set: end at a line's end */

	/* Run by a worker; `arg` is shared, so they may not write to it. */
	enum status	 (*prepare)(void *arg, struct hasher *,
			    const struct item *, const struct verdict *,
			    struct arena *, void **prepared, struct error *);
	void		 (*render)(void *arg, struct buf *, const struct judged *);
	/* Run by the caller's thread, chunk after chunk, with the first of one. */
	enum status	 (*consume)(void *arg, const struct judged *first,
			    struct error *);
	/* May be NULL: before waiting for workers, who have something. */
	enum status	 (*pause)(void *arg, struct error *);
	/* Before waiting for input, and at the end: no more input for now. */
	enum status	 (*idle)(void *arg, struct error *);
	/* A line for people, after the last record. */
	void		 (*tell)(void *arg, const char *line);
	void		*arg;
};

struct pipeline_progress {	/* read it from consume() and idle() */
	uint64_t	bytes, total;	/* of the input as stored; total 0: unknown */
};

/*
 * STATUS_NOT_FOUND or STATUS_IO name a path that cannot be read (all paths are
 * checked before the first record is taken); STATUS_INTERRUPTED when `stop`
 * was set; else what consume() or idle() returned.
 */
enum status	pipeline_run(const struct pipeline_options *,
		    struct pipeline_progress *, struct error *) MUST_CHECK;

#endif
