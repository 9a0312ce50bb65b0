/* The keywords that apply schemas to the same value, and what these marked. */
#include "core/schema/apply.h"

#include "core/base/arena.h"
#include "core/schema/run.h"

#define BRANCH_FAILURES	16	/* enough to tell how near a branch is */
#define WIDTH(r, t)	(((r)->tok[t].count + 63u) / 64u)

bool
marks_init(struct run *r, struct marks *m, uint32_t t)
{
	m->few = 0;
	m->bits = &m->few;
	if (r->tok[t].count <= 64 || r->tok[t].type < TOKEN_ARRAY)
		return true;
	m->bits = arena_zalloc(r->arena, WIDTH(r, t) * sizeof(*m->bits));
	return m->bits != NULL || run_limit(r, STATUS_NOMEM, "out of memory");
}

void
marks_all(struct run *r, struct marks *m, uint32_t t)
{
	if (r->tok[t].count > 0)
		memset(m->bits, 0xff, WIDTH(r, t) * sizeof(*m->bits));
}

static void
marks_merge(struct run *r, struct marks *m, const struct marks *from, uint32_t t)
{
	if (r->tok[t].type < TOKEN_ARRAY)
		return;
	for (uint32_t i = 0; i < WIDTH(r, t); i++)
		m->bits[i] |= from->bits[i];
}

/* A branch that may fail: what it marked counts only where it did not. */
static bool
branch(struct run *r, uint32_t node, uint32_t t, struct marks *m)
{
	struct marks mine;

	if (m == NULL)
		return run_probe(r, node, t, NULL);
	if (!marks_init(r, &mine, t) || !run_probe(r, node, t, &mine))
		return false;
	marks_merge(r, m, &mine, t);
	return true;
}

/* Every one asks for something else altogether: say what they take. */
static void
explain_kinds(struct run *r, const struct apply *a, const char *keyword,
    uint32_t t)
{
	char text[200];
	size_t used = 0;

	for (uint32_t i = 0; i < a->n; i++) {
		struct slice type = r->s->node[a->node[i]].type_text;

		if (type.p == NULL || type.n + 5 > sizeof(text) - used) {
			report_expected(r->report, t, keyword,
			    "a value that one of %u schemas takes", a->n);
			return;
		}
		if (used > 0) {
			memcpy(text + used, " or ", 4);
			used += 4;
		}
		memcpy(text + used, type.p, type.n);
		used += type.n;
	}
	report_expected(r->report, t, keyword, "%.*s", (int)used, text);
}

/* Of several schemas that all fail, the failure of the nearest one. */
static bool
explain(struct run *r, const struct apply *a, const char *keyword, uint32_t t)
{
	struct report *report = r->report, one, best = { 0 };
	uint64_t far, least = UINT64_MAX;

	r->failures++;
	for (uint32_t i = 0; i < a->n; i++) {
		uint32_t failures = r->failures;

		if (!report_init(&one, r->d, r->arena, BRANCH_FAILURES)) {
			r->report = report;
			return run_limit(r, STATUS_NOMEM, "out of memory");
		}
		r->report = &one;
		(void)run_node(r, a->node[i], t, NULL);
		r->failures = failures;
		far = one.n == 0 ? UINT64_MAX : report_distance(&one, t);
		if (far < least) {
			least = far;
			best = one;
		}
	}
	r->report = report;
	if (least < 1u << 30) {
		report_sort(&best);
		report_message(report, best.v[0].token, keyword,
		    "%.*s (the nearest of %u schemas)",
		    SLICE_ARG(best.v[0].message), a->n);
	} else {
		explain_kinds(r, a, keyword, t);
	}
	return !report_full(report) && r->status == STATUS_OK;
}

static bool
apply_any(struct run *r, const struct apply *a, uint32_t t, struct marks *m)
{
	bool any = false;

	for (uint32_t i = 0; i < a->n && (!any || m != NULL); i++)
		any |= branch(r, a->node[i], t, m);
	if (r->status != STATUS_OK)
		return false;
	if (any)
		return true;
	return r->report != NULL && explain(r, a, "anyOf", t);
}

static bool
apply_one(struct run *r, const struct apply *a, uint32_t t, struct marks *m)
{
	uint32_t n = 0, first = 0, second = 0;

	for (uint32_t i = 0; i < a->n && n < 2; i++) {
		if (!branch(r, a->node[i], t, m))
			continue;
		if (n++ == 0)
			first = i;
		else
			second = i;
	}
	if (r->status != STATUS_OK)
		return false;
	if (n == 1)
		return true;
	if (r->report == NULL)
		return false;
	if (n == 0)
		return explain(r, a, "oneOf", t);
	r->failures++;
	report_expected(r->report, t, "oneOf", "a value that one of %u schemas "
	    "takes (both number %u and number %u do)", a->n, first + 1,
	    second + 1);
	return !report_full(r->report);
}

static bool
apply_not(struct run *r, const struct apply *a, uint32_t t)
{
	bool taken = run_probe(r, a->node[0], t, NULL);

	if (r->status != STATUS_OK)
		return false;
	if (!taken)
		return true;
	if (r->report == NULL)
		return false;
	r->failures++;
	report_expected(r->report, t, "not",
	    "a value that the schema in \"not\" does not take");
	return !report_full(r->report);
}

static bool
apply_if(struct run *r, const struct apply *a, uint32_t t, struct marks *m)
{
	uint32_t node;
	bool taken;

	if (m == NULL && a->node[1] == NODE_NONE && a->node[2] == NODE_NONE)
		return true;
	taken = branch(r, a->node[0], t, m);
	if (r->status != STATUS_OK)
		return false;
	node = taken ? a->node[1] : a->node[2];
	return node == NODE_NONE || run_on(r, node, t, m);
}

/* The outermost resource entered that has the anchor decides. */
static uint32_t
dynamic_node(const struct run *r, const struct apply *a)
{
	uint32_t node = a->node[0];

	for (const struct scope *s = r->scope; s != NULL; s = s->up) {
		for (uint32_t i = 0; i < r->s->ndynamic; i++) {
			const struct dynamic_anchor *d = &r->s->dynamic[i];

			if (d->resource == s->resource && d->anchor == a->anchor)
				node = d->node;
		}
	}
	return node;
}

static bool
apply(struct run *r, const struct apply *a, uint32_t t, struct marks *m)
{
	switch (a->kind) {
	case APPLY_REF:
		return run_on(r, a->node[0], t, m);
	case APPLY_DYNAMIC:
		return run_on(r, dynamic_node(r, a), t, m);
	case APPLY_ALL:
		for (uint32_t i = 0; i < a->n; i++) {
			if (!run_on(r, a->node[i], t, m))
				return false;
		}
		return true;
	case APPLY_ANY:
		return apply_any(r, a, t, m);
	case APPLY_ONE:
		return apply_one(r, a, t, m);
	case APPLY_NOT:
		return apply_not(r, a, t);
	case APPLY_IF:
		return apply_if(r, a, t, m);
	}
	return true;
}

bool
check_apply(struct run *r, const struct node *n, uint32_t t, struct marks *m)
{
	for (uint32_t i = 0; i < n->napply; i++) {
		if (!apply(r, &n->apply[i], t, m))
			return false;
	}
	return true;
}
