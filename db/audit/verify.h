/* Proves a store's log, and its rows by the log. */
#ifndef DB_AUDIT_VERIFY_H
#define DB_AUDIT_VERIFY_H

#include <stdint.h>

#include "core/base/hash.h"
#include "db/store.h"

/* What audit verify found; report() is given a line for each problem. */
struct audit_report {
	uint64_t	leaves, decisions, items;
	uint64_t	unsigned_leaves;	/* after the last good checkpoint */
	uint64_t	problems;
	struct hash	root;
	bool		test;			/* a test store's log */
	bool		at_once;		/* by ranges, each gone through once */
};
/* A line that begins so tells of what is no problem. */
#define AUDIT_NOTE	"note: "
typedef void	audit_problem_fn(void *, const char *line);
/*
 * Every leaf hash, prev, seq and subtree hash; decisions, item states and
 * releases rebuilt from the leaves and compared row by row; content hashes.
 * STATUS_OK also where there are problems: report->problems counts them.
 */
enum status	audit_verify(struct store *, audit_problem_fn *, void *,
		    struct audit_report *, struct error *) MUST_CHECK;
/* progress (NULL: nobody asks) is called now and then; false: no further, which is
 * STATUS_INTERRUPTED. */
typedef bool	audit_progress_fn(void *, uint64_t leaves, uint64_t total);
struct known_roots;
struct audit_asked {
	struct known_roots *known;	/* from elsewhere: the log continues it */
	audit_problem_fn   *report;
	audit_progress_fn  *progress;
	void		   *arg;	/* of both */
	/* At once, each with a handle of its own, so many leaves at a time; 0: as the
	 * machine has processors and the log leaves. */
	unsigned	    threads;
	uint64_t	    range;
};
enum status	audit_verify_asked(struct store *, const struct audit_asked *,
		    struct audit_report *, struct error *) MUST_CHECK;

#endif
