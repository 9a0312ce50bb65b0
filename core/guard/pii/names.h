/*
 * Given names and surnames.
 */
#ifndef CORE_GUARD_PII_NAMES_H
#define CORE_GUARD_PII_NAMES_H

#include "core/base/buf.h"

#define NAME_GIVEN	1u
#define NAME_WEAK	2u	/* a given name that is as often something else */
#define NAME_SUR	4u

/* Lines of names with blanks between them; NULL at the end. */
extern const char *const pii_given[], *const pii_given_more[],
    *const pii_given_weak[], *const pii_surnames[];

struct names;
struct names	*names_new(void);	/* NULL: no memory */
void		 names_free(struct names *);
/* What a word is, in any case of ASCII: NAME_ bits, 0: no name. */
unsigned	 names_find(const struct names *, struct slice);

#endif
