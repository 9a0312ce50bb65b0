#include "queue/ingest/joiner_piece.h"

#include "core/json/value.h"

bool
piece_begins(const struct json *d, const char *key, const char *with)
{
	uint32_t t = json_get_kind(d, 0, key, TOKEN_STRING);

	return t != JSON_NONE && json_raw(d, t).n > strlen(with) + 1 &&
	    memcmp(json_raw(d, t).p + 1, with, strlen(with)) == 0;
}

bool
piece_same(const struct buf *kept, const struct json *d, uint32_t object,
    const char *key)
{
	struct json before = JSON_INIT;
	struct json_error why;
	uint32_t a = json_get_kind(d, object, key, TOKEN_STRING), b;
	bool same = true;

	if (a != JSON_NONE && json_raw(d, a).n > 2 && kept->n > 0 &&
	    json_parse(&before, buf_slice(kept), JSON_DEPTH_MAX, JSON_LENIENT,
	    &why) == STATUS_OK) {
		b = json_get_kind(&before, 0, key, TOKEN_STRING);
		same = b == JSON_NONE || json_raw(&before, b).n <= 2 ||
		    slice_eq(json_raw(d, a), json_raw(&before, b));
	}
	json_release(&before);
	return same;
}

void
piece_set(struct buf *b, const struct json *d, uint32_t t)
{
	if (t == JSON_NONE)
		return;
	buf_clear(b);
	buf_add_slice(b, json_raw(d, t));
}

void
piece_inside(struct buf *b, const struct json *d, uint32_t string)
{
	struct slice raw;

	if (string == JSON_NONE || b->n > PIECE_BYTES_MAX)
		return;
	raw = json_raw(d, string);
	buf_add(b, raw.p + 1, raw.n - 2);
}

void
piece_element(struct buf *b, struct slice raw)
{
	if (b->n > PIECE_BYTES_MAX)
		return;
	if (b->n > 0)
		buf_putc(b, ',');
	buf_add_slice(b, raw);
}

void
piece_members(struct writer *w, struct slice object, const char *const *but)
{
	struct json d = JSON_INIT;
	struct json_error why;
	uint32_t t;
	size_t i;

	if (object.n == 0 || json_parse(&d, object, JSON_DEPTH_MAX,
	    JSON_LENIENT, &why) != STATUS_OK || json_kind(&d, 0) != TOKEN_OBJECT) {
		json_release(&d);
		return;
	}
	for (t = json_first(&d, 0); t != JSON_NONE; t = json_next(&d, 0, t)) {
		for (i = 0; but[i] != NULL && !json_string_is(&d, t, but[i]);
		    i++)
			;
		if (but[i] != NULL)
			continue;
		write_name(w, json_raw(&d, t));
		write_raw(w, NULL, json_raw(&d, t + 1));
	}
	json_release(&d);
}

void
piece_write(struct writer *w, const char *key, const char *ends,
    const struct buf *inside)
{
	struct buf b = BUF_INIT;

	buf_putc(&b, ends[0]);
	if (inside->n > 0)
		buf_add_slice(&b, buf_slice(inside));
	buf_putc(&b, ends[1]);
	write_raw(w, key, buf_slice(&b));
	w->b->failed |= b.failed | inside->failed;
	buf_release(&b);
}

static bool
has(const struct json *d, struct slice key)
{
	uint32_t t;

	if (d->n == 0 || json_kind(d, 0) != TOKEN_OBJECT)
		return false;
	for (t = json_first(d, 0); t != JSON_NONE; t = json_next(d, 0, t))
		if (slice_eq(json_raw(d, t), key))
			return json_kind(d, t + 1) != TOKEN_NULL;
	return false;
}

void
piece_merge(struct writer *w, const char *key, struct slice newer,
    struct slice older)
{
	const struct slice from[] = { newer, older };
	struct json d[] = { JSON_INIT, JSON_INIT };
	struct json_error why;
	uint32_t t;
	size_t i;

	write_object(w, key);
	for (i = 0; i < 2; i++) {
		if (from[i].n == 0 || json_parse(&d[i], from[i], JSON_DEPTH_MAX,
		    JSON_LENIENT, &why) != STATUS_OK || json_kind(&d[i], 0) !=
		    TOKEN_OBJECT)
			continue;
		for (t = json_first(&d[i], 0); t != JSON_NONE;
		    t = json_next(&d[i], 0, t)) {
			if (i == 0 ? json_kind(&d[0], t + 1) == TOKEN_NULL :
			    has(&d[0], json_raw(&d[1], t)))
				continue;
			write_name(w, json_raw(&d[i], t));
			write_raw(w, NULL, json_raw(&d[i], t + 1));
		}
	}
	write_end(w);
	json_release(&d[0]);
	json_release(&d[1]);
}
