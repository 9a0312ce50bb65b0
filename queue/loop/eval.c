#include "queue/loop/eval.h"

#include <math.h>
#include <stdlib.h>

#include "core/suite/read.h"
#include "queue/file.h"
#include "queue/loop/checks.h"
#include "queue/loop/live.h"
#include "queue/loop/model_judge.h"
#include "queue/loop/replay.h"
#include "queue/loop/run_results.h"
#include "queue/loop/runs.h"
#include "queue/loop/services.h"
#include "queue/loop/stored.h"

struct evaluating {
	struct eval	*e;
	struct session	*s;
	const struct policy *policy;
	const struct eval_options *o;
	struct live_variant variant[EVAL_VARIANTS_MAX];
	size_t		 nvariants;
	const struct suite_prompt **rubrics;	/* of each check, or NULL */
	const char	*source;
	const char	*baseline;
	int64_t		 baseline_run;	/* 0: none */
	struct ask_progress progress;
	const char	*telling;	/* variant */
};

enum status
eval_load(struct eval *e, const char *path, const char *grader,
    struct error *err)
{
	*e = (struct eval){ .suite = NULL };
	return suite_load(&e->suite, path, grader, &file_loader, err);
}

void
eval_release(struct eval *e)
{
	size_t i;

	for (i = 0; i < e->nruns; i++) {
		answers_release(&e->runs[i].answers);
		results_release(&e->runs[i].results);
		results_release(&e->runs[i].base);
		arena_release(&e->runs[i].arena);
	}
	free(e->runs);
	suite_free(e->suite);
	arena_release(&e->arena);
	*e = (struct eval){ .suite = NULL };
}

bool
eval_met(const struct eval *e)
{
	size_t i;

	for (i = 0; i < e->nruns; i++)
		if (!e->runs[i].report.met)
			return false;
	return e->nruns > 0;
}

static enum status
variant_add(struct evaluating *x, const struct suite_prompt *p,
    const struct suite_endpoint *endpoint, const char *name, struct error *err)
{
	if (x->nvariants == EVAL_VARIANTS_MAX)
		return error_set(err, STATUS_LIMIT, "more than %d variants",
		    EVAL_VARIANTS_MAX);
	if (name == NULL)
		return error_nomem(err);
	x->variant[x->nvariants++] = (struct live_variant){ p, endpoint, name };
	return STATUS_OK;
}

/* Is it asked for: by all of its name, or by its endpoint's? */
static bool
is_wanted(const struct eval_options *o, const char *name, const char *endpoint,
    bool *used)
{
	bool wanted = o->nvariants == 0;
	size_t i;

	for (i = 0; i < o->nvariants; i++)
		if ((name != NULL && strcmp(o->variants[i], name) == 0) ||
		    strcmp(o->variants[i], endpoint) == 0)
			wanted = used[i] = true;
	return wanted;
}

/* With one of the store, the run says which version it was. */
static enum status
stored_add(struct evaluating *x, const char *ref,
    const struct suite_endpoint *endpoint, struct error *err)
{
	const struct suite_prompt *p;
	const char *name;
	enum status st;
	size_t i;

	if ((st = stored_prompt(x->s, ref, &x->e->arena, &p, err)) != STATUS_OK)
		return st;
	name = arena_printf(&x->e->arena, "%s/%s", p->name, endpoint->name).p;
	for (i = 0; name != NULL && i < x->nvariants; i++)
		if (strcmp(x->variant[i].name, name) == 0)
			return STATUS_OK;
	return variant_add(x, p, endpoint, name, err);
}

/* Those of --variant that name a prompt of the store: PROMPT@VERSION[/ENDPOINT]. */
static enum status
stored_variants(struct evaluating *x, bool *used, struct error *err)
{
	const struct suite *s = x->e->suite;
	const char *v, *at, *slash, *ref;
	enum status st;
	size_t i, k;

	for (i = 0; i < x->o->nvariants; i++) {
		v = x->o->variants[i];
		if (used[i] || (at = strrchr(v, '@')) == NULL)
			continue;
		slash = strchr(at, '/');
		ref = slash == NULL ? v : arena_str(&x->e->arena, (struct slice){
		    v, (size_t)(slash - v) });
		if (ref == NULL)
			return error_nomem(err);
		for (k = 0; k < s->nvariants; k++) {
			if (slash != NULL && strcmp(s->endpoints[k].name,
			    slash + 1) != 0)
				continue;
			if ((st = stored_add(x, ref, &s->endpoints[k], err)) !=
			    STATUS_OK)
				return error_prefix(err, "--variant %s", v);
			used[i] = true;
		}
	}
	return STATUS_OK;
}

