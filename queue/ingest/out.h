/* A file that an ingest writes: refused lines, or verdicts. */
#ifndef QUEUE_INGEST_OUT_H
#define QUEUE_INGEST_OUT_H

#include <stdio.h>

#include "queue/ingest/ingest.h"

struct ingest_out {
	FILE		*f;		/* NULL: not asked for */
	const char	*path;		/* "-": standard output */
	struct buf	 pending;	/* to be written once the store has it */
};

/*
 * Opens it empty; nothing with path NULL.  STATUS_INVALID where it is what this
 * run reads or the store itself: neither may be emptied.
 */
enum status	ingest_out_open(struct ingest_out *, const char *path,
		    const struct ingest_options *, const char *store_path,
		    struct error *) MUST_CHECK;
/* Writes what is pending. */
enum status	ingest_out_tell(struct ingest_out *, struct error *) MUST_CHECK;
/* What was written has left the program's buffers. */
enum status	ingest_out_flush(struct ingest_out *, struct error *) MUST_CHECK;
/* Flushes and closes; what is pending is not written. */
enum status	ingest_out_close(struct ingest_out *, struct error *)
		    MUST_CHECK;

#endif
