/* The native record (handrail-record.5). */
#include "core/shape/native.h"

#include <math.h>

#include "core/base/arena.h"
#include "core/base/time.h"
#include "core/json/value.h"
#include "core/shape/logprobs.h"
#include "core/shape/answer.h"
#include "core/shape/shapes.h"

struct field {
	enum shape_key	 key;
	const char	*name;
	enum status	(*read)(struct reading *, struct item *,
			    const struct field *, uint32_t);
	size_t		 offset;
};

static void *
field_at(struct item *item, const struct field *f)
{
	return (char *)item + f->offset;
}

static enum status
field_name(struct reading *r, struct item *item, const struct field *f,
    uint32_t t)
{
	struct slice *s = field_at(item, f);
	enum status st = reading_text(r, t, f->name, s);

	if (st == STATUS_OK && s->n > ITEM_NAME_MAX)
		return reading_refuse(r, t, "%s is over %d bytes", f->name,
		    ITEM_NAME_MAX);
	return st;
}

static enum status
number_read(struct reading *r, uint32_t t, const char *name, double *out)
{
	if (json_kind(r->d, t) != TOKEN_NUMBER)
		return reading_refuse(r, t, "%s is not a number", name);
	*out = json_double(r->d, t);
	if (!isfinite(*out))
		return reading_refuse(r, t, "%s is too large a number", name);
	return STATUS_OK;
}

static enum status
field_amount(struct reading *r, struct item *item, const struct field *f,
    uint32_t t)
{
	double *value = field_at(item, f);
	enum status st = number_read(r, t, f->name, value);

	if (st == STATUS_OK && *value < 0)
		return reading_refuse(r, t, "%s is below 0", f->name);
	return st;
}

static enum status
field_confidence(struct reading *r, struct item *item, const struct field *f,
    uint32_t t)
{
	enum status st = number_read(r, t, f->name, &item->confidence);

	if (st != STATUS_OK)
		return st;
	if (!(item->confidence >= 0 && item->confidence <= 1))
		return reading_refuse(r, t, "%s is outside 0..1", f->name);
	item->has_confidence = true;
	return STATUS_OK;
}

static enum status
field_source(struct reading *r, struct item *item, const struct field *f,
    uint32_t t)
{
	return reading_text(r, t, f->name, field_at(item, f));
}

/* An array, kept as JSON, of objects or (context) also strings. */
static enum status
field_array(struct reading *r, struct item *item, const struct field *f,
    uint32_t t)
{
	const struct json *d = r->d;
	struct slice *s = field_at(item, f);
	uint32_t e;

	if (json_kind(d, t) != TOKEN_ARRAY)
		return reading_refuse(r, t, "%s is not an array", f->name);
	for (e = json_first(d, t); e != JSON_NONE; e = json_next(d, t, e)) {
		if (json_kind(d, e) == TOKEN_OBJECT ||
		    (f->key == KEY_context && json_kind(d, e) == TOKEN_STRING))
			continue;
		return reading_refuse(r, e, "%s holds what is not an object",
		    f->name);
	}
	*s = json_raw(d, t);
	return STATUS_OK;
}

static enum status
field_object(struct reading *r, struct item *item, const struct field *f,
    uint32_t t)
{
	struct slice *s = field_at(item, f);

	if (json_kind(r->d, t) != TOKEN_OBJECT)
		return reading_refuse(r, t, "%s is not an object", f->name);
	*s = json_raw(r->d, t);
	return STATUS_OK;
}

static enum status
count_read(struct reading *r, uint32_t object, const char *key, int64_t *out)
{
	uint32_t t = json_get_value(r->d, object, key);

	if (t == JSON_NONE)
		return STATUS_OK;
	if (!json_int64(r->d, t, out) || *out < 0)
		return reading_refuse(r, t, "%s is not a count", key);
	return STATUS_OK;
}

static enum status
field_usage(struct reading *r, struct item *item, const struct field *f,
    uint32_t t)
{
	enum status st;

	if (json_kind(r->d, t) != TOKEN_OBJECT)
		return reading_refuse(r, t, "%s is not an object", f->name);
	st = count_read(r, t, "input_tokens", &item->input_tokens);
	return st != STATUS_OK ? st :
	    count_read(r, t, "output_tokens", &item->output_tokens);
}

static enum status
field_time(struct reading *r, struct item *item, const struct field *f,
    uint32_t t)
{
	struct slice s;
	enum status st = reading_text(r, t, f->name, &s);

	if (st == STATUS_OK && !time_parse(s, &item->created_ms))
		return reading_refuse(r, t, "%s is not an RFC 3339 time",
		    f->name);
	return st;
}