static enum status
variants_check(const struct evaluating *x, const bool *used, struct error *err)
{
	size_t i;

	for (i = 0; i < x->o->nvariants; i++)
		if (!used[i])
			return error_set(err, STATUS_INVALID, "--variant %s: no "
			    "endpoint of %s is called so", x->o->variants[i],
			    x->e->suite->path);
	return STATUS_OK;
}

/* A prompt of the suite with an endpoint. */
static enum status
variant_make(struct evaluating *x, const struct suite_prompt *p,
    const struct suite_endpoint *endpoint, bool *used, struct error *err)
{
	bool stored = p != NULL && p->stored != NULL;
	const char *name = stored ? NULL : x->e->suite->nprompts < 2 ?
	    endpoint->name : arena_printf(&x->e->arena, "%s/%s", p->name,
	    endpoint->name).p;

	if (name == NULL && !stored)
		return error_nomem(err);
	if (!is_wanted(x->o, name, endpoint->name, used))
		return STATUS_OK;
	return stored ? stored_add(x, p->stored, endpoint, err) :
	    variant_add(x, p, endpoint, name, err);
}

/* Each prompt with each endpoint that does not only judge. */
static enum status
variants_make(struct evaluating *x, struct error *err)
{
	const struct suite *s = x->e->suite;
	bool used[EVAL_VARIANTS_MAX] = { false };
	enum status st;
	size_t i, k, n = s->nprompts == 0 ? 1 : s->nprompts;

	if (x->o->nvariants > EVAL_VARIANTS_MAX)
		return error_set(err, STATUS_LIMIT, "more than %d variants",
		    EVAL_VARIANTS_MAX);
	for (i = 0; i < n; i++)
		for (k = 0; k < s->nvariants; k++)
			if ((st = variant_make(x, s->nprompts == 0 ? NULL :
			    &s->prompts[i], &s->endpoints[k], used, err)) !=
			    STATUS_OK)
				return st;
	if ((st = stored_variants(x, used, err)) != STATUS_OK)
		return st;
	return variants_check(x, used, err);
}

/* What judges read of the store; it suits every case that the suite itself has. */
static enum status
rubrics_find(struct evaluating *x, struct error *err)
{
	const struct suite *s = x->e->suite;
	struct buf text = BUF_INIT;
	enum status st = STATUS_OK;
	size_t i, k;

	x->rubrics = arena_zalloc(&x->e->arena, (s->nchecks + 1) *
	    sizeof(const struct suite_prompt *));
	if (x->rubrics == NULL)
		return error_nomem(err);
	for (i = 0; i < s->nchecks && st == STATUS_OK; i++) {
		if (s->checks[i].judge == NULL)
			continue;
		st = stored_rubric(x->s, s->checks[i].judge, &x->e->arena,
		    &x->rubrics[i], err);
		for (k = 0; k < s->ncases && x->o->where == NULL &&
		    st == STATUS_OK; k++) {
			buf_clear(&text);
			st = stored_criterion(x->rubrics[i], &s->cases[k], &text,
			    err);
		}
		if (st != STATUS_OK)
			st = error_prefix(err, "check \"%s\"",
			    s->checks[i].name);
	}
	buf_release(&text);
	return st;
}

/* Does the suite bring its outputs along? */
static bool
brings_outputs(const struct suite *s)
{
	size_t i;

	for (i = 0; i < s->ncases; i++)
		if (s->cases[i].output.p != NULL)
			return true;
	return false;
}

static enum status
source_find(struct evaluating *x, struct error *err)
{
	const struct eval_options *o = x->o;
	const struct suite *s = x->e->suite;
	const char *name = o->nvariants == 1 ? o->variants[0] : NULL;

	if (o->records != NULL && o->where != NULL)
		return error_set(err, STATUS_INVALID,
		    "--records or --where, not both");
	if (o->records != NULL) {
		x->source = "records";
		return variant_add(x, NULL, NULL, name == NULL ? "records" :
		    name, err);
	}
	if (o->where != NULL && o->nvariants == 0 && o->repeat == 0) {
		x->source = "items";
		return variant_add(x, NULL, NULL, "items", err);
	}
	if (o->where == NULL && s->nvariants == 0 && brings_outputs(s)) {
		x->source = "suite";
		return variant_add(x, NULL, NULL, name == NULL ? "suite" : name,
		    err);
	}
	x->source = "live";
	if (s->nvariants == 0)
		return error_set(err, STATUS_INVALID, "%s names no endpoint to "
		    "ask: bring the outputs with --records or --where", s->path);
	return variants_make(x, err);
}

