/*
 * The text that may go out: an output with what was found in it covered.
 */
#ifndef CORE_JUDGE_COVER_H
#define CORE_JUDGE_COVER_H

#include "core/judge/judge.h"

/*
 * The item's output with the redactions that the findings ask for.  The guards
 * that redact look at what comes out, three times at most, and what they find is
 * covered too; *whole is false where something would still be left.  Where
 * nothing is redacted the very same slice comes back.
 */
enum status	judge_redact(struct judge *, const struct item *,
		    const struct finding *, size_t n, struct arena *,
		    struct slice *out, bool *whole, struct error *) MUST_CHECK;

#endif
