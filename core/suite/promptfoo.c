#include "core/suite/promptfoo.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/utf8.h"
#include "core/json/value.h"
#include "core/suite/cases.h"
#include "core/suite/provider.h"
#include "core/suite/test.h"
#include "core/suite/yaml.h"

#define NAME_MAX_BYTES	60	/* of a prompt without a label */
#define PROMPTS_BREAK	"\n---\n"	/* between several in one file */

struct config {
	struct suite_reading *r;
	const char	*path;		/* as the suite names it */
	struct json	 json;
};

/* A text that is a JSON list, or an object with messages, is a chat. */
static bool
looks_chat(struct slice s)
{
	struct json j = JSON_INIT;
	struct json_error why;
	bool is = false;

	if (json_parse(&j, s, JSON_DEPTH_MAX, 0, &why) == STATUS_OK)
		is = json_kind(&j, 0) == TOKEN_ARRAY;
	json_release(&j);
	return is;
}

static enum status
prompt_add(struct config *c, const char *name, struct slice text,
    struct error *err)
{
	struct suite_prompt p = { .name = name, .text = text,
	    .chat = looks_chat(text) };
	size_t n = 0;

	if (p.name == NULL) {
		while (n < text.n && text.p[n] != '\n')
			n++;
		p.name = arena_str(c->r->arena, utf8_clip((struct slice){
		    text.p, n }, NAME_MAX_BYTES));
	}
	return p.name == NULL ? error_nomem(err) :
	    suite_prompt_add(c->r, &p, err);
}

/* The prompts of a file: a chat as JSON, or texts with --- between them. */
static enum status
prompt_file(struct config *c, const char *label, struct slice name,
    struct error *err)
{
	struct slice json = SLICE_NONE, text;
	struct json j = JSON_INIT;
	struct json_error why;
	const char *end;
	enum status st;
	bool taken;
	size_t n;

	if ((st = test_file(c->r, c->path, name, &json, &taken, err)) !=
	    STATUS_OK)
		return st;
	if (!taken)
		return suite_skip(c->r, err, "prompt %.*s: a pattern or code "
		    "makes it", SLICE_ARG(name));
	if (label == NULL && (label = arena_str(c->r->arena, name)) == NULL)
		return error_nomem(err);
	if (json_parse(&j, json, JSON_DEPTH_MAX, 0, &why) != STATUS_OK)
		st = error_set(err, STATUS_INVALID, "%s", why.reason);
	else if (json_kind(&j, 0) != TOKEN_STRING)
		st = prompt_add(c, label, json, err);
	else if ((text = json_text(&j, 0, c->r->arena)).p == NULL)
		st = error_nomem(err);
	else for (;;) {
		end = memmem(text.p, text.n, PROMPTS_BREAK, 5);
		n = end == NULL ? text.n : (size_t)(end - text.p);
		st = prompt_add(c, end == NULL && n == text.n ? label : NULL,
		    (struct slice){ arena_str(c->r->arena, (struct slice){
		    text.p, n }), n },
		    err);
		if (st != STATUS_OK || end == NULL)
			break;
		text = (struct slice){ end + 5, text.n - n - 5 };
	}
	json_release(&j);
	return st;
}

static enum status
prompt_read(struct config *c, uint32_t t, struct error *err)
{
	const struct json *j = &c->json;
	const char *label = NULL, *raw;
	struct slice text;

	if (json_kind(j, t) == TOKEN_OBJECT) {
		label = suite_text(c->r, j, t, "label");
		if ((raw = suite_text(c->r, j, t, "raw")) == NULL)
			raw = suite_text(c->r, j, t, "id");
		if (raw == NULL)
			return suite_skip(c->r, err, "prompts: one has neither "
			    "raw nor id");
		text = slice_of(raw);
	} else if (json_kind(j, t) == TOKEN_STRING)
		text = json_text(j, t, c->r->arena);
	else
		return suite_skip(c->r, err, "prompts: one is no text");
	if (text.p == NULL)
		return error_nomem(err);
	if (text.n > 7 && memcmp(text.p, "file://", 7) == 0)
		return prompt_file(c, label, text, err);
	return prompt_add(c, label, text, err);
}

