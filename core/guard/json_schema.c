/* Guard kind "json-schema": an output that is the JSON that a schema asks for. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/arena.h"
#include "core/base/utf8.h"
#include "core/guard/guard.h"
#include "core/guard/json_find.h"
#include "core/json/value.h"
#include "core/schema/asks.h"
#include "core/schema/compile.h"
#include "core/schema/schema.h"
#include "core/schema/validate.h"

extern const struct guard_kind guard_json_schema;

#define TEXT_DEPTH	128	/* of an output's JSON */
#define TOKENS_KEPT	(1u << 18)	/* between two runs of a thread */

#define SCHEMA_DEPTH	256	/* of a schema's, while its wrapper is looked for */

struct checker {
	struct schema	*schema;
	bool		 extract;
	bool		 on_record;
	char		 doubt[512];	/* empty: none */
};

/* What a thread parses into, kept from run to run. */
struct schema_worker {
	struct json	json;
	struct arena	arena;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool have_key;

static void
worker_free(void *p)
{
	struct schema_worker *w = p;

	json_release(&w->json);
	arena_release(&w->arena);
	free(w);
}

static void
key_make(void)
{
	have_key = pthread_key_create(&key, worker_free) == 0;
}

static struct schema_worker *
worker_get(void)
{
	struct schema_worker *w;

	if (pthread_once(&once, key_make) != 0 || !have_key)
		return NULL;
	if ((w = pthread_getspecific(key)) == NULL) {
		if ((w = calloc(1, sizeof(*w))) != NULL &&
		    pthread_setspecific(key, w) != 0) {
			free(w);
			w = NULL;
		}
	}
	if (w != NULL)
		arena_reset(&w->arena);
	return w;
}

/* A large text's memory does not stay. */
static void
worker_done(struct schema_worker *w)
{
	if (w->json.cap <= TOKENS_KEPT)
		return;
	json_release(&w->json);
	w->json = (struct json)JSON_INIT;
	arena_release(&w->arena);
}

struct remotes {
	const char			*base;
	const struct option_value	*files;
};

/* The file of the folder that a URI under remotes_base names. */
static struct slice
remote(void *arg, const char *uri)
{
	const struct remotes *r = arg;
	size_t n = strlen(r->base);

	if (strncmp(uri, r->base, n) == 0) {
		uri += n;
		uri += *uri == '/';
	}
	for (size_t i = 0; i < r->files->nfiles; i++) {
		if (strcmp(r->files->files[i].path, uri) == 0)
			return r->files->files[i].bytes;
	}
	return SLICE_NONE;
}

/* A schema among the remotes is known by its file, not by its URL. */
static void
name_remote(const struct remotes *r, const char *dir, struct error *err)
{
	size_t n = strlen(r->base), len, i;
	struct error why = *err;
	const char *rest = why.text + n;

	if (n == 0 || strncmp(why.text, r->base, n) != 0)
		return;
	rest += *rest == '/';
	for (i = 0; i < r->files->nfiles; i++) {
		len = strlen(r->files->files[i].path);
		if (strncmp(rest, r->files->files[i].path, len) == 0 &&
		    (rest[len] == '#' || rest[len] == ':')) {
			error_clear(err);
			(void)error_set(err, why.code, "%s/%s", dir, rest);
		}
	}
}

/* Are these all names that a wrapper has? */
static bool
is_wrapper(const struct json *j)
{
	static const char *const names[] = {
		"\"name\"", "\"strict\"", "\"schema\"", "\"description\"",
		"\"type\"", "\"json_schema\""
	};
	uint32_t t, type = json_get(j, 0, "type");
	size_t i;

	for (t = json_first(j, 0); t != JSON_NONE; t = json_next(j, 0, t)) {
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (slice_is(json_raw(j, t), names[i]))
				break;
		if (i == sizeof(names) / sizeof(names[0]))
			return false;
	}
	return type == JSON_NONE ? json_get(j, 0, "name") != JSON_NONE ||
	    json_get(j, 0, "strict") != JSON_NONE :
	    slice_is(json_raw(j, type), "\"json_schema\"");
}

/*
 * What OpenAI's {"name","strict","schema"} holds, within {"type":"json_schema",
 * "json_schema":...} too; any other text as it is.
 */
static struct slice
unwrap(struct slice text)
{
	struct json j = JSON_INIT;
	struct json_error why;
	struct slice inner = text;
	uint32_t t;

	do {
		text = inner;
		if (json_parse(&j, text, SCHEMA_DEPTH, JSON_NUL_ALLOWED,
		    &why) != STATUS_OK || json_kind(&j, 0) != TOKEN_OBJECT ||
		    !is_wrapper(&j))
			break;
		if ((t = json_get(&j, 0, "schema")) == JSON_NONE)
			t = json_get(&j, 0, "json_schema");
		if (t != JSON_NONE && json_kind(&j, t) == TOKEN_OBJECT)
			inner = json_raw(&j, t);
	} while (inner.p != text.p);
	json_release(&j);
	return text;
}

/* Where the schema may be that was meant. */
static void
doubt_set(struct checker *k, const char *path, struct slice text)
{
	static const char *const names[] = {
		"parameters", "input_schema", "inputSchema", "function",
		"json_schema", "schema"
	};
	struct json j = JSON_INIT;
	struct json_error why;
	const char *found = NULL;
	size_t i;

	if (json_parse(&j, text, SCHEMA_DEPTH, JSON_NUL_ALLOWED, &why) ==
	    STATUS_OK && json_kind(&j, 0) == TOKEN_OBJECT)
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (found == NULL &&
			    json_get(&j, 0, names[i]) != JSON_NONE)
				found = names[i];
	json_release(&j);
	(void)snprintf(k->doubt, sizeof(k->doubt), "schema: %.300s: no JSON can "
	    "fail it, since no keyword of JSON Schema in it asks for anything"
	    "%s%s%s", path, found == NULL ? "" : " (is the schema in \"",
	    found == NULL ? "" : found, found == NULL ? "" : "\"?)");
}

static const char *
checker_doubt(const void *compiled)
{
	const struct checker *k = compiled;

	return *k->doubt == '\0' ? NULL : k->doubt;
}

static enum status
checker_compile(const struct guard_config *c, void **out, struct error *err)
{
	const struct option_value *file = guard_option(c, "schema");
	const struct option_value *draft = guard_option(c, "draft");
	const struct option_value *base = guard_option(c, "remotes_base");
	struct remotes remotes = { base->set ? base->string : "",
	    guard_option(c, "remotes") };
	struct schema_options options = { SCHEMA_2020_12,
	    guard_option(c, "format")->number > 0, remote, &remotes };
	struct slice text;
	struct checker *k;
	enum status st;

	if (!file->set || file->nfiles != 1)
		return error_set(err, STATUS_INVALID, "schema is needed");
	if (draft->set)		/* the choices are in the enum's order */
		options.draft = (enum schema_draft)(int)draft->number;
	if ((k = calloc(1, sizeof(*k))) == NULL)
		return error_nomem(err);
	k->extract = guard_option(c, "extract")->number > 0;
	k->on_record = c->on_record;
	text = unwrap(file->files[0].bytes);
	st = schema_compile(&k->schema, text, &options, err);
	if (st != STATUS_OK) {
		free(k);
		name_remote(&remotes, remotes.files->string, err);
		return error_prefix(err, text.p == file->files[0].bytes.p ?
		    "%s" : "%s: the schema in it", file->files[0].path);
	}
	if (!schema_asks(k->schema))
		doubt_set(k, file->files[0].path, text);
	*out = k;
	return STATUS_OK;
}

static void
checker_free(void *compiled)
{
	struct checker *k = compiled;

	if (k == NULL)
		return;
	schema_free(k->schema);
	free(k);
}

struct failures {
	struct guard_run	*run;
	const struct json	*json;
	size_t			 base;	/* of the JSON in the text */
	bool			 on_record;
};

/* The place in the record, of what is not there too; its span is the whole of it. */
static enum status
record_place(struct failures *s, const struct schema_failure *f,
    struct finding *found, struct error *err)
{
	const struct json_token *t = &s->json->tok[f->token];
	struct buf b = BUF_INIT;
	enum status st;
	size_t i;

