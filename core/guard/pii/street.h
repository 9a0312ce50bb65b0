/*
 * Street addresses.
 */
#ifndef CORE_GUARD_PII_STREET_H
#define CORE_GUARD_PII_STREET_H

#include "core/guard/pii/hit.h"
#include "core/guard/pii/tokens.h"

/* An address that begins at the token; where to go on. */
size_t	find_street(struct pii_scan *, const struct tokens *, size_t at);

#endif
