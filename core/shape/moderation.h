/*
 * What stands in a chat completion of what was moderated, as results that the caller
 * brings.
 */
#ifndef CORE_SHAPE_MODERATION_H
#define CORE_SHAPE_MODERATION_H

#include "core/shape/shape.h"

/* OpenAI's `moderation`: of results for as many choices, only the choice's own. */
void		moderation_read(struct reading *, uint32_t body, uint32_t choice,
		    uint32_t choices, struct item *);
/* Azure's content_filter_results of the choice, and prompt_filter_results of the
 * body. */
void		content_filter_read(struct reading *, uint32_t body,
		    uint32_t choice, struct item *);

#endif
