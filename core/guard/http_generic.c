/* The shape "generic": any JSON answer, read by JSON pointers (RFC 6901). */
#include "core/guard/http_generic.h"

#include <stdlib.h>

#include "core/guard/http_verdict.h"

/* The value at a JSON pointer, or NULL. */
static json_t *
pointer_get(json_t *v, const char *pointer)
{
	struct buf key = BUF_INIT;
	char *end;
	unsigned long i;

	while (v != NULL && *pointer == '/') {
		buf_clear(&key);
		for (pointer++; *pointer != '\0' && *pointer != '/'; pointer++) {
			if (pointer[0] == '~' && pointer[1] == '1') {
				buf_putc(&key, '/');
				pointer++;
			} else if (pointer[0] == '~' && pointer[1] == '0') {
				buf_putc(&key, '~');
				pointer++;
			} else
				buf_putc(&key, *pointer);
		}
		if (json_is_array(v)) {
			i = strtoul(buf_str(&key), &end, 10);
			v = key.n > 0 && *end == '\0' ? json_array_get(v, i) :
			    NULL;
		} else
			v = json_object_get(v, buf_str(&key));
	}
	buf_release(&key);
	return *pointer == '\0' ? v : NULL;
}

json_t *
http_generic_ask(const struct http_guard *g, const struct guard_run *r)
{
	(void)g;
	return json_pack("{s:s%}", "text", r->text.p, r->text.n);
}

static enum status
generic_spans(struct reply *a, json_t *spans, double score, struct error *err)
{
	json_int_t start, end;
	enum status st;
	json_t *x;
	size_t i;

	json_array_foreach(spans, i, x) {
		if (json_unpack(x, "[I,I]", &start, &end) != 0 &&
		    json_unpack(x, "{s:I, s:I}", "start", &start, "end",
		    &end) != 0)
			return http_unexpected("a span is [start,end] or "
			    "{\"start\",\"end\"}", err);
		if ((st = http_add(a, "flagged", start, end, score,
		    "flagged by the service", err)) != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

enum status
http_generic_read(struct reply *a, struct error *err)
{
	const struct http_guard *g = a->guard;
	json_t *result = pointer_get(a->root, g->result);
	json_t *score = g->score == NULL ? NULL : pointer_get(a->root, g->score);
	json_t *spans = g->spans == NULL ? NULL : pointer_get(a->root, g->spans);
	double v = json_is_number(score) ? json_number_value(score) :
	    (double)NAN;
	enum status st;
	bool fails;

	if (result == NULL || json_is_null(result))
		return error_set(err, STATUS_IO, "the answer has nothing at %s",
		    g->result);
	if ((st = http_verdict(g, result, &fails, err)) != STATUS_OK || !fails)
		return st;
	if (json_array_size(spans) > 0)
		return generic_spans(a, spans, v, err);
	return http_add_whole(a, "flagged", v, "flagged by the service", err);
}
