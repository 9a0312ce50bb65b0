/* Assertions about what is in a text. */
#include <math.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "core/base/arena.h"
#include "core/base/likeness.h"
#include "core/base/utf8.h"
#include "core/json/equal.h"
#include "core/schema/regex.h"
#include "core/suite/assert_kinds.h"

#define OUTPUT_DEPTH	128

/* Lower case, a code point for each. */
static enum status
lower(struct slice s, struct arena *a, struct slice *out, struct error *err)
{
	char *p = arena_alloc(a, s.n * 2 + 4);
	size_t i, n = 0, len;
	uint32_t cp;

	if (p == NULL)
		return error_nomem(err);
	for (i = 0; i < s.n; i += len) {
		if ((len = utf8_decode(s.p + i, s.n - i, &cp)) == 0) {
			p[n++] = s.p[i];
			len = 1;
		} else
			n += utf8_encode((uint32_t)utf8proc_tolower(
			    (utf8proc_int32_t)cp), p + n);
	}
	*out = (struct slice){ p, n };
	return STATUS_OK;
}

static bool
has(struct slice text, struct slice what)
{
	return what.n == 0 || (what.n <= text.n &&
	    memmem(text.p, text.n, what.p, what.n) != NULL);
}

static void
says(struct assert_verdict *v, bool pass)
{
	v->pass = pass;
	v->score = pass;
}

/* Of several texts: one, or all. */
static enum status
holds(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, bool caseless, bool all, struct error *err)
{
	struct slice text = s->output, part;
	size_t i, found = 0;
	enum status st;

	if (caseless && (st = lower(text, s->arena, &text, err)) != STATUS_OK)
		return st;
	for (i = 0; i < a->nlist; i++) {
		part = a->list[i];
		if (caseless && (st = lower(part, s->arena, &part, err)) !=
		    STATUS_OK)
			return st;
		found += has(text, part);
		if (all && found <= i)
			return assert_miss(v, s, err, "the output does not "
			    "contain \"%.*s\"", SLICE_ARG(a->list[i]));
	}
	says(v, all ? found == a->nlist : found > 0);
	return STATUS_OK;
}

static enum status
run_contains(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	says(v, has(s->output, a->text));
	return v->pass ? STATUS_OK : assert_miss(v, s, err,
	    "the output does not contain \"%.*s\"", SLICE_ARG(a->text));
}

static enum status
run_icontains(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	struct slice text, part;
	enum status st;

	if ((st = lower(s->output, s->arena, &text, err)) != STATUS_OK ||
	    (st = lower(a->text, s->arena, &part, err)) != STATUS_OK)
		return st;
	says(v, has(text, part));
	return STATUS_OK;
}

static enum status
run_contains_any(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	return holds(a, s, v, false, false, err);
}

static enum status
run_contains_all(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	return holds(a, s, v, false, true, err);
}

static enum status
run_icontains_any(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	return holds(a, s, v, true, false, err);
}

static enum status
run_icontains_all(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	return holds(a, s, v, true, true, err);
}

static enum status
run_starts_with(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	(void)err;
	says(v, a->text.n <= s->output.n &&
	    memcmp(a->text.p, s->output.p, a->text.n) == 0);
	return STATUS_OK;
}

static enum status
run_ends_with(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	(void)err;
	says(v, a->text.n <= s->output.n && memcmp(a->text.p,
	    s->output.p + s->output.n - a->text.n, a->text.n) == 0);
	return STATUS_OK;
}

/* Objects and arrays by their value, all else as text. */
static enum status
run_equals(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	struct json want = JSON_INIT, got = JSON_INIT;
	struct json_error why;
	bool nomem = false;

	if (a->value.n == 0 || strchr("{[", a->value.p[0]) == NULL) {
		says(v, slice_eq(a->text, s->output));
		return STATUS_OK;
	}
	says(v, json_parse(&want, a->value, OUTPUT_DEPTH, JSON_NUL_ALLOWED,
	    &why) == STATUS_OK && json_parse(&got, s->output, OUTPUT_DEPTH,
	    JSON_NUL_ALLOWED, &why) == STATUS_OK &&
	    value_equal(&want, 0, &got, 0, s->arena, &nomem));
	json_release(&want);
	json_release(&got);
	return nomem ? error_nomem(err) : STATUS_OK;
}

static enum status
make_regex(struct assertion *a, struct error *err)
{
	struct regex *list = NULL;
	enum status st = regex_new(&list, a->text, err);

	a->made = list;
	return st;
}

static void
release_regex(void *made)
{
	regex_free_all(made);
}

static enum status
run_regex(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	bool found = false;
	enum status st = regex_test(a->made, s->output, &found, err);

	says(v, found);
	return st;
}

static enum status
run_levenshtein(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	size_t d = 0;
	enum status st = likeness_distance(s->output, a->text, &d, err);

	if (st != STATUS_OK)
		return st;
	says(v, (double)d <= a->threshold);
	return v->pass ? STATUS_OK : assert_miss(v, s, err,
	    "distance %zu is over %g", d, a->threshold);
}

static enum status
run_rouge(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	enum status st = likeness_rouge(s->output, a->text, &v->score, err);

	if (st != STATUS_OK)
		return st;
	v->pass = v->score >= a->threshold;
	return v->pass ? STATUS_OK : assert_miss(v, s, err,
	    "ROUGE-1 %.3f is under %g", v->score, a->threshold);
}

const struct assert_row assert_text_rows[] = {
	{ .name = "contains", .wants = true, .threshold = NAN,
	    .run = run_contains },
	{ .name = "icontains", .wants = true, .threshold = NAN,
	    .run = run_icontains },
	{ .name = "contains-any", .wants = true, .threshold = NAN,
	    .run = run_contains_any },
	{ .name = "contains-all", .wants = true, .threshold = NAN,
	    .run = run_contains_all },
	{ .name = "icontains-any", .wants = true, .threshold = NAN,
	    .run = run_icontains_any },
	{ .name = "icontains-all", .wants = true, .threshold = NAN,
	    .run = run_icontains_all },
	{ .name = "starts-with", .wants = true, .threshold = NAN,
	    .run = run_starts_with },
	{ .name = "ends-with", .wants = true, .threshold = NAN,
	    .run = run_ends_with },
	{ .name = "equals", .wants = true, .threshold = NAN,
	    .run = run_equals },
	{ .name = "regex", .wants = true, .threshold = NAN, .make = make_regex,
	    .run = run_regex, .release = release_regex },
	{ .name = "levenshtein", .wants = true, .threshold = 5,
	    .run = run_levenshtein },
	{ .name = "rouge-n", .wants = true, .threshold = 0.75,
	    .run = run_rouge },
	{ .name = NULL }
};
