#include "core/wire/patch.h"

#include <assert.h>
#include <stdlib.h>

#include "core/base/text.h"
#include "core/json/value.h"

void
patch_release(struct patch *p)
{
	free(p->at);
	buf_release(&p->bytes);
	memset(p, 0, sizeof(*p));
}

/* What was put behind `from` stands in the place of the value. */
static void
patch_add(struct patch *p, const struct json *d, uint32_t t, size_t from)
{
	size_t cap = p->cap == 0 ? 8 : p->cap * 2;
	void *at;

	assert(p->n == 0 || p->at[p->n - 1].end <= d->tok[t].start);
	if (p->n == p->cap) {
		if ((at = realloc(p->at, cap * sizeof(*p->at))) == NULL) {
			p->bytes.failed = true;
			return;
		}
		p->at = at;
		p->cap = cap;
	}
	p->at[p->n++] = (struct patch_at){ d->tok[t].start, d->tok[t].end, from,
	    p->bytes.n - from };
}

void
patch_raw(struct patch *p, const struct json *d, uint32_t t, struct slice raw)
{
	size_t from = p->bytes.n;

	buf_add_slice(&p->bytes, raw);
	patch_add(p, d, t, from);
}

void
patch_text(struct patch *p, const struct json *d, uint32_t t, struct slice s)
{
	size_t from = p->bytes.n;

	text_json(&p->bytes, s);
	patch_add(p, d, t, from);
}

void
patch_write(const struct patch *p, const struct json *d, uint32_t t,
    struct buf *out)
{
	uint32_t at = d->tok[t].start, end = d->tok[t].end;
	size_t low = 0, high = p->n, mid;

	out->failed |= p->bytes.failed;
	while (low < high) {
		mid = low + (high - low) / 2;
		if (p->at[mid].start >= at)
			high = mid;
		else
			low = mid + 1;
	}
	for (; low < p->n && p->at[low].start < end; low++) {
		buf_add(out, d->text + at, p->at[low].start - at);
		buf_add(out, p->bytes.p + p->at[low].from, p->at[low].n);
		at = p->at[low].end;
	}
	buf_add(out, d->text + at, end - at);
}

void
members_write(struct writer *w, const struct json *d, uint32_t object,
    const struct patch *p, const struct wire_member *m, size_t n)
{
	struct buf value = BUF_INIT;
	uint32_t t;
	size_t i;

	for (t = json_first(d, object); t != JSON_NONE;
	    t = json_next(d, object, t)) {
		for (i = 0; i < n && !json_string_is(d, t, m[i].name); i++)
			;
		if (i < n && m[i].raw.p == NULL)
			continue;
		write_name(w, json_raw(d, t));
		if (i < n || p == NULL || p->n == 0) {
			write_raw(w, NULL, i < n ? m[i].raw :
			    json_raw(d, t + 1));
			continue;
		}
		buf_clear(&value);
		patch_write(p, d, t + 1, &value);
		w->b->failed |= value.failed;
		write_raw(w, NULL, value.failed ? SLICE("null") :
		    buf_slice(&value));
	}
	for (i = 0; i < n; i++)
		if (m[i].raw.p != NULL && json_get(d, object, m[i].name) ==
		    JSON_NONE)
			write_raw(w, m[i].name, m[i].raw);
	buf_release(&value);
}