static enum status
prompts_read(struct config *c, struct error *err)
{
	uint32_t list = json_get_value(&c->json, 0, "prompts"), t;
	enum status st = STATUS_OK;

	if (list == JSON_NONE)
		return STATUS_OK;
	if (json_kind(&c->json, list) != TOKEN_ARRAY)
		return prompt_read(c, list, err);
	for (t = json_first(&c->json, list); t != JSON_NONE && st == STATUS_OK;
	    t = json_next(&c->json, list, t))
		st = prompt_read(c, t, err);
	return st;
}

static enum status
providers_read(struct config *c, struct error *err)
{
	uint32_t list = json_get_value(&c->json, 0, "providers"), t;
	enum status st = STATUS_OK;
	bool taken;
	size_t n;

	if (list == JSON_NONE)
		list = json_get_value(&c->json, 0, "targets");
	if (list == JSON_NONE)
		return STATUS_OK;
	if (json_kind(&c->json, list) != TOKEN_ARRAY)
		return provider_read(c->r, &c->json, list, "providers", &n,
		    &taken, err);
	for (t = json_first(&c->json, list); t != JSON_NONE && st == STATUS_OK;
	    t = json_next(&c->json, list, t))
		st = provider_read(c->r, &c->json, t, "providers", &n, &taken,
		    err);
	return st;
}

/* What is named here changes what a test means. */
static enum status
names_check(struct config *c, struct error *err)
{
	static const char *const names[] = { "$schema", "description",
	    "prompts", "providers", "targets", "tests", "defaultTest",
	    "evaluateOptions", "commandLineOptions", "outputPath", "sharing",
	    "tags", "metadata", "env", "assertionTemplates" };
	const struct json *j = &c->json;
	enum status st = STATUS_OK;
	uint32_t m;
	size_t i;

	for (m = json_first(j, 0); m != JSON_NONE && st == STATUS_OK;
	    m = json_next(j, 0, m)) {
		for (i = 0; i < sizeof(names) / sizeof(names[0]) &&
		    !json_string_is(j, m, names[i]);)
			i++;
		if (i == sizeof(names) / sizeof(names[0]))
			st = suite_skip(c->r, err, "%.*s: not known of a "
			    "config", SLICE_ARG(json_raw(j, m)));
	}
	return st;
}

static enum status
tests_element(struct config *c, uint32_t t, int n, struct error *err)
{
	const struct json *j = &c->json;
	struct slice name;
	const char *path;
	char where[64];

	(void)snprintf(where, sizeof(where), "test %d", n);
	if (json_kind(j, t) == TOKEN_OBJECT)
		return test_read(c->r, j, t, where, c->path, 0, err);
	if (json_kind(j, t) != TOKEN_STRING)
		return error_set(err, STATUS_INVALID, "%s is no object", where);
	if ((name = json_text(j, t, c->r->arena)).p == NULL)
		return error_nomem(err);
	if (name.n > 7 && memcmp(name.p, "file://", 7) == 0)
		name = (struct slice){ name.p + 7, name.n - 7 };
	if (memmem(name.p, name.n, "://", 3) != NULL ||
	    memchr(name.p, '*', name.n) != NULL || memmem(name.p, name.n,
	    ".py", 3) != NULL || memmem(name.p, name.n, ".js:", 4) != NULL)
		return suite_skip(c->r, err, "tests: %.*s: only one file by "
		    "its name is read", SLICE_ARG(name));
	path = arena_str(c->r->arena, name);
	return path == NULL ? error_nomem(err) :
	    cases_load(c->r, c->path, path, err);
}

static enum status
tests_read(struct config *c, struct error *err)
{
	uint32_t list = json_get_value(&c->json, 0, "tests"), t;
	enum status st = STATUS_OK;
	int n = 0;

	if (list == JSON_NONE)
		return STATUS_OK;
	if (json_kind(&c->json, list) != TOKEN_ARRAY)
		return tests_element(c, list, 1, err);
	for (t = json_first(&c->json, list); t != JSON_NONE && st == STATUS_OK;
	    t = json_next(&c->json, list, t))
		st = tests_element(c, t, ++n, err);
	return st;
}

