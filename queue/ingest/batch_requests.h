/*
 * What belongs to a record but stands in another file, found by the record's id: the
 * request lines of a batch (`--inputs FILE`), by custom_id, recordId or key, since a
 * batch's output carries no prompt; and the scores of observations (`--scores FILE`),
 * by observationId, else traceId, of which there may be several.  Only an index is
 * held in memory; a line is read when it is asked for.  What cannot be read that way
 * (compressed, a pipe) goes through a temporary file without a name.
 */
#ifndef QUEUE_INGEST_BATCH_REQUESTS_H
#define QUEUE_INGEST_BATCH_REQUESTS_H

#include "core/base/arena.h"
#include "core/base/buf.h"

struct batch_requests;

/* STATUS_INVALID names the line that is neither, or a request that repeats an id. */
enum status	batch_requests_load(struct batch_requests **, const char *path,
		    struct error *) MUST_CHECK;
void		batch_requests_free(struct batch_requests *);
/*
 * The request line of an id, or its scores as an array, into the arena, or absent.
 * arg is a struct batch_requests; many threads may look at once.  STATUS_IO where the
 * file was changed since it was loaded.
 */
enum status	batch_requests_find(void *arg, struct slice custom_id,
		    struct arena *, struct slice *out, struct error *) MUST_CHECK;

/* Adds a line for people on the scores that no record asked for, if there are any. */
enum status	batch_requests_unused(const struct batch_requests *, struct buf *,
		    struct error *) MUST_CHECK;

#endif
