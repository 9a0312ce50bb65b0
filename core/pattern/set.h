/* The patterns that are looked for together (core/pattern/pattern.h). */
#ifndef CORE_PATTERN_SET_H
#define CORE_PATTERN_SET_H

#include <stdint.h>

#include "core/base/error.h"

struct pattern_set;		/* shared by workers once all are added */

enum {
	PATTERN_CASELESS = 1,
	PATTERN_ASCII = 2,	/* \w \d \b by ASCII, not by Unicode (PCRE2_UCP off) */
	PATTERN_KNOWN = 4	/* PCRE2 takes it: it is not tried when it is added */
};
#define PATTERN_MATCH_LIMIT	100000u	/* steps; 50 ms at worst for 10 kB */

enum status	pattern_set_new(struct pattern_set **, struct error *) MUST_CHECK;
void		pattern_set_free(struct pattern_set *);
/* Number of the pattern in *id, from 0; all are added before the first scan.  The
 * pattern lives as long as the set.  Errors name the byte and PCRE2's reason.
 * match_limit 0: PATTERN_MATCH_LIMIT. */
enum status	pattern_add(struct pattern_set *, const char *pattern, int flags,
		    uint32_t match_limit, unsigned *id, struct error *)
		    MUST_CHECK;

#endif
