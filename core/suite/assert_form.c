/* Assertions about what form an output has. */
#include <math.h>
#include <stdlib.h>

#include "core/base/arena.h"
#include "core/guard/format_text.h"
#include "core/guard/format_xml.h"
#include "core/guard/guard.h"
#include "core/json/value.h"
#include "core/schema/compile.h"
#include "core/schema/validate.h"
#include "core/suite/assert_kinds.h"
#include "core/suite/yaml.h"

#define OUTPUT_DEPTH	128
#define TRIES_MAX	200	/* places where a part may begin */

static void
says(struct assert_verdict *v, bool pass)
{
	v->pass = pass;
	v->score = pass;
}

/* The value is a schema: an object, true or false, or such a thing in a text. */
static enum status
make_schema(struct assertion *a, struct error *err)
{
	const struct schema_options o = { .draft = SCHEMA_DRAFT_7 };
	struct schema *s = NULL;
	struct buf json = BUF_INIT;
	enum status st = STATUS_OK;

	if (a->value.p == NULL || a->text.n == 0)
		return STATUS_OK;
	if (strchr("{tf", a->value.p[0]) != NULL)
		buf_add_slice(&json, a->value);
	else
		st = yaml_to_json(a->text, &json, err);
	if (st == STATUS_OK && (st = buf_check(&json, err)) == STATUS_OK)
		st = schema_compile(&s, buf_slice(&json), &o, err);
	buf_release(&json);
	a->made = s;
	return st;
}

static void
release_schema(void *made)
{
	schema_free(made);
}

/* Keeps the first failure. */
static enum status
schema_why(void *arg, const struct schema_failure *f, struct error *err)
{
	struct slice *why = arg;

	(void)err;
	if (why->p == NULL)
		*why = f->message;
	return STATUS_OK;
}

static enum status
schema_holds(const struct assertion *a, const struct assert_subject *s,
    const struct json *j, bool *holds, struct slice *why, struct error *err)
{
	*holds = true;
	return a->made == NULL ? STATUS_OK : schema_validate(a->made, j,
	    s->arena, schema_why, why, holds, err);
}

static enum status
run_is_json(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	struct slice why = SLICE_NONE;
	struct json j = JSON_INIT;
	struct json_error bad;
	bool holds = false;
	enum status st;

	st = json_parse(&j, s->output, OUTPUT_DEPTH,
	    JSON_NUL_ALLOWED | JSON_LENIENT, &bad);
	if (st == STATUS_OK)
		st = schema_holds(a, s, &j, &holds, &why, err);
	else if (st == STATUS_INVALID)
		st = assert_miss(v, s, err, "byte %zu: %s", bad.offset,
		    bad.reason);
	else
		st = error_nomem(err);
	if (st == STATUS_OK && why.p != NULL)
		st = assert_miss(v, s, err, "%.*s", SLICE_ARG(why));
	says(v, holds);
	json_release(&j);
	return st;
}

/* From a brace to the one that closes it, past strings; 0: none does. */
static size_t
object_length(struct slice s)
{
	size_t i, depth = 0;
	char quote = '\0';

	for (i = 0; i < s.n; i++) {
		if (quote != '\0') {
			if (s.p[i] == '\\')
				i++;
			else if (s.p[i] == quote)
				quote = '\0';
		} else if (s.p[i] == '"')
			quote = s.p[i];
		else if (s.p[i] == '{')
			depth++;
		else if (s.p[i] == '}' && --depth == 0)
			return i + 1;
	}
	return 0;
}

/* An object, if need be as loosely written as YAML allows. */
static enum status
object_read(struct slice s, struct json *j, struct buf *loose, bool *is,
    struct error *err)
{
	struct error ignored = { 0 };
	struct json_error bad;
	enum status st;

	st = json_parse(j, s, OUTPUT_DEPTH, JSON_NUL_ALLOWED | JSON_LENIENT,
	    &bad);
	if (st == STATUS_INVALID) {
		buf_clear(loose);
		st = yaml_to_json(s, loose, &ignored);
		if (st == STATUS_OK)
			st = json_parse(j, buf_slice(loose), OUTPUT_DEPTH,
			    JSON_NUL_ALLOWED | JSON_LENIENT, &bad);
	}
	*is = st == STATUS_OK && json_kind(j, 0) == TOKEN_OBJECT;
	return st == STATUS_NOMEM ? error_nomem(err) : STATUS_OK;
}

