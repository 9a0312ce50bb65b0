/* What the text of conditions alone says of them, for policy_lint(). */
#ifndef CORE_POLICY_COVER_H
#define CORE_POLICY_COVER_H

#include <stdbool.h>

enum cover_fixed { COVER_VARIES, COVER_ALWAYS, COVER_NEVER };

/* Is the condition true, or not true, whatever the item?  COVER_VARIES where
 * it asks about the item, or where that cannot be decided. */
enum cover_fixed cover_fixed(const char *when);

/*
 * Does whatever makes `later` true make `earlier` true?  Decided for terms that AND
 * and OR join, of equal ones, and of one value's bounds ("confidence < 0.4"
 * within "confidence < 0.5").  False where that cannot be decided.
 */
bool	cover_implies(const char *later, const char *earlier);

#endif
