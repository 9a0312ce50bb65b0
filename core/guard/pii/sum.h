/*
 * Numbers of arithmetic, which are nobody's.
 */
#ifndef CORE_GUARD_PII_SUM_H
#define CORE_GUARD_PII_SUM_H

#include "core/base/buf.h"

/*
 * Is what stands there one of the numbers of a sum, "2 * 3 = 6"?  What parts one
 * thing from another as well, " - " and " / ", says so of weak ones alone.
 */
bool	pii_in_sum(struct slice, size_t start, size_t end, bool weak);
/* Does a name of a thing follow that one counts: "8000000 seeds"? */
bool	pii_is_counted(struct slice, size_t end);

#endif