static void
tell(void *arg, const struct ask_progress *p)
{
	const struct evaluating *x = arg;

	if (x->o->tell != NULL)
		x->o->tell(x->o->arg, x->telling, p);
}

/* The items are the cases, whatever else the suite has. */
static enum status
items_get(struct evaluating *x, struct eval_run *r,
    const struct live_variant *v, bool live, struct error *err)
{
	enum status st;

	r->answers.ncases = 0;
	titles_release(&r->answers.ids);
	r->answers.ids = (struct titles)TITLES_INIT;
	st = answers_stored(&r->answers, x->s, x->o->where, err);
	if (st == STATUS_OK && r->answers.n == 0)
		st = error_set(err, STATUS_NOT_FOUND,
		    "--where: no item of the store is like that");
	if (st == STATUS_OK && live && v->prompt != NULL)
		st = replay_cases(&r->answers, x->s, err);
	if (live)
		r->answers.n = 0;	/* asked anew */
	return st;
}

static enum status
probes_make(struct evaluating *x, struct eval_run *r, bool live,
    struct error *err)
{
	enum status st;

	if (!x->o->probed)
		return STATUS_OK;
	st = live ? probes_cases(&r->answers, &r->probes, err) :
	    probes_outputs(&r->answers, &r->probes, err);
	return st != STATUS_OK || r->answers.ncases > 0 ? st :
	    error_set(err, STATUS_INVALID, "%s: no probe changes anything of "
	    "its cases", x->e->suite->path);
}

static enum status
answers_get(struct evaluating *x, struct eval_run *r,
    const struct live_variant *v, const struct ask_run *how, struct error *err)
{
	const struct suite *s = x->e->suite;
	bool live = strcmp(x->source, "live") == 0;
	enum status st;

	if ((st = answers_init(&r->answers, s, err)) != STATUS_OK)
		return st;
	if (x->o->where != NULL)
		st = items_get(x, r, v, live, err);
	else if (x->o->records != NULL)
		st = answers_records(&r->answers, x->o->records, x->o->format,
		    err);
	else if (!live)
		st = answers_own(&r->answers, err);
	if (st == STATUS_OK)
		st = probes_make(x, r, live, err);
	if (st == STATUS_OK && live)
		st = live_answers(&r->answers, v, x->o->repeat > 0 ?
		    x->o->repeat : s->repeat, how, err);
	return st;
}

static enum status
results_make(struct evaluating *x, struct eval_run *r,
    const struct live_variant *v, const struct ask_run *how, struct error *err)
{
	struct suite_checker *c;
	struct result *one;
	enum status st;
	size_t i;

	if ((st = checker_new(&c, x->e->suite, x->policy, err)) != STATUS_OK)
		return st;
	for (i = 0; i < r->answers.n && st == STATUS_OK; i++) {
		if ((one = results_add(&r->results)) == NULL)
			st = error_nomem(err);
		else
			st = checker_run(c, &r->answers.cases[
			    r->answers.v[i].at], &r->answers.v[i],
			    &r->results.arena, one, err);
	}
	checker_free(c);
	if (st == STATUS_OK)
		st = services_run(&r->answers, &r->results, v->prompt, how, err);
	if (st == STATUS_OK)
		st = judges_run(&r->answers, &r->results, x->rubrics, how, err);
	return st == STATUS_OK && x->o->probed ? probes_judge(&r->answers,
	    x->policy, &r->results, &r->probes, &r->arena, err) : st;
}

static enum status
run_open(struct evaluating *x, struct eval_run *r, int64_t *since_ms,
    struct error *err)
{
	struct run_begin b = { x->e->suite->name, r->variant, r->source,
	    x->e->suite, x->o->fresh ? store_now_ms(x->s->store) : 0 };
	enum status st;

	*since_ms = b.since_ms;
	if (x->o->resume) {
		st = run_resume(x->s, x->e->suite->id, r->variant, &r->run,
		    since_ms, err);
		if (st != STATUS_NOT_FOUND)
			return st;
		return error_set(err, st, "--resume: no run of %s with %s was "
		    "broken off (one of the suite as it was before it was "
		    "changed does not go on: run it anew, what was answered is "
		    "not asked again)", x->e->suite->path, r->variant);
	}
	return run_begin(x->s, &b, &r->run, err);
}

