/*
 * Elements of HTML that do not show, or that run.  A '<' is the place where one may
 * begin.
 */
#ifndef CORE_GUARD_HIDDEN_TAG_H
#define CORE_GUARD_HIDDEN_TAG_H

#include "core/guard/hidden.h"

/* What hidden_markup() does, for a '<' that may begin an element. */
enum status	hidden_tag(struct hidden_scan *, size_t at, size_t *next,
		    struct error *) MUST_CHECK;

#endif
