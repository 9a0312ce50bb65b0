/*
 * Assertions that a service answers: webhook, moderation and classifier of promptfoo.
 * What is sent, and what the answer says; whoever runs the suite asks.
 * https://www.promptfoo.dev/docs/configuration/expected-outputs/
 */
#ifndef CORE_SUITE_ASSERT_SERVICE_H
#define CORE_SUITE_ASSERT_SERVICE_H

#include "core/json/parse.h"
#include "core/json/write.h"
#include "core/suite/assert.h"

/* What is asked about. */
struct service_subject {
	const char	*model;		/* the endpoint's, or NULL */
	struct slice	 output, prompt, vars;	/* absent: none; vars are JSON */
	bool		 output_is_string;
};

struct assert_service {
	void		(*ask)(const struct assertion *,
			    const struct service_subject *, struct writer *);
	/* An object or array was read; STATUS_INVALID: it is no such answer. */
	enum status	(*read)(const struct assertion *, const struct json *,
			    struct assert_verdict *, struct arena *,
			    struct error *);
};

/* The request's body. */
enum status	service_ask(const struct assertion *,
		    const struct service_subject *, struct buf *, struct error *)
		    MUST_CHECK;
/* What the answer comes to, turned round where the assertion is. */
enum status	service_read(const struct assertion *, struct slice answer,
		    struct assert_verdict *, struct arena *, struct error *)
		    MUST_CHECK;

#endif
