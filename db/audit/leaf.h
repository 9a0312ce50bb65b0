/*
 * One leaf of the audit log as bytes: the RFC 8785 subset of handrail-audit.7.
 * Keys are sorted and everything has one spelling, so that a leaf has one hash.
 */
#ifndef DB_AUDIT_LEAF_H
#define DB_AUDIT_LEAF_H

#include "db/audit/audit.h"

#define LEAF_VERSION	"audit/1"
#define LEAF_FIELDS_MAX	24
#define LEAF_INT_MAX	((int64_t)9007199254740991)	/* 2^53 - 1 */
#define LEAF_TS_LEN	24		/* 2026-01-01T00:00:00.000Z */

/* What every leaf has. */
struct leaf_head {
	const struct actor	*actor;
	const char		*event, *log;
	struct slice		 item;		/* absent: no such key */
	const struct hash	*prev;
	int64_t			 seq, ts_ms;
	int64_t			 back_ms;	/* the leaf before is so much later; or 0 */
};

enum status	leaf_write(struct buf *, const struct leaf_head *,
		    const struct leaf_field *, size_t n, struct error *)
		    MUST_CHECK;

/* The same in two steps.  A draft (db/audit/audit.h) is all but prev, seq, ts_ms and
 * back_ms; leaf_fill() makes at most LEAF_FILL bytes more than the draft has. */
#define LEAF_FILL	60
enum status	leaf_draft(struct buf *, const struct leaf_head *,
		    const struct leaf_field *, size_t n, struct audit_draft *,
		    struct error *) MUST_CHECK;
enum status	leaf_fill(char *out, size_t *n, const struct audit_draft *,
		    const struct leaf_head *, struct error *) MUST_CHECK;

/* "2026-01-01T00:00:00.000Z" and back; years 1970 to 9999. */
bool		leaf_ts_write(int64_t ms, char out[LEAF_TS_LEN + 1]);
bool		leaf_ts_read(struct slice, int64_t *ms);

#endif
