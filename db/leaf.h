/*
 * One leaf of the audit log as bytes: the RFC 8785 subset of security.md.  Keys
 * are sorted and nothing may be said in two ways, so that a leaf has one hash.
 */
#ifndef DB_LEAF_H
#define DB_LEAF_H

#include "db/audit.h"

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
};

enum status	leaf_write(struct buf *, const struct leaf_head *,
		    const struct leaf_field *, size_t n, struct error *)
		    MUST_CHECK;

/* "2026-01-01T00:00:00.000Z" and back; years 1970 to 9999. */
bool		leaf_ts_write(int64_t ms, char out[LEAF_TS_LEN + 1]);
bool		leaf_ts_read(struct slice, int64_t *ms);

#endif
