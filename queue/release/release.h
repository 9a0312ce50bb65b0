/*
 * The feed of releases: numbered, append-only, the last row of an item stands.
 * A queue's hold keeps a decision's release back until it is due; an undo within
 * that time leaves no trace here.
 */
#ifndef QUEUE_RELEASE_RELEASE_H
#define QUEUE_RELEASE_RELEASE_H

#include "core/json/write.h"
#include "queries.h"
#include "queue/session.h"

struct release_row {
	int64_t		 item, seq, ts_ms;
	const char	*state;		/* an item's state, or "recalled" */
	const char	*kind;		/* "output", "text", "none" */
	struct slice	 text;		/* of kind "text" */
};

/* Appends it, or holds it back that long; inside the caller's transaction. */
enum status	release_add(struct store *, const struct release_row *,
		    int64_t hold_ms, struct error *) MUST_CHECK;
/* The same for many at once, without a hold: a row for OUTBOX_INSERT_ALL, but for its
 * number. */
void		release_values(union outbox_insert_all *,
		    const struct release_row *);
/* Appends a row that recalls what the feed has handed out. */
enum status	release_call_back(struct store *, const struct release_row *,
		    struct error *) MUST_CHECK;
/*
 * Takes back what decision `undone` released: drops a held row, else appends
 * "recalled"; an item that is approved again gets its earlier release back.
 * row gives item, seq (the undo's), ts_ms and the state after it.
 */
enum status	release_recall(struct store *, const struct release_row *row,
		    int64_t undone, bool *recalled, struct error *) MUST_CHECK;
/* Has the feed handed out what decision `seq` released? */
enum status	release_gave_out(struct store *, int64_t item, int64_t seq,
		    bool *, struct error *) MUST_CHECK;

/* One row as `releases` prints it. */
struct release {
	int64_t		 n, ts_ms;
	struct slice	 id, queue, state;
	struct slice	 text;		/* absent: null */
};
/* As a JSON object; its members alone, into one that is begun. */
void		release_json(struct buf *, const struct release *);
void		release_members(struct writer *, const struct release *);
typedef enum status release_fn(void *, const struct release *, struct error *);
/* Appends those held and now due, in transactions of its own. */
enum status	release_due(struct store *, struct error *) MUST_CHECK;
/*
 * Every release after number `after` in order.  *last is the highest number seen.
 * STATUS_CONFLICT where the feed does not go so far.
 */
enum status	release_each(struct session *, int64_t after, const char *queue,
		    release_fn *, void *arg, int64_t *last, struct error *)
		    MUST_CHECK;
/* The last row of an item, which stands, in the session's arena; STATUS_NOT_FOUND,
 * with no error set, where it has none. */
enum status	release_last(struct session *, int64_t item, struct release *,
		    struct error *) MUST_CHECK;
/* The row of that number; the same. */
enum status	release_get(struct session *, int64_t n, struct release *,
		    struct error *) MUST_CHECK;
/* The number of the feed's last row, 0 where there is none. */
enum status	release_end(struct store *, int64_t *n, struct error *)
		    MUST_CHECK;

#endif
