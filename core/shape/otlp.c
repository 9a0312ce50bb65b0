/*
 * OTLP/HTTP JSON spans with the GenAI conventions (semantic-conventions-genai,
 * docs/gen-ai; their v1.36 names and OpenLLMetry's are read too).  Every span
 * that holds an output is a record of its own: its bytes, read again, are a
 * single span.
 */
#include <math.h>

#include "core/base/arena.h"
#include "core/json/value.h"
#include "core/json/write.h"
#include "core/shape/answer.h"
#include "core/shape/otlp_indexed.h"
#include "core/shape/otlp_messages.h"
#include "core/shape/otlp_stop.h"
#include "core/shape/otlp_value.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/request.h"
#include "core/shape/shapes.h"
#include "core/shape/unknown.h"
#include "core/shape/usage.h"

#define BEFORE_MAX	256	/* log records of a choice, and others' among them */

static const struct otlp_before none_before = { JSON_NONE, JSON_NONE };

static int64_t
span_ms(struct reading *r, uint32_t span, const char *key)
{
	struct slice s = part_string(r, r->d, span, key);
	double ns = part_number(r->d, span, key);
	int64_t n = 0;
	size_t i;

	if (ns >= 0 && ns < 9e18)
		return (int64_t)(ns / 1e6);
	if (s.p == NULL || s.n == 0 || s.n > 18 + 1)
		return -1;
	for (i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9' ||
		    __builtin_mul_overflow(n, (int64_t)10, &n) ||
		    __builtin_add_overflow(n, s.p[i] - '0', &n))
			return -1;
	return n / 1000000;
}

static void
evaluations_read(struct reading *r, uint32_t span, struct item *item)
{
	const struct json *d = r->d;
	uint32_t events = json_get_kind(d, span, "events", TOKEN_ARRAY), t;
	struct evaluation e = { .yes_no = false };

	for (t = events == JSON_NONE ? JSON_NONE : json_first(d, events);
	    t != JSON_NONE; t = json_next(d, events, t)) {
		if (!json_get_is(d, t, "name", "gen_ai.evaluation.result"))
			continue;
		e.name = otlp_string(r, otlp_attribute(d, t,
		    NAMES("gen_ai.evaluation.name")));
		e.label = otlp_string(r, otlp_attribute(d, t,
		    NAMES("gen_ai.evaluation.score.label")));
		e.message = otlp_string(r, otlp_attribute(d, t,
		    NAMES("gen_ai.evaluation.explanation")));
		e.score = otlp_number(d, otlp_attribute(d, t,
		    NAMES("gen_ai.evaluation.score.value")));
		(void)part_evaluation(r, item, &e, "gen_ai.evaluation");
	}
}

/* Every attribute but the texts, under its own name. */
static struct slice
span_metadata(struct reading *r, uint32_t span)
{
	const struct json *d = r->d;
	uint32_t all = json_get_kind(d, span, "attributes", TOKEN_ARRAY), t,
	    key, v;
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);

	write_object(&w, NULL);
	for (t = all == JSON_NONE ? JSON_NONE : json_first(d, all);
	    t != JSON_NONE; t = json_next(d, all, t)) {
		key = json_get_kind(d, t, "key", TOKEN_STRING);
		v = json_get_kind(d, t, "value", TOKEN_OBJECT);
		if (key == JSON_NONE || v == JSON_NONE || otlp_is_text(d, key) ||
		    otlp_is_indexed(r, key))
			continue;
		write_name(&w, json_raw(d, key));
		otlp_write(d, v, &w);
	}
	if (write_is_empty(&w)) {
		buf_release(&b);
		return SLICE_NONE;
	}
	write_end(&w);
	return part_keep_json(r, &b);
}

