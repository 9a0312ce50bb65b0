/*
 * Reading a whole text: where what may be found, and what may stand beside it.
 */
#ifndef CORE_GUARD_PII_SCAN_H
#define CORE_GUARD_PII_SCAN_H

#include "core/guard/pii/hit.h"

/* Reads the whole text. */
void	pii_scan_text(struct pii_scan *);
/* Reads it by words, where a kind asks for that. */
void	pii_scan_tokens(struct pii_scan *);

#endif
