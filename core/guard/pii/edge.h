/*
 * What may stand beside a number or code.
 */
#ifndef CORE_GUARD_PII_EDGE_H
#define CORE_GUARD_PII_EDGE_H

#include "core/base/buf.h"

/* May a code begin or end here?  Strong ones may have more beside them. */
bool	pii_left_ok(struct slice, size_t at, bool strong);
bool	pii_right_ok(struct slice, size_t end, bool strong);

#endif
