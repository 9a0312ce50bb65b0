#include "queue/serve/placeholders.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/utf8.h"
#include "core/json/value.h"
#include "core/json/write.h"

#define PLACEHOLDERS_MAX	1000	/* of one call */

/* The text that a finding is on; false: it is to be left alone. */
static bool
finding_text(const struct finding *f, size_t ntexts, size_t *at)
{
	unsigned long n;
	char *end;

	if (f->redact != REDACT_PLACEHOLDER || f->on.p == NULL ||
	    strncmp(f->on.p, "/messages/", 10) != 0)
		return false;
	n = strtoul(f->on.p + 10, &end, 10);
	*at = n;
	return *end == '/' && n < ntexts;
}

static bool
stands_literally(const struct slice *texts, size_t n, struct slice token)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (slice_find(texts[i], token) != NULL)
			return true;
	return false;
}

static bool
is_of_kind(const struct placeholder *p, struct slice kind)
{
	return p->token.n > kind.n + 2 &&
	    memcmp(p->token.p + 1, kind.p, kind.n) == 0 &&
	    p->token.p[kind.n + 1] == '_';
}

/* The placeholder of a value, made where there is none yet; NULL: no memory. */
static const struct placeholder *
placeholder_get(struct placeholders *ph, const struct slice *texts, size_t n,
    struct slice kind, struct slice value, struct arena *arena)
{
	struct placeholder *p;
	unsigned number = 1;
	size_t i;

	for (i = 0; i < ph->n; i++) {
		if (!is_of_kind(&ph->v[i], kind))
			continue;
		if (slice_eq(ph->v[i].value, value))
			return &ph->v[i];
		number++;
	}
	p = &ph->v[ph->n];
	do
		p->token = arena_printf(arena, "<%.*s_%u>", SLICE_ARG(kind),
		    number++);
	while (p->token.p != NULL && stands_literally(texts, n, p->token));
	p->value = value;
	if (p->token.p == NULL)
		return NULL;
	ph->n++;
	return p;
}

/* A finding by its place in bytes. */
struct replaced_spot {
	size_t		text, start, end;
	struct slice	kind;
};

static int
spot_cmp(const void *a, const void *b)
{
	const struct replaced_spot *x = a, *y = b;

	if (x->text != y->text)
		return x->text < y->text ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->end > y->end ? -1 : x->end < y->end;
}

/* In order; findings count code points. */
static size_t
spots_find(struct replaced_spot *spots, const struct slice *texts, size_t ntexts,
    const struct finding *f, size_t n)
{
	size_t i, at, nspots = 0;

	for (i = 0; i < n; i++) {
		struct utf8_cursor start, end;

		if (!finding_text(&f[i], ntexts, &at))
			continue;
		start = end = (struct utf8_cursor){ texts[at], 0, 0 };
		spots[nspots++] = (struct replaced_spot){ at,
		    utf8_byte(&start, f[i].start), utf8_byte(&end, f[i].end),
		    f[i].kind };
	}
	qsort(spots, nspots, sizeof(*spots), spot_cmp);
	return nspots;
}

/* One text with its spots replaced; of those that overlap the first stands, and
 * what reaches beyond it goes with it. */
static enum status
text_replace(struct placeholders *ph, const struct slice *texts, size_t ntexts,
    const struct replaced_spot *s, size_t n, struct arena *arena, struct slice *to,
    struct error *err)
{
	const struct slice text = texts[s->text];
	const struct placeholder *p;
	struct buf b = BUF_INIT;
	enum status st = STATUS_OK;
	size_t i, end, at = 0;

	for (i = 0; i < n && st == STATUS_OK; ) {
		size_t first = i;

		for (end = s[i].end; i < n && s[i].start < end; i++)
			if (s[i].end > end)
				end = s[i].end;
		p = placeholder_get(ph, texts, ntexts, s[first].kind,
		    (struct slice){ text.p + s[first].start,
		    end - s[first].start }, arena);
		if (p == NULL) {
			st = error_nomem(err);
			break;
		}
		buf_add(&b, text.p + at, s[first].start - at);
		buf_add_slice(&b, p->token);
		at = end;
	}
	buf_add(&b, text.p + at, text.n - at);
	if (st == STATUS_OK)
		st = buf_check(&b, err);
	if (st == STATUS_OK) {
		*to = (struct slice){ arena_copy(arena, b.p, b.n), b.n };
		if (to->p == NULL)
			st = error_nomem(err);
	}
	buf_release(&b);
	return st;
}

