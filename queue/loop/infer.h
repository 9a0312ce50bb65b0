/* The form of the records that came in, as a JSON Schema. */
#ifndef QUEUE_LOOP_INFER_H
#define QUEUE_LOOP_INFER_H

#include "core/schema/infer.h"
#include "queue/session.h"

struct infer_records {
	const char	*queue, *where;	/* NULL: all */
	int64_t		 since_ms, until_ms;	/* of their coming in; -1: open */
	bool		 outputs;	/* those that are JSON, not the records */
	const volatile sig_atomic_t *stop;
};
/*
 * Adds the stored records of items that are like that, one that holds several items
 * once.  *first_ms and *last_ms say when the first and the last came in.
 */
enum status	infer_stored(struct session *, const struct infer_records *,
		    struct infer *, int64_t *first_ms, int64_t *last_ms,
		    struct error *) MUST_CHECK;

#endif
