/* Why the model stopped, and whether the call failed, by a span's attributes. */
#include "core/shape/otlp_stop.h"

#include <stdio.h>

#include "core/json/value.h"
#include "core/shape/otlp_value.h"
#include "core/shape/part_value.h"

/* One that is for every choice, or a list with one for each. */
static struct slice
reason_at(struct reading *r, uint32_t value, uint32_t i)
{
	const struct json *d = &r->reader->inner;
	struct slice text;
	uint32_t t;

	if (value == JSON_NONE || !otlp_json(r, value, &text))
		return otlp_string(r, value);
	if (json_kind(d, 0) != TOKEN_ARRAY || d->tok[0].count == 0)
		return SLICE_NONE;
	t = json_at(d, 0, d->tok[0].count == 1 ? 0 : i);
	return t == JSON_NONE ? SLICE_NONE : part_text(r, d, t);
}

enum stop
otlp_stop(struct reading *r, uint32_t span, uint32_t i, uint32_t n)
{
	char own[64];
	enum stop stop;

	(void)snprintf(own, sizeof(own), "gen_ai.completion.%u.finish_reason",
	    (unsigned)i);
	stop = stop_from(otlp_string(r, otlp_attribute(r->d, span, NAMES(own))));
	if (stop != STOP_UNKNOWN)
		return stop;
	stop = stop_from(reason_at(r, otlp_attribute(r->d, span,
	    NAMES("gen_ai.response.finish_reasons",
	    "gen_ai.response.finish_reason", "llm.response.finish_reason",
	    "llm.response.stop_reason", "ai.response.finishReason")), i));
	/* What was thought has a number of its own, before the answer's. */
	if (stop == STOP_UNKNOWN && n == 1 && i == 0)
		stop = stop_from(otlp_string(r, otlp_attribute(r->d, span,
		    NAMES("gen_ai.completion.1.finish_reason"))));
	return stop;
}

/* An exception is an event of its own. */
static struct slice
exception_message(struct reading *r, uint32_t span)
{
	const struct json *d = r->d;
	uint32_t events = json_get_kind(d, span, "events", TOKEN_ARRAY), t;

	for (t = events == JSON_NONE ? JSON_NONE : json_first(d, events);
	    t != JSON_NONE; t = json_next(d, events, t))
		if (json_get_is(d, t, "name", "exception"))
			return otlp_string(r, otlp_attribute(d, t,
			    NAMES("exception.message", "exception.type")));
	return SLICE_NONE;
}

struct slice
otlp_failure(struct reading *r, uint32_t span)
{
	const struct json *d = r->d;
	uint32_t status = json_get_kind(d, span, "status", TOKEN_OBJECT);
	struct slice type = otlp_string(r, otlp_attribute(d, span,
	    NAMES("error.type"))), why;

	if (type.n == 0 && (status == JSON_NONE ||
	    (part_count(d, status, "code") != 2 &&
	    !json_get_is(d, status, "code", "STATUS_CODE_ERROR"))))
		return SLICE_NONE;
	if ((status != JSON_NONE && (why = part_string(r, d, status,
	    "message")).n > 0) || (why = exception_message(r, span)).n > 0)
		return why;
	return type.n > 0 ? type : SLICE("the span's status is an error");
}
