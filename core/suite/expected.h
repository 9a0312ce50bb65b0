/* What a cell of a CSV file expects, in promptfoo's short form. */
#ifndef CORE_SUITE_EXPECTED_H
#define CORE_SUITE_EXPECTED_H

#include "core/base/buf.h"

/* "contains-any: a, b", "levenshtein(3): x", or a text to be equal to, as an
 * assertion's JSON; metric may be NULL. */
enum status	expected_json(struct slice, const char *metric, struct buf *,
		    struct error *) MUST_CHECK;

#endif
