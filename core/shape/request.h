/*
 * The request that a response answers.
 */
#ifndef CORE_SHAPE_REQUEST_H
#define CORE_SHAPE_REQUEST_H

#include "core/shape/shape.h"

/* Messages and tools of a request: chat's and Anthropic's, or a Responses input
 * after its instructions. */
void		part_request_body(struct reading *, const struct json *d,
		    uint32_t body, struct item *base);
/* What the caller has for an id, or what was stored with the item: base->input. */
enum status	part_inputs(struct reading *, struct slice id,
		    struct item *base) MUST_CHECK;
/*
 * The request that answers to custom_id: from the caller's inputs, or as it was
 * stored with the item.  Its messages go into base.
 */
enum status	part_request(struct reading *, struct slice custom_id,
		    struct item *base) MUST_CHECK;

#endif
