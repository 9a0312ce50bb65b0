/*
 * Telephone numbers, at their first digit.
 */
#ifndef CORE_GUARD_PII_PHONE_H
#define CORE_GUARD_PII_PHONE_H

#include "core/guard/pii/hit.h"

void	find_phone(struct pii_scan *, size_t at);

#endif
