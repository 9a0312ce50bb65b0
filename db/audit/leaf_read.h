/* A leaf of the audit log read back, and whether it follows the one before. */
#ifndef DB_AUDIT_LEAF_READ_H
#define DB_AUDIT_LEAF_READ_H

#include "core/base/hash.h"
#include "core/json/parse.h"

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
