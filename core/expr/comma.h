/*
 * A number with a comma, where SQLite has a list: "0,9" of a decimal one, "1,000" of
 * thousands.
 */
#ifndef CORE_EXPR_COMMA_H
#define CORE_EXPR_COMMA_H

#include "core/base/buf.h"

#define COMMA_TEXT	160	/* bytes that comma_wrong() may need */

/*
 * "0,9 is not a number: write 0.9", of the first that stands in a condition; false:
 * there is none.  What stands in a list or among arguments is meant as it is.
 */
bool		comma_wrong(struct slice condition, char out[COMMA_TEXT]);

#endif
