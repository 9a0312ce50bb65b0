/*
 * Responses of OpenAI.
 */
#ifndef CORE_SHAPE_OPENAI_RESPONSES_H
#define CORE_SHAPE_OPENAI_RESPONSES_H

#include "core/shape/shape.h"

enum status	openai_responses_body(struct reading *, uint32_t body,
		    const struct item *base) MUST_CHECK;

#endif
