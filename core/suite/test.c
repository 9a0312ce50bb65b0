#include "core/suite/test.h"

#include <math.h>
#include <stdlib.h>

#include "core/json/value.h"
#include "core/json/write.h"
#include "core/suite/fill.h"
#include "core/suite/provider.h"
#include "core/suite/service_provider.h"
#include "core/suite/yaml.h"

#define COMBINATIONS_MAX	10000
#define ASSERTS_MAX		1000	/* of one test */
#define VARS_MAX		1000
#define SET_DEPTH		4
#define FILE_MARK		"file://"

/* One test while it is read. */
struct test {
	struct suite_reading *r;
	const struct json *j;
	uint32_t	 object;
	const char	*where, *file;
	bool		 dropped;
	struct variable {
		struct slice	 name;		/* as in JSON, with its quotes */
		const struct json *json;
		uint32_t	 value;		/* token, or JSON_NONE: */
		struct slice	 text;		/* ... this JSON, of a file */
		uint32_t	 n, at;		/* of a list: elements, the one in turn */
	}		 vars[VARS_MAX];
	size_t		 nvars;
	struct json	 filled;	/* the variables of the combination */
	size_t		 judge;		/* endpoint, of its options */
	bool		 has_judge;
};

static bool
ends_with(struct slice s, const char *end)
{
	size_t n = strlen(end);

	return s.n >= n && memcmp(s.p + s.n - n, end, n) == 0;
}

static bool
is_file(struct slice s)
{
	return s.n > strlen(FILE_MARK) &&
	    memcmp(s.p, FILE_MARK, strlen(FILE_MARK)) == 0;
}

enum status
test_file(struct suite_reading *r, const char *from, struct slice name,
    struct slice *json, bool *taken, struct error *err)
{
	static const char *const code[] = { ".js", ".ts", ".mjs", ".cjs", ".py",
	    ".rb", ".sh" };
	const struct policy_file *f;
	struct buf b = BUF_INIT;
	const char *path;
	enum status st;
	size_t i;

	*taken = true;
	if (is_file(name))
		name = (struct slice){ name.p + strlen(FILE_MARK),
		    name.n - strlen(FILE_MARK) };
	for (i = 0; i < sizeof(code) / sizeof(code[0]); i++)
		*taken = *taken && !ends_with(name, code[i]) &&
		    memmem(name.p, name.n, code[i], strlen(code[i])) == NULL;
	if (memchr(name.p, '*', name.n) != NULL)
		*taken = false;
	if (!*taken)
		return STATUS_OK;
	if ((path = arena_str(r->arena, name)) == NULL)
		return error_nomem(err);
	if ((st = load_file(&r->load, from, path, &f, err)) != STATUS_OK)
		return st;
	if (!ends_with(name, ".json") && !ends_with(name, ".yaml") &&
	    !ends_with(name, ".yml")) {
		*json = suite_quote(r, f->bytes);
		return json->p == NULL ? error_nomem(err) : STATUS_OK;
	}
	if ((st = yaml_to_json(f->bytes, &b, err)) != STATUS_OK)
		(void)error_prefix(err, "%s", path);
	else {
		*json = (struct slice){ arena_copy(r->arena, b.p, b.n), b.n };
		if (json->p == NULL)
			st = error_nomem(err);
	}
	buf_release(&b);
	return st;
}

static enum status
drop(struct test *t, struct error *err, const char *what, struct slice of)
{
	t->dropped = true;
	return suite_skip(t->r, err, "%s: %s%.*s", t->where, what,
	    of.n > 200 ? 200 : (int)of.n, of.p == NULL ? "" : of.p);
}

/* A name of an object that is none of a list's. */
static struct slice
odd_name(const struct json *j, uint32_t object, const char *const *names)
{
	uint32_t m;
	size_t i;

	for (m = json_first(j, object); m != JSON_NONE;
	    m = json_next(j, object, m)) {
		for (i = 0; names[i] != NULL && !json_string_is(j, m, names[i]);)
			i++;
		if (names[i] == NULL && json_kind(j, m + 1) != TOKEN_NULL)
			return json_raw(j, m);
	}
	return SLICE_NONE;
}