static struct slice
prompt_name(struct reading *r, uint32_t span)
{
	struct slice key = otlp_string(r, otlp_attribute(r->d, span,
	    NAMES("traceloop.prompt.key", "gen_ai.prompt.name",
	    "langfuse.observation.prompt.name")));
	uint32_t value = otlp_attribute(r->d, span,
	    NAMES("traceloop.prompt.version",
	    "langfuse.observation.prompt.version"));
	struct slice version = otlp_string(r, value);

	if (key.p == NULL || value == JSON_NONE)
		return key;
	if (version.p != NULL)
		key = arena_printf(r->reader->arena, "%.*s@%.*s",
		    SLICE_ARG(key), SLICE_ARG(version));
	else if (otlp_count(r->d, value) >= 0)
		key = arena_printf(r->reader->arena, "%.*s@%lld",
		    SLICE_ARG(key), (long long)otlp_count(r->d, value));
	r->failed |= key.p == NULL;
	return key;
}

/* Langfuse's SDK puts usage and cost in as JSON. */
static void
langfuse_read(struct reading *r, uint32_t span, struct item *item)
{
	const struct json *d = &r->reader->inner;
	uint32_t usage = otlp_attribute(r->d, span,
	    NAMES("langfuse.observation.usage_details"));
	uint32_t cost = otlp_attribute(r->d, span,
	    NAMES("langfuse.observation.cost_details"));
	struct slice text;

	if (usage != JSON_NONE && otlp_json(r, usage, &text))
		part_usage(d, 0, item);
	if (cost != JSON_NONE && otlp_json(r, cost, &text) &&
	    json_kind(d, 0) == TOKEN_OBJECT)
		part_amount(&item->cost_usd, part_number(d, 0, "total"));
}

static void
common_read(struct reading *r, uint32_t span, struct item *item)
{
	const struct json *d = r->d;
	int64_t to = span_ms(r, span, "endTimeUnixNano");

	item->id = otlp_string(r, otlp_attribute(d, span,
	    NAMES("gen_ai.response.id", "ai.response.id")));
	if (item->id.n == 0)
		item->id = part_string(r, d, span, "spanId");
	item->model = otlp_string(r, otlp_attribute(d, span,
	    NAMES("gen_ai.response.model", "gen_ai.request.model",
	    "llm.model_name", "ai.response.model", "ai.model.id",
	    "langfuse.observation.model.name")));
	item->prompt = prompt_name(r, span);
	item->input_tokens = otlp_count(d, otlp_attribute(d, span,
	    NAMES("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens",
	    "llm.token_count.prompt", "ai.usage.inputTokens",
	    "ai.usage.promptTokens")));
	item->output_tokens = otlp_count(d, otlp_attribute(d, span,
	    NAMES("gen_ai.usage.output_tokens",
	    "gen_ai.usage.completion_tokens", "llm.token_count.completion",
	    "ai.usage.outputTokens", "ai.usage.completionTokens")));
	langfuse_read(r, span, item);
	item->created_ms = span_ms(r, span, otlp_is_log(d, span) ?
	    "timeUnixNano" : "startTimeUnixNano");
	if (item->created_ms >= 0 && to >= item->created_ms)
		item->latency_ms = (double)(to - item->created_ms);
	item->metadata = span_metadata(r, span);
	evaluations_read(r, span, item);
}

static void
stop_read(struct reading *r, uint32_t span, struct item *item, uint32_t i,
    uint32_t n)
{
	struct slice why = otlp_failure(r, span);

	if (item->stop == STOP_UNKNOWN)
		item->stop = otlp_stop(r, span, i, n);
	if (why.p != NULL)
		part_fault(r, item, span, FAULT_BROKEN, "the call failed: %.*s",
		    SLICE_ARG(why));
}

