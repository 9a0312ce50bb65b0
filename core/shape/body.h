/*
 * The bodies of API calls, which wrappers (batch lines, log entries) carry.
 */
#ifndef CORE_SHAPE_BODY_H
#define CORE_SHAPE_BODY_H

#include "core/shape/shape.h"

/* Does the value at `body` bear the marks of one that is known? */
bool		body_known(const struct reading *, uint32_t body);
/* With none of them *known is false.  Adds items as openai_chat_body() does. */
enum status	body_read(struct reading *, uint32_t body,
		    const struct item *base, bool *known) MUST_CHECK;

#endif