static enum status
field_logprobs(struct reading *r, struct item *item, const struct field *f,
    uint32_t t)
{
	struct logprobs mean = { 0, 0 };
	uint32_t e;
	double one;
	enum status st;

	if (json_kind(r->d, t) != TOKEN_ARRAY)
		return reading_refuse(r, t, "%s is not an array", f->name);
	for (e = json_first(r->d, t); e != JSON_NONE;
	    e = json_next(r->d, t, e)) {
		if (json_kind(r->d, e) == TOKEN_NULL)
			continue;
		if ((st = number_read(r, e, f->name, &one)) != STATUS_OK)
			return st;
		logprobs_add(&mean, one);
	}
	if (!item->has_confidence)
		logprobs_confidence(&mean, item, "logprobs");
	return STATUS_OK;
}

static enum status
field_output(struct reading *r, struct item *item, const struct field *f,
    uint32_t t)
{
	item->output_is_string = json_kind(r->d, t) == TOKEN_STRING;
	if (item->output_is_string)
		return reading_text(r, t, f->name, &item->output);
	item->output = json_raw(r->d, t);
	item->silent = !part_says(r, r->d, t);
	return STATUS_OK;
}

static enum status
guard_result(struct reading *r, uint32_t object, struct caller_guard *g)
{
	static const char *const results[] = {
		[RESULT_PASS] = "pass", [RESULT_FAIL] = "fail",
		[RESULT_ERROR] = "error"
	};
	uint32_t t = json_get_value(r->d, object, "result");
	unsigned i;

	if (t == JSON_NONE)
		return reading_refuse(r, object, "a guard without \"result\"");
	for (i = 0; json_kind(r->d, t) == TOKEN_STRING && i < 3; i++) {
		if (json_string_is(r->d, t, results[i])) {
			g->result = (enum guard_result)i;
			return STATUS_OK;
		}
	}
	return reading_refuse(r, t,
	    "a guard's result is not pass, fail or error");
}

static enum status
guard_severity(struct reading *r, uint32_t object, struct caller_guard *g)
{
	uint32_t t = json_get_value(r->d, object, "severity");
	struct slice s;
	enum status st;

	g->severity = SEVERITY_NONE;
	if (t == JSON_NONE)
		return STATUS_OK;
	if ((st = reading_text(r, t, "severity", &s)) != STATUS_OK)
		return st;
	if (!severity_from(s, &g->severity))
		return reading_refuse(r, t, "a guard's severity is not info, "
		    "low, medium, high or critical");
	return STATUS_OK;
}

static bool
span_read(const struct json *d, uint32_t t, uint32_t span[2])
{
	int64_t edge[2];
	uint32_t i, e;

	if (json_kind(d, t) != TOKEN_ARRAY || d->tok[t].count != 2)
		return false;
	for (i = 0; i < 2; i++) {
		e = json_at(d, t, i);
		if (!json_int64(d, e, &edge[i]) || edge[i] < 0 ||
		    edge[i] > UINT32_MAX)
			return false;
		span[i] = (uint32_t)edge[i];
	}
	return span[0] <= span[1];
}

static enum status
guard_spans(struct reading *r, uint32_t object, struct caller_guard *g)
{
	uint32_t t = json_get_value(r->d, object, "spans"), e;

	if (t == JSON_NONE)
		return STATUS_OK;
	if (json_kind(r->d, t) != TOKEN_ARRAY)
		return reading_refuse(r, t, "a guard's spans are not an array");
	g->spans = arena_alloc(r->reader->arena, (size_t)r->d->tok[t].count *
	    sizeof(*g->spans) + 1);
	if (g->spans == NULL)
		return error_nomem(r->err);
	for (e = json_first(r->d, t); e != JSON_NONE; e = json_next(r->d, t, e))
		if (!span_read(r->d, e, g->spans[g->nspans++]))
			return reading_refuse(r, e,
			    "a guard's span is not [start,end]");
	return STATUS_OK;
}

static enum status
guard_text(struct reading *r, uint32_t object, const char *key,
    struct slice *out)
{
	uint32_t t = json_get_value(r->d, object, key);

	return t == JSON_NONE ? STATUS_OK : reading_text(r, t, key, out);
}

static enum status
guard_read(struct reading *r, uint32_t object, struct caller_guard *g)
{
	enum status st;
	uint32_t t;

	if (json_kind(r->d, object) != TOKEN_OBJECT)
		return reading_refuse(r, object, "a guard is not an object");
	memset(g, 0, sizeof(*g));
	g->score = NAN;
	if ((st = guard_text(r, object, "name", &g->name)) != STATUS_OK)
		return st;
	if (g->name.n == 0 || g->name.n > ITEM_NAME_MAX)
		return reading_refuse(r, object, g->name.n == 0 ?
		    "a guard without \"name\"" : "a guard's name is over 256 "
		    "bytes");
	t = json_get_value(r->d, object, "score");
	if (t != JSON_NONE && (st = number_read(r, t, "score", &g->score)) !=
	    STATUS_OK)
		return st;
	if ((st = guard_result(r, object, g)) != STATUS_OK ||
	    (st = guard_severity(r, object, g)) != STATUS_OK ||
	    (st = guard_text(r, object, "kind", &g->kind)) != STATUS_OK ||
	    (st = guard_text(r, object, "message", &g->message)) != STATUS_OK)
		return st;
	return guard_spans(r, object, g);
}

