/* One run over the log: what the parts of verifying share. */
#ifndef DB_AUDIT_VERIFY_RUN_H
#define DB_AUDIT_VERIFY_RUN_H

#include "db/audit/chain.h"
#include "db/audit/leaf_read.h"
#include "db/audit/verify.h"
#include "db/query.h"

/* A statement whose rows come in the order of the leaves, or nearly. */
struct cursor {
	struct query	*q;
	bool		 row;		/* q stands on one */
};

struct contents;		/* db/audit/verify_content.h */

struct verify {
	struct store		*store;
	audit_problem_fn	*report;
	void			*arg;
	struct audit_report	*r;
	struct audit_chain	 chain;
	struct contents		*contents;
	struct leaf_view	 leaf;		/* the one being checked */
	int64_t			 seq;
	int64_t			 next;		/* the seq that must come next */
	bool			 gap;		/* leaves are missing: subtrees differ */
	struct cursor		 items, decisions, releases, policies;
	uint64_t		 items_seen, releases_seen;
	/* Items without their text, and how many the leaves say were erased. */
	uint64_t		 erased_rows, erased_leaves;
};

void		verify_problem(struct verify *, const char *, ...) PRINTF(2, 3);
enum status	cursor_step(struct cursor *, struct error *) MUST_CHECK;

#endif
