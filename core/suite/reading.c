#include "core/suite/reading.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/json/value.h"
#include "core/json/write.h"

void *
suite_grow(void *v, size_t n, size_t *cap, size_t size)
{
	size_t more = *cap == 0 ? 16 : *cap * 2;
	void *big;

	if (n < *cap)
		return v;
	if ((big = realloc(v, more * size)) != NULL)
		*cap = more;
	return big;
}

/* "vars:" and the beginning of a hash of what goes in. */
static const char *
case_name(struct suite_reading *r, const struct suite_case *c,
    struct error *err)
{
	const struct slice parts[] = { c->vars, c->messages, c->expect };
	struct hasher *h;
	struct hash sum;
	char hex[HASH_HEX];

	if (hasher_new(&h, err) != STATUS_OK)
		return NULL;
	hash_parts(h, parts, 3, &sum);
	hasher_free(h);
	hash_hex(&sum, hex);
	return arena_printf(r->arena, "vars:%.12s", hex).p;
}

enum status
suite_case_add(struct suite_reading *r, struct suite_case *c, struct error *err)
{
	bool named = c->id != NULL, fresh = false;
	const char *base;
	void *big;
	int n;

	if (r->ncases == SUITE_CASES_MAX)
		return error_set(err, STATUS_LIMIT, "more than %d cases",
		    SUITE_CASES_MAX);
	if (c->id == NULL)
		c->id = case_name(r, c, err);
	base = c->id;
	for (n = 2; base != NULL && !fresh; n++) {
		if (c->id == NULL)
			break;
		if (titles_add(&r->ids, 0, c->id, 0, &fresh, err) != STATUS_OK)
			return err->code;
		if (!fresh && named)
			return error_set(err, STATUS_INVALID,
			    "another case has the id %.200s", c->id);
		if (!fresh)
			c->id = arena_printf(r->arena, "%s#%d", base, n).p;
	}
	if (base == NULL || c->id == NULL)
		return error_nomem(err);
	if ((big = suite_grow(r->cases, r->ncases, &r->cases_cap,
	    sizeof(*r->cases))) == NULL)
		return error_nomem(err);
	r->cases = big;
	r->cases[r->ncases++] = *c;
	return STATUS_OK;
}

enum status
suite_endpoint_add(struct suite_reading *r, const struct suite_endpoint *e,
    size_t *n, struct error *err)
{
	void *big = suite_grow(r->endpoints, r->nendpoints,
	    &r->endpoints_cap, sizeof(*r->endpoints));

	if (big == NULL)
		return error_nomem(err);
	r->endpoints = big;
	*n = r->nendpoints;
	r->endpoints[r->nendpoints++] = *e;
	return STATUS_OK;
}

enum status
suite_prompt_add(struct suite_reading *r, const struct suite_prompt *p,
    struct error *err)
{
	void *big = suite_grow(r->prompts, r->nprompts, &r->prompts_cap,
	    sizeof(*r->prompts));

	if (big == NULL)
		return error_nomem(err);
	r->prompts = big;
	r->prompts[r->nprompts++] = *p;
	return STATUS_OK;
}

enum status
suite_skip(struct suite_reading *r, struct error *err, const char *fmt, ...)
{
	char text[512];
	const char *kept;
	va_list ap;
	void *big;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (r->nskipped == SKIPPED_MAX)
		return STATUS_OK;
	big = suite_grow(r->skipped, r->nskipped, &r->skipped_cap,
	    sizeof(*r->skipped));
	kept = arena_str(r->arena, slice_of(text));
	if (big == NULL || kept == NULL)
		return error_nomem(err);
	r->skipped = big;
	r->skipped[r->nskipped++] = kept;
	return STATUS_OK;
}

const char *
suite_text(struct suite_reading *r, const struct json *j, uint32_t object,
    const char *key)
{
	uint32_t t = json_get_value(j, object, key);
	struct slice s;

	if (t == JSON_NONE || json_kind(j, t) != TOKEN_STRING)
		return NULL;
	s = json_text(j, t, r->arena);
	return s.p == NULL ? NULL : arena_str(r->arena, s);
}

struct slice
suite_raw(const struct json *j, uint32_t object, const char *key)
{
	uint32_t t = json_get_value(j, object, key);

	return t == JSON_NONE ? SLICE_NONE : json_raw(j, t);
}

struct slice
suite_quote(struct suite_reading *r, struct slice s)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	struct slice out = SLICE_NONE;

	write_text(&w, NULL, s);
	if (!b.failed)
		out = (struct slice){ arena_copy(r->arena, b.p, b.n), b.n };
	buf_release(&b);
	return out;
}
