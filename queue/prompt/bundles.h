/* The bundles of a store, and which was in force when. */
#ifndef QUEUE_PROMPT_BUNDLES_H
#define QUEUE_PROMPT_BUNDLES_H

#include "core/prompt/bundle.h"
#include "db/store.h"

struct bundle {
	int64_t		 n, seq, ts_ms;
	struct slice	 sha256, by;
	struct bundle_body body;
};
/* By its number, in the arena; STATUS_NOT_FOUND, STATUS_CORRUPT. */
enum status	bundles_get(struct store *, int64_t n, struct arena *,
		    struct bundle *, struct error *) MUST_CHECK;
/* Good until each() returns. */
enum status	bundles_each(struct store *,
		    enum status (*each)(void *, const struct bundle *,
		    struct error *), void *arg, struct error *) MUST_CHECK;

/* When one was put in force. */
struct bundle_use {
	int64_t		bundle, seq, ts_ms;
	struct slice	by;
};
/*
 * The use that held at a time (INT64_MAX: now), in the arena, and the bundle that was
 * in force before that one, 0 for none.  STATUS_NOT_FOUND, with no error set,
 * where none was in force.
 */
enum status	bundles_in_force(struct store *, int64_t at_ms, struct arena *,
		    struct bundle_use *, int64_t *before, struct error *)
		    MUST_CHECK;

/* Where a label of a bundle pointed at a time, where that is not as the bundle has it. */
struct bundle_moved {
	const struct bundle_prompt *prompt;
	int64_t		version;	/* 0: it was not set */
	int64_t		seq, ts_ms;
	struct slice	by;
};
enum status	bundles_moved(struct store *, const struct bundle *, int64_t at_ms,
		    struct arena *, struct bundle_moved **, size_t *n,
		    struct error *) MUST_CHECK;

#endif
