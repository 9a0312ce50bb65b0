/*
 * Card numbers that a program wrote as a number with a point: 4.111111111111111e15.
 */
#ifndef CORE_GUARD_PII_CARD_H
#define CORE_GUARD_PII_CARD_H

#include "core/guard/pii/hit.h"

void	find_card_float(struct pii_scan *, size_t start, size_t end);

#endif