static enum status
run_close(struct evaluating *x, struct eval_run *r, struct error *err)
{
	struct gate_report *g = &r->report;
	struct run_end end = { .run = r->run, .name = x->e->suite->name,
	    .variant = r->variant, .source = r->source,
	    .suite = x->e->suite->id, .results = &r->results,
	    .cost_usd = NAN };
	enum status st;

	g->baseline = x->baseline;
	g->baseline_run = x->baseline_run;
	if (x->baseline_run > 0 && (st = run_results(x->s, x->baseline_run,
	    &r->base, err)) != STATUS_OK)
		return st;
	if ((st = gate_judge(&x->e->suite->gate, &r->results,
	    x->baseline_run > 0 ? &r->base : NULL, &r->arena, g, err)) !=
	    STATUS_OK)
		return st;
	end.cases = g->cases;
	end.passed = g->passed;
	end.errors = g->errors;
	end.cost_usd = g->total_usd;
	end.verdict = g->met ? "met" : "not met";
	return run_end(x->s, &end, err);
}

static enum status
variant_run(struct evaluating *x, const struct live_variant *v,
    struct error *err)
{
	struct eval_run *r = &x->e->runs[x->e->nruns++];
	struct ask_run how = { .session = x->s, .max_usd = x->o->max_usd,
	    .progress = &x->progress, .tell = tell, .tell_arg = x,
	    .stop = x->o->stop };
	struct error ignored = { 0 };
	enum status st;

	r->variant = x->telling = v->name;
	r->source = x->source;
	if (x->o->probed) {
		/* What is broken off goes on as what it was. */
		r->variant = arena_printf(&r->arena, "probe:%s", v->name).p;
		if (r->variant == NULL)
			return error_nomem(err);
		r->probes.set = x->o->probes != 0 ? x->o->probes :
		    x->e->suite->probes;
	}
	x->progress = (struct ask_progress){ .usd = x->progress.usd };
	if ((st = run_open(x, r, &how.since_ms, err)) != STATUS_OK)
		return st;
	if ((st = answers_get(x, r, v, &how, err)) == STATUS_OK &&
	    (st = results_make(x, r, v, &how, err)) == STATUS_OK)
		st = run_close(x, r, err);
	/* Only what can go on is kept. */
	if (st != STATUS_OK && st != STATUS_INTERRUPTED && st != STATUS_LIMIT &&
	    !x->o->resume && run_drop(x->s, r->run, &ignored) != STATUS_OK)
		return st;
	return st;
}

/* A baseline that the command names has to be there; the gate's own may be yet to
 * come, and then it is not met. */
static enum status
baseline_find(struct evaluating *x, struct error *err)
{
	enum status st;

	/* That of the gate has the cases as they are. */
	x->baseline = x->o->baseline != NULL || x->o->probed ?
	    x->o->baseline : x->e->suite->gate.baseline;
	if (x->baseline == NULL)
		return STATUS_OK;
	st = run_find(x->s, x->baseline, &x->baseline_run, err);
	if (st != STATUS_NOT_FOUND || x->o->baseline != NULL)
		return st;
	error_clear(err);
	return STATUS_OK;
}

enum status
eval_execute(struct eval *e, struct session *s, const struct policy *policy,
    const struct eval_options *o, struct error *err)
{
	struct evaluating *x = calloc(1, sizeof(*x));
	struct suite_checker *c;
	enum status st;
	size_t i;

	if (x == NULL)
		return error_nomem(err);
	x->e = e;
	x->s = s;
	x->policy = policy;
	x->o = o;
	/* Mistakes show themselves before anything is asked or stored. */
	if ((st = session_require(s, MAY_REVIEW, "run a suite", err)) ==
	    STATUS_OK && (st = source_find(x, err)) == STATUS_OK &&
	    (st = rubrics_find(x, err)) == STATUS_OK &&
	    (st = baseline_find(x, err)) == STATUS_OK &&
	    (st = checker_new(&c, e->suite, policy, err)) == STATUS_OK) {
		checker_free(c);
		e->runs = calloc(x->nvariants, sizeof(*e->runs));
		if (e->runs == NULL)
			st = error_nomem(err);
	}
	for (i = 0; i < x->nvariants && st == STATUS_OK; i++)
		st = variant_run(x, &x->variant[i], err);
	e->usd = x->progress.usd;
	free(x);
	return st;
}
