/*
 * Texts in what is sent to models and comes from them, in the words of the APIs of
 * OpenAI (completions, chat, Responses, embeddings) and Anthropic.  Nothing here fails:
 * what has another form than it must is unread (asked.h), and so blocked.
 */
#ifndef CORE_PROTOCOL_CONTENT_H
#define CORE_PROTOCOL_CONTENT_H

#include "core/protocol/asked.h"

/* A request's texts: messages, system, instructions, prompt, input.  False: it has
 * none of these. */
bool	content_request(struct asked *, uint32_t object);
/* A response's: choices, content, output.  False: none of these. */
bool	content_response(struct asked *, uint32_t object);
/* A list of messages, or of choices. */
void	content_messages(struct asked *, uint32_t list);
void	content_choices(struct asked *, uint32_t list);
/* A text, a list of parts, or null. */
void	content_parts(struct asked *, uint32_t value);
/* The arguments of calls of tools; covers: their place is in the answer. */
void	content_calls(struct asked *, uint32_t list, bool covers);

#endif
