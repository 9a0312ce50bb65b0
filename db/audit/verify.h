/* What db/audit/verify.c and db/verify_*.c share: one run over the log. */
#ifndef DB_AUDIT_VERIFY_H
#define DB_AUDIT_VERIFY_H

#include "db/audit/leaf.h"
#include "db/query.h"

/* A statement whose rows are met in the order of the leaves, or nearly. */
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
	struct leaf_view	 leaf;		/* the one at hand */
	int64_t			 seq;
	int64_t			 next;		/* the seq that has to come */
	bool			 gap;		/* leaves are missing: subtrees differ */
	struct cursor		 items, decisions, outbox, policies;
	uint64_t		 items_seen, releases_seen;
	/* Items without their text, and how many the leaves speak of. */
	uint64_t		 erased_rows, erased_leaves;
};

void		verify_problem(struct verify *, const char *, ...) PRINTF(2, 3);
enum status	cursor_step(struct cursor *, struct error *) MUST_CHECK;

/* db/audit/verify_item.c: the item that a route or erase leaf is about. */
enum status	verify_items_begin(struct verify *, struct error *) MUST_CHECK;
enum status	verify_route(struct verify *, struct error *) MUST_CHECK;
enum status	verify_erase(struct verify *, struct error *) MUST_CHECK;
enum status	verify_items_end(struct verify *, struct error *) MUST_CHECK;

/* db/audit/verify_decision.c */
enum status	verify_decisions_begin(struct verify *, struct error *)
		    MUST_CHECK;
enum status	verify_decision(struct verify *, struct error *) MUST_CHECK;
enum status	verify_decisions_end(struct verify *, struct error *)
		    MUST_CHECK;

/* db/audit/verify_release.c: the feed, and that leaves account for all of it. */
enum status	verify_releases_begin(struct verify *, struct error *)
		    MUST_CHECK;
/* The release of an item that a route leaf approved; salt: absent once it is
 * erased. */
enum status	verify_approved(struct verify *, int64_t item,
		    struct slice salt, struct error *) MUST_CHECK;
/* What the decision of the leaf at hand gave out. */
enum status	verify_decided(struct verify *, int64_t item,
		    struct slice decision, struct slice salt, struct error *)
		    MUST_CHECK;
enum status	verify_releases_end(struct verify *, struct error *)
		    MUST_CHECK;
/* Is the leaf's key the salted hash of the text, or null where there is none? */
bool		verify_salted(struct verify *, enum leaf_key,
		    struct slice salt, struct slice text);

/* db/audit/verify_policy.c: which policy was in force, and the bytes of each. */
enum status	verify_policies_begin(struct verify *, struct error *)
		    MUST_CHECK;
enum status	verify_policy(struct verify *, struct error *) MUST_CHECK;
enum status	verify_policies_end(struct verify *, struct error *) MUST_CHECK;

#endif
