#include "core/shape/part_value.h"

#include <math.h>

#include "core/json/value.h"

#define SPARE_MOST	((size_t)64 << 10)	/* bytes of a buffer that is kept */

struct buf
part_buf(struct reading *r)
{
	struct item_reader *reader = r->reader;
	const struct buf none = BUF_INIT;

	return reader->nspare == 0 ? none : reader->spare[--reader->nspare];
}

void
part_give(struct reading *r, struct buf *b)
{
	struct item_reader *reader = r->reader;

	if (b->p == NULL || b->cap > SPARE_MOST || reader->nspare == ITEM_BUFS) {
		buf_release(b);
		return;
	}
	buf_clear(b);
	reader->spare[reader->nspare++] = *b;
	buf_init(b);
}

struct slice
part_text(struct reading *r, const struct json *d, uint32_t t)
{
	struct slice s;

	if (t == JSON_NONE || json_kind(d, t) != TOKEN_STRING)
		return SLICE_NONE;
	s = json_text(d, t, r->reader->arena);
	r->failed |= s.p == NULL;
	return s;
}

struct slice
part_string(struct reading *r, const struct json *d, uint32_t object,
    const char *key)
{
	return part_text(r, d, json_get_value(d, object, key));
}

struct slice
part_json(const struct json *d, uint32_t object, const char *key,
    enum json_kind kind)
{
	uint32_t t = json_get_kind(d, object, key, kind);

	return t == JSON_NONE ? SLICE_NONE : json_raw(d, t);
}

int64_t
part_count(const struct json *d, uint32_t object, const char *key)
{
	uint32_t t = json_get_value(d, object, key);
	int64_t n;

	return t != JSON_NONE && json_int64(d, t, &n) && n >= 0 ? n : -1;
}

struct slice
part_detail(const struct json *d, uint32_t object, const char *inner,
    const char *key)
{
	uint32_t t = object == JSON_NONE ? JSON_NONE :
	    json_get_kind(d, object, inner, TOKEN_OBJECT);

	return t == JSON_NONE || part_count(d, t, key) < 0 ? SLICE_NONE :
	    json_raw(d, json_get(d, t, key));
}

double
part_number(const struct json *d, uint32_t object, const char *key)
{
	uint32_t t = json_get_kind(d, object, key, TOKEN_NUMBER);
	double value = t == JSON_NONE ? (double)NAN : json_double(d, t);

	return isfinite(value) ? value : (double)NAN;
}

void
part_amount(double *to, double value)
{
	if (value >= 0)
		*to = value;
}
