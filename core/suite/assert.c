#include "core/suite/assert.h"

#include <math.h>

#include "core/base/arena.h"
#include "core/json/value.h"
#include "core/suite/assert_kinds.h"

#define VALUE_DEPTH	64

#define CODE	"runs code of its own: take that tool's results in with "	\
		"`handrail run import`"
#define VECTORS	"needs an embedding model: take that tool's results in with "	\
		"`handrail run import`"
#define TRACES	"looks at traces: take that tool's results in with "		\
		"`handrail run import`"
#define OTHER	"is not run here: take that tool's results in with "		\
		"`handrail run import`"

/* Those that have no function here. */
static const struct assert_row other_rows[] = {
	{ .name = "llm-rubric", .how = ASSERT_JUDGE, .wants = true },
	{ .name = "model-graded-closedqa", .how = ASSERT_JUDGE, .wants = true },
	{ .name = "factuality", .how = ASSERT_JUDGE, .wants = true },
	{ .name = "model-graded-factuality", .how = ASSERT_JUDGE,
	    .wants = true },
	{ .name = "g-eval", .how = ASSERT_JUDGE, .wants = true },
	{ .name = "assert-set", .how = ASSERT_SET },
	{ .name = "select-best", .how = ASSERT_NOT,
	    .why = "compares outputs by a judge: pairs are for people" },
	{ .name = "human", .how = ASSERT_NOT,
	    .why = "is a person's opinion: review the run's items" },
	{ .name = "javascript", .how = ASSERT_NOT, .why = CODE },
	{ .name = "python", .how = ASSERT_NOT, .why = CODE },
	{ .name = "ruby", .how = ASSERT_NOT, .why = CODE },
	{ .name = "similar", .how = ASSERT_NOT, .why = VECTORS },
	{ .name = "similar:*", .how = ASSERT_NOT, .why = VECTORS },
	{ .name = "answer-relevance", .how = ASSERT_NOT, .why = VECTORS },
	{ .name = "context-*", .how = ASSERT_NOT, .why = OTHER },
	{ .name = "conversation-relevance", .how = ASSERT_NOT, .why = OTHER },
	{ .name = "trajectory:*", .how = ASSERT_NOT, .why = TRACES },
	{ .name = "trace-*", .how = ASSERT_NOT, .why = TRACES },
	{ .name = "bleu", .how = ASSERT_NOT, .why = OTHER },
	{ .name = "gleu", .how = ASSERT_NOT, .why = OTHER },
	{ .name = "meteor", .how = ASSERT_NOT, .why = OTHER },
	{ .name = "pi", .how = ASSERT_NOT, .why = OTHER },
	{ .name = "rouge-l", .how = ASSERT_NOT, .why = OTHER },
	{ .name = "rouge-s", .how = ASSERT_NOT, .why = OTHER },
	{ .name = "search-rubric", .how = ASSERT_NOT, .why = OTHER },
	{ .name = "agent-rubric", .how = ASSERT_NOT, .why = OTHER },
	{ .name = "skill-used", .how = ASSERT_NOT, .why = OTHER },
	{ .name = "tool-call-f1", .how = ASSERT_NOT, .why = OTHER },
	{ .name = "promptfoo:*", .how = ASSERT_NOT, .why = OTHER },
	{ .name = NULL }
};

static const struct assert_row *const tables[] = {
	assert_text_rows, assert_form_rows, assert_html_rows,
	assert_figure_rows, assert_service_rows, other_rows
};

/* A name that ends with a star stands for all that begin so. */
static bool
name_is(const char *row, const char *type)
{
	size_t n = strlen(row);

	return n > 0 && row[n - 1] == '*' ? strncmp(row, type, n - 1) == 0 :
	    strcmp(row, type) == 0;
}

const struct assert_row *
assert_find(const char *type, bool *inverse)
{
	const struct assert_row *r;
	size_t i;

	*inverse = strncmp(type, "not-", 4) == 0;
	if (*inverse)
		type += 4;
	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (r = tables[i]; r->name != NULL; r++)
			if (name_is(r->name, type))
				return r;
	return NULL;
}

static struct slice
trimmed(struct slice s)
{
	while (s.n > 0 && (unsigned char)s.p[0] <= ' ') {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && (unsigned char)s.p[s.n - 1] <= ' ')
		s.n--;
	return s;
}

/* An array's elements as texts. */
static enum status
list_of_array(struct assertion *a, const struct json *j, struct arena *arena,
    struct error *err)
{
	struct slice *v;
	uint32_t t;

	if ((v = arena_alloc(arena, (j->tok[0].count + 1) * sizeof(*v))) == NULL)
		return error_nomem(err);
	for (t = json_first(j, 0); t != JSON_NONE; t = json_next(j, 0, t)) {
		v[a->nlist] = json_kind(j, t) == TOKEN_STRING ?
		    json_text(j, t, arena) : json_raw(j, t);
		if (v[a->nlist++].p == NULL)
			return error_nomem(err);
	}
	a->list = v;
	return STATUS_OK;
}

