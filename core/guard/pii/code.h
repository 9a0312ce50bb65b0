/*
 * Codes of letters and digits: account numbers, wallets, banks.  Each looks at
 * one place that the scan stopped at, left and right of it as far as needed.
 */
#ifndef CORE_GUARD_PII_CODE_H
#define CORE_GUARD_PII_CODE_H

#include "core/guard/pii/hit.h"

void	find_iban(struct pii_scan *, size_t start, size_t end);
void	find_crypto(struct pii_scan *, size_t start, size_t end);
size_t	find_bic(struct pii_scan *, size_t at);	/* where to go on */

#endif
