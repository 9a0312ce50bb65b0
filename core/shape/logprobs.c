#include "core/shape/logprobs.h"

#include <math.h>

#include "core/base/arena.h"
#include "core/json/value.h"

void
logprobs_add(struct logprobs *l, double one)
{
	if (one <= LOGPROB_UNKNOWN)
		return;
	l->sum += one;
	l->n++;
}

void
logprobs_confidence(const struct logprobs *l, struct item *item,
    const char *source)
{
	if (l->n == 0)
		return;
	item->confidence = fmin(exp(l->sum / (double)l->n), 1);
	item->has_confidence = true;
	item->confidence_source = slice_of(source);
}

/* Bytes that a token adds to the output. */
static size_t
token_bytes(const struct reading *r, uint32_t token)
{
	const struct json *d = r->d;
	uint32_t t = json_get_value(d, token, "bytes");

	if (t != JSON_NONE && json_kind(d, t) == TOKEN_ARRAY)
		return d->tok[t].count;
	t = json_get_value(d, token, "token");
	if (t == JSON_NONE || json_kind(d, t) != TOKEN_STRING)
		return 0;
	return json_text(d, t, r->reader->arena).n;
}

static bool
token_logprob(const struct json *d, uint32_t token, double *out)
{
	uint32_t t = json_get_value(d, token, "logprob");

	if (t == JSON_NONE || json_kind(d, t) != TOKEN_NUMBER)
		return false;
	*out = json_double(d, t);
	return isfinite(*out);
}

/* Where the values of a JSON text stand: `t` is the next one not yet passed. */
struct values {
	const struct json	*d;
	uint32_t		 t;
};

/* Passes to the next token that is a value without members. */
static void
values_settle(struct values *v, const bool *is_key)
{
	while (v->t < v->d->n && (is_key[v->t] ||
	    json_kind(v->d, v->t) == TOKEN_OBJECT ||
	    json_kind(v->d, v->t) == TOKEN_ARRAY))
		v->t++;
}

/* Do bytes from..to hold a part of a value?  Asked in ascending order. */
static bool
values_touch(struct values *v, const bool *is_key, size_t from, size_t to)
{
	unsigned quote;

	for (;;) {
		values_settle(v, is_key);
		if (v->t >= v->d->n)
			return false;
		/* A string's quotes are as certain as brackets. */
		quote = json_kind(v->d, v->t) == TOKEN_STRING;
		if (v->d->tok[v->t].start + quote >= to)
			return false;
		if (v->d->tok[v->t].end - quote > from)
			return true;
		v->t++;
	}
}

static bool *
keys_mark(const struct json *d, struct arena *arena)
{
	bool *is_key = arena_zalloc(arena, d->n);
	uint32_t c, t;

	for (c = 0; is_key != NULL && c < d->n; c++) {
		if (json_kind(d, c) != TOKEN_OBJECT)
			continue;
		for (t = json_first(d, c); t != JSON_NONE;
		    t = json_next(d, c, t))
			is_key[t] = true;
	}
	return is_key;
}

/* Is the output a JSON container that is made of just these tokens? */
static bool
output_is_json(struct reading *r, const struct item *item, uint32_t array)
{
	struct json_error why;
	size_t n = 0;
	uint32_t e;

	if (item->output.n == 0 || (item->output.p[0] != '{' &&
	    item->output.p[0] != '['))
		return false;
	for (e = json_first(r->d, array); e != JSON_NONE;
	    e = json_next(r->d, array, e))
		n += token_bytes(r, e);
	return n == item->output.n && json_parse(&r->reader->inner,
	    item->output, JSON_DEPTH_MAX, JSON_NUL_ALLOWED, &why) == STATUS_OK;
}

enum status
logprobs_tokens(struct reading *r, struct item *item, uint32_t array)
{
	struct logprobs all = { 0, 0 }, some = { 0, 0 };
	struct values v = { &r->reader->inner, 0 };
	bool *is_key = NULL;
	size_t from = 0, to;
	double one;
	uint32_t e;

	if (array == JSON_NONE || json_kind(r->d, array) != TOKEN_ARRAY)
		return STATUS_OK;
	if (output_is_json(r, item, array) && (is_key = keys_mark(v.d,
	    r->reader->arena)) == NULL)
		return error_nomem(r->err);
	for (e = json_first(r->d, array); e != JSON_NONE;
	    e = json_next(r->d, array, e), from = to) {
		to = from + (is_key == NULL ? 0 : token_bytes(r, e));
		if (!token_logprob(r->d, e, &one))
			continue;
		logprobs_add(&all, one);
		if (is_key != NULL && values_touch(&v, is_key, from, to))
			logprobs_add(&some, one);
	}
	if (some.n > 0)
		logprobs_confidence(&some, item, "logprobs-values");
	else
		logprobs_confidence(&all, item, "logprobs");
	return STATUS_OK;
}

static void
flat_add(const struct json *d, uint32_t t, struct logprobs *mean)
{
	static const char *const keys[] = { "logprob", "logProbability",
	    "log_probability", "logprobs" };
	uint32_t e;
	size_t i;

	if (json_kind(d, t) == TOKEN_NUMBER && isfinite(json_double(d, t)))
		logprobs_add(mean, json_double(d, t));
	if (json_kind(d, t) == TOKEN_ARRAY)
		for (e = json_first(d, t); e != JSON_NONE;
		    e = json_next(d, t, e))
			flat_add(d, e, mean);
	if (json_kind(d, t) != TOKEN_OBJECT)
		return;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if ((e = json_get_value(d, t, keys[i])) != JSON_NONE) {
			flat_add(d, e, mean);
			return;
		}
}

void
logprobs_flat(const struct reading *r, struct item *item, uint32_t t)
{
	struct logprobs mean = { 0, 0 };

	if (t == JSON_NONE || item->has_confidence)
		return;
	flat_add(r->d, t, &mean);
	logprobs_confidence(&mean, item, "logprobs");
}