enum status
placeholders_make(struct placeholders *ph, const struct slice *texts,
    size_t ntexts, const struct finding *f, size_t n, struct arena *arena,
    struct slice **replaced, struct error *err)
{
	struct replaced_spot *spots = arena_alloc(arena, (n + 1) * sizeof(*spots));
	enum status st = STATUS_OK;
	size_t i, k, nspots;

	*replaced = arena_zalloc(arena, (ntexts + 1) * sizeof(**replaced));
	ph->v = arena_alloc(arena, (n + 1) * sizeof(*ph->v));
	ph->n = 0;
	if (spots == NULL || *replaced == NULL || ph->v == NULL)
		return error_nomem(err);
	nspots = spots_find(spots, texts, ntexts, f, n);
	if (nspots > PLACEHOLDERS_MAX)
		return error_set(err, STATUS_LIMIT, "more than %d values to "
		    "replace", PLACEHOLDERS_MAX);
	for (i = 0; i < nspots && st == STATUS_OK; i = k) {
		for (k = i; k < nspots && spots[k].text == spots[i].text; k++)
			;
		st = text_replace(ph, texts, ntexts, &spots[i], k - i, arena,
		    &(*replaced)[spots[i].text], err);
	}
	return st;
}

/* Where the word that holds this place begins. */
static size_t
word_begin(struct slice text, size_t at)
{
	while (at > 0 && !isspace((unsigned char)text.p[at - 1]) &&
	    strchr("\"'()<>,", text.p[at - 1]) == NULL)
		at--;
	return at;
}

static size_t
count(struct slice text, struct slice what)
{
	const char *at;
	size_t n = 0;

	while ((at = slice_find(text, what)) != NULL) {
		text.n -= (size_t)(at - text.p) + what.n;
		text.p = at + what.n;
		n++;
	}
	return n;
}

/* Within a URL, a link's target or code a value could be sent on, or run. */
static bool
is_misplaced(struct slice text, size_t at)
{
	const struct slice before = { text.p, at };
	size_t from = word_begin(text, at);
	const struct slice word = { text.p + from, at - from };

	return slice_find(word, SLICE("://")) != NULL ||
	    (word.n >= 4 && strncasecmp(word.p, "www.", 4) == 0) ||
	    (word.n >= 7 && strncasecmp(word.p, "mailto:", 7) == 0) ||
	    (from >= 2 && text.p[from - 1] == '(' && text.p[from - 2] == ']') ||
	    count(before, SLICE("`")) % 2 == 1 ||
	    count(before, SLICE("```")) % 2 == 1;
}

/* How many bytes of `rest` are the character, as it is or escaped; 0: none. */
static size_t
bracket(struct slice rest, char c, bool json)
{
	static const char escape[] = "\\u003";
	const size_t n = sizeof(escape) - 1;

	if (rest.n > 0 && rest.p[0] == c)
		return 1;
	return json && rest.n > n && memcmp(rest.p, escape, n) == 0 &&
	    tolower((unsigned char)rest.p[n]) == (c == '<' ? 'c' : 'e') ?
	    n + 1 : 0;
}

/* The bytes of `rest` that are this one; 0: none. */
static size_t
token_at(struct slice token, struct slice rest, bool json)
{
	size_t open = bracket(rest, '<', json), inner = token.n - 2, shut;

	if (open == 0 || rest.n < open + inner ||
	    memcmp(rest.p + open, token.p + 1, inner) != 0)
		return 0;
	rest.p += open + inner;
	rest.n -= open + inner;
	shut = bracket(rest, '>', json);
	return shut == 0 ? 0 : open + inner + shut;
}

bool
placeholders_next(const struct placeholders *ph, struct slice text, size_t from,
    bool json, struct placeholder_spot *to)
{
	size_t i, at, n;

	for (at = from; at < text.n && ph->n > 0; at++) {
		const struct slice rest = { text.p + at, text.n - at };

		if (bracket(rest, '<', json) == 0)
			continue;
		for (i = 0; i < ph->n; i++) {
			if ((n = token_at(ph->v[i].token, rest, json)) == 0)
				continue;
			*to = (struct placeholder_spot){ at, at + n, &ph->v[i],
			    is_misplaced(text, at) };
			return true;
		}
	}
	return false;
}

bool
placeholders_in_json(struct slice text)
{
	struct json d = JSON_INIT;
	struct json_error why;
	bool is;

	while (text.n > 0 && isspace((unsigned char)*text.p)) {
		text.p++;
		text.n--;
	}
	if (text.n == 0 || (text.p[0] != '{' && text.p[0] != '['))
		return false;
	is = json_parse(&d, text, JSON_DEPTH_MAX, JSON_NUL_ALLOWED, &why) ==
	    STATUS_OK;
	json_release(&d);
	return is;
}

