/*
 * How common bytes and sequences are in common text.
 */
#ifndef CORE_PATTERN_SHARE_H
#define CORE_PATTERN_SHARE_H

#include "core/pattern/first.h"

/* Share of common text that a byte makes up; of all bytes together about 1. */
double	first_share(unsigned byte);
/* The share of places in common text at which any of the sequences stands. */
double	first_density(const struct first_seq *, unsigned n);

#endif
