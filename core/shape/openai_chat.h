/*
 * Chat completions of OpenAI.
 */
#ifndef CORE_SHAPE_OPENAI_CHAT_H
#define CORE_SHAPE_OPENAI_CHAT_H

#include "core/shape/shape.h"

/*
 * The bodies that wrappers (batch lines, log entries) carry: each adds its items,
 * begun as a copy of *base.  `body` is the token of an object that
 * body_read() knows by its own marks; with none, *known is false.
 */
enum status	openai_chat_body(struct reading *, uint32_t body,
		    const struct item *base) MUST_CHECK;

#endif
