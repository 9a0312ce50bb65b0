/* Ages and US ZIP codes. */
#ifndef CORE_GUARD_PII_AGE_H
#define CORE_GUARD_PII_AGE_H

#include "core/guard/pii/hit.h"
#include "core/guard/pii/tokens.h"

void	find_age(struct pii_scan *, const struct tokens *, size_t at);
void	find_zip(struct pii_scan *, const struct tokens *, size_t at);

#endif