static enum status
run_contains_json(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	struct slice rest = s->output, why = SLICE_NONE;
	struct json j = JSON_INIT;
	struct buf loose = BUF_INIT;
	enum status st = STATUS_OK;
	bool is, holds = false;
	const char *brace;
	size_t n;
	int tries;

	for (tries = 0; st == STATUS_OK && !holds && tries < TRIES_MAX &&
	    rest.n > 0 && (brace = memchr(rest.p, '{', rest.n)) != NULL;
	    tries++) {
		rest = (struct slice){ brace,
		    rest.n - (size_t)(brace - rest.p) };
		is = false;
		if ((n = object_length(rest)) > 0)
			st = object_read((struct slice){ rest.p, n }, &j,
			    &loose, &is, err);
		if (st == STATUS_OK && is)
			st = schema_holds(a, s, &j, &holds, &why, err);
		n = is ? n : 1;
		rest = (struct slice){ rest.p + n, rest.n - n };
	}
	says(v, holds);
	json_release(&j);
	buf_release(&loose);
	if (st != STATUS_OK || holds)
		return st;
	return assert_miss(v, s, err, "%.*s", SLICE_ARG(why.p != NULL ? why :
	    SLICE("the output has no JSON object")));
}

static enum status
run_is_xml(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	struct format_fault f = { 0 };

	(void)a;
	says(v, format_xml(s->output, &f));
	if (f.nomem)
		return error_nomem(err);
	return v->pass ? STATUS_OK : assert_miss(v, s, err, "byte %zu: %s",
	    f.at, f.why == NULL ? "no XML" : f.why);
}

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '-' || c == ':' ||
	    c == '.' || (c & 0x80) != 0;
}

/* Just behind the last "</NAME ...>" of the text, or 0. */
static size_t
element_end(struct slice s, struct slice name)
{
	size_t i, end;

	for (i = s.n; i-- > name.n + 2;)
		if (s.p[i] == '>') {
			for (end = i; end > 0 && s.p[end - 1] == ' '; end--)
				;
			if (end >= name.n + 2 && memcmp(s.p + end - name.n,
			    name.p, name.n) == 0 &&
			    s.p[end - name.n - 1] == '/' &&
			    s.p[end - name.n - 2] == '<')
				return i + 1;
		}
	return 0;
}

static enum status
run_contains_xml(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	struct format_fault f = { 0 };
	struct slice rest = s->output, name;
	const char *open;
	size_t end;
	int tries;

	(void)a;
	for (tries = 0; !v->pass && !f.nomem && tries < TRIES_MAX &&
	    rest.n > 1 && (open = memchr(rest.p, '<', rest.n - 1)) != NULL;
	    tries++) {
		rest = (struct slice){ open, rest.n - (size_t)(open - rest.p) };
		for (name = (struct slice){ rest.p + 1, 0 };
		    name.n + 1 < rest.n && is_name(name.p[name.n]); name.n++)
			;
		end = name.n == 0 ? 0 : element_end(rest, name);
		says(v, end > 0 && format_xml((struct slice){ rest.p, end },
		    &f));
		rest = (struct slice){ rest.p + 1, rest.n - 1 };
	}
	return f.nomem ? error_nomem(err) : STATUS_OK;
}

static enum status
run_is_sql(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	struct format_fault f = { 0 };

	(void)a;
	says(v, format_sql(s->output, &f));
	if (f.nomem)
		return error_nomem(err);
	return v->pass ? STATUS_OK : assert_miss(v, s, err, "byte %zu: %s",
	    f.at, f.why == NULL ? "no SQL" : f.why);
}

static enum status
make_refusal(struct assertion *a, struct error *err)
{
	static const struct option_value none[8];
	const struct guard_config c = { .name = "is-refusal",
	    .kind = guard_kind_find("refusal"), .values = none };

	return c.kind->compile(&c, &a->made, err);
}

static void
release_refusal(void *made)
{
	guard_kind_find("refusal")->free(made);
}

