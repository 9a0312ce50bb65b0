/*
 * A chunk of the input: whole lines in; judged items and refused lines out, all in
 * its own memory, which is reused.  This is what a worker of the pipeline does; no
 * thread is started here, no file read.
 */
#ifndef QUEUE_INGEST_CHUNK_H
#define QUEUE_INGEST_CHUNK_H

#include "core/judge/record.h"
#include "queue/ingest/batch_requests.h"
#include "queue/ingest/lines.h"
#include "queue/ingest/pipeline.h"

/* Zeroed: empty. */
struct chunk {
	struct line_block lines;
	struct arena	 arena;		/* of all that is judged */
	struct buf	 text;		/* of all that is rendered */
	struct judged	*first, *last;	/* results, in the lines' order */
	struct error	 err;		/* what ended the run, after the last */
};
void		chunk_clear(struct chunk *);	/* of its results */
void		chunk_release(struct chunk *);

/* What one worker needs; it belongs to one thread. */
struct chunk_worker {
	const struct pipeline_options *o;
	struct judge_scratch *scratch;
	struct judge_request request;
	struct hasher	*hasher;	/* for prepare() */
	/* The current one: its chunk; file, line and record. */
	struct chunk	*chunk;
	struct judged	 at;
};
/* requests may be NULL.  Release it after an error too. */
enum status	chunk_worker_init(struct chunk_worker *,
		    const struct pipeline_options *, struct batch_requests *,
		    struct error *) MUST_CHECK;
void		chunk_worker_release(struct chunk_worker *);
/* Judges every line; an error is in chunk->err. */
void		chunk_judge(struct chunk_worker *, struct chunk *);

#endif
