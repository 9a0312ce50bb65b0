/* The leaves of a log that somebody asks for. */
#ifndef DB_AUDIT_QUERY_H
#define DB_AUDIT_QUERY_H

#include "core/base/hash.h"
#include "db/store.h"

/* The events that leaves are written of, as handrail-audit.7 lists them; NULL ends. */
extern const char *const audit_events[];

/* Leaves that a condition holds for, oldest first; columns: the leaf's keys. */
struct audit_filter {
	const char	*where;		/* NULL: all */
	int64_t		 since_ms, until_ms;	/* -1: open */
	int64_t		 limit;		/* -1: all */
	int64_t		 from;		/* the first seq: 0, or behind a page */
	const char	*item, *by, *event, *queue, *rule;	/* NULL: any */
};
/* A leaf, and beside a decision what its author wrote: absent where nothing was
 * written, or where it was erased. */
struct audit_found {
	int64_t		 seq;
	struct slice	 leaf;
	struct hash	 hash;
	struct slice	 reason, note;
};
typedef enum status audit_fn(void *, const struct audit_found *, struct error *);
enum status	audit_query(struct store *, const struct audit_filter *,
		    audit_fn *each, void *arg, struct error *) MUST_CHECK;

#endif
