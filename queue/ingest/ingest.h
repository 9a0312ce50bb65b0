/*
 * Records into the store: each parsed once, guarded once, routed once, and
 * written once, with its findings, its release and its leaf in one transaction.
 *
 * Transactions end after 200 ms or 12 MiB of records, or 5 ms where another
 * process waits; what was committed stays when the run is interrupted, and
 * the next run continues.
 */
#ifndef QUEUE_INGEST_INGEST_H
#define QUEUE_INGEST_INGEST_H

#include "queue/ingest/pipeline.h"
#include "queue/session.h"

struct ingest_counts {
	uint64_t	approved, flagged, escalated, sampled;
	uint64_t	duplicates, conflicts, refused;
};

struct ingest_options {
	const char		*const *paths;
	size_t			 npaths;
	const char		*format, *inputs_path, *queue;	/* may be NULL */
	const char		*rejects_path;	/* refused lines, as they came */
	const char		*verdicts_path;	/* a verdict a line; "-": stdout */
	const volatile sig_atomic_t *stop;
	/* A refusal or conflict: "FILE:LINE: WHY". */
	void			(*report)(void *, const char *line);
	/* Now and then, with the counts so far. */
	void			(*progress)(void *, const struct ingest_counts *,
				    const struct pipeline_progress *);
	void			*arg;
};

/* STATUS_INTERRUPTED after an orderly end; the counts hold in every case. */
enum status	ingest_run(struct session *, const struct ingest_options *,
		    struct ingest_counts *, struct error *) MUST_CHECK;

#endif
