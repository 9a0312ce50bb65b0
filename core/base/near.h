/* Names that a mistyped one may have meant, for "did you mean". */
#ifndef CORE_BASE_NEAR_H
#define CORE_BASE_NEAR_H

#include "core/base/buf.h"

/* The i-th name that there is, NULL after the last. */
typedef const char *near_name(void *arg, size_t i);

#define NEAR_NAMES	3	/* of them are told at most */
#define NEAR_TEXT	256	/* bytes that near_hint() may need */

/*
 * "; did you mean confidence?" or "; did you mean cost_usd or costs?", the names most
 * like the word, in their order; "" where none is.  Alike is, best first: one letter
 * wrong, missing, added or two exchanged; the beginning of a name; two letters; a
 * part behind a '_', '-' or '.', or a name with more behind it.  Case does not count.
 * Returns out.
 */
const char	*near_hint(char out[NEAR_TEXT], struct slice word, near_name *,
		    void *arg);

#endif
