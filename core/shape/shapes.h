/* The rows of the table in shape.c, each defined in the file of its name. */
#ifndef CORE_SHAPE_SHAPES_H
#define CORE_SHAPE_SHAPES_H

#include "core/shape/shape.h"

extern const struct shape shape_native;
extern const struct shape shape_openai_chat;
extern const struct shape shape_openai_responses;
extern const struct shape shape_openai_batch;
extern const struct shape shape_anthropic;
extern const struct shape shape_anthropic_batch;
extern const struct shape shape_litellm;
extern const struct shape shape_otlp;
extern const struct shape shape_otlp_span;
extern const struct shape shape_langfuse;
extern const struct shape shape_exchange;
extern const struct shape shape_agent_inbox;
extern const struct shape shape_langchain;

#endif
