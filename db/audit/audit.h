/*
 * The audit log: canonical JSON leaves in an RFC 6962 Merkle tree
 * (handrail-audit.7).
 */
#ifndef DB_AUDIT_AUDIT_H
#define DB_AUDIT_AUDIT_H

#include "core/json/parse.h"
#include "db/store.h"

#define LEAF_MAX	65535	/* bytes */

/* Who did it, as the kernel says; role is the one that allowed it. */
struct actor {
	const char	*name, *role, *via;	/* via: "tui", "cli", "http" */
	int64_t		 uid;
};

/* One key of a leaf beside those that every leaf has. */
struct leaf_field {
	const char	*key;
	enum { LEAF_TEXT, LEAF_INT, LEAF_HASH, LEAF_BOOL, LEAF_NULL } type;
	struct slice	 text;
	int64_t		 number;
	const struct hash *hash;
};

/*
 * Appends a leaf inside the caller's write transaction; `log`, `prev`, `seq`,
 * `v` are added here.  Fields come in any order, at most 24.  item may be absent.
 */
enum status	audit_append(struct store *, const struct actor *, int64_t ts_ms,
		    const char *event, struct slice item,
		    const struct leaf_field *, size_t n, int64_t *seq,
		    struct error *) MUST_CHECK;

/*
 * A leaf of which only its place in the log is open: made ahead, by any thread,
 * in the arena.  prev, seq and ts are where these belong in its text.
 */
struct audit_draft {
	struct slice	text;
	uint32_t	prev, seq, ts;
};
enum status	audit_draft(const struct store *, const struct actor *,
		    const char *event, struct slice item,
		    const struct leaf_field *, size_t n, struct arena *,
		    struct audit_draft *, struct error *) MUST_CHECK;
/* Appends n leaves in one statement; the first is audit_next()'s. */
enum status	audit_append_drafts(struct store *,
		    const struct audit_draft *const *, size_t n, int64_t ts_ms,
		    struct error *) MUST_CHECK;

/* The number that the next leaf of this write transaction will have. */
enum status	audit_next(struct store *, int64_t *seq, struct error *)
		    MUST_CHECK;
/* Size and root of the log as the current transaction sees it. */
enum status	audit_root(struct store *, uint64_t *size, struct hash *,
		    struct error *) MUST_CHECK;
/*
 * Does the first leaf say that the store was made for tests?  Only a log.create
 * that is a leaf of this log in its one form, has the hash that is stored with it
 * and that the next leaf names it by; *test is false of any other.
 */
enum status	audit_made_for_test(struct store *, bool *test, struct error *)
		    MUST_CHECK;
/* SHA-256(salt || text), the name by which leaves call content. */
enum status	audit_content(struct store *, struct slice salt,
		    const struct slice *parts, size_t n, struct hash *,
		    struct error *) MUST_CHECK;

/* Leaves that a condition holds for, oldest first; columns: the leaf's keys. */
struct audit_filter {
	const char	*where;		/* NULL: all */
	int64_t		 since_ms, until_ms;	/* -1: open */
	int64_t		 limit;		/* -1: all */
	const char	*item, *by, *event;	/* NULL: any */
};
typedef enum status audit_fn(void *, int64_t seq, struct slice leaf,
		    const struct hash *, struct error *);
enum status	audit_query(struct store *, const struct audit_filter *,
		    audit_fn *each, void *arg, struct error *) MUST_CHECK;

/* What audit verify found; each problem is told to report() in one line. */
struct audit_report {
	uint64_t	leaves, decisions, items;
	uint64_t	unsigned_leaves;	/* after the last checkpoint */
	uint64_t	problems;
	struct hash	root;
	bool		test;			/* a test store's log */
};
typedef void	audit_problem_fn(void *, const char *line);
/*
 * Every leaf hash, prev, seq and subtree hash; decisions, item states and
 * releases rebuilt from the leaves and compared row by row; content hashes.
 * STATUS_OK also with problems: report->problems tells.
 */
enum status	audit_verify(struct store *, audit_problem_fn *, void *,
		    struct audit_report *, struct error *) MUST_CHECK;

/*
 * The same checks of leaves, chain and seq over a file of leaves (one a line),
 * without a store; gives size and root.  Content is not looked at.
 */
struct audit_chain {
	struct merkle	 tree;
	struct hash	 prev;
	char		 log[128];
	struct hasher	*hasher;
	struct json	 json;
	struct arena	 arena;
};
enum status	audit_chain_init(struct audit_chain *, struct error *) MUST_CHECK;
enum status	audit_chain_add(struct audit_chain *, struct slice leaf,
		    struct hash out[MERKLE_MAX], unsigned *n, struct error *)
		    MUST_CHECK;
void		audit_chain_release(struct audit_chain *);

#endif
