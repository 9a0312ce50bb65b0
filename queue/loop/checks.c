#include "queue/loop/checks.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "core/expr/expr.h"
#include "core/judge/record.h"
#include "core/pattern/pattern.h"

#define NOT_ASKED	"not asked yet"

struct suite_checker {
	const struct suite *suite;
	/* A policy of one queue: its guards, and the checks as its rules. */
	struct policy	 policy;
	struct queue_policy queue;
	struct judge_scratch *judge;	/* NULL: there is no condition */
	struct scratch	*scratch;
	struct hasher	*hasher;
	struct arena	 arena;
};

static enum status
rules_make(struct suite_checker *c, struct error *err)
{
	const struct suite *s = c->suite;
	struct rule *r = arena_zalloc(&c->arena, (s->nchecks + 1) * sizeof(*r));
	size_t i, n = 0;

	if (r == NULL)
		return error_nomem(err);
	for (i = 0; i < s->nchecks; i++)
		if (s->checks[i].when != NULL)
			r[n++] = (struct rule){ .name = s->checks[i].name,
			    .when = s->checks[i].when, .route = ROUTE_FLAG,
			    .file = s->checks[i].file,
			    .line = s->checks[i].line,
			    .column = s->checks[i].column };
	c->queue.rules = r;
	c->queue.nrules = n;
	return STATUS_OK;
}

/* Mistakes of the conditions, with their places. */
static enum status
rules_check(struct suite_checker *c, struct error *err)
{
	struct expr_set *set = NULL;
	struct expr_names names;
	const struct rule *r;
	enum status st;
	size_t i, bad;

	if ((st = policy_names(&c->arena, &c->queue, &names, err)) != STATUS_OK)
		return st;
	for (i = 0; i < c->queue.nrules && st == STATUS_OK; i++) {
		r = &c->queue.rules[i];
		st = expr_set_check(&set, &r->when, 1, &names, &bad, err);
		if (st != STATUS_OK)
			(void)error_prefix(err, "%s:%d:%d: check \"%s\"",
			    r->file, r->line, r->column, r->name);
	}
	expr_set_free(set);
	return st;
}

static enum status
queue_make(struct suite_checker *c, const struct policy *p, struct error *err)
{
	const char *name = c->suite->queue;
	enum status st;
	uint32_t at;
	bool fresh;

	if (name != NULL) {
		if (!titles_find(&p->queue_titles, 0, slice_of(name), &at))
			return error_set(err, STATUS_INVALID, "%s: queue: the "
			    "policy has no queue \"%s\": name the policy with -p",
			    c->suite->path, name);
		c->queue = p->queues[at];
	} else
		c->queue.name = ITEM_QUEUE;
	c->queue.number = 0;
	c->queue.suite = true;
	c->queue.sample = 0;
	c->queue.sweep_shared = true;
	c->policy = *p;
	c->policy.queues = &c->queue;
	c->policy.nqueues = 1;
	c->policy.queue_titles = (struct titles)TITLES_INIT;
	if ((st = titles_add(&c->policy.queue_titles, 0, c->queue.name, 0,
	    &fresh, err)) != STATUS_OK)
		return st;
	return rules_make(c, err);
}

enum status
checker_new(struct suite_checker **out, const struct suite *s,
    const struct policy *p, struct error *err)
{
	const struct judge_options o = { .all_rules = true };
	struct suite_checker *c = calloc(1, sizeof(*c));
	enum status st;

	*out = NULL;
	if (c == NULL)
		return error_nomem(err);
	c->suite = s;
	if ((st = queue_make(c, p, err)) == STATUS_OK &&
	    (st = rules_check(c, err)) == STATUS_OK &&
	    (st = scratch_new(&c->scratch, err)) == STATUS_OK &&
	    (st = hasher_new(&c->hasher, err)) == STATUS_OK &&
	    c->queue.nrules > 0)
		st = judge_scratch_new(&c->judge, &c->policy, &o, err);
	if (st != STATUS_OK) {
		checker_free(c);
		return st;
	}
	*out = c;
	return STATUS_OK;
}

void
checker_free(struct suite_checker *c)
{
	if (c == NULL)
		return;
	judge_scratch_free(c->judge);
	scratch_free(c->scratch);
	hasher_free(c->hasher);
	titles_release(&c->policy.queue_titles);
	arena_release(&c->arena);
	free(c);
}

void
result_sum(struct result *r, double threshold)
{
	struct assert_sum sum = { 0, 0, false };
	struct assert_verdict v;
	size_t i;

	for (i = 0; i < r->nchecks; i++) {
		if (r->checks[i].state == CHECK_UNTRUSTED)
			continue;
		v = (struct assert_verdict){
		    .pass = r->checks[i].state == CHECK_PASSED,
		    .score = r->checks[i].score >= 0 ? r->checks[i].score : 0 };
		assert_count(&sum, r->checks[i].weight, &v);
		/* An error is no pass, whatever the rest comes to. */
		if (r->checks[i].state == CHECK_ERROR && r->checks[i].weight > 0)
			threshold = NAN;
	}
	assert_sum_end(&sum, threshold, &r->pass, &r->score);
}

/* A guard that could not run leaves those conditions open that name it. */
static const struct guard_error *
guard_missing(const struct verdict *v, const char *when)
{
	const char *p, *name;
	size_t i, n;

	for (i = 0; i < v->nguard_errors; i++) {
		name = v->guard_errors[i].guard;
		n = strlen(name);
		for (p = when; (p = strstr(p, name)) != NULL; p++)
			if (p > when && p[-1] == '\'' && p[n] == '\'')
				return &v->guard_errors[i];
	}
	return NULL;
}

