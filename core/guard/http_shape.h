/* Shapes of guard services, and what the files of the guard kind "http" share. */
#ifndef CORE_GUARD_HTTP_SHAPE_H
#define CORE_GUARD_HTTP_SHAPE_H

#include <jansson.h>
#include <math.h>

#include "core/base/utf8.h"
#include "core/guard/guard.h"

/* Values of a result, as the policy lists them. */
struct http_words {
	const char *const	*v;
	size_t			 n;
};

struct http_guard {
	const struct guard_outside *outside;
	const struct http_shape	*shape;
	struct guard_request	 request;	/* without a body */
	const char		*result, *score, *spans, *language, *model;
	struct http_words	 fails, passes;
	bool			 on_input;
	const char		*doubt;		/* or NULL */
};

/* One answer on its way into findings. */
struct reply {
	const struct http_guard	*guard;
	struct guard_run	*run;
	json_t			*root;
	struct utf8_cursor	 cursor;
	size_t			 points;	/* of the text */
	size_t			 added;
};

/* How one kind of service is asked, and how it answers. */
struct http_shape {
	const char	*name;
	const char	*model;		/* that is asked for unless named */
	json_t		*(*ask)(const struct http_guard *,
			    const struct guard_run *);
	enum status	(*read)(struct reply *, struct error *);
};

/* In the order of the option's choices. */
extern const struct http_shape http_shapes[];
#define HTTP_SHAPE_NAMES	"presidio|openai-moderation|litellm|" \
	"guardrails-ai|llm-guard|llama-guard|generic"

enum status	http_unexpected(const char *what, struct error *);
/* A finding over a span of code points; a span outside the text is an error.
 * The kind is copied. */
enum status	http_add(struct reply *, const char *kind, json_int_t start,
		    json_int_t end, double score, const char *message,
		    struct error *) MUST_CHECK;
enum status	http_add_whole(struct reply *, const char *kind, double score,
		    const char *message, struct error *) MUST_CHECK;

#endif
