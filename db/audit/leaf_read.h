/* A leaf of the audit log read back, and whether it follows the one before. */
#ifndef DB_AUDIT_LEAF_READ_H
#define DB_AUDIT_LEAF_READ_H

#include "core/base/hash.h"
#include "core/json/parse.h"

/* The keys that checks use, in the order that leaves have them. */
enum leaf_key {
	LEAF_KEY_ACTOR, LEAF_KEY_BACK, LEAF_KEY_BINDS, LEAF_KEY_CONFIDENCE,
	LEAF_KEY_CONTENT, LEAF_KEY_DECISION, LEAF_KEY_DUE, LEAF_KEY_EVENT,
	LEAF_KEY_EVIDENCE,
	LEAF_KEY_FINDINGS, LEAF_KEY_FROM, LEAF_KEY_HOOK, LEAF_KEY_INGESTED, LEAF_KEY_ITEM,
	LEAF_KEY_LABELS, LEAF_KEY_LOG, LEAF_KEY_MAPPING, LEAF_KEY_N, LEAF_KEY_NOTE, LEAF_KEY_OUTPUT,
	LEAF_KEY_POLICY, LEAF_KEY_PREV, LEAF_KEY_QUEUE, LEAF_KEY_RATINGS, LEAF_KEY_REASON,
	LEAF_KEY_RECALLS, LEAF_KEY_RELEASE, LEAF_KEY_REVIEW, LEAF_KEY_ROUTE,
	LEAF_KEY_ROW, LEAF_KEY_ROWS, LEAF_KEY_RULE, LEAF_KEY_SAMPLED, LEAF_KEY_SEQ, LEAF_KEY_SHAPE,
	LEAF_KEY_STATE, LEAF_KEY_TEST, LEAF_KEY_TO, LEAF_KEY_TS,
	LEAF_KEY_UNDOES, LEAF_KEY_V, LEAF_KEY_COUNT
};
extern const char *const leaf_key_name[LEAF_KEY_COUNT];

/* A leaf that was read: the token of each key's value, or JSON_NONE. */
struct leaf_view {
	const struct json	*json;
	struct arena		*arena;	/* for texts with escapes */
	uint32_t		 at[LEAF_KEY_COUNT];
	int64_t			 ts_ms;		/* its time */
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
/* The value of a key that few leaves have, or JSON_NONE; and its text, absent where it
 * is no text. */
uint32_t	leaf_other(const struct leaf_view *, const char *key);
struct slice	leaf_other_text(const struct leaf_view *, const char *key);
/* Is it that integer; with 0, null? */
bool		leaf_other_is(const struct leaf_view *, const char *key, int64_t);
/* Text of a key of the actor. */
struct slice	leaf_actor_text(const struct leaf_view *, const char *key);
bool		leaf_actor_is(const struct leaf_view *, int64_t uid);
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
