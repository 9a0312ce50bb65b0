/*
 * The calls in an output, whoever's shape it came in, in OpenAI's form.
 */
#ifndef CORE_SHAPE_CALL_H
#define CORE_SHAPE_CALL_H

#include "core/json/write.h"

enum call_form {
	CALL_NONE,	/* a JSON value without a call */
	CALL_KNOWN,	/* calls of functions, with or without a text */
	CALL_UNKNOWN	/* calls, and what OpenAI's form has no place for */
};

/* The output is JSON: a call, a list of calls or of parts, or a message. */
enum call_form	call_form(struct slice output);
/* Writes "content" (null where there is no text) and "tool_calls" of one that is
 * CALL_KNOWN into the object that is begun. */
void		call_write(struct writer *, struct slice output);
/* The same of a message that was given: CALL_NONE where there is neither a text nor a
 * call in it.  What a tool gave back is passed over. */
enum call_form	call_turn(struct slice message);
/* Writes its "content" and, where there are any, "tool_calls". */
void		call_turn_write(struct writer *, struct slice message);
/* The texts of a list of parts, as a JSON string; false: there is something else. */
bool		call_words(struct slice parts, struct buf *) MUST_CHECK;
/* Writes "tools" of a request's, if there is one that is a function. */
void		call_tools_write(struct writer *, struct slice tools);

#endif
