/* One run over the log: what the parts of verifying share. */
#ifndef DB_AUDIT_VERIFY_RUN_H
#define DB_AUDIT_VERIFY_RUN_H

#include "core/base/arena.h"
#include "core/shape/read.h"
#include "db/audit/chain.h"
#include "db/audit/leaf_read.h"
#include "db/audit/verify.h"
#include "db/query.h"

/*
 * The rows of a table in the order of a key, read in pages, so that several can go
 * side by side whatever the engine.
 */
struct cursor {
	enum query_id	 id;		/* takes PAGE */
	enum query_column key;
	struct query	*q;
	bool		 row;		/* q stands on one */
	bool		 placed;	/* begun: else a row is looked up first */
	int64_t		 last;		/* the key of it */
	unsigned	 left;		/* rows, of this page */
};

struct contents;		/* db/audit/verify_content.h */

/* Rows that leaves account for, and leaves of which no row is left. */
struct verify_seen {
	uint64_t	items, releases, drops, opinions, skips, findings, notes;
	/* Items without their text, and how many the leaves say were erased. */
	uint64_t	erased_rows, erased_leaves;
};

struct verify {
	struct store		*store;
	audit_problem_fn	*report;
	audit_progress_fn	*progress;
	void			*arg;
	uint64_t		 total;		/* leaves, where progress is told */
	struct audit_report	*r;
	struct known_roots	*known;		/* roots to compare with; NULL: none */
	struct audit_chain	 chain;
	struct contents		*contents;
	struct item_reader	 reader;	/* of records, into `item` */
	struct arena		 item;
	struct leaf_view	 leaf;		/* the one being checked */
	int64_t			 seq;
	int64_t			 next;		/* the seq that must come next */
	bool			 gap;		/* leaves are missing: subtrees differ */
	int64_t			 bind_seq;	/* binds what is older; INT64_MAX: none */
	int64_t			 last_ms;	/* the time of the leaf before */
	struct cursor		 items, decisions, releases, policies;
	struct cursor		 prompts, labels, bundles, uses;
	struct verify_seen	 seen;
	enum { VERIFY_UNSAID, VERIFY_OFF, VERIFY_ON } search;	/* by the last leaf */
	/* Not NULL: the numbers of leaves whose rows are checked later, in their order,
	 * since they follow from one another. */
	struct buf		*later;
};

enum status	verify_init(struct verify *, struct store *, bool threaded,
		    struct error *) MUST_CHECK;
void		verify_release(struct verify *);

void		verify_problem(struct verify *, const char *, ...) PRINTF(2, 3);

/* Who did something, and when, as a row has it. */
struct verify_who {
	struct slice	 by, role, via;
	int64_t		 uid, ts_ms;
};
/* Which of these is not the leaf's; NULL: all are. */
const char	*verify_who(const struct verify *, const struct verify_who *);
/* Stands on the first row from that key on, if there is one. */
enum status	cursor_from(struct cursor *, struct verify *, int64_t from,
		    struct error *) MUST_CHECK;
/* ... or behind that key. */
enum status	cursor_after(struct cursor *, struct verify *, int64_t key,
		    struct error *) MUST_CHECK;
enum status	cursor_step(struct cursor *, struct verify *, struct error *)
		    MUST_CHECK;
/* The statement is left to others. */
void		cursor_done(struct cursor *);

#endif
