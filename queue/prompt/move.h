/* One move of a label, inside the caller's transaction. */
#ifndef QUEUE_PROMPT_MOVE_H
#define QUEUE_PROMPT_MOVE_H

#include "queue/session.h"

/* Where it points now; *version is 0 where it was never set. */
enum status	label_now(struct store *, struct slice name, struct slice label,
		    int64_t *version, struct error *) MUST_CHECK;
struct label_move {
	struct slice	name, label;
	int64_t		from, to;	/* from 0: it was not set */
};
/* Its row, made by leaf seq. */
enum status	label_move_insert(struct session *, const struct label_move *,
		    int64_t seq, int64_t ts_ms, struct error *) MUST_CHECK;
/* The last numbers that rows have. */
struct prompt_ends {
	int64_t	prompt, move, bundle, use;
};
enum status	prompt_ends_get(struct store *, struct prompt_ends *,
		    struct error *) MUST_CHECK;
/* The number behind one of them; STATUS_CORRUPT where there is none. */
enum status	prompt_end_next(int64_t end, int64_t *next, struct error *)
		    MUST_CHECK;

#endif
