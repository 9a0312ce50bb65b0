#include "core/prompt/render.h"

#include "core/base/titles.h"
#include "core/json/value.h"
#include "core/prompt/template.h"

/* One call: each variable is looked up once. */
struct rendering {
	const struct prompt_body *body;
	const struct json	*vars;
	struct arena		*arena;
	struct titles		 names;		/* of the body's variables */
	struct slice		*values;
	size_t			 bytes;		/* so far */
};

/* Follows the dots of a name; JSON_NONE where it leads nowhere. */
static uint32_t
find_value(const struct json *vars, struct slice name)
{
	char key[TEMPLATE_NAME_MAX + 1];
	uint32_t t = vars == NULL ? JSON_NONE : 0;
	size_t n;

	while (t != JSON_NONE && name.n > 0) {
		for (n = 0; n < name.n && name.p[n] != '.'; n++)
			key[n] = name.p[n];
		key[n] = '\0';
		t = json_get_value(vars, t, key);
		if (n < name.n)
			n++;
		name.p += n;
		name.n -= n;
	}
	return t;
}

static enum status
look_up(struct rendering *r, struct error *err)
{
	const struct prompt_body *b = r->body;
	enum status st;
	uint32_t t;
	size_t i;
	bool fresh;

	r->values = arena_alloc(r->arena, (b->nvariables + 1) *
	    sizeof(*r->values));
	if (r->values == NULL)
		return error_nomem(err);
	for (i = 0; i < b->nvariables; i++) {
		if ((st = titles_add(&r->names, 0, b->variables[i].p,
		    (uint32_t)i, &fresh, err)) != STATUS_OK)
			return st;
		if ((t = find_value(r->vars, b->variables[i])) == JSON_NONE)
			return error_set(err, STATUS_INVALID, "variable %.*s: not "
			    "set", SLICE_ARG(b->variables[i]));
		r->values[i] = json_kind(r->vars, t) == TOKEN_STRING ?
		    value_string(r->vars, t, r->arena) : json_raw(r->vars, t);
		if (r->values[i].p == NULL)
			return error_nomem(err);
	}
	return STATUS_OK;
}

static enum status
fill(struct rendering *r, struct slice rest, struct slice *out,
    struct error *err)
{
	struct template_part part;
	struct buf b = BUF_INIT;
	struct slice piece;
	enum status st = STATUS_OK;
	uint32_t i = 0;

	while (st == STATUS_OK && template_next(&rest, &part)) {
		if (part.name.p != NULL)
			(void)titles_find(&r->names, 0, part.name, &i);
		piece = part.name.p == NULL ? part.text : r->values[i];
		if (piece.n > PROMPT_RENDERED_MAX - r->bytes)
			st = error_set(err, STATUS_LIMIT, "with its variables it "
			    "has over %zu bytes", PROMPT_RENDERED_MAX);
		else {
			buf_add_slice(&b, piece);
			r->bytes += piece.n;
		}
	}
	if (st == STATUS_OK && (st = buf_check(&b, err)) == STATUS_OK) {
		*out = (struct slice){ arena_copy(r->arena, b.n == 0 ? "" : b.p,
		    b.n), b.n };
		if (out->p == NULL)
			st = error_nomem(err);
	}
	buf_release(&b);
	return st;
}

static enum status
refuse(void *arg, struct slice name, struct error *err)
{
	(void)arg;
	return error_set(err, STATUS_INVALID, "variable %.*s: the prompt has none "
	    "of that name", name.n > 80 ? 80 : (int)name.n, name.p);
}

enum status
prompt_render(const struct prompt_body *b, const struct json *vars, bool strict,
    struct arena *arena, struct prompt_message **out, struct error *err)
{
	struct rendering r = { .body = b, .vars = vars, .arena = arena };
	struct prompt_message *m;
	enum status st = STATUS_OK;
	size_t i;

	if (vars != NULL && json_kind(vars, 0) != TOKEN_OBJECT)
		return error_set(err, STATUS_INVALID, "variables: an object is "
		    "wanted");
	if (strict && vars != NULL &&
	    (st = prompt_unknown(b, vars, refuse, NULL, arena, err)) != STATUS_OK)
		return st;
	if ((m = arena_alloc(arena, (b->n + 1) * sizeof(*m))) == NULL)
		return error_nomem(err);
	st = look_up(&r, err);
	for (i = 0; i < b->n && st == STATUS_OK; i++) {
		m[i].role = b->messages[i].role;
		st = fill(&r, b->messages[i].content, &m[i].content, err);
	}
	titles_release(&r.names);
	*out = m;
	return st;
}

enum status
prompt_render_text(const struct prompt_body *b, struct slice vars, bool strict,
    struct arena *arena, struct prompt_message **out, struct error *err)
{
	struct json d = JSON_INIT;
	struct json_error why;
	enum status st;

	if (vars.p == NULL)
		return prompt_render(b, NULL, strict, arena, out, err);
	st = json_parse(&d, vars, JSON_DEPTH_MAX, 0, &why);
	if (st == STATUS_OK)
		st = prompt_render(b, &d, strict, arena, out, err);
	else if (st == STATUS_NOMEM)
		st = error_nomem(err);
	else
		st = error_set(err, STATUS_INVALID, "variables: not JSON at byte "
		    "%zu: %s", why.offset, why.reason);
	json_release(&d);
	return st;
}

enum status
prompt_unknown(const struct prompt_body *b, const struct json *vars,
    enum status (*each)(void *, struct slice, struct error *), void *arg,
    struct arena *arena, struct error *err)
{
	struct titles firsts = TITLES_INIT;
	enum status st = STATUS_OK;
	const char *first, *dot;
	struct slice name;
	uint32_t t, number;
	size_t i;
	bool fresh;

	for (i = 0; i < b->nvariables && st == STATUS_OK; i++) {
		name = b->variables[i];
		if ((dot = memchr(name.p, '.', name.n)) != NULL)
			name.n = (size_t)(dot - name.p);
		first = arena_str(arena, name);
		st = first == NULL ? error_nomem(err) : titles_add(&firsts, 0,
		    first, 0, &fresh, err);
	}
	for (t = json_first(vars, 0); t != JSON_NONE && st == STATUS_OK;
	    t = json_next(vars, 0, t)) {
		name = value_string(vars, t, arena);
		if (name.p == NULL)
			st = error_nomem(err);
		else if (!titles_find(&firsts, 0, name, &number))
			st = each(arg, name, err);
	}
	titles_release(&firsts);
	return st;
}
