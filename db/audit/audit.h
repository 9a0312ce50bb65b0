/*
 * The audit log: canonical JSON leaves in an RFC 6962 Merkle tree
 * (handrail-audit.7).
 */
#ifndef DB_AUDIT_AUDIT_H
#define DB_AUDIT_AUDIT_H

#include "core/base/arena.h"
#include "db/store.h"

#define LEAF_MAX	65535	/* bytes */

/* Who did it, as the kernel says; role is the one that allowed it. */
struct actor {
	const char	*name, *role, *via;	/* via: "tui", "cli", "http" */
	int64_t		 uid;
};

/* One key of a leaf besides those that every leaf has. */
struct leaf_field {
	const char	*key;
	enum { LEAF_TEXT, LEAF_INT, LEAF_HASH, LEAF_BOOL, LEAF_NULL } type;
	struct slice	 text;
	int64_t		 number;
	const struct hash *hash;
};

/*
 * Appends a leaf inside the caller's write transaction; `log`, `prev`, `seq`,
 * `v` are added here.  Fields come in any order, each once, at most 24.  item may
 * be absent.
 */
enum status	audit_append(struct store *, const struct actor *, int64_t ts_ms,
		    const char *event, struct slice item,
		    const struct leaf_field *, size_t n, int64_t *seq,
		    struct error *) MUST_CHECK;

/*
 * A leaf made ahead, by any thread, in the arena: all but its number, time and link
 * to the one before.  prev, seq, ts and back are where these belong in its text.
 */
struct audit_draft {
	struct slice	text;
	uint32_t	back, prev, seq, ts;
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
/* The root that it had at a size not above that. */
enum status	audit_root_at(struct store *, uint64_t size, struct hash *,
		    struct error *) MUST_CHECK;
/*
 * Does the first leaf say that the store was made for tests?  It must be a
 * log.create of this log in its one form, with the hash that is stored with it and
 * that the next leaf names; else *test is false.
 */
enum status	audit_made_for_test(struct store *, bool *test, struct error *)
		    MUST_CHECK;
/* SHA-256(salt || text), the name by which leaves call content. */
enum status	audit_content(struct store *, struct slice salt,
		    const struct slice *parts, size_t n, struct hash *,
		    struct error *) MUST_CHECK;

#endif
