/* The rows of the table in shape.c, each defined in the file of its name. */
#ifndef CORE_SHAPE_SHAPES_H
#define CORE_SHAPE_SHAPES_H

#include "core/shape/shape.h"

extern const struct shape shape_native;
extern const struct shape shape_openai_chat;
extern const struct shape shape_openai_completions;
extern const struct shape shape_openai_responses;
extern const struct shape shape_openai_batch;
extern const struct shape shape_anthropic;
extern const struct shape shape_anthropic_batch;
extern const struct shape shape_gemini;
extern const struct shape shape_gemini_batch;
extern const struct shape shape_gemini_interaction;
extern const struct shape shape_bedrock_converse;
extern const struct shape shape_bedrock_invoke;
extern const struct shape shape_bedrock_batch;
extern const struct shape shape_bedrock_log;
extern const struct shape shape_cohere;
extern const struct shape shape_ollama;
extern const struct shape shape_llamacpp;
extern const struct shape shape_tgi;
extern const struct shape shape_dashscope;
extern const struct shape shape_chat_output;
extern const struct shape shape_service;
extern const struct shape shape_haystack;
extern const struct shape shape_litellm;
extern const struct shape shape_otlp;
extern const struct shape shape_otlp_logs;
extern const struct shape shape_otlp_log;
extern const struct shape shape_otlp_span;
extern const struct shape shape_langfuse;
extern const struct shape shape_langsmith;
extern const struct shape shape_opik;
extern const struct shape shape_replicate;
extern const struct shape shape_exchange;
extern const struct shape shape_agent_inbox;
extern const struct shape shape_langchain;
extern const struct shape shape_langchain_result;
extern const struct shape shape_interrupt;
extern const struct shape shape_claude_hook;
extern const struct shape shape_acp;

#endif