/* The items from one span: of several each has an id of its own. */
static void
items_finish(struct reading *r, uint32_t span, size_t from)
{
	const struct shape *own = otlp_is_log(r->d, span) ? &shape_otlp_log :
	    &shape_otlp_span;
	uint32_t n = (uint32_t)(r->n - from);
	bool several = n > 1;
	struct item *item;
	uint32_t i;

	for (i = 1; from < r->n; from++, i++) {
		item = &r->item[from];
		item->shape = own->name;
		item->forced = shape_of(r) != own;
		item->record = json_raw(r->d, span);
		item->choice = several ? i : 0;
		stop_read(r, span, item, i - 1, n);
		if (!several || item->id.n == 0)
			continue;
		item->id = arena_printf(r->reader->arena, "%.*s#%u",
		    SLICE_ARG(item->id), (unsigned)i);
		r->failed |= item->id.p == NULL;
	}
}

/* What was asked stands in the log records before a choice, kept with it as a
 * request is. */
static enum status
asked_read(struct reading *r, uint32_t span, const struct otlp_before *before,
    struct item *base)
{
	base->messages = otlp_messages(r, span);
	if (base->messages.p != NULL || !otlp_is_log(r->d, span))
		return STATUS_OK;
	if (!r->joined)
		base->input = otlp_log_request(r, span, before);
	return part_request(r, SLICE_NONE, base);
}

static enum status
span_read(struct reading *r, uint32_t span, const struct otlp_before *before)
{
	struct otlp_answer answer;
	size_t from = r->n;
	struct item base;
	enum status st;

	/* Those that were taken once can still be shown. */
	if (!r->joined && otlp_is_step(r, span))
		return STATUS_OK;
	if (!otlp_log_answer(r, span, &answer) &&
	    !otlp_answer(r, span, &answer)) {
		if (r->failure.p == NULL)
			r->failure = otlp_failure(r, span);
		return STATUS_OK;
	}
	/* What may stand beside the span's own keys, so that it is read again. */
	reading_keys(r, span);
	if ((st = part_base(r, &base)) != STATUS_OK)
		return st;
	common_read(r, span, &base);
	if ((st = asked_read(r, span, before, &base)) != STATUS_OK)
		return st;
	if ((st = otlp_choices(r, &answer, &base)) == STATUS_OK)
		items_finish(r, span, from);
	return st;
}

/* Spans or log records, by the names of the lists that they are in. */
struct otlp_lists {
	const char	*all, *scopes, *records;
};

static enum status
scope_read(struct reading *r, uint32_t scope, const struct otlp_lists *lists)
{
	uint32_t all = json_get_kind(r->d, scope, lists->records, TOKEN_ARRAY),
	    t;
	struct otlp_before before = { all, JSON_NONE };
	unsigned n = 0;
	enum status st;

	for (t = all == JSON_NONE ? JSON_NONE : json_first(r->d, all);
	    t != JSON_NONE; t = json_next(r->d, all, t)) {
		if (json_kind(r->d, t) == TOKEN_OBJECT &&
		    (st = span_read(r, t, &before)) != STATUS_OK)
			return st;
		if (n++ == 0)
			before.from = t;
		else if (n > BEFORE_MAX)
			before.from = json_next(r->d, all, before.from);
	}
	return STATUS_OK;
}

static enum status
lists_read(struct reading *r, const struct otlp_lists *lists)
{
	const struct json *d = r->d;
	uint32_t all = json_get_kind(d, r->root, lists->all, TOKEN_ARRAY), t;
	uint32_t scopes, s;
	enum status st;

	for (t = all == JSON_NONE ? JSON_NONE : json_first(d, all);
	    t != JSON_NONE; t = json_next(d, all, t)) {
		scopes = json_get_kind(d, t, lists->scopes, TOKEN_ARRAY);
		for (s = scopes == JSON_NONE ? JSON_NONE :
		    json_first(d, scopes); s != JSON_NONE;
		    s = json_next(d, scopes, s))
			if ((st = scope_read(r, s, lists)) != STATUS_OK)
				return st;
	}
	return STATUS_OK;
}

