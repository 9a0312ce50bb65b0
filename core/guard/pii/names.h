/*
 * Given names and surnames, and the words that stand beside them or in addresses.
 */
#ifndef CORE_GUARD_PII_NAMES_H
#define CORE_GUARD_PII_NAMES_H

#include "core/base/buf.h"

#define NAME_GIVEN	1u
#define NAME_WEAK	2u	/* a given name that is as often something else */
#define NAME_SUR	4u
#define WORD_TITLE		(UINT32_C(1) << 3)
#define WORD_TITLE_WEAK	(UINT32_C(1) << 4)
#define WORD_SUFFIX		(UINT32_C(1) << 5)
#define WORD_PARTICLE		(UINT32_C(1) << 6)
#define WORD_NAME		(UINT32_C(1) << 7)
#define WORD_NOT_NAMED		(UINT32_C(1) << 8)
#define WORD_CUE		(UINT32_C(1) << 9)
#define WORD_CUE_WEAK		(UINT32_C(1) << 10)
#define WORD_CLOSING		(UINT32_C(1) << 11)
#define WORD_VERB		(UINT32_C(1) << 12)
#define WORD_OWNED		(UINT32_C(1) << 13)
#define WORD_NO_PERSON		(UINT32_C(1) << 14)
#define WORD_THING		(UINT32_C(1) << 15)
#define WORD_HEAD		(UINT32_C(1) << 16)
#define WORD_STREET		(UINT32_C(1) << 17)
#define WORD_STREET_FIRST	(UINT32_C(1) << 18)
#define WORD_STREET_BEFORE	(UINT32_C(1) << 19)
#define WORD_SMALL		(UINT32_C(1) << 20)
#define WORD_UNIT		(UINT32_C(1) << 21)
#define WORD_ADDRESS		(UINT32_C(1) << 22)
#define WORD_NO_STREET		(UINT32_C(1) << 23)

/* Lines of names with blanks between them; NULL at the end. */
extern const char *const pii_given[], *const pii_given_more[],
    *const pii_given_weak[], *const pii_surnames[];

/* Words parted by '|'; no words at the end. */
struct beside_list {
	uint32_t	 is;
	const char	*words;
};
extern const struct beside_list pii_word_lists[];

struct name_book;
struct name_book	*names_new(void);	/* NULL: no memory */
void		 names_free(struct name_book *);
/* What a word is, in any case of ASCII: NAME_ and WORD_ bits. */
uint32_t	 names_find(const struct name_book *, struct slice);

#endif
