/*
 * Reading a whole text: where what may be found, and what may stand beside it.
 */
#ifndef CORE_GUARD_PII_SCAN_H
#define CORE_GUARD_PII_SCAN_H

#include "core/guard/pii/pii.h"

/* May a code begin or end here?  Strong ones may have more beside them. */
bool	pii_left_ok(struct slice, size_t at, bool strong);
bool	pii_right_ok(struct slice, size_t end, bool strong);
/* Is it what a sum comes to, "2 * 3 = 6"? */
bool	pii_is_result(struct slice, size_t at);

/* Reads the whole text. */
void	pii_scan_text(struct pii_scan *);

#endif
