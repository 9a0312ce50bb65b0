/*
 * Dates.
 */
#ifndef CORE_GUARD_PII_DATE_H
#define CORE_GUARD_PII_DATE_H

#include "core/guard/pii/hit.h"

void	find_date(struct pii_scan *, size_t start, size_t end);

#endif
