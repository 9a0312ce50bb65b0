/*
 * JSON in what a model wrote around it.
 */
#ifndef CORE_GUARD_JSON_FIND_H
#define CORE_GUARD_JSON_FIND_H

#include "core/json/parse.h"

struct json_span {
	size_t	start, end;
};
struct json_found {
	size_t			n;		/* 2: two or more */
	struct json_span	first, second;
};

/*
 * The JSON in a text: all of it where that is JSON; else what stands in ```json
 * fences, or in fences with no name that hold an object or array; else the
 * objects and arrays in the prose.  What is found may yet be cut off or wrong
 * (a fence's text is taken as it is).  `work` is parsed into, not kept.
 * STATUS_NOMEM is the only failure.
 */
enum status	json_find(struct slice text, struct json *work,
		    struct json_found *) MUST_CHECK;

/* Is what json_parse() refused the beginning of a value whose end is missing? */
bool		json_cut_off(struct slice text, const struct json_error *);

#endif