static struct variable *
variable_of(struct test *t, struct slice name)
{
	size_t i;

	for (i = 0; i < t->nvars; i++)
		if (slice_eq(t->vars[i].name, name))
			return &t->vars[i];
	return NULL;
}

/* A value "file://x" is what the file says. */
static enum status
variable_file(struct test *t, struct variable *v, const char *file,
    struct error *err)
{
	struct slice name;
	bool taken;
	enum status st;

	if (json_kind(v->json, v->value) != TOKEN_STRING)
		return STATUS_OK;
	if ((name = json_text(v->json, v->value, t->r->arena)).p == NULL)
		return error_nomem(err);
	if (!is_file(name))
		return STATUS_OK;
	st = test_file(t->r, file, name, &v->text, &taken, err);
	if (st == STATUS_OK && !taken)
		st = drop(t, err, "a variable is made by code: ", name);
	v->value = taken ? JSON_NONE : v->value;
	return st;
}

/* The variables of one object; what is there by now is replaced. */
static enum status
variables_read(struct test *t, const struct json *j, uint32_t object,
    const char *file, bool lists, struct error *err)
{
	uint32_t vars = json_get_value(j, object, "vars"), m;
	struct variable *v;
	enum status st;

	if (vars == JSON_NONE)
		return STATUS_OK;
	if (json_kind(j, vars) != TOKEN_OBJECT)
		return drop(t, err, "vars is no object: ", json_raw(j, vars));
	for (m = json_first(j, vars); m != JSON_NONE;
	    m = json_next(j, vars, m)) {
		if ((v = variable_of(t, json_raw(j, m))) == NULL) {
			if (t->nvars == VARS_MAX)
				return error_set(err, STATUS_LIMIT,
				    "%s: more than %d variables", t->where,
				    VARS_MAX);
			v = &t->vars[t->nvars++];
		}
		*v = (struct variable){ .name = json_raw(j, m), .json = j,
		    .value = m + 1 };
		if (lists && json_kind(j, m + 1) == TOKEN_ARRAY)
			v->n = j->tok[m + 1].count;
		if ((st = variable_file(t, v, file, err)) != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

/* The variables of the combination in turn, as JSON; also parsed. */
static enum status
variables_fill(struct test *t, struct slice *out, struct error *err)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	struct json_error why;
	struct variable *v;
	enum status st;
	size_t i;

	write_object(&w, NULL);
	for (i = 0; i < t->nvars; i++) {
		v = &t->vars[i];
		write_name(&w, v->name);
		write_raw(&w, NULL, v->value == JSON_NONE ? v->text :
		    json_raw(v->json, v->n == 0 ? v->value :
		    json_at(v->json, v->value, v->at)));
	}
	write_end(&w);
	if ((st = buf_check(&b, err)) == STATUS_OK) {
		*out = (struct slice){ arena_copy(t->r->arena, b.p, b.n), b.n };
		if (out->p == NULL)
			st = error_nomem(err);
		else if (json_parse(&t->filled, *out, JSON_DEPTH_MAX,
		    JSON_NUL_ALLOWED, &why) != STATUS_OK)
			st = error_set(err, STATUS_INVALID, "%s: vars: %s",
			    t->where, why.reason);
	}
	buf_release(&b);
	return st;
}

/* On to the next combination; false after the last. */
static bool
variables_next(struct test *t)
{
	size_t i;

	for (i = t->nvars; i-- > 0;) {
		if (t->vars[i].n == 0)
			continue;
		if (++t->vars[i].at < t->vars[i].n)
			return true;
		t->vars[i].at = 0;
	}
	return false;
}

static double
number(const struct json *j, uint32_t object, const char *key, double otherwise)
{
	uint32_t t = json_get_value(j, object, key);

	return t != JSON_NONE && json_kind(j, t) == TOKEN_NUMBER ?
	    json_double(j, t) : otherwise;
}

/* The value with its variables, or what its file says. */
static enum status
value_fill(struct test *t, const struct json *j, uint32_t object,
    struct assertion *a, struct error *err)
{
	uint32_t v = json_get_value(j, object, "value");
	struct buf b = BUF_INIT;
	struct slice name;
	enum status st;
	bool taken = true;

	if (v == JSON_NONE)
		return STATUS_OK;
	st = fill_json(json_raw(j, v), &t->filled, &b, err);
	if (st == STATUS_INVALID) {
		st = drop(t, err, err->text, SLICE_NONE);
		error_clear(err);
	} else if (st == STATUS_OK) {
		a->value = (struct slice){ arena_copy(t->r->arena, b.p, b.n),
		    b.n };
		st = a->value.p == NULL ? error_nomem(err) : STATUS_OK;
	}
	buf_release(&b);
	if (st != STATUS_OK || json_kind(j, v) != TOKEN_STRING)
		return st;
	if ((name = json_text(j, v, t->r->arena)).p == NULL)
		return error_nomem(err);
	if (!is_file(name))
		return STATUS_OK;
	st = test_file(t->r, t->file, name, &a->value, &taken, err);
	return st == STATUS_OK && !taken ?
	    drop(t, err, "a value is made by code: ", name) : st;
}

/* Of {"text","embedding"} the one that is asked in words. */
static uint32_t
provider_of(const struct json *j, uint32_t object)
{
	uint32_t p = json_get_value(j, object, "provider"), text;

	if (p == JSON_NONE || json_kind(j, p) != TOKEN_OBJECT ||
	    json_get_value(j, p, "id") != JSON_NONE)
		return p;
	text = json_get_value(j, p, "text");
	return text == JSON_NONE ? p : text;
}

/* A provider that judges: one that takes a chat. */
static enum status
judge_read(struct test *t, const struct json *j, uint32_t p, size_t *endpoint,
    bool *taken, struct error *err)
{
	enum status st;

	if ((st = provider_read(t->r, j, p, t->where, endpoint, taken, err)) !=
	    STATUS_OK)
		return st;
	if (*taken && t->r->endpoints[*endpoint].kind != ENDPOINT_CHAT) {
		*taken = false;
		return drop(t, err, "cannot be asked to judge: provider ",
		    slice_of(t->r->endpoints[*endpoint].name));
	}
	t->dropped |= !*taken;
	return STATUS_OK;
}

static enum status
judge_find(struct test *t, const struct json *j, uint32_t object,
    struct assertion *a, struct error *err)
{
	uint32_t p = provider_of(j, object);
	bool taken;

	if (p == JSON_NONE && !t->has_judge && t->r->grader == NULL)
		return drop(t, err, arena_printf(t->r->arena, "no provider is "
		    "named to judge by %s: name one with --grader, such as "
		    "openai:gpt-4.1, or in defaultTest.options.provider",
		    a->row->name).p, SLICE_NONE);
	a->judge = t->has_judge ? t->judge : t->r->judge;
	if (p == JSON_NONE)
		return STATUS_OK;
	return judge_read(t, j, p, &a->judge, &taken, err);
}

static enum status asserts_read(struct test *, const struct json *,
    uint32_t list, struct assertion *, size_t *n, int depth, struct error *);

static enum status
set_read(struct test *t, const struct json *j, uint32_t object,
    struct assertion *a, int depth, struct error *err)
{
	uint32_t list = json_get_value(j, object, "assert");
	struct assertion *inner;

	if (list == JSON_NONE || json_kind(j, list) != TOKEN_ARRAY ||
	    depth == SET_DEPTH)
		return drop(t, err, "an assert-set has a list of assertions",
		    SLICE_NONE);
	inner = arena_zalloc(t->r->arena, (j->tok[list].count + 1) *
	    sizeof(*inner));
	if (inner == NULL)
		return error_nomem(err);
	a->inner = inner;
	return asserts_read(t, j, list, inner, &a->ninner, depth + 1, err);
}

/* What kind it is, and that nothing is said of it that is not known. */
static enum status
kind_read(struct test *t, const struct json *j, uint32_t object,
    struct assertion *a, struct error *err)
{
	static const char *const names[] = { "type", "value", "threshold",
	    "weight", "metric", "provider", "assert", "description", "config",
	    NULL };
	const char *type = suite_text(t->r, j, object, "type");
	struct slice odd = odd_name(j, object, names);

	if (type == NULL)
		return drop(t, err, "an assertion without a type", SLICE_NONE);
	if (odd.p != NULL)
		return drop(t, err, arena_printf(t->r->arena, "%s: not known: ",
		    type).p, odd);
	if ((a->row = assert_find(type, &a->inverse)) == NULL)
		return drop(t, err, "no such assertion: ", slice_of(type));
	if (a->row->how == ASSERT_NOT)
		return drop(t, err, arena_printf(t->r->arena, "%s %s", type,
		    a->row->why).p, SLICE_NONE);
	a->name = suite_text(t->r, j, object, "metric");
	if (a->name == NULL)
		a->name = type;
	return STATUS_OK;
}

static enum status
assertion_read(struct test *t, const struct json *j, uint32_t object,
    struct assertion *a, int depth, struct error *err)
{
	bool taken = true;
	enum status st;

	memset(a, 0, sizeof(*a));
	if ((st = kind_read(t, j, object, a, err)) != STATUS_OK || t->dropped)
		return st;
	a->threshold = number(j, object, "threshold", NAN);
	a->weight = number(j, object, "weight", 1);
	if ((st = value_fill(t, j, object, a, err)) != STATUS_OK)
		return st;
	if (a->row->how == ASSERT_SET)
		st = set_read(t, j, object, a, depth, err);
	else if ((a->row->how == ASSERT_JUDGE || a->row->how == ASSERT_SERVICE)
	    && depth > 0)
		st = drop(t, err, arena_printf(t->r->arena, "%s within an "
		    "assert-set is not asked here", a->row->name).p, SLICE_NONE);
	else if (a->row->how == ASSERT_JUDGE)
		st = judge_find(t, j, object, a, err);
	if (st != STATUS_OK || t->dropped)
		return st;
	if ((st = assert_make(a, t->r->arena, err)) == STATUS_INVALID) {
		st = drop(t, err, arena_printf(t->r->arena, "%s: %s", a->name,
		    err->text).p, SLICE_NONE);
		error_clear(err);
	}
	if (st != STATUS_OK || t->dropped || a->row->how != ASSERT_SERVICE)
		return st;
	st = service_provider(t->r, j, json_get_value(j, object, "provider"),
	    t->where, a, &a->judge, &taken, err);
	t->dropped |= !taken;
	return st;
}

#define TEMPLATES	"#/assertionTemplates/"

/* What {"$ref": "#/assertionTemplates/NAME"} stands for; JSON_NONE: nothing. */
static uint32_t
template_of(struct test *t, const struct json *j, uint32_t object)
{
	const char *ref = suite_text(t->r, j, object, "$ref");
	const struct json *config = t->r->config;
	uint32_t all;

	if (ref == NULL || config == NULL || strncmp(ref, TEMPLATES,
	    strlen(TEMPLATES)) != 0)
		return JSON_NONE;
	all = json_get_value(config, 0, "assertionTemplates");
	return all == JSON_NONE || json_kind(config, all) != TOKEN_OBJECT ?
	    JSON_NONE : json_get_value(config, all, ref + strlen(TEMPLATES));
}

static enum status
asserts_read(struct test *t, const struct json *j, uint32_t list,
    struct assertion *v, size_t *n, int depth, struct error *err)
{
	enum status st = STATUS_OK;
	const struct json *from;
	uint32_t i, one;

	for (i = json_first(j, list); i != JSON_NONE && st == STATUS_OK &&
	    !t->dropped; i = json_next(j, list, i)) {
		from = j;
		one = i;
		if (json_kind(j, i) == TOKEN_OBJECT &&
		    json_get_value(j, i, "$ref") != JSON_NONE) {
			from = t->r->config;
			if ((one = template_of(t, j, i)) == JSON_NONE)
				return drop(t, err, "no such template: ",
				    json_raw(j, i));
		}
		if (json_kind(from, one) != TOKEN_OBJECT)
			return drop(t, err, "an assertion is no object: ",
			    json_raw(from, one));
		st = assertion_read(t, from, one, &v[(*n)++], depth, err);
	}
	return st;
}

/* The list "assert" of an object, or JSON_NONE. */
static uint32_t
asserts_of(const struct json *j, uint32_t object)
{
	uint32_t t = j == NULL ? JSON_NONE : json_get_value(j, object, "assert");

	return t != JSON_NONE && json_kind(j, t) == TOKEN_ARRAY ? t : JSON_NONE;
}

/* Those of all tests, then its own. */
static enum status
case_asserts(struct test *t, struct suite_case *c, struct error *err)
{
	const struct test_defaults *d = &t->r->defaults;
	uint32_t first = asserts_of(d->json, d->object);
	uint32_t own = asserts_of(t->j, t->object);
	struct assertion *v;
	size_t n = 0, room = 0;
	enum status st = STATUS_OK;

	if (first != JSON_NONE)
		room += d->json->tok[first].count;
	if (own != JSON_NONE)
		room += t->j->tok[own].count;
	if (room > ASSERTS_MAX)
		return error_set(err, STATUS_LIMIT, "%s: more than %d assertions",
		    t->where, ASSERTS_MAX);
	if ((v = arena_zalloc(t->r->arena, (room + 1) * sizeof(*v))) == NULL)
		return error_nomem(err);
	if (first != JSON_NONE)
		st = asserts_read(t, d->json, first, v, &n, 0, err);
	if (st == STATUS_OK && own != JSON_NONE)
		st = asserts_read(t, t->j, own, v, &n, 0, err);
	c->asserts = v;
	c->nasserts = n;
	return st;
}

static enum status
options_read(struct test *t, const struct json *j, uint32_t object,
    struct suite_case *c, bool *lists, struct error *err)
{
	static const char *const names[] = { "prefix", "suffix", "provider",
	    "disableVarExpansion", NULL };
	uint32_t o = json_get_value(j, object, "options"), p;
	struct slice odd;
	const char *text;
	enum status st = STATUS_OK;
	bool taken;

	if (o == JSON_NONE || json_kind(j, o) != TOKEN_OBJECT)
		return STATUS_OK;
	if ((odd = odd_name(j, o, names)).p != NULL)
		return drop(t, err, "an option that is not known: ", odd);
	if ((text = suite_text(t->r, j, o, "prefix")) != NULL)
		c->prefix = text;
	if ((text = suite_text(t->r, j, o, "suffix")) != NULL)
		c->suffix = text;
	p = json_get_value(j, o, "disableVarExpansion");
	if (p != JSON_NONE)
		*lists = json_kind(j, p) != TOKEN_TRUE;
	if ((p = provider_of(j, o)) != JSON_NONE) {
		st = judge_read(t, j, p, &t->judge, &taken, err);
		t->has_judge = taken;
	}
	return st;
}

/* One case for each combination. */
static enum status
cases_make(struct test *t, struct suite_case *c, struct error *err)
{
	const char *id = c->id;
	enum status st;
	int n = 0;

	do {
		if (++n > COMBINATIONS_MAX)
			return error_set(err, STATUS_LIMIT, "%s: more than %d "
			    "combinations of lists", t->where, COMBINATIONS_MAX);
		if ((st = variables_fill(t, &c->vars, err)) != STATUS_OK ||
		    (st = case_asserts(t, c, err)) != STATUS_OK || t->dropped) {
			for (; c->nasserts > 0; c->nasserts--)
				assert_release(&c->asserts[c->nasserts - 1]);
			return st;
		}
		c->id = id != NULL && n > 1 ? arena_printf(t->r->arena,
		    "%s (%d)", id, n).p : id;
		if ((st = suite_case_add(t->r, c, err)) != STATUS_OK)
			return error_prefix(err, "%s", t->where);
	} while (variables_next(t));
	return STATUS_OK;
}

/* Two tests may be described alike. */
static const char *
test_id(struct test *t)
{
	const char *base = suite_text(t->r, t->j, t->object, "description");
	const char *id = base;
	uint32_t ignored;
	int n;

	for (n = 2; id != NULL && titles_find(&t->r->ids, 0, slice_of(id),
	    &ignored); n++)
		id = arena_printf(t->r->arena, "%s#%d", base, n).p;
	return id;
}

static enum status
test_parts(struct test *t, struct suite_case *c, struct error *err)
{
	static const char *const names[] = { "description", "vars", "assert",
	    "threshold", "options", "metadata", "providerOutput", "expect",
	    NULL };
	const struct test_defaults *d = &t->r->defaults;
	struct slice odd = odd_name(t->j, t->object, names);
	uint32_t out = json_get_value(t->j, t->object, "providerOutput");
	bool lists = true;
	enum status st;

	if (odd.p != NULL)
		return drop(t, err, "not known of a test: ", odd);
	if (d->json != NULL) {
		c->threshold = number(d->json, d->object, "threshold", NAN);
		if ((st = options_read(t, d->json, d->object, c, &lists,
		    err)) != STATUS_OK)
			return st;
	}
	if ((st = options_read(t, t->j, t->object, c, &lists, err)) !=
	    STATUS_OK)
		return st;
	if (d->json != NULL && (st = variables_read(t, d->json, d->object,
	    d->file, lists, err)) != STATUS_OK)
		return st;
	if ((st = variables_read(t, t->j, t->object, t->file, lists, err)) !=
	    STATUS_OK)
		return st;
	c->threshold = number(t->j, t->object, "threshold", c->threshold);
	c->metadata = suite_raw(t->j, t->object, "metadata");
	c->expect = suite_raw(t->j, t->object, "expect");
	if (out != JSON_NONE)
		c->output = json_kind(t->j, out) == TOKEN_STRING ? json_text(
		    t->j, out, t->r->arena) : json_raw(t->j, out);
	return STATUS_OK;
}

/* What is kept of the test's own text outlives it. */
static bool
keep(struct arena *a, struct slice *s)
{
	if (s->p != NULL)
		s->p = arena_str(a, *s);
	return s->n == 0 || s->p != NULL;
}

enum status
test_read(struct suite_reading *r, const struct json *j, uint32_t object,
    const char *where, const char *file, int line, struct error *err)
{
	struct suite_case c = { .line = line, .threshold = NAN };
	struct test *t = calloc(1, sizeof(*t));
	enum status st;

	if (t == NULL)
		return error_nomem(err);
	t->r = r;
	t->j = j;
	t->object = object;
	t->where = where;
	t->file = file;
	c.id = test_id(t);
	st = test_parts(t, &c, err);
	if (st == STATUS_OK && (!keep(r->arena, &c.metadata) ||
	    !keep(r->arena, &c.expect) || !keep(r->arena, &c.output)))
		st = error_nomem(err);
	if (st == STATUS_OK && !t->dropped)
		st = cases_make(t, &c, err);
	if (st == STATUS_OK && t->dropped)
		r->suite->dropped++;
	json_release(&t->filled);
	free(t);
	return st;
}
