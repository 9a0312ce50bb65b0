/*
 * A JSON Schema (2020-12) of values that were seen: their types, which properties
 * they all have, and the few values that some strings take.
 */
#ifndef CORE_SCHEMA_INFER_H
#define CORE_SCHEMA_INFER_H

#include "core/base/arena.h"
#include "core/json/parse.h"

#define INFER_PROPERTIES_MAX	200	/* of an object: more are keys of a map */
#define INFER_VALUES_MAX	20	/* different strings that are counted */
#define INFER_VALUE_BYTES	100	/* of the longest */

struct infer {
	struct infer_node *root;
	uint64_t	 n;		/* values */
	struct arena	 arena;
};

void		infer_release(struct infer *);
/* One more value; STATUS_NOMEM. */
enum status	infer_add(struct infer *, const struct json *, struct error *)
		    MUST_CHECK;

struct infer_options {
	/* Strings with at most so many different values, each seen five times and more
	 * on the average, are an enum; 0: none is. */
	unsigned	 values;
	bool		 closed;	/* no property that was not seen */
	struct slice	 comment;	/* absent: none */
};
/* The schema, each member of the outermost object on a line. */
void		infer_write(const struct infer *, const struct infer_options *,
		    struct buf *);

#endif
