/*
 * Messages whose fields are attributes of their own ("gen_ai.prompt.0.role",
 * "llm.input_messages.0.message.role").
 */
#ifndef CORE_SHAPE_OTLP_INDEXED_H
#define CORE_SHAPE_OTLP_INDEXED_H

#include "core/json/write.h"
#include "core/shape/shape.h"

#define OTLP_PROMPT	SLICE("gen_ai.prompt.")
#define OTLP_COMPLETION	SLICE("gen_ai.completion.")
#define OTLP_LLM_INPUT	SLICE("llm.input_messages.")
#define OTLP_LLM_OUTPUT	SLICE("llm.output_messages.")
/* The messages whose fields are attributes of their own, as a chat has them, into
 * an array; role: of one that names none.  Uses reader->inner. */
void		otlp_indexed(struct reading *, uint32_t span,
		    struct slice prefix, struct slice role, struct writer *);
bool		otlp_is_indexed(struct reading *, uint32_t key);

#endif
