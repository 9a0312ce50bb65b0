/*
 * Chat completions of OpenAI.
 */
#ifndef CORE_SHAPE_OPENAI_CHAT_H
#define CORE_SHAPE_OPENAI_CHAT_H

#include "core/shape/shape.h"

/* Adds the items of the object at `body`, each begun as a copy of *base. */
enum status	openai_chat_body(struct reading *, uint32_t body,
		    const struct item *base) MUST_CHECK;

/* The output of a chat message of d (the record, or reader->inner), and as context
 * what it stands on. */
void		openai_message(struct reading *, const struct json *d,
		    uint32_t message, struct item *);

#endif
