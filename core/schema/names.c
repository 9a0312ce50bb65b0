/* The helpers of program.h: tables of names, and pointers. */
#include "core/schema/program.h"

/*
 * Length and the first and last bytes tell a schema's names apart; those that
 * they do not are neighbours in the table.  The names are the schema's, so no
 * instance can make them meet.
 */
static uint32_t
name_hash(const char *p, size_t n)
{
	uint64_t a = 0, b = 0;

	if (n >= 8) {
		memcpy(&a, p, 8);
		memcpy(&b, p + n - 8, 8);
	} else if (n >= 4) {
		uint32_t x, y;

		memcpy(&x, p, 4);
		memcpy(&y, p + n - 4, 4);
		a = (uint64_t)x << 32 | y;
	} else if (n > 0) {
		a = (uint64_t)(unsigned char)p[0] << 16 |
		    (uint64_t)(unsigned char)p[n / 2] << 8 |
		    (unsigned char)p[n - 1];
	}
	a = (a ^ n) * 0x9e3779b97f4a7c15u + b;
	a = (a ^ a >> 32) * 0xd6e8feb86659fd93u;
	return (uint32_t)(a >> 32);
}

uint32_t
name_find(const struct names *t, const char *p, size_t n)
{
	uint32_t i, at;

	if (t->n == 0)
		return NODE_NONE;
	for (i = name_hash(p, n) & t->mask; (at = t->slot[i]) != 0;
	    i = (i + 1) & t->mask) {
		struct slice k = t->v[at - 1].key;

		if (k.n == n && bytes_same(k.p, p, n))
			return at - 1;
	}
	return NODE_NONE;
}

enum status
names_index(struct names *t, struct arena *arena, struct error *err)
{
	uint32_t size = 4, i;

	while (size < t->n * 2u)
		size *= 2;
	if ((t->slot = arena_zalloc(arena, size * sizeof(*t->slot))) == NULL)
		return error_nomem(err);
	t->mask = size - 1;
	for (uint32_t k = 0; k < t->n; k++) {
		for (i = name_hash(t->v[k].key.p, t->v[k].key.n) & t->mask;
		    t->slot[i] != 0; i = (i + 1) & t->mask)
			;
		t->slot[i] = k + 1;
	}
	return STATUS_OK;
}

static void
pointer_key(struct buf *b, const struct json *d, uint32_t key)
{
	struct buf text = BUF_INIT;
	struct slice raw = json_raw(d, key);

	json_decode((struct slice){ raw.p + 1, raw.n - 2 }, &text);
	buf_putc(b, '/');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '~')
			buf_puts(b, "~0");
		else if (text.p[i] == '/')
			buf_puts(b, "~1");
		else
			buf_putc(b, text.p[i]);
	}
	b->failed |= text.failed;
	buf_release(&text);
}

struct slice
json_pointer_of(const struct json *d, uint32_t token, struct arena *arena)
{
	struct buf b = BUF_INIT;
	struct slice out = SLICE_NONE;
	uint32_t at = 0, t, i;

	while (at != token && (json_kind(d, at) == TOKEN_ARRAY ||
	    json_kind(d, at) == TOKEN_OBJECT)) {
		bool object = json_kind(d, at) == TOKEN_OBJECT;

		i = 0;
		for (t = at + 1; t < d->tok[at].next; i++) {
			uint32_t value = object ? t + 1 : t;

			if (token < d->tok[value].next)
				break;
			t = d->tok[value].next;
		}
		if (t >= d->tok[at].next)
			break;
		if (object)
			pointer_key(&b, d, t);
		else
			buf_printf(&b, "/%u", i);
		if (object && token == t)
			break;
		at = object ? t + 1 : t;
	}
	if (!b.failed)
		out.p = arena_str(arena, buf_slice(&b));
	out.n = out.p == NULL ? 0 : b.n;
	buf_release(&b);
	return out;
}
