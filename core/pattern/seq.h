/*
 * Sets of bytes and lists of what a part of a pattern can begin with; 
 * used by first.c alone.
 */
#ifndef CORE_PATTERN_SEQ_H
#define CORE_PATTERN_SEQ_H

#include "core/pattern/first.h"

struct first_list {
	struct first_seq v[FIRST_SEQS];
	unsigned	 n;		/* 1 at least once it is made */
};

#define REPEAT_MAX	UINT32_MAX	/* no upper bound */

void	set_add(struct first_set *, unsigned byte);
void	set_range(struct first_set *, unsigned from, unsigned to);
void	set_join(struct first_set *, const struct first_set *);
/* Every ASCII byte that is not in the set, and none else. */
void	set_turn(struct first_set *);
/* Both cases of each ASCII letter in it. */
void	set_fold(struct first_set *);

/* Makes the list of nothing but the empty match. */
void	list_empty(struct first_list *);
/* May a character beyond ASCII have another case?  Punctuation has none. */
bool	has_case(uint32_t cp);
/* Makes the list of one character.  Of ASCII only k and s have another case
 * beyond it (U+212A, U+017F). */
void	list_char(struct first_list *, uint32_t cp, bool caseless);
/* Makes the list of one byte of a set and, where wide (or the set is empty), of
 * any character beyond ASCII. */
void	list_class(struct first_list *, const struct first_set *, bool wide);
/* Adds the alternatives of another list. */
void	list_join(struct first_list *, const struct first_list *);
/* Anything may follow any of them. */
void	list_cut(struct first_list *);
/* Has every sequence ended, so that nothing can be appended? */
bool	list_is_closed(const struct first_list *);
/* Appends what follows to every sequence that has not ended. */
void	list_append(struct first_list *, const struct first_list *tail);
void	list_repeat(struct first_list *, uint32_t min, uint32_t max);

#endif
