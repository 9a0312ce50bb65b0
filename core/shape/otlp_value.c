/*
 * The values of OTLP/JSON (opentelemetry-proto, common.proto): an AnyValue names
 * its type by its only key.
 */
#include "core/shape/otlp_value.h"

#include <math.h>

#include "core/json/value.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"

uint32_t
otlp_attribute(const struct json *d, uint32_t owner, const char *const *names)
{
	uint32_t all = json_get_kind(d, owner, "attributes", TOKEN_ARRAY), t;

	for (; all != JSON_NONE && *names != NULL; names++)
		for (t = json_first(d, all); t != JSON_NONE;
		    t = json_next(d, all, t))
			if (json_get_is(d, t, "key", *names))
				return json_get_kind(d, t, "value",
				    TOKEN_OBJECT);
	return JSON_NONE;
}

bool
otlp_is_log(const struct json *d, uint32_t record)
{
	return json_get(d, record, "startTimeUnixNano") == JSON_NONE &&
	    (json_get(d, record, "eventName") != JSON_NONE ||
	    json_get(d, record, "body") != JSON_NONE);
}

uint32_t
otlp_said(const struct json *d, uint32_t span, const char *const *names)
{
	static const char *const events[] = {
		"gen_ai.client.inference.operation.details",
		"gen_ai.content.prompt", "gen_ai.content.completion"
	};
	uint32_t value = otlp_attribute(d, span, names), all, t;
	size_t i;

	all = json_get_kind(d, span, "events", TOKEN_ARRAY);
	if (value != JSON_NONE || all == JSON_NONE)
		return value;
	for (t = json_first(d, all); t != JSON_NONE; t = json_next(d, all, t))
		for (i = 0; i < sizeof(events) / sizeof(events[0]); i++)
			if (json_kind(d, t) == TOKEN_OBJECT &&
			    json_get_is(d, t, "name", events[i]) && (value =
			    otlp_attribute(d, t, names)) != JSON_NONE)
				return value;
	return JSON_NONE;
}

struct slice
otlp_string(struct reading *r, uint32_t value)
{
	return value == JSON_NONE ? SLICE_NONE :
	    part_string(r, r->d, value, "stringValue");
}

/* 64-bit integers come as a string or as a number. */
int64_t
otlp_count(const struct json *d, uint32_t value)
{
	uint32_t t = value == JSON_NONE ? JSON_NONE :
	    json_get_value(d, value, "intValue");
	struct slice raw;
	int64_t n = 0;
	size_t i;

	if (t == JSON_NONE)
		return -1;
	if (json_kind(d, t) != TOKEN_STRING)
		return json_int64(d, t, &n) && n >= 0 ? n : -1;
	raw = json_raw(d, t);
	if (raw.n < 3 || raw.n > 20)
		return -1;
	for (i = 1; i + 1 < raw.n; i++) {
		if (raw.p[i] < '0' || raw.p[i] > '9')
			return -1;
		n = n * 10 + (raw.p[i] - '0');
	}
	return n;
}

double
otlp_number(const struct json *d, uint32_t value)
{
	double number;

	if (value == JSON_NONE)
		return NAN;
	number = part_number(d, value, "doubleValue");
	if (isnan(number) && otlp_count(d, value) >= 0)
		number = (double)otlp_count(d, value);
	return number;
}

/* A value without members; an integer without the quotes it may come in. */
static void
scalar_write(const struct json *d, uint32_t key, uint32_t value,
    struct writer *w)
{
	struct slice raw = json_raw(d, value), digits = { raw.p + 1, 0 };

	if (json_kind(d, value) == TOKEN_STRING &&
	    json_string_is(d, key, "intValue")) {
		for (digits.n = *digits.p == '-'; digits.n + 2 < raw.n &&
		    digits.p[digits.n] >= '0' && digits.p[digits.n] <= '9'; )
			digits.n++;
		if (digits.n + 2 == raw.n && digits.n > 0 && digits.n < 20 &&
		    (digits.p[0] != '0' || digits.n == 1) && digits.p[0] != '-')
			raw = digits;
	}
	write_raw(w, NULL, raw);
}

void
otlp_write(const struct json *d, uint32_t value, struct writer *w)
{
	uint32_t t = json_first(d, value), all, e;
	bool pairs;

	if (t == JSON_NONE) {
		write_null(w, NULL);
		return;
	}
	pairs = json_string_is(d, t, "kvlistValue");
	if (!pairs && !json_string_is(d, t, "arrayValue")) {
		scalar_write(d, t, t + 1, w);
		return;
	}
	(pairs ? write_object : write_array)(w, NULL);
	all = json_get_kind(d, t + 1, "values", TOKEN_ARRAY);
	for (e = all == JSON_NONE ? JSON_NONE : json_first(d, all);
	    e != JSON_NONE; e = json_next(d, all, e)) {
		uint32_t key = json_get_kind(d, e, "key", TOKEN_STRING);
		uint32_t v = pairs ? json_get_kind(d, e, "value",
		    TOKEN_OBJECT) : e;

		if (pairs && key == JSON_NONE)
			continue;
		if (pairs)
			write_name(w, json_raw(d, key));
		if (v != JSON_NONE && json_kind(d, v) == TOKEN_OBJECT)
			otlp_write(d, v, w);
		else
			write_null(w, NULL);
	}
	write_end(w);
}

bool
otlp_json(struct reading *r, uint32_t value, struct slice *text)
{
	struct json_error why;
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	enum status st;

	*text = otlp_string(r, value);
	if (text->p == NULL) {
		otlp_write(r->d, value, &w);
		*text = part_keep(r, &b);
		if (text->p == NULL)
			return false;
	}
	st = json_parse(&r->reader->inner, *text, JSON_DEPTH_MAX, 0, &why);
	r->failed |= st == STATUS_NOMEM;
	return st == STATUS_OK && (json_kind(&r->reader->inner, 0) ==
	    TOKEN_ARRAY || json_kind(&r->reader->inner, 0) == TOKEN_OBJECT);
}
