/*
 * Four numbers parted by dots: an address, or a version or section.
 */
#ifndef CORE_GUARD_PII_VERSION_H
#define CORE_GUARD_PII_VERSION_H

#include "core/guard/pii/hit.h"

/* Do words around speak of the net? */
bool	words_of_net(const struct pii_words *);
/* Are the four bytes at [start,end) a version?  The words around are read. */
bool	pii_is_version(const struct pii_scan *, size_t start, size_t end,
	    const unsigned char *);

#endif
