/*
 * What an ingest reports: refusals and conflicts to people, refused lines as they
 * came (--rejects), a verdict a record (--verdicts), the counts and the progress.
 * Verdicts wait until the store has their items: after a crash there must be no
 * verdict without its item.
 */
#ifndef QUEUE_INGEST_REPORT_H
#define QUEUE_INGEST_REPORT_H

#include "queue/ingest/alike.h"
#include "queue/ingest/doubted.h"
#include "queue/ingest/out.h"

struct ingest_report {
	struct session	*s;
	const struct ingest_options *o;
	struct ingest_counts *counts;
	struct ingest_out rejects, verdicts;
	bool		 rejects_open;	/* a refused line goes on */
	struct alike_lines	 alike;		/* refused, and not yet told */
	struct doubted	 doubted;
	struct arena	 known;		/* an item that came again */
	int64_t		 told_ms;
};

/* Opens the files that the options name.  Close it after an error too. */
enum status	ingest_report_open(struct ingest_report *, struct session *,
		    const struct ingest_options *, struct ingest_counts *,
		    struct error *) MUST_CHECK;
/* Closes the files; verdicts that still wait are not written. */
enum status	ingest_report_close(struct ingest_report *, struct error *)
		    MUST_CHECK;

/* A line refused; an item stored; an item with the (queue, id) of another. */
void		ingest_report_refused(struct ingest_report *,
		    const struct judged *);
void		ingest_report_stored(struct ingest_report *,
		    const struct judged *);
void		ingest_report_conflict(struct ingest_report *,
		    const struct judged *);
/* One that is there already.  The verdict written is the stored one, unless this
 * run's is the same (`as_now`). */
enum status	ingest_report_duplicate(struct ingest_report *,
		    const struct judged *, int64_t item, bool as_now,
		    struct error *) MUST_CHECK;
/* Calls progress() if it is time. */
void		ingest_report_progress(struct ingest_report *,
		    const struct pipeline_progress *);

/* Do verdicts wait in such number that a commit is due? */
bool		ingest_report_full(const struct ingest_report *);
/* All that was reported is committed: writes the verdicts. */
enum status	ingest_report_settled(struct ingest_report *, struct error *)
		    MUST_CHECK;
/* What was written has left the program's buffers. */
enum status	ingest_report_flush(struct ingest_report *, struct error *)
		    MUST_CHECK;

#endif
