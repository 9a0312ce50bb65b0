/*
 * Text as it is meant: full-width and other scripts' digits become ASCII ones,
 * special blanks and hyphens plain ones, and what has no width goes.
 */
#ifndef CORE_GUARD_PII_FOLD_H
#define CORE_GUARD_PII_FOLD_H

#include "core/base/arena.h"
#include "core/base/buf.h"

struct folded {
	struct slice	 text;
	/* The byte of the original that each byte came from; NULL: the same. */
	const uint32_t	*from;
};

/* STATUS_OK or STATUS_NOMEM.  Where there is nothing to fold nothing is copied. */
enum status	text_fold(struct slice, struct arena *, struct folded *)
		    MUST_CHECK;
/* A part of the folded text as a part of the original. */
void		folded_span(const struct folded *, struct slice original,
		    size_t *start, size_t *end);

#endif
