/*
 * One leaf of the audit log as bytes: the RFC 8785 subset of handrail-audit.7.
 * Keys are sorted and nothing may be said in two ways, so that a leaf has one hash.
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
};

enum status	leaf_write(struct buf *, const struct leaf_head *,
		    const struct leaf_field *, size_t n, struct error *)
		    MUST_CHECK;

/* The same in two steps.  A draft (db/audit/audit.h) is all but prev, seq and ts_ms,
 * which leaf_draft() does not look at; out of leaf_fill() are LEAF_FILL bytes
 * more than the draft's at most. */
#define LEAF_FILL	20
enum status	leaf_draft(struct buf *, const struct leaf_head *,
		    const struct leaf_field *, size_t n, struct audit_draft *,
		    struct error *) MUST_CHECK;
enum status	leaf_fill(char *out, size_t *n, const struct audit_draft *,
		    const struct leaf_head *, struct error *) MUST_CHECK;

/* "2026-01-01T00:00:00.000Z" and back; years 1970 to 9999. */
bool		leaf_ts_write(int64_t ms, char out[LEAF_TS_LEN + 1]);
bool		leaf_ts_read(struct slice, int64_t *ms);

/* The keys that checks look at, in the order that leaves have them. */
enum leaf_key {
	KEY_ACTOR, KEY_CONFIDENCE, KEY_CONTENT, KEY_DECISION, KEY_EVENT, KEY_FROM,
	KEY_ITEM, KEY_LABELS, KEY_LOG, KEY_NOTE, KEY_OUTPUT, KEY_POLICY, KEY_PREV,
	KEY_QUEUE, KEY_REASON, KEY_RECALLS, KEY_RELEASE, KEY_ROUTE, KEY_ROWS, KEY_RULE,
	KEY_SAMPLED, KEY_SEQ, KEY_SHAPE, KEY_STATE, KEY_TEST, KEY_TO, KEY_TS, KEY_UNDOES,
	KEY_V, KEY_COUNT
};
extern const char *const leaf_key_name[KEY_COUNT];

/* A leaf that was read: the token of each key's value, or JSON_NONE. */
struct leaf_view {
	const struct json	*json;
	struct arena		*arena;	/* for texts with escapes */
	uint32_t		 at[KEY_COUNT];
};

/*
 * STATUS_INVALID unless the bytes are a leaf in its one form: an object without
 * blanks, keys sorted, no floats, all common keys there and of their type.  The
 * error is the reason alone.  The view lives as long as the json and arena do.
 */
enum status	leaf_read(struct json *, struct arena *, struct slice leaf,
		    struct leaf_view *, struct error *) MUST_CHECK;
/* Text of a key; absent where the key is, or where it is no text. */
struct slice	leaf_text(const struct leaf_view *, enum leaf_key);
/* Text of a key of the actor. */
struct slice	leaf_actor_text(const struct leaf_view *, const char *key);
bool		leaf_int(const struct leaf_view *, enum leaf_key, int64_t *);
bool		leaf_hash_value(const struct leaf_view *, enum leaf_key,
		    struct hash *);
bool		leaf_null(const struct leaf_view *, enum leaf_key);
bool		leaf_true(const struct leaf_view *, enum leaf_key);

/* Does the leaf follow: log, prev and seq?  The error is the reason alone. */
enum status	leaf_follows(const struct leaf_view *, const char *log,
		    const struct hash *prev, int64_t seq, struct error *)
		    MUST_CHECK;

#endif
