#include "tui/review/indent.h"

#include <stdlib.h>

#include "core/json/value.h"
#include "tui/review/blob.h"

#define INDENT_COLUMNS	2

void
indented_init(struct indented *in)
{
	memset(in, 0, sizeof(*in));
	buf_init(&in->text);
}

void
indented_release(struct indented *in)
{
	buf_release(&in->text);
	free(in->points);
	indented_init(in);
}

static void
point_add(struct indented *in, size_t raw)
{
	struct indent_point *v;
	size_t cap;

	if (in->n == in->cap) {
		cap = in->cap == 0 ? 256 : in->cap * 2;
		v = realloc(in->points, cap * sizeof(*v));
		if (v == NULL) {
			in->text.failed = true;
			return;
		}
		in->points = v;
		in->cap = cap;
	}
	in->points[in->n++] = (struct indent_point){ (uint32_t)raw,
	    (uint32_t)in->text.n };
}

static void
line_begin(struct indented *in, int depth)
{
	int i;

	buf_putc(&in->text, '\n');
	for (i = 0; i < depth * INDENT_COLUMNS; i++)
		buf_putc(&in->text, ' ');
}

static void
scalar_add(struct indented *in, struct slice raw)
{
	char blob[BLOB_TEXT];

	if (raw.p[0] == '"' && blob_text((struct slice){ raw.p + 1, raw.n - 2 },
	    blob))
		buf_puts(&in->text, blob);
	else
		buf_add_slice(&in->text, raw);
}

/* Depth is at most JSON_DEPTH_MAX: the parser saw to it. */
static void
value_add(struct indented *in, const struct json *d, uint32_t t, int depth)
{
	bool object = json_kind(d, t) == TOKEN_OBJECT;
	uint32_t c;

	point_add(in, d->tok[t].start);
	if (json_kind(d, t) != TOKEN_ARRAY && !object) {
		scalar_add(in, json_raw(d, t));
		return;
	}
	buf_putc(&in->text, object ? '{' : '[');
	for (c = json_first(d, t); c != JSON_NONE; c = json_next(d, t, c)) {
		if (c != json_first(d, t))
			buf_putc(&in->text, ',');
		line_begin(in, depth + 1);
		if (object) {
			point_add(in, d->tok[c].start);
			buf_add_slice(&in->text, json_raw(d, c));
			buf_puts(&in->text, ": ");
		}
		value_add(in, d, object ? c + 1 : c, depth + 1);
	}
	if (d->tok[t].count > 0)
		line_begin(in, depth);
	point_add(in, d->tok[t].end - 1);
	buf_putc(&in->text, object ? '}' : ']');
}

bool
indent_json(struct indented *in, struct slice raw)
{
	struct json d = JSON_INIT;
	struct json_error why;
	bool ok;

	buf_clear(&in->text);
	in->n = 0;
	if (raw.n == 0 || raw.n > UINT32_MAX ||
	    memchr("{[ \t\r\n", raw.p[0], 6) == NULL)
		return false;
	ok = json_parse(&d, raw, JSON_DEPTH_MAX, JSON_NUL_ALLOWED, &why) ==
	    STATUS_OK && json_kind(&d, 0) >= TOKEN_ARRAY;
	if (ok)
		value_add(in, &d, 0, 0);
	json_release(&d);
	return ok && !in->text.failed;
}

uint32_t
indent_shown(const struct indented *in, uint32_t raw)
{
	size_t lo = 0, hi = in->n, mid;
	uint32_t shown, limit;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (in->points[mid].raw <= raw)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == 0)
		return 0;
	shown = in->points[lo - 1].shown + (raw - in->points[lo - 1].raw);
	limit = lo < in->n ? in->points[lo].shown : (uint32_t)in->text.n;
	return shown < limit ? shown : limit > 0 ? limit - 1 : 0;
}