static enum status
condition_result(const struct verdict *v, const struct rule_result *rule,
    const struct suite_check *check, struct arena *a, struct check_result *out,
    struct error *err)
{
	const struct guard_error *e = guard_missing(v, check->when);

	out->state = rule->value == EXPR_TRUE ? CHECK_PASSED : CHECK_FAILED;
	if (rule->value == EXPR_ERROR) {
		out->state = CHECK_ERROR;
		out->reason = SLICE("the condition could not be evaluated");
	} else if (e != NULL) {
		out->state = CHECK_ERROR;
		out->reason = arena_printf(a, "guard %s: %.*s", e->guard,
		    SLICE_ARG(e->message));
		if (out->reason.p == NULL)
			return error_nomem(err);
	} else if (rule->value != EXPR_TRUE)
		out->reason = arena_printf(a, "%s%s", rule->value == EXPR_NULL ?
		    "NULL: " : "", check->when);
	out->score = out->state == CHECK_PASSED;
	return STATUS_OK;
}

static enum status
conditions_run(struct suite_checker *c, const struct suite_case *sc,
    const struct eval_answer *answer, struct arena *a, struct result *r,
    struct error *err)
{
	struct item it = answer->item;
	struct judge_request request = { .item = &it };
	const struct judged_item *judged = NULL;
	const struct suite_check *check;
	enum status st = STATUS_OK;
	size_t i, n = 0;

	it.queue = slice_of(c->queue.name);
	it.expect = sc->expect;
	if (it.metadata.p == NULL)
		it.metadata = sc->metadata;
	if (it.messages.p == NULL)
		it.messages = sc->messages;
	if (c->judge != NULL && (st = judge_record(c->judge, &request, a,
	    &judged, err)) != STATUS_OK)
		return st;
	for (i = 0; i < c->suite->nchecks && st == STATUS_OK; i++) {
		check = &c->suite->checks[i];
		r->checks[i] = (struct check_result){
		    .name = slice_of(check->name), .weight = check->weight,
		    .state = CHECK_ERROR, .score = 0,
		    .reason = SLICE(NOT_ASKED) };
		if (check->when == NULL)
			continue;
		assert(n < judged->verdict.nrules);
		st = condition_result(&judged->verdict,
		    &judged->verdict.rules[n++], check, a, &r->checks[i], err);
		if (r->checks[i].state == CHECK_PASSED)
			r->checks[i].reason = SLICE_NONE;
	}
	return st;
}

enum status
check_tell(struct check_result *out, enum status told,
    const struct assert_verdict *v, const struct error *why, struct arena *a,
    struct error *err)
{
	if (told == STATUS_NOMEM)
		return error_nomem(err);
	if (told == STATUS_OK) {
		out->state = v->pass ? CHECK_PASSED : CHECK_FAILED;
		out->score = v->score;
		out->reason = v->reason;
		return STATUS_OK;
	}
	out->reason = (struct slice){ arena_str(a, slice_of(why->text)),
	    strlen(why->text) };
	return out->reason.p == NULL ? error_nomem(err) : STATUS_OK;
}

static enum status
assertions_run(struct suite_checker *c, const struct suite_case *sc,
    const struct eval_answer *answer, struct arena *a, struct result *r,
    struct error *err)
{
	struct assert_subject s = { &answer->item, answer->item.output, a,
	    c->scratch };
	struct check_result *out;
	struct assert_verdict v;
	struct error why;
	enum status st;
	size_t i;

	for (i = 0; i < sc->nasserts; i++) {
		out = &r->checks[c->suite->nchecks + i];
		*out = (struct check_result){
		    .name = slice_of(sc->asserts[i].name),
		    .weight = sc->asserts[i].weight, .state = CHECK_ERROR,
		    .score = 0, .reason = SLICE(NOT_ASKED) };
		if (sc->asserts[i].row->how == ASSERT_JUDGE ||
		    sc->asserts[i].row->how == ASSERT_SERVICE)
			continue;
		memset(&why, 0, sizeof(why));
		st = assert_run(&sc->asserts[i], &s, &v, &why);
		if ((st = check_tell(out, st, &v, &why, a, err)) != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

enum status
checker_run(struct suite_checker *c, const struct suite_case *sc,
    const struct eval_answer *answer, struct arena *a, struct result *r,
    struct error *err)
{
	size_t n = c->suite->nchecks + sc->nasserts;
	enum status st;

	r->id = slice_of(sc->id);
	r->repeat = answer->repeat;
	r->item = answer->stored;
	r->input_tokens = answer->item.input_tokens;
	r->output_tokens = answer->item.output_tokens;
	r->cost_usd = answer->item.cost_usd;
	r->latency_ms = answer->item.latency_ms;
	r->error = answer->error;
	r->score = 0;
	if (r->error.p != NULL)
		return STATUS_OK;
	r->output = answer->item.output;
	if (r->output.p != NULL)
		hash_bytes(c->hasher, r->output, &r->output_sha256);
	if ((r->checks = arena_zalloc(a, (n + 1) * sizeof(*r->checks))) == NULL)
		return error_nomem(err);
	r->nchecks = n;
	if ((st = conditions_run(c, sc, answer, a, r, err)) != STATUS_OK ||
	    (st = assertions_run(c, sc, answer, a, r, err)) != STATUS_OK)
		return st;
	result_sum(r, sc->threshold);
	return STATUS_OK;
}
