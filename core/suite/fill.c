#include "core/suite/fill.h"

#include "core/json/value.h"
#include "core/json/write.h"

#define NAME_MAX_BYTES	256
#define FILL_DEPTH	64
#define FILLED_MAX	((size_t)64 << 20)

bool
fill_needed(struct slice s)
{
	return s.n > 0 && (memmem(s.p, s.n, "{{", 2) != NULL ||
	    memmem(s.p, s.n, "{%", 2) != NULL || memmem(s.p, s.n, "{#", 2) !=
	    NULL);
}

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

/* The value of "a.b"; JSON_NONE where a step is not there. */
static uint32_t
value_find(const struct json *vars, struct slice name)
{
	char step[NAME_MAX_BYTES + 1];
	uint32_t t = 0;
	const char *dot;
	size_t n;

	while (vars != NULL && name.n > 0 && json_kind(vars, t) ==
	    TOKEN_OBJECT) {
		dot = memchr(name.p, '.', name.n);
		n = dot == NULL ? name.n : (size_t)(dot - name.p);
		if (n > NAME_MAX_BYTES)
			return JSON_NONE;
		memcpy(step, name.p, n);
		step[n] = '\0';
		if ((t = json_get(vars, t, step)) == JSON_NONE || dot == NULL)
			return t;
		name = (struct slice){ dot + 1, name.n - n - 1 };
	}
	return JSON_NONE;
}

static void
value_put(const struct json *vars, uint32_t t, struct buf *out)
{
	struct slice raw = json_raw(vars, t);

	if (json_kind(vars, t) == TOKEN_STRING)
		json_decode((struct slice){ raw.p + 1, raw.n - 2 }, out);
	else
		buf_add_slice(out, raw);
}

/* From behind "{{": *n bytes with what closes it. */
static enum status
variable_put(struct slice rest, const struct json *vars, struct buf *out,
    size_t *n, struct error *err)
{
	const char *end = rest.n < 2 ? NULL : memmem(rest.p, rest.n, "}}", 2);
	struct slice name, whole;
	uint32_t t;

	if (end == NULL)
		return error_set(err, STATUS_INVALID, "{{ is never closed");
	whole = name = (struct slice){ rest.p, (size_t)(end - rest.p) };
	*n = name.n + 2;
	while (name.n > 0 && name.p[0] == ' ') {
		name.p++;
		name.n--;
	}
	while (name.n > 0 && name.p[name.n - 1] == ' ')
		name.n--;
	for (t = 0; t < name.n && is_name(name.p[t]); t++)
		;
	if (name.n == 0 || t < name.n || name.n > NAME_MAX_BYTES)
		return error_set(err, STATUS_INVALID, "{{%.*s}} is not known: a "
		    "template has {{name}} and {{a.b}} only",
		    whole.n > 60 ? 60 : (int)whole.n, whole.p);
	if ((t = value_find(vars, name)) == JSON_NONE)
		return error_set(err, STATUS_INVALID,
		    "no variable is called %.*s", SLICE_ARG(name));
	value_put(vars, t, out);
	return STATUS_OK;
}

enum status
fill_text(struct slice s, const struct json *vars, struct buf *out,
    struct error *err)
{
	enum status st = STATUS_OK;
	const char *brace;
	size_t n;

	while (st == STATUS_OK && s.n > 1 &&
	    (brace = memchr(s.p, '{', s.n - 1)) != NULL) {
		n = (size_t)(brace - s.p);
		buf_add(out, s.p, n);
		s = (struct slice){ brace, s.n - n };
		if (s.p[1] == '%' || s.p[1] == '#')
			return error_set(err, STATUS_INVALID, "{%c is not known: "
			    "a template has {{name}} and {{a.b}} only", s.p[1]);
		n = 1;
		if (s.p[1] == '{') {
			s = (struct slice){ s.p + 2, s.n - 2 };
			st = variable_put(s, vars, out, &n, err);
		} else
			buf_putc(out, '{');
		if (st == STATUS_OK)
			s = (struct slice){ s.p + n, s.n - n };
		if (out->n > FILLED_MAX)
			return error_set(err, STATUS_LIMIT, "filled in, it has "
			    "more than %zu bytes", FILLED_MAX);
	}
	if (st == STATUS_OK)
		buf_add_slice(out, s);
	return st == STATUS_OK ? buf_check(out, err) : st;
}

struct filling {
	const struct json	*from, *vars;
	struct writer		 writer;
	struct buf		 text, filled;
};

static enum status token_fill(struct filling *, uint32_t t, struct error *);

static enum status
string_fill(struct filling *f, uint32_t t, struct error *err)
{
	enum status st;

	if (!fill_needed(json_raw(f->from, t))) {
		write_raw(&f->writer, NULL, json_raw(f->from, t));
		return STATUS_OK;
	}
	buf_clear(&f->text);
	buf_clear(&f->filled);
	value_put(f->from, t, &f->text);
	if ((st = buf_check(&f->text, err)) != STATUS_OK)
		return st;
	if ((st = fill_text(buf_slice(&f->text), f->vars, &f->filled, err)) ==
	    STATUS_OK)
		write_text(&f->writer, NULL, buf_slice(&f->filled));
	return st;
}

static enum status
members_fill(struct filling *f, uint32_t t, struct error *err)
{
	bool object = json_kind(f->from, t) == TOKEN_OBJECT;
	enum status st = STATUS_OK;
	uint32_t m;

	if (object)
		write_object(&f->writer, NULL);
	else
		write_array(&f->writer, NULL);
	for (m = json_first(f->from, t); m != JSON_NONE && st == STATUS_OK;
	    m = json_next(f->from, t, m)) {
		if (object)
			write_name(&f->writer, json_raw(f->from, m));
		st = token_fill(f, object ? m + 1 : m, err);
	}
	/* Where a value fails its name stands alone, and nothing is made of it. */
	if (st == STATUS_OK)
		write_end(&f->writer);
	return st;
}

static enum status
token_fill(struct filling *f, uint32_t t, struct error *err)
{
	switch (json_kind(f->from, t)) {
	case TOKEN_OBJECT:
	case TOKEN_ARRAY:
		return members_fill(f, t, err);
	case TOKEN_STRING:
		return string_fill(f, t, err);
	default:
		write_raw(&f->writer, NULL, json_raw(f->from, t));
		return STATUS_OK;
	}
}

enum status
fill_json(struct slice raw, const struct json *vars, struct buf *out,
    struct error *err)
{
	struct json j = JSON_INIT;
	struct filling f = { .from = &j, .vars = vars,
	    .writer = WRITER(out, WRITE_KEPT) };
	struct json_error why;
	enum status st;

	if (json_parse(&j, raw, FILL_DEPTH, JSON_NUL_ALLOWED, &why) != STATUS_OK)
		st = error_set(err, STATUS_INVALID, "byte %zu: %s", why.offset,
		    why.reason);
	else if ((st = token_fill(&f, 0, err)) == STATUS_OK)
		st = buf_check(out, err);
	json_release(&j);
	buf_release(&f.text);
	buf_release(&f.filled);
	return st;
}
