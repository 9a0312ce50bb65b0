#include "core/suite/assert_service.h"

#include <math.h>

#include "core/base/arena.h"
#include "core/json/value.h"
#include "core/suite/assert_kinds.h"

static void
output_put(struct writer *w, const char *name, const struct service_subject *s)
{
	if (s->output_is_string || s->output.p == NULL)
		write_text(w, name, s->output);
	else
		write_raw(w, name, s->output);
}

/* {"output", "context": {"prompt", "vars"}} -> {"pass", "score"?, "reason"?} */
static void
webhook_ask(const struct assertion *a, const struct service_subject *s,
    struct writer *w)
{
	(void)a;
	output_put(w, "output", s);
	write_object(w, "context");
	write_text(w, "prompt", s->prompt);
	write_raw(w, "vars", s->vars.p == NULL ? SLICE("{}") : s->vars);
	write_end(w);
}

static enum status
webhook_read(const struct assertion *a, const struct json *j,
    struct assert_verdict *v, struct arena *arena, struct error *err)
{
	uint32_t pass = json_get_value(j, 0, "pass"), score, reason;

	(void)a;
	if (pass == JSON_NONE || (json_kind(j, pass) != TOKEN_TRUE &&
	    json_kind(j, pass) != TOKEN_FALSE))
		return error_set(err, STATUS_INVALID,
		    "the answer has no \"pass\" that is true or false");
	v->pass = json_kind(j, pass) == TOKEN_TRUE;
	v->score = v->pass;
	if ((score = json_get_kind(j, 0, "score", TOKEN_NUMBER)) != JSON_NONE)
		v->score = json_double(j, score);
	reason = json_get_kind(j, 0, "reason", TOKEN_STRING);
	if (reason == JSON_NONE)
		return STATUS_OK;
	v->reason = json_text(j, reason, arena);
	return v->reason.p == NULL ? error_nomem(err) : STATUS_OK;
}

/* {"model", "input"} -> {"results": [{"flagged", "categories": {}}]} */
static void
moderation_ask(const struct assertion *a, const struct service_subject *s,
    struct writer *w)
{
	(void)a;
	if (s->model != NULL)
		write_word(w, "model", s->model);
	write_text(w, "input", s->output.p == NULL ? SLICE("") : s->output);
}

static bool
is_listed(const struct assertion *a, struct slice name)
{
	size_t i;

	for (i = 0; i < a->nlist; i++)
		if (slice_eq(a->list[i], name))
			return true;
	return a->value.p == NULL;
}

/* The categories that were found, of those that are asked for. */
static enum status
flags_read(const struct assertion *a, const struct json *j, uint32_t categories,
    struct assert_verdict *v, struct arena *arena, struct error *err)
{
	struct buf b = BUF_INIT;
	struct slice name;
	enum status st = STATUS_OK;
	uint32_t m;

	for (m = json_first(j, categories); m != JSON_NONE && st == STATUS_OK;
	    m = json_next(j, categories, m)) {
		if (json_kind(j, m + 1) != TOKEN_TRUE)
			continue;
		if ((name = json_text(j, m, arena)).p == NULL)
			st = error_nomem(err);
		else if (is_listed(a, name))
			buf_printf(&b, "%s%.*s", b.n == 0 ? "flagged: " : ", ",
			    SLICE_ARG(name));
	}
	v->pass = b.n == 0;
	v->score = v->pass;
	if (st == STATUS_OK && b.n > 0 && ((v->reason.p = arena_str(arena,
	    buf_slice(&b))) == NULL || b.failed))
		st = error_nomem(err);
	v->reason.n = b.n;
	buf_release(&b);
	return st;
}

static enum status
moderation_read(const struct assertion *a, const struct json *j,
    struct assert_verdict *v, struct arena *arena, struct error *err)
{
	uint32_t results = json_get_kind(j, 0, "results", TOKEN_ARRAY), one;
	uint32_t flagged, categories;

	one = results == JSON_NONE ? JSON_NONE : json_at(j, results, 0);
	flagged = one == JSON_NONE || json_kind(j, one) != TOKEN_OBJECT ?
	    JSON_NONE : json_get_value(j, one, "flagged");
	if (flagged == JSON_NONE || (json_kind(j, flagged) != TOKEN_TRUE &&
	    json_kind(j, flagged) != TOKEN_FALSE))
		return error_set(err, STATUS_INVALID,
		    "the answer has no results[0].flagged");
	categories = json_get_kind(j, one, "categories", TOKEN_OBJECT);
	v->pass = json_kind(j, flagged) == TOKEN_FALSE;
	v->score = v->pass;
	if (v->pass)
		return STATUS_OK;
	if (categories == JSON_NONE)
		return a->value.p == NULL ? STATUS_OK : error_set(err,
		    STATUS_INVALID, "the answer names no categories");
	if (a->value.p == NULL && json_first(j, categories) == JSON_NONE)
		return STATUS_OK;
	return flags_read(a, j, categories, v, arena, err);
}

