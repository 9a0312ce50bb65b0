/* The rows of the table in body.c: marks of a body, and how it is read. */
#ifndef CORE_SHAPE_BODIES_H
#define CORE_SHAPE_BODIES_H

#include "core/shape/body.h"

struct body {
	bool	(*is)(const struct json *, uint32_t body);	/* of an object */
	body_fn	*read;
};

extern const struct body body_gemini;
extern const struct body body_converse;
extern const struct body body_invoke;
extern const struct body body_cohere;
extern const struct body body_ollama;
extern const struct body body_llamacpp;
extern const struct body body_tgi;
extern const struct body body_dashscope;

#endif