	buf_add_slice(&b, f->pointer);
	if (f->missing.p != NULL)
		buf_putc(&b, '/');
	for (i = 0; i < f->missing.n; i++)
		if (f->missing.p[i] == '~' || f->missing.p[i] == '/')
			buf_puts(&b, f->missing.p[i] == '~' ? "~0" : "~1");
		else
			buf_putc(&b, f->missing.p[i]);
	found->start = 0;
	found->end = f->missing.p != NULL ? 0 : (uint32_t)utf8_count(
	    s->json->text + t->start, t->end - t->start);
	if ((st = buf_check(&b, err)) == STATUS_OK) {
		found->on = (struct slice){ arena_str(s->run->arena,
		    buf_slice(&b)), b.n };
		if (found->on.p == NULL)
			st = error_nomem(err);
	}
	buf_release(&b);
	return st;
}

static enum status
failure(void *arg, const struct schema_failure *f, struct error *err)
{
	struct failures *s = arg;
	const struct json_token *t = &s->json->tok[f->token];
	struct finding *found;

	found = finding_add(s->run, f->keyword, s->base + t->start,
	    s->base + t->end, "%.*s%s%.*s", SLICE_ARG(f->pointer),
	    f->pointer.n > 0 ? ": " : "", SLICE_ARG(f->message));
	if (found == NULL)
		return finding_stop(s->run, err);
	return s->on_record ? record_place(s, f, found, err) : STATUS_OK;
}

static enum status
add(struct guard_run *r, const char *kind, size_t start, size_t end,
    const char *what, struct error *err)
{
	if (finding_add(r, kind, start, end, "%s", what) == NULL)
		return finding_stop(r, err);
	return STATUS_OK;
}

static enum status
not_json(struct guard_run *r, struct slice text, size_t base,
    const struct json_error *why, struct error *err)
{
	size_t at = base + why->offset, end = base + text.n;

	if (json_cut_off(text, why)) {
		if (finding_add(r, "cut-off", base, end,
		    "the JSON is cut off at byte %zu", end) == NULL)
			return finding_stop(r, err);
		return STATUS_OK;
	}
	/* From the byte on: an empty span would mark nothing. */
	if (at < end)
		end = at + 1;
	while (end < r->text.n && utf8_is_tail(r->text.p[end]))
		end++;
	if (finding_add(r, strcmp(why->reason, "duplicate key") == 0 ?
	    "duplicate-key" : "not-json", at, end, "byte %zu: %s", at,
	    why->reason) == NULL)
		return finding_stop(r, err);
	return STATUS_OK;
}

static enum status
check(const struct checker *k, struct guard_run *r, struct slice text,
    size_t base, struct schema_worker *w, struct error *err)
{
	struct json_error why = { 0, "" };
	struct failures f = { r, &w->json, base, k->on_record };
	enum status st;
	bool valid;

	st = json_parse(&w->json, text, TEXT_DEPTH, JSON_NUL_ALLOWED, &why);
	if (st == STATUS_NOMEM)
		return error_nomem(err);
	if (st != STATUS_OK)
		return not_json(r, text, base, &why, err);
	return schema_validate(k->schema, &w->json, &w->arena, failure, &f,
	    &valid, err);
}

static enum status
checker_run(const void *compiled, struct guard_run *r, struct error *err)
{
	const struct checker *k = compiled;
	struct schema_worker *w = worker_get();
	struct slice text = r->text;
	struct json_found found;
	enum status st = STATUS_OK;

	if (w == NULL)
		return error_nomem(err);
	if (k->extract && r->is_string) {
		st = json_find(text, &w->json, &found);
		if (st != STATUS_OK)
			return error_nomem(err);
		if (found.n != 1) {
			worker_done(w);
			return found.n == 0 ? add(r, "not-json", 0, text.n,
			    "there is no JSON in the text", err) :
			    add(r, "several", found.second.start,
			    found.second.end, "a second JSON value; the text "
			    "may hold one", err);
		}
		text = (struct slice){ text.p + found.first.start,
		    found.first.end - found.first.start };
	}
	st = check(k, r, text, (size_t)(text.p - r->text.p), w, err);
	worker_done(w);
	return st;
}

static const struct option_row checker_options[] = {
	{ "schema", OPTION_FILE, NULL, true },
	{ "draft", OPTION_CHOICE, "4|6|7|2019-09|2020-12", false },
	{ "remotes", OPTION_DIR, NULL, false },
	{ "remotes_base", OPTION_STRING, NULL, false },
	{ "format", OPTION_BOOL, NULL, false },
	{ "extract", OPTION_BOOL, NULL, false },
	{ NULL, OPTION_STRING, NULL, false }
};

const struct guard_kind guard_json_schema = {
	.name = "json-schema",
	.options = checker_options,
	.severity = SEVERITY_MEDIUM,
	.cost = 20,
	.leaves = READS_JOINED,
	.records = true,
	.compile = checker_compile,
	.run = checker_run,
	.doubt = checker_doubt,
	.free = checker_free
};
