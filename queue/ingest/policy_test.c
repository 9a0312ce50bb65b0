#include "queue/ingest/policy_test.h"

#include "core/json/value.h"
#include "core/judge/record.h"

/* One case on its way, and what it has met. */
struct trying {
	struct judge_scratch	*judge;
	struct json		 json;
	struct arena		 arena;
	struct buf		 why;
	uint32_t		 expect;	/* token of the case */
};

static void
miss(struct trying *t, const char *what, struct slice want, struct slice got)
{
	if (t->why.n > 0)
		buf_puts(&t->why, "; ");
	buf_printf(&t->why, "%s: wanted %.*s, got %.*s", what, SLICE_ARG(want),
	    SLICE_ARG(got));
}

static struct slice
text_of(struct trying *t, uint32_t object, const char *key)
{
	uint32_t v = json_get_value(&t->json, object, key);

	if (v == JSON_NONE || json_kind(&t->json, v) != TOKEN_STRING)
		return SLICE_NONE;
	return json_text(&t->json, v, &t->arena);
}

static bool
has_finding(const struct verdict *v, struct slice guard, struct slice kind)
{
	size_t i;

	for (i = 0; i < v->nfindings; i++)
		if ((guard.p == NULL || slice_is(guard, v->findings[i].guard)) &&
		    (kind.p == NULL || slice_eq(kind, v->findings[i].kind)))
			return true;
	return false;
}

static void
look_at_findings(struct trying *t, const struct verdict *v)
{
	uint32_t list = json_get_value(&t->json, t->expect, "findings"), f;
	struct slice guard, kind;

	if (list == JSON_NONE || json_kind(&t->json, list) != TOKEN_ARRAY)
		return;
	if (t->json.tok[list].count == 0 && v->nfindings > 0)
		miss(t, "findings", SLICE("none"), v->findings[0].kind);
	for (f = json_first(&t->json, list); f != JSON_NONE;
	    f = json_next(&t->json, list, f)) {
		if (json_kind(&t->json, f) != TOKEN_OBJECT)
			continue;
		guard = text_of(t, f, "guard");
		kind = text_of(t, f, "kind");
		if (!has_finding(v, guard, kind))
			miss(t, "finding", kind.p != NULL ? kind : guard,
			    SLICE("none"));
	}
}

static void
look_at_verdict(struct trying *t, const struct verdict *v)
{
	struct slice want;

	want = text_of(t, t->expect, "route");
	if (want.p != NULL && !slice_is(want, route_name(v->route)))
		miss(t, "route", want, slice_of(route_name(v->route)));
	want = text_of(t, t->expect, "rule");
	if (want.p != NULL && !slice_is(want, v->rule))
		miss(t, "rule", want, slice_of(v->rule));
	look_at_findings(t, v);
}

/* Parses a line; *record is its record's bytes. */
static enum status
case_parse(struct trying *t, struct slice line, struct slice *record,
    struct error *err)
{
	struct json_error why;
	uint32_t r;

	if (json_parse(&t->json, line, JSON_DEPTH_MAX + 1, 0, &why) != STATUS_OK)
		return error_set(err, STATUS_INVALID, "byte %zu: %s", why.offset,
		    why.reason);
	if (json_kind(&t->json, 0) != TOKEN_OBJECT ||
	    (r = json_get_value(&t->json, 0, "record")) == JSON_NONE ||
	    (t->expect = json_get_value(&t->json, 0, "expect")) == JSON_NONE ||
	    json_kind(&t->json, t->expect) != TOKEN_OBJECT)
		return error_set(err, STATUS_INVALID, "a case is an object with "
		    "\"record\" and \"expect\"");
	*record = json_raw(&t->json, r);
	return STATUS_OK;
}

static enum status
case_run(struct trying *t, struct slice line, uint64_t number, case_fn *each,
    void *arg, struct error *err)
{
	struct case_result r = { .line = number };
	struct judge_request request = { .format = NULL };
	const struct judged_item *i;
	struct error refused = { 0 };
	enum status st;

	arena_reset(&t->arena);
	buf_clear(&t->why);
	if ((st = case_parse(t, line, &request.record, err)) != STATUS_OK)
		return st;
	r.name = text_of(t, 0, "name");
	if (r.name.p == NULL)
		r.name = arena_printf(&t->arena, "line %llu",
		    (unsigned long long)number);
	st = judge_record(t->judge, &request, &t->arena, &i, &refused);
	if (st == STATUS_INVALID)
		miss(t, "record", SLICE("one that is taken"),
		    slice_of(refused.text));
	else if (st != STATUS_OK)
		return error_set(err, st, "%s", refused.text);
	for (; i != NULL; i = i->next)
		look_at_verdict(t, &i->verdict);
	r.passed = t->why.n == 0;
	r.why = buf_slice(&t->why);
	if ((st = buf_check(&t->why, err)) != STATUS_OK)
		return st;
	return each(arg, &r, err);
}

/* Goes through the lines; with `each` NULL they are only parsed. */
static enum status
cases_walk(struct trying *t, const char *path, struct slice cases,
    case_fn *each, void *arg, struct error *err)
{
	const char *p = cases.p, *end = p + cases.n, *lf;
	enum status st = STATUS_OK;
	struct slice line, record;
	uint64_t number = 1;

	for (; p < end && st == STATUS_OK; p = lf + 1, number++) {
		if ((lf = memchr(p, '\n', (size_t)(end - p))) == NULL)
			lf = end;
		line = (struct slice){ p, (size_t)(lf - p) };
		if (strspn(p, " \t\r") >= line.n)
			continue;
		st = each == NULL ? case_parse(t, line, &record, err) :
		    case_run(t, line, number, each, arg, err);
		if (st != STATUS_OK)
			(void)error_prefix(err, "%s:%llu", path,
			    (unsigned long long)number);
	}
	return st;
}

enum status
policy_test_run(const struct policy *policy, const char *path,
    struct slice cases, case_fn *each, void *arg, struct error *err)
{
	struct judge_options o = { 0 };
	struct trying t = { .judge = NULL };
	enum status st;

	if ((st = cases_walk(&t, path, cases, NULL, NULL, err)) == STATUS_OK &&
	    (st = judge_scratch_new(&t.judge, policy, &o, err)) == STATUS_OK)
		st = cases_walk(&t, path, cases, each, arg, err);
	judge_scratch_free(t.judge);
	json_release(&t.json);
	arena_release(&t.arena);
	buf_release(&t.why);
	return st;
}
