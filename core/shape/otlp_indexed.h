/*
 * Messages whose fields are attributes of their own ("gen_ai.prompt.0.role").
 */
#ifndef CORE_SHAPE_OTLP_INDEXED_H
#define CORE_SHAPE_OTLP_INDEXED_H

#include "core/shape/shape.h"

#define OTLP_PROMPT	SLICE("gen_ai.prompt.")
#define OTLP_COMPLETION	SLICE("gen_ai.completion.")
/* The messages whose fields are attributes of their own, as members of an array
 * of messages of a chat; role: of one that names none.  Uses reader->inner. */
void		otlp_indexed(struct reading *, uint32_t span,
		    struct slice prefix, struct slice role, struct buf *);
bool		otlp_is_indexed(struct reading *, uint32_t key);

#endif
