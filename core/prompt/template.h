/*
 * Templates: text in which {{name}} and {{a.b}} stand for values, and nothing else
 * does.  A name is of ASCII letters, digits, "_" and "-", and begins with a letter
 * or "_"; each dot leads into an object.  Blanks may stand inside the braces.
 *
 * What other template languages do beside that is refused rather than left in the
 * text: a prompt that is half filled in is worse than none.
 */
#ifndef CORE_PROMPT_TEMPLATE_H
#define CORE_PROMPT_TEMPLATE_H

#include "core/base/buf.h"

#define TEMPLATE_NAME_MAX	256	/* bytes, with its dots */

/* Text as it stands, or a name (the other is absent). */
struct template_part {
	struct slice	text, name;
};

/* STATUS_INVALID with line, column and reason. */
enum status	template_check(struct slice, struct error *) MUST_CHECK;
/* Takes the next part from the front of a text that was checked; false at its end. */
bool		template_next(struct slice *rest, struct template_part *);

#endif
