/* The leaves of a log that somebody asks for. */
#ifndef DB_AUDIT_QUERY_H
#define DB_AUDIT_QUERY_H

#include "db/store.h"

struct hash;

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

#endif
