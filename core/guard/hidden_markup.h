/*
 * Markup that does not show, or that carries text out.
 */
#ifndef CORE_GUARD_HIDDEN_MARKUP_H
#define CORE_GUARD_HIDDEN_MARKUP_H

#include "core/guard/hidden.h"

/*
 * What begins at text[at], one of < ! [ ( = ` ~: notes code, reports comments,
 * data addresses and images.  *next is where to go on.
 */
enum status	hidden_markup(struct hidden_scan *, size_t at, size_t *next,
		    struct error *) MUST_CHECK;

#endif