static enum status
field_guards(struct reading *r, struct item *item, const struct field *f,
    uint32_t t)
{
	enum status st;
	uint32_t e;

	if (json_kind(r->d, t) != TOKEN_ARRAY)
		return reading_refuse(r, t, "%s is not an array", f->name);
	item->guards = arena_alloc(r->reader->arena,
	    (size_t)r->d->tok[t].count * sizeof(*item->guards) + 1);
	if (item->guards == NULL)
		return error_nomem(r->err);
	for (e = json_first(r->d, t); e != JSON_NONE; e = json_next(r->d, t, e)) {
		st = guard_read(r, e, &item->guards[item->nguards]);
		if (st != STATUS_OK)
			return st;
		item->nguards++;
	}
	return STATUS_OK;
}

#define FIELD(key, read, member) \
	{ KEY_##key, #key, read, offsetof(struct item, member) }

/* Those that every shape may carry come first; logprobs after confidence. */
static const struct field fields[] = {
	FIELD(queue, field_name, queue),
	FIELD(variant, field_name, variant),
	FIELD(context, field_array, context),
	FIELD(confidence, field_confidence, confidence),
	FIELD(confidence_source, field_source, confidence_source),
	FIELD(guards, field_guards, guards),
#define EXTRAS	6
	FIELD(id, field_name, id),
	FIELD(model, field_name, model),
	FIELD(prompt, field_name, prompt),
	FIELD(messages, field_array, messages),
	FIELD(logprobs, field_logprobs, confidence),
	FIELD(usage, field_usage, input_tokens),
	FIELD(cost_usd, field_amount, cost_usd),
	FIELD(latency_ms, field_amount, latency_ms),
	FIELD(created_at, field_time, created_ms),
	FIELD(metadata, field_object, metadata)
};

/* null equals absent. */
static enum status
fields_read(struct reading *r, struct item *item, size_t from, size_t to)
{
	const struct field *f;
	enum status st;
	uint32_t t;

	for (f = fields + from; f < fields + to; f++) {
		t = r->at[f->key];
		if (t == JSON_NONE || json_kind(r->d, t) == TOKEN_NULL)
			continue;
		if ((st = f->read(r, item, f, t)) != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

enum status
native_extras(struct reading *r, struct item *item)
{
	return fields_read(r, item, 0, EXTRAS);
}

enum status
native_beside(struct reading *r, struct item *item)
{
	/* Not a key that is checked: others log them along. */
	item->tools = reading_has(r, KEY_tools, TOKEN_ARRAY) ?
	    json_raw(r->d, r->at[KEY_tools]) : SLICE_NONE;
	return fields_read(r, item, EXTRAS, sizeof(fields) / sizeof(fields[0]));
}

/*
 * `status` and `error` are no keys of the record; but where there is no output,
 * they say why (Replicate's predictions, others' job results).
 */
static void
native_fault(struct reading *r, struct item *item)
{
	uint32_t error = r->at[KEY_error];
	struct slice why = part_error(r, r->d, error);
	const char *is = "";
	enum item_fault fault = part_status(r, r->d, r->root, &is);

	if (fault == FAULT_UNDONE)
		part_fault(r, item, r->root, fault, "there is no output: it %s",
		    is);
	else if (why.p != NULL)
		part_fault(r, item, error, FAULT_BROKEN,
		    "there is no output: %.*s", SLICE_ARG(why));
	else if (fault != FAULT_NONE)
		part_fault(r, item, r->root, FAULT_BROKEN,
		    "there is no output: it %s", is);
}

static enum status
native_read(struct reading *r)
{
	static const struct field output = FIELD(output, field_output, output);
	struct item *item;
	enum status st;

	if (r->at[KEY_output] == JSON_NONE)
		return reading_refuse(r, r->root, "no \"output\"");
	if ((item = reading_item(r)) == NULL)
		return r->err->code;
	st = native_extras(r, item);
	if (st == STATUS_OK)
		st = native_beside(r, item);
	if (st == STATUS_OK)
		st = field_output(r, item, &output, r->at[KEY_output]);
	if (st == STATUS_OK && !item_has_text(item))
		native_fault(r, item);
	return st;
}

const struct shape shape_native = {
	.name = "native",
	.mark = "output",
	.read = native_read,
	.hints = { KEY_COUNT }
};