static enum status
defaults_read(struct config *c, struct error *err)
{
	uint32_t d = json_get_value(&c->json, 0, "defaultTest");

	if (d == JSON_NONE)
		return STATUS_OK;
	if (json_kind(&c->json, d) != TOKEN_OBJECT)
		return suite_skip(c->r, err, "defaultTest: it is no object");
	c->r->defaults = (struct test_defaults){ &c->json, d, c->path };
	return STATUS_OK;
}

static void
repeat_read(struct config *c)
{
	uint32_t o = json_get_value(&c->json, 0, "evaluateOptions");
	uint32_t t = o == JSON_NONE || json_kind(&c->json, o) != TOKEN_OBJECT ?
	    JSON_NONE : json_get_value(&c->json, o, "repeat");
	int64_t n;

	if (t != JSON_NONE && json_kind(&c->json, t) == TOKEN_NUMBER &&
	    json_int64(&c->json, t, &n) && n > 0 && n <= SUITE_REPEAT_MAX)
		c->r->suite->repeat = (int)n;
}

/* Who judges where nobody is named. */
static enum status
grader_read(struct config *c, struct error *err)
{
	struct json j = JSON_INIT;
	struct json_error why;
	struct slice quoted;
	enum status st;
	bool taken = true;

	if (c->r->grader == NULL)
		return STATUS_OK;
	quoted = suite_quote(c->r, slice_of(c->r->grader));
	if (quoted.p == NULL)
		return error_nomem(err);
	st = json_parse(&j, quoted, 1, JSON_NUL_ALLOWED, &why) != STATUS_OK ?
	    error_set(err, STATUS_INVALID, "--grader: %s", why.reason) :
	    provider_read(c->r, &j, 0, "--grader", &c->r->judge, &taken, err);
	json_release(&j);
	return st == STATUS_OK && !taken ? error_set(err, STATUS_INVALID,
	    "--grader %s: cannot be asked from here: openai:MODEL can",
	    c->r->grader) : st;
}

static enum status
config_parts(struct config *c, struct error *err)
{
	enum status st;

	if (json_kind(&c->json, 0) != TOKEN_OBJECT)
		return error_set(err, STATUS_INVALID, "a config is an object");
	c->r->config = &c->json;
	c->r->suite->name = suite_text(c->r, &c->json, 0, "description");
	repeat_read(c);
	if ((st = names_check(c, err)) != STATUS_OK ||
	    (st = prompts_read(c, err)) != STATUS_OK ||
	    (st = providers_read(c, err)) != STATUS_OK)
		return st;
	/* Those that come from here on only judge. */
	c->r->suite->nvariants = c->r->nendpoints;
	if ((st = grader_read(c, err)) != STATUS_OK || (st = defaults_read(c, err)) != STATUS_OK)
		return st;
	return tests_read(c, err);
}

enum status
promptfoo_read(struct suite_reading *r, const struct policy_file *f,
    struct error *err)
{
	struct config c = { .r = r, .path = f->path };
	struct buf b = BUF_INIT;
	struct json_error why;
	struct slice text;
	enum status st;

	if ((st = yaml_to_json(f->bytes, &b, err)) == STATUS_OK) {
		/* Texts without escapes are used where they stand. */
		text = (struct slice){ arena_copy(r->arena, b.p, b.n), b.n };
		if (text.p == NULL)
			st = error_nomem(err);
		else if (json_parse(&c.json, text, JSON_DEPTH_MAX, 0, &why) !=
		    STATUS_OK)
			st = error_set(err, STATUS_INVALID, "%s", why.reason);
	}
	if (st == STATUS_OK)
		st = config_parts(&c, err);
	if (st != STATUS_OK)
		(void)error_prefix(err, "%s", load_shown(&r->load, f->path));
	r->defaults.json = NULL;
	r->config = NULL;
	json_release(&c.json);
	buf_release(&b);
	return st;
}
