#include "core/prompt/canonical.h"

#include <math.h>
#include <stdlib.h>

#include "core/json/number.h"
#include "core/json/value.h"
#include "core/json/write.h"

struct canonical {
	const struct json	*d;
	struct arena		*arena;
	struct writer		 w;
	struct error		*err;
};

struct canonical_member {
	struct slice	key;
	uint32_t	value;
};

/* By UTF-16 code units: what needs a surrogate, which begins with 0xf0 or above,
 * comes before U+E000, which begins with 0xee. */
static int
unit_order(char c)
{
	unsigned char b = (unsigned char)c;

	return b >= 0xf0 ? b - 2 : b >= 0xee ? b + 0x10 : b;
}

static int
member_compare(const void *a, const void *b)
{
	const struct slice x = ((const struct canonical_member *)a)->key;
	const struct slice y = ((const struct canonical_member *)b)->key;
	size_t i;

	for (i = 0; i < x.n && i < y.n; i++)
		if (x.p[i] != y.p[i])
			return unit_order(x.p[i]) - unit_order(y.p[i]);
	return (x.n > y.n) - (x.n < y.n);
}

static enum status value(struct canonical *, uint32_t);

static enum status
object(struct canonical *c, uint32_t t)
{
	size_t n = c->d->tok[t].count, i = 0;
	struct canonical_member *m = arena_alloc(c->arena, (n + 1) *
	    sizeof(*m));
	enum status st;
	uint32_t k;

	if (m == NULL)
		return error_nomem(c->err);
	for (k = json_first(c->d, t); k != JSON_NONE; k = json_next(c->d, t, k)) {
		m[i].value = k + 1;
		m[i].key = value_string(c->d, k, c->arena);
		if (m[i++].key.p == NULL)
			return error_nomem(c->err);
	}
	if (n > 0)
		qsort(m, n, sizeof(*m), member_compare);
	write_object(&c->w, NULL);
	for (i = 0; i < n && !c->w.b->failed; i++) {
		write_name_text(&c->w, m[i].key);
		/* What could not be written leaves the text broken off. */
		if (!c->w.b->failed &&
		    (st = value(c, m[i].value)) != STATUS_OK)
			return st;
	}
	write_end(&c->w);
	return STATUS_OK;
}

static enum status
array(struct canonical *c, uint32_t t)
{
	enum status st;
	uint32_t e;

	write_array(&c->w, NULL);
	for (e = json_first(c->d, t); e != JSON_NONE;
	    e = json_next(c->d, t, e))
		if ((st = value(c, e)) != STATUS_OK)
			return st;
	write_end(&c->w);
	return STATUS_OK;
}

static enum status
number(struct canonical *c, uint32_t t)
{
	struct slice raw = json_raw(c->d, t);
	double v = json_double(c->d, t);
	struct number written, kept;
	char text[NUMBER_TEXT];

	if (isfinite(v)) {
		number_read(&written, raw);
		number_read(&kept, (struct slice){ text, number_text(v, text) });
		if (number_compare(&written, &kept) == 0) {
			write_double(&c->w, NULL, v);
			return STATUS_OK;
		}
	}
	return error_set(c->err, STATUS_INVALID, "%.*s: more digits than a number "
	    "of JSON keeps: write it as a text", raw.n > 40 ? 40 : (int)raw.n,
	    raw.p);
}

static enum status
value(struct canonical *c, uint32_t t)
{
	struct slice s;

	switch (json_kind(c->d, t)) {
	case TOKEN_OBJECT:
		return object(c, t);
	case TOKEN_ARRAY:
		return array(c, t);
	case TOKEN_NUMBER:
		return number(c, t);
	case TOKEN_STRING:
		s = value_string(c->d, t, c->arena);
		if (s.p == NULL)
			return error_nomem(c->err);
		write_text(&c->w, NULL, s);
		return STATUS_OK;
	default:
		write_raw(&c->w, NULL, json_raw(c->d, t));
		return STATUS_OK;
	}
}

enum status
canonical_json(struct buf *out, const struct json *d, uint32_t t,
    struct arena *arena, struct error *err)
{
	struct canonical c = { d, arena, WRITER(out, WRITE_CANONICAL), err };
	enum status st = value(&c, t);

	return st == STATUS_OK ? buf_check(out, err) : st;
}
