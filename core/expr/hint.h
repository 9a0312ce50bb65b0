/*
 * What somebody may have meant whose condition SQLite does not take: a name like one
 * that there is, a text without its quotes, a word of another language.
 */
#ifndef CORE_EXPR_HINT_H
#define CORE_EXPR_HINT_H

#include "core/base/buf.h"

/*
 * Adds it to the error that SQLite's message about the condition has become; where
 * nothing is known the error stays as it is.  guards: failed() and so on may stand in
 * it.  Returns the error's code.
 */
enum status	expr_hint(struct error *, struct slice text,
		    const char *const *columns, size_t n, bool guards);

#endif
