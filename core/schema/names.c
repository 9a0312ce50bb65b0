/* The helpers of program.h: tables of names, and pointers. */
#include "core/schema/names.h"

#include "core/base/arena.h"
#include "core/json/value.h"
#include "core/schema/program.h"

/*
 * Length and the first and last bytes tell a schema's names apart; those that
 * they do not are neighbours in the table.  The names are the schema's, so no
 * instance can make them meet.
 */
static uint32_t
name_hash(struct slice key, uint64_t head)
{
	uint64_t h = head ^ key.n, tail;

	h *= 0x9e3779b97f4a7c15u;
	if (key.n > 8) {
		memcpy(&tail, key.p + key.n - 8, 8);
		h = (h ^ h >> 32 ^ tail) * 0xd6e8feb86659fd93u;
	}
	return (uint32_t)(h >> 32);
}

uint32_t
name_find(const struct names *t, struct slice key, uint64_t head)
{
	uint32_t i, at;

	if (t->n == 0)
		return NODE_NONE;
	for (i = name_hash(key, head) & t->mask; (at = t->slot[i]) != 0;
	    i = (i + 1) & t->mask) {
		if (name_is(&t->v[at - 1], key, head))
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
		struct name *v = &t->v[k];

		v->head = name_head(v->key.p, v->key.n);
		for (i = name_hash(v->key, v->head) & t->mask;
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