/* {"inputs"} -> [[{"label", "score"}]], or that list alone */
static void
classifier_ask(const struct assertion *a, const struct service_subject *s,
    struct writer *w)
{
	(void)a;
	write_text(w, "inputs", s->output.p == NULL ? SLICE("") : s->output);
}

static enum status
classifier_read(const struct assertion *a, const struct json *j,
    struct assert_verdict *v, struct arena *arena, struct error *err)
{
	uint32_t list = 0, t, label, score;
	struct slice name, all = SLICE_NONE;
	double p;

	if (json_kind(j, 0) == TOKEN_ARRAY && (t = json_at(j, 0, 0)) !=
	    JSON_NONE && json_kind(j, t) == TOKEN_ARRAY)
		list = t;
	if (json_kind(j, list) != TOKEN_ARRAY || j->tok[list].count == 0)
		return error_set(err, STATUS_INVALID,
		    "the answer is no list of labels and scores");
	v->score = 0;
	for (t = json_first(j, list); t != JSON_NONE; t = json_next(j, list, t)) {
		label = json_kind(j, t) == TOKEN_OBJECT ? json_get_kind(j, t,
		    "label", TOKEN_STRING) : JSON_NONE;
		score = label == JSON_NONE ? JSON_NONE : json_get_kind(j, t,
		    "score", TOKEN_NUMBER);
		if (score == JSON_NONE)
			return error_set(err, STATUS_INVALID, "the answer is no "
			    "list of labels and scores");
		if ((name = json_text(j, label, arena)).p == NULL)
			return error_nomem(err);
		p = json_double(j, score);
		if ((a->value.p == NULL || slice_eq(name, a->text)) &&
		    p > v->score)
			v->score = p;
	}
	v->pass = v->score >= a->threshold - 1e-12;
	all = arena_printf(arena, "score %.4g, %g is asked for", v->score,
	    a->threshold);
	v->reason = all;
	return all.p == NULL ? error_nomem(err) : STATUS_OK;
}

static const struct assert_service webhook = { webhook_ask, webhook_read };
static const struct assert_service moderation = { moderation_ask,
    moderation_read };
static const struct assert_service classifier = { classifier_ask,
    classifier_read };

const struct assert_row assert_service_rows[] = {
	{ .name = "webhook", .how = ASSERT_SERVICE, .wants = true,
	    .threshold = NAN, .service = &webhook },
	{ .name = "moderation", .how = ASSERT_SERVICE, .threshold = NAN,
	    .service = &moderation },
	{ .name = "classifier", .how = ASSERT_SERVICE, .threshold = 1,
	    .service = &classifier },
	{ .name = NULL }
};

enum status
service_ask(const struct assertion *a, const struct service_subject *s,
    struct buf *out, struct error *err)
{
	struct writer w = WRITER(out, WRITE_KEPT);

	write_object(&w, NULL);
	a->row->service->ask(a, s, &w);
	write_end(&w);
	return buf_check(out, err);
}

enum status
service_read(const struct assertion *a, struct slice answer,
    struct assert_verdict *v, struct arena *arena, struct error *err)
{
	struct json j = JSON_INIT;
	struct json_error why;
	enum status st;

	*v = (struct assert_verdict){ .pass = false };
	if ((st = json_parse(&j, answer, JSON_DEPTH_MAX, JSON_NUL_ALLOWED,
	    &why)) != STATUS_OK)
		st = st == STATUS_NOMEM ? error_nomem(err) : error_set(err,
		    STATUS_INVALID, "the answer is no JSON: byte %zu: %s",
		    why.offset, why.reason);
	else if (json_kind(&j, 0) != TOKEN_OBJECT &&
	    json_kind(&j, 0) != TOKEN_ARRAY)
		st = error_set(err, STATUS_INVALID, "the answer is no object");
	else
		st = a->row->service->read(a, &j, v, arena, err);
	/* What was read may stand in the answer itself. */
	if (st == STATUS_OK && v->reason.p != NULL &&
	    (v->reason.p = arena_str(arena, v->reason)) == NULL)
		st = error_nomem(err);
	json_release(&j);
	if (st == STATUS_OK && a->inverse) {
		v->pass = !v->pass;
		v->score = 1 - v->score;
	}
	if (st == STATUS_OK && v->pass)
		v->reason = SLICE_NONE;
	return st;
}
