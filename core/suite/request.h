/*
 * A request of one's own making, as promptfoo's provider "http" has it: URL, method,
 * headers and body with {{prompt}}, {{name}} and {{env.NAME}}, and which part of the
 * answer is the output.
 * https://www.promptfoo.dev/docs/providers/http/
 */
#ifndef CORE_SUITE_REQUEST_H
#define CORE_SUITE_REQUEST_H

#include "core/json/parse.h"
#include "core/suite/suite.h"

struct suite_reading;		/* core/suite/reading.h */

#define REQUEST_HEADERS_MAX	16
#define REQUEST_STEPS_MAX	32	/* of a path into the answer */

struct request_step {
	struct slice	 name;		/* of a member, or absent: */
	uint32_t	 at;		/* the element of an array */
};
struct suite_request {
	const char	*method;
	struct slice	 headers;	/* an object of texts as JSON, or absent */
	struct slice	 body;		/* JSON, or a text as JSON; absent: none */
	bool		 typed;		/* the headers say what the body is */
	bool		 json;		/* so it is JSON */
	enum { PICK_ALL, PICK_TEXT, PICK_PATH } pick;
	const struct request_step *steps;
	size_t		 nsteps;
};

/*
 * Reads a provider's config; *odd is what is not known of it, with *why or NULL.  The
 * URL is as it stands there, or NULL.
 */
enum status	request_read(struct suite_reading *, const struct json *,
		    uint32_t config, const struct suite_request **,
		    const char **url, struct slice *odd, const char **why,
		    struct error *) MUST_CHECK;
/* The body for these variables; JSON in a text of it becomes what it says. */
enum status	request_body(const struct suite_request *,
		    const struct json *vars, struct buf *, struct error *)
		    MUST_CHECK;
/* "Name: value" of each header, in the arena; STATUS_INVALID: a line break in one. */
enum status	request_headers(const struct suite_request *,
		    const struct json *vars, struct arena *,
		    const char *out[REQUEST_HEADERS_MAX + 2], struct error *)
		    MUST_CHECK;
/* The output in an answer; STATUS_NOT_FOUND: the path leads nowhere. */
enum status	request_pick(const struct suite_request *, struct slice answer,
		    struct json *, struct arena *, struct slice *output,
		    bool *is_string, struct error *) MUST_CHECK;

#endif