void
placeholders_escape(struct buf *out, struct slice value)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);

	write_text(&w, NULL, value);
	out->failed |= b.failed;
	if (!b.failed)
		buf_add(out, b.p + 1, b.n - 2);
	buf_release(&b);
}

static bool
text_restore(const struct placeholders *ph, struct slice text, bool json,
    struct buf *out)
{
	struct placeholder_spot spot;
	bool stays = false;
	size_t at = 0, from = 0;

	for (; placeholders_next(ph, text, from, json, &spot); from = spot.end) {
		if (spot.misplaced) {
			stays = true;
			continue;
		}
		buf_add(out, text.p + at, spot.start - at);
		if (json)
			placeholders_escape(out, spot.of->value);
		else
			buf_add_slice(out, spot.of->value);
		at = spot.end;
	}
	buf_add(out, text.p + at, text.n - at);
	return stays;
}

void
placeholders_text(const struct placeholders *ph, struct slice text,
    struct buf *out)
{
	(void)text_restore(ph, text, placeholders_in_json(text), out);
}

/* One answer being gone through. */
struct restoring {
	const struct placeholders *ph;
	struct json	 d;
	struct arena	 arena;
	struct buf	*out;
	size_t		 at;		/* bytes of the text that were copied */
	bool		 stays;
};

/* Of a member, what its strings are: a tool's name, arguments as text, or ("input")
 * arguments as JSON, in which nothing is a tool's name; or "". */
static const char *
member_name(const struct json *d, uint32_t key, const char *within)
{
	static const char *const names[] = { "name", "arguments", "input" };
	size_t i;

	if (strcmp(within, "input") == 0)
		return within;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (json_string_is(d, key, names[i]))
			return names[i];
	return "";
}

/* A string's value is written anew; the name of a tool stays as it is. */
static enum status
string_restore(struct restoring *r, uint32_t t, const char *name,
    struct error *err)
{
	const struct slice text = json_text(&r->d, t, &r->arena);
	struct writer w = WRITER(r->out, WRITE_KEPT);
	bool json = strcmp(name, "arguments") == 0;
	struct placeholder_spot ignored;
	struct buf b = BUF_INIT;

	if (text.p == NULL)
		return error_nomem(err);
	if (!placeholders_next(r->ph, text, 0, true, &ignored))
		return STATUS_OK;
	if (strcmp(name, "name") == 0) {
		r->stays = true;
		return STATUS_OK;
	}
	r->stays |= text_restore(r->ph, text, json || placeholders_in_json(text),
	    &b);
	buf_add(r->out, r->d.text + r->at, r->d.tok[t].start - r->at);
	write_text(&w, NULL, buf_slice(&b));
	r->at = r->d.tok[t].end;
	r->out->failed |= b.failed;
	buf_release(&b);
	return STATUS_OK;
}

static enum status
value_restore(struct restoring *r, uint32_t t, const char *name,
    struct error *err)
{
	enum json_kind kind = json_kind(&r->d, t);
	bool object = kind == TOKEN_OBJECT;
	enum status st = STATUS_OK;
	uint32_t i;

	if (kind == TOKEN_STRING)
		return string_restore(r, t, name, err);
	if (kind != TOKEN_OBJECT && kind != TOKEN_ARRAY)
		return STATUS_OK;
	for (i = json_first(&r->d, t); i != JSON_NONE && st == STATUS_OK;
	    i = json_next(&r->d, t, i))
		st = value_restore(r, object ? i + 1 : i, object ?
		    member_name(&r->d, i, name) : name, err);
	return st;
}

enum status
placeholders_json(const struct placeholders *ph, struct slice json,
    struct buf *out, bool *stays, struct error *err)
{
	struct restoring r = { .ph = ph, .d = JSON_INIT, .arena = ARENA_INIT,
	    .out = out };
	struct json_error why;
	enum status st = json_parse(&r.d, json, JSON_DEPTH_MAX, JSON_NUL_ALLOWED,
	    &why);

	if (st != STATUS_OK)
		st = error_set(err, st, "byte %zu: %s", why.offset, why.reason);
	else
		st = value_restore(&r, 0, "", err);
	if (st == STATUS_OK) {
		buf_add(out, json.p + r.at, json.n - r.at);
		st = buf_check(out, err);
	}
	*stays = r.stays;
	json_release(&r.d);
	arena_release(&r.arena);
	return st;
}