/* A text's parts between commas. */
static enum status
list_of_text(struct assertion *a, struct arena *arena, struct error *err)
{
	struct slice rest = a->text, *v;
	const char *comma;
	size_t n = 1, i;

	for (i = 0; i < rest.n; i++)
		n += rest.p[i] == ',';
	if ((v = arena_alloc(arena, n * sizeof(*v))) == NULL)
		return error_nomem(err);
	for (;;) {
		comma = rest.n == 0 ? NULL : memchr(rest.p, ',', rest.n);
		n = comma == NULL ? rest.n : (size_t)(comma - rest.p);
		v[a->nlist++] = trimmed((struct slice){ rest.p, n });
		if (comma == NULL)
			break;
		rest = (struct slice){ comma + 1, rest.n - n - 1 };
	}
	a->list = v;
	return STATUS_OK;
}

static enum status
value_read(struct assertion *a, struct arena *arena, struct error *err)
{
	struct json j = JSON_INIT;
	struct json_error why;
	enum status st;

	if (json_parse(&j, a->value, VALUE_DEPTH, JSON_NUL_ALLOWED, &why) !=
	    STATUS_OK) {
		json_release(&j);
		return error_set(err, STATUS_INVALID, "value: %s", why.reason);
	}
	a->text = json_kind(&j, 0) == TOKEN_STRING ? json_text(&j, 0, arena) :
	    json_raw(&j, 0);
	if (a->text.p == NULL)
		st = error_nomem(err);
	else if (json_kind(&j, 0) == TOKEN_ARRAY)
		st = list_of_array(a, &j, arena, err);
	else
		st = list_of_text(a, arena, err);
	json_release(&j);
	return st;
}

enum status
assert_make(struct assertion *a, struct arena *arena, struct error *err)
{
	enum status st;

	if (slice_is(a->value, "null"))
		a->value = SLICE_NONE;
	if (a->row->wants && a->value.p == NULL)
		return error_set(err, STATUS_INVALID, "%s needs a value",
		    a->row->name);
	if (isnan(a->threshold))
		a->threshold = a->row->threshold;
	if (a->value.p != NULL && (st = value_read(a, arena, err)) != STATUS_OK)
		return st;
	return a->row->make == NULL ? STATUS_OK : a->row->make(a, err);
}

void
assert_release(const struct assertion *a)
{
	size_t i;

	if (a->row != NULL && a->row->release != NULL)
		a->row->release(a->made);
	for (i = 0; i < a->ninner; i++)
		assert_release(&a->inner[i]);
}

void
assert_count(struct assert_sum *s, double weight, const struct assert_verdict *v)
{
	s->total += weight * v->score;
	s->weight += weight;
	s->missed |= weight > 0 && !v->pass;
}

void
assert_sum_end(const struct assert_sum *s, double threshold, bool *pass,
    double *score)
{
	*score = s->weight > 0 ? s->total / s->weight : s->missed ? 0 : 1;
	/* A sum of decimal fractions may fall short by a rounding. */
	*pass = isnan(threshold) ? !s->missed : *score >= threshold - 1e-12;
}

static enum status
set_run(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	struct assert_sum sum = { 0, 0, false };
	struct assert_verdict each;
	enum status st;
	size_t i;

	for (i = 0; i < a->ninner; i++) {
		if ((st = assert_run(&a->inner[i], s, &each, err)) != STATUS_OK)
			return st;
		if (!each.pass && v->reason.p == NULL)
			v->reason = each.reason;
		assert_count(&sum, a->inner[i].weight, &each);
	}
	assert_sum_end(&sum, a->threshold, &v->pass, &v->score);
	return STATUS_OK;
}

enum status
assert_run(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	enum status st;

	*v = (struct assert_verdict){ .pass = false };
	if (a->row->how == ASSERT_SET)
		return set_run(a, s, v, err);
	if (a->row->run == NULL)
		return error_set(err, STATUS_INVALID, "%s %s", a->row->name,
		    a->row->why == NULL ? OTHER : a->row->why);
	if ((st = a->row->run(a, s, v, err)) != STATUS_OK)
		return st;
	if (a->inverse) {
		v->pass = !v->pass;
		v->score = 1 - v->score;
		v->reason = SLICE_NONE;
	}
	if (v->pass)
		v->reason = SLICE_NONE;
	else if (v->reason.p == NULL)
		return assert_miss(v, s, err, "%s%s%s%.*s",
		    a->inverse ? "not-" : "", a->row->name,
		    a->text.p == NULL ? "" : ": ", SLICE_ARG(a->text));
	return STATUS_OK;
}
