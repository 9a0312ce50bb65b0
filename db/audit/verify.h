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
/*
 * The same, and the log continues what is known of it from elsewhere.  progress
 * (NULL: nobody asks) is called now and then with report's arg; false: no further,
 * which is STATUS_INTERRUPTED.
 */
typedef bool	audit_progress_fn(void *, uint64_t leaves, uint64_t total);
struct known_roots;
enum status	audit_verify_known(struct store *, struct known_roots *,
		    audit_problem_fn *, audit_progress_fn *, void *,
		    struct audit_report *, struct error *) MUST_CHECK;

#endif
