/* Top-level domains of the DNS. */
#ifndef CORE_GUARD_PII_TLD_H
#define CORE_GUARD_PII_TLD_H

#include "core/base/buf.h"

#define TLD_MAX	24

enum tld {
	TLD_NONE,
	TLD_UNCLEAR,	/* known, but more often a file's or a word's end */
	TLD_COUNTRY,	/* two letters, or internationalised */
	TLD_GENERIC
};

/* In any case, without the dot. */
enum tld	tld_find(struct slice name);

#endif
