/*
 * Messages of Anthropic.
 */
#ifndef CORE_SHAPE_ANTHROPIC_H
#define CORE_SHAPE_ANTHROPIC_H

#include "core/shape/shape.h"

enum status	anthropic_body(struct reading *, uint32_t body,
		    const struct item *base) MUST_CHECK;

#endif