/* Nothing at all counts as one, whichever way it is asked. */
static enum status
run_refusal(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	const struct guard_kind *kind = guard_kind_find("refusal");
	struct findings found = { NULL, 0, 0 };
	struct guard_run run = { .text = s->output, .is_string = true,
	    .item = s->item, .scratch = s->scratch, .arena = s->arena,
	    .out = &found, .guard = a->row->name, .kind = kind };
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < s->output.n && (unsigned char)s->output.p[i] <= ' ';)
		i++;
	if (i < s->output.n)
		st = kind->run(a->made, &run, err);
	says(v, found.n > 0 || i == s->output.n);
	free(found.v);
	return st;
}

/* {"name":TEXT,"arguments":JSON in a text} */
static bool
is_call(const struct json *j, uint32_t f, struct arena *arena)
{
	uint32_t name, arguments;
	struct json inner = JSON_INIT;
	struct json_error why;
	struct slice text;
	bool is = false;

	if (f == JSON_NONE || json_kind(j, f) != TOKEN_OBJECT)
		return false;
	name = json_get_value(j, f, "name");
	arguments = json_get_value(j, f, "arguments");
	if (name == JSON_NONE || json_kind(j, name) != TOKEN_STRING ||
	    arguments == JSON_NONE || json_kind(j, arguments) != TOKEN_STRING)
		return false;
	text = json_text(j, arguments, arena);
	if (text.p != NULL)
		is = json_parse(&inner, text, OUTPUT_DEPTH, JSON_NUL_ALLOWED,
		    &why) == STATUS_OK && json_kind(&inner, 0) == TOKEN_OBJECT;
	json_release(&inner);
	return is;
}

/* The list of calls in an output, also within the message that has it. */
static uint32_t
calls_find(const struct json *j)
{
	if (json_kind(j, 0) == TOKEN_OBJECT)
		return json_get_value(j, 0, "tool_calls");
	return json_kind(j, 0) == TOKEN_ARRAY ? 0 : JSON_NONE;
}

static enum status
run_tool_calls(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	struct json j = JSON_INIT;
	struct json_error why;
	uint32_t list, t;
	bool all = false;

	(void)a;
	(void)err;
	if (json_parse(&j, s->output, OUTPUT_DEPTH, JSON_NUL_ALLOWED, &why) ==
	    STATUS_OK && (list = calls_find(&j)) != JSON_NONE &&
	    json_kind(&j, list) == TOKEN_ARRAY) {
		all = j.tok[list].count > 0;
		for (t = json_first(&j, list); t != JSON_NONE && all;
		    t = json_next(&j, list, t))
			all = json_kind(&j, t) == TOKEN_OBJECT && is_call(&j,
			    json_get_value(&j, t, "function"), s->arena);
	}
	says(v, all);
	json_release(&j);
	return STATUS_OK;
}

static enum status
run_function_call(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	struct json j = JSON_INIT;
	struct json_error why;
	uint32_t f;

	(void)a;
	(void)err;
	if (json_parse(&j, s->output, OUTPUT_DEPTH, JSON_NUL_ALLOWED, &why) ==
	    STATUS_OK && json_kind(&j, 0) == TOKEN_OBJECT) {
		f = json_get_value(&j, 0, "function_call");
		says(v, is_call(&j, f == JSON_NONE ? 0 : f, s->arena));
	}
	json_release(&j);
	return STATUS_OK;
}

const struct assert_row assert_form_rows[] = {
	{ .name = "is-json", .threshold = NAN, .make = make_schema,
	    .run = run_is_json, .release = release_schema },
	{ .name = "contains-json", .threshold = NAN, .make = make_schema,
	    .run = run_contains_json, .release = release_schema },
	{ .name = "is-xml", .threshold = NAN, .run = run_is_xml },
	{ .name = "contains-xml", .threshold = NAN, .run = run_contains_xml },
	{ .name = "is-sql", .threshold = NAN, .run = run_is_sql },
	{ .name = "is-refusal", .threshold = NAN, .make = make_refusal,
	    .run = run_refusal, .release = release_refusal },
	{ .name = "is-valid-openai-tools-call", .threshold = NAN,
	    .run = run_tool_calls },
	{ .name = "is-valid-openai-function-call", .threshold = NAN,
	    .run = run_function_call },
	{ .name = "is-valid-function-call", .threshold = NAN,
	    .run = run_function_call },
	{ .name = NULL }
};