static enum status
otlp_read(struct reading *r)
{
	static const struct otlp_lists spans = { "resourceSpans", "scopeSpans",
	    "spans" };
	enum status st = lists_read(r, &spans);

	return st != STATUS_OK || r->n > 0 ? st : reading_refuse(r, 0,
	    "no span here holds an output (gen_ai.output.messages)%s%.*s",
	    r->failure.p == NULL ? "" : "; one failed: ",
	    SLICE_ARG(r->failure));
}

static enum status
otlp_logs_read(struct reading *r)
{
	static const struct otlp_lists logs = { "resourceLogs", "scopeLogs",
	    "logRecords" };
	enum status st = lists_read(r, &logs);

	return st != STATUS_OK || r->n > 0 ? st : reading_refuse(r, 0,
	    "no log record here holds an output (gen_ai.choice)");
}

static bool
otlp_marks(const struct reading *r)
{
	return reading_has(r, KEY_resourceSpans, TOKEN_ARRAY);
}

static bool
otlp_logs_marks(const struct reading *r)
{
	return reading_has(r, KEY_resourceLogs, TOKEN_ARRAY);
}

static bool
otlp_log_marks(const struct reading *r)
{
	return reading_has(r, KEY_attributes, TOKEN_ARRAY) &&
	    (reading_has(r, KEY_eventName, TOKEN_STRING) ||
	    reading_has(r, KEY_body, TOKEN_OBJECT)) &&
	    otlp_is_log(r->d, r->root);
}

static enum status
otlp_log_read(struct reading *r)
{
	enum status st = span_read(r, r->root, &none_before);

	return st != STATUS_OK || r->n > 0 ? st : reading_refuse(r, r->root,
	    "the log record holds no output (gen_ai.choice)");
}

static bool
otlp_span_marks(const struct reading *r)
{
	return reading_has(r, KEY_spanId, TOKEN_STRING) &&
	    reading_has(r, KEY_traceId, TOKEN_STRING) &&
	    reading_has(r, KEY_attributes, TOKEN_ARRAY);
}

static enum status
otlp_span_read(struct reading *r)
{
	enum status st = span_read(r, r->root, &none_before);

	if (st == STATUS_OK && r->n == 0 && otlp_is_step(r, r->root))
		return reading_refuse(r, r->root, "%s", shape_step);
	return st != STATUS_OK || r->n > 0 ? st : reading_refuse(r, r->root,
	    "the span holds no output (gen_ai.output.messages)%s%.*s",
	    r->failure.p == NULL ? "" : ": the call failed: ",
	    SLICE_ARG(r->failure));
}

const struct shape shape_otlp = {
	.name = "otlp",
	.marks = otlp_marks,
	.by = { KEY_resourceSpans, KEY_COUNT },
	.mark = "an array resourceSpans",
	.read = otlp_read,
	.hints = { KEY_resourceSpans, KEY_COUNT }
};

const struct shape shape_otlp_logs = {
	.name = "otlp-logs",
	.marks = otlp_logs_marks,
	.by = { KEY_resourceLogs, KEY_COUNT },
	.mark = "an array resourceLogs",
	.read = otlp_logs_read,
	.hints = { KEY_resourceLogs, KEY_COUNT }
};

const struct shape shape_otlp_log = {
	.name = "otlp-log",
	.marks = otlp_log_marks,
	.by = { KEY_eventName, KEY_body, KEY_COUNT },
	.mark = "an array attributes, a text eventName or an object body",
	.read = otlp_log_read,
	.hints = { KEY_eventName, KEY_attributes, KEY_body, KEY_COUNT }
};

const struct shape shape_otlp_span = {
	.name = "otlp-span",
	.marks = otlp_span_marks,
	.by = { KEY_spanId, KEY_COUNT },
	.mark = "texts traceId and spanId, an array attributes",
	.read = otlp_span_read,
	.hints = { KEY_traceId, KEY_spanId, KEY_attributes, KEY_COUNT }
};
