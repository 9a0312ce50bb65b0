/*
 * Templates filled in: {{name}} and {{a.b}} stand for a variable, and nothing else
 * does anything.  What other engines know beside, {% %}, {# #} and filters, is
 * refused, so that nothing goes out half filled in.
 */
#ifndef CORE_SUITE_FILL_H
#define CORE_SUITE_FILL_H

#include "core/json/parse.h"

/*
 * vars is an object that was parsed, or NULL.  A text goes in as it is, any other
 * value as its JSON.  STATUS_INVALID: a variable that is not there, or syntax that
 * is not known, by name.
 */
enum status	fill_text(struct slice, const struct json *vars, struct buf *,
		    struct error *) MUST_CHECK;
/* JSON with every text in it filled in; the names of objects stay. */
enum status	fill_json(struct slice raw, const struct json *vars, struct buf *,
		    struct error *) MUST_CHECK;
/* Is there anything to fill in? */
bool		fill_needed(struct slice);

#endif
