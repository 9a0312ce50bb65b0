/*
 * What was asked, in the forms of others, as messages of a chat.
 */
#ifndef CORE_SHAPE_ASKED_H
#define CORE_SHAPE_ASKED_H

#include "core/shape/shape.h"

/*
 * Messages with role and content: of Gemini's contents, Bedrock's and Anthropic's
 * blocks, LangChain's (serialised too, and lists within a list); contents that are
 * all text become one.  Absent where the value is no list of objects.
 */
struct slice	asked_messages(struct reading *, const struct json *d, uint32_t t);
/* Those before the element `end` of the list alone; absent: none. */
struct slice	asked_before(struct reading *, const struct json *d, uint32_t list,
		    uint32_t end);
/* The text of a list of parts, or of an object's content or parts, as a string
 * token; absent: it has another kind of part, or none. */
struct slice	asked_text(struct reading *, const struct json *d, uint32_t t);
/* Have all of them a role and a text already? */
bool		asked_is_plain(const struct json *d, uint32_t t);

#endif
