/*
 * Prompts: JSON of others, and behind a NUL byte variables.
 *
 * It must hold that what is taken has one form, which reads back as the same prompt;
 * that it is exported to either shape and comes back as the same; and that filling in
 * ends in text without a trace of the variables, or names one.
 */
#include <stdlib.h>

#include "core/json/value.h"
#include "core/prompt/bundle.h"
#include "core/prompt/foreign.h"
#include "core/prompt/ref.h"
#include "core/prompt/render.h"
#include "core/prompt/template.h"
#include "tests/fuzz/must.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must_read_back(const struct prompt_body *b, struct arena *arena)
{
	struct prompt_body again;
	struct error err = { 0 };

	MUST(prompt_read(&again, b->bytes, arena, &err) == STATUS_OK);
	MUST(hash_eq(&again.sha256, &b->sha256) && again.chat == b->chat &&
	    again.n == b->n && again.nvariables == b->nvariables);
}

/* Parts put together again are the text. */
static void
must_be_whole(struct slice text)
{
	struct slice rest = text;
	struct template_part part;
	size_t at = 0;

	while (template_next(&rest, &part)) {
		if (part.name.p == NULL) {
			MUST(part.text.p == text.p + at && part.text.n > 0);
			at += part.text.n;
		} else {
			MUST(part.name.n > 0 && part.name.n <= TEMPLATE_NAME_MAX);
			at = (size_t)(rest.p - text.p);
		}
	}
	MUST(at == text.n);
}

static void
must_render(const struct prompt_body *b, const struct json *vars,
    struct arena *arena)
{
	struct prompt_message *m = NULL;
	struct error err = { 0 };
	enum status st = prompt_render(b, vars, false, arena, &m, &err);
	size_t i;

	MUST(st == STATUS_OK || (st == STATUS_LIMIT || st == STATUS_INVALID));
	MUST((st == STATUS_OK) == (err.code == STATUS_OK));
	for (i = 0; st == STATUS_OK && i < b->n; i++) {
		must_be_whole(b->messages[i].content);
		MUST(m[i].content.p != NULL);
		if (b->nvariables == 0)
			MUST(slice_eq(m[i].content, b->messages[i].content));
	}
}

static void
must_come_back(const struct prompt_record *r, enum prompt_format f,
    struct arena *arena)
{
	struct json d = JSON_INIT;
	struct json_error why;
	struct prompt_record again;
	struct error err = { 0 };
	struct buf out = BUF_INIT;

	MUST(prompt_export(&out, r, f, arena, &err) == STATUS_OK);
	MUST(json_parse(&d, buf_slice(&out), JSON_DEPTH_MAX + 4, 0, &why) ==
	    STATUS_OK);
	/* Only MLflow's own check may refuse what the other has. */
	if (prompt_import(&again, &d, 0, f, arena, &err) == STATUS_OK) {
		MUST(hash_eq(&again.body.sha256, &r->body.sha256));
		MUST(slice_eq(again.name, r->name) &&
		    slice_eq(again.note, r->note) &&
		    again.nlabels == r->nlabels);
	} else
		MUST(f == PROMPT_MLFLOW || err.code == STATUS_INVALID);
	buf_release(&out);
	json_release(&d);
}

static void
one_record(const struct json *d, uint32_t t, const struct json *vars,
    struct arena *arena)
{
	struct prompt_record r;
	struct error err = { 0 };
	int f;

	for (f = 0; f < PROMPT_FORMATS; f++) {
		error_clear(&err);
		if (prompt_import(&r, d, t, (enum prompt_format)f, arena, &err) !=
		    STATUS_OK) {
			MUST(err.code != STATUS_OK && err.text[0] != '\0');
			continue;
		}
		must_read_back(&r.body, arena);
		must_render(&r.body, vars, arena);
		must_come_back(&r, PROMPT_LANGFUSE, arena);
		must_come_back(&r, PROMPT_MLFLOW, arena);
	}
}

/* The bytes as a template, a reference, a bundle, a prompt of ours. */
static void
as_they_are(struct slice s, const struct json *vars, struct arena *arena)
{
	struct prompt_body b = { 0 };
	struct bundle_body bundle;
	struct prompt_ref ref;
	struct error err = { 0 };
	struct buf out = BUF_INIT;

	if (prompt_parse(&b, s, false, arena, &err) == STATUS_OK) {
		must_read_back(&b, arena);
		must_render(&b, vars, arena);
	}
	error_clear(&err);
	b = (struct prompt_body){ 0 };
	if (prompt_parse(&b, s, true, arena, &err) == STATUS_OK)
		must_read_back(&b, arena);
	error_clear(&err);
	if (prompt_read(&b, s, arena, &err) == STATUS_OK)
		MUST(slice_eq(b.bytes, s));
	error_clear(&err);
	if (bundle_read(&bundle, s, arena, &err) == STATUS_OK) {
		MUST(bundle_write(&out, &bundle, &err) == STATUS_OK);
		MUST(slice_eq(buf_slice(&out), s));
	}
	error_clear(&err);
	if (prompt_ref_parse(s, &ref, &err) == STATUS_OK)
		MUST(prompt_name_check(ref.name, &err) == STATUS_OK &&
		    ref.version >= 0 && ref.version <= PROMPT_VERSION_MAX);
	buf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *text = (const char *)data;
	const char *nul = n == 0 ? NULL : memchr(text, '\0', n);
	struct slice in = { text, nul == NULL ? n : (size_t)(nul - text) };
	struct json d = JSON_INIT, vars = JSON_INIT;
	struct arena arena = ARENA_INIT;
	struct json_error why;
	bool has_vars = nul != NULL && json_parse(&vars, (struct slice){ nul + 1,
	    n - in.n - 1 }, JSON_DEPTH_MAX, 0, &why) == STATUS_OK;

	as_they_are(in, has_vars ? &vars : NULL, &arena);
	if (json_parse(&d, in, JSON_DEPTH_MAX, 0, &why) == STATUS_OK)
		one_record(&d, 0, has_vars ? &vars : NULL, &arena);
	json_release(&d);
	json_release(&vars);
	arena_release(&arena);
	return 0;
}
