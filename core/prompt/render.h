/* A prompt with its variables filled in. */
#ifndef CORE_PROMPT_RENDER_H
#define CORE_PROMPT_RENDER_H

#include "core/prompt/prompt.h"

#define PROMPT_RENDERED_MAX	((size_t)8 << 20)	/* bytes of all messages */

/*
 * The messages with their variables filled in, as many as body->n, in the arena.
 * vars is a JSON object (or NULL: none).  A text goes in as it is, any other value
 * as its JSON; nothing in a value is expanded.  STATUS_INVALID names a variable that
 * is not set, or is null, and, with `strict`, one that the prompt does not have.
 */
enum status	prompt_render(const struct prompt_body *, const struct json *vars,
		    bool strict, struct arena *, struct prompt_message **,
		    struct error *) MUST_CHECK;
/* The same with the variables as the text of a JSON object; absent: none. */
enum status	prompt_render_text(const struct prompt_body *, struct slice vars,
		    bool strict, struct arena *, struct prompt_message **,
		    struct error *) MUST_CHECK;
/* Calls each() with the name of every top-level member of vars that the prompt
 * does not have. */
enum status	prompt_unknown(const struct prompt_body *, const struct json *vars,
		    enum status (*each)(void *, struct slice, struct error *),
		    void *arg, struct arena *, struct error *) MUST_CHECK;

#endif
