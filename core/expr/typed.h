/*
 * A number that is compared with a text: SQLite takes every number for smaller than any
 * text, so that such a part of a condition is true of all or of none.
 */
#ifndef CORE_EXPR_TYPED_H
#define CORE_EXPR_TYPED_H

#include <stdbool.h>

#define TYPED_TEXT	300	/* bytes of what is told */

/* The first one in words: "confidence is a number, which '0.5' is not: write 0.5". */
bool		typed_wrong(const char *condition, char out[TYPED_TEXT]);

#endif
