/*
 * ECMA-262 patterns (Unicode mode), translated for PCRE2 and compiled with its
 * JIT.  A match may take so many steps and no more.
 *
 * Not taken, though ECMA has it: a lookbehind that has no fixed length.
 */
#ifndef CORE_SCHEMA_REGEX_H
#define CORE_SCHEMA_REGEX_H

#include "core/base/buf.h"

#define REGEX_MATCH_LIMIT	100000u
#define REGEX_LEN_MAX		((size_t)16 << 10)

struct regex;				/* immutable, shared by threads */

/* Puts what it makes before *list; STATUS_INVALID says what is wrong. */
enum status	regex_new(struct regex **list, struct slice pattern,
		    struct error *) MUST_CHECK;
void		regex_free_all(struct regex *list);
/* Is there a match anywhere in valid UTF-8?  STATUS_LIMIT: ran too long. */
enum status	regex_test(const struct regex *, struct slice text, bool *found,
		    struct error *) MUST_CHECK;
/* The next of a list, or NULL. */
const struct regex *regex_next(const struct regex *);
/* Could it be compiled? */
bool		regex_valid(struct slice pattern);

#endif
