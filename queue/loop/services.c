#include "queue/loop/services.h"

#include <stdlib.h>

#include "core/suite/assert_service.h"
#include "queue/loop/checks.h"
#include "queue/loop/live.h"

struct service_check {
	size_t	result, check;
};

struct services_asking {
	const struct answers *answers;
	struct results	*results;
	const struct suite_prompt *prompt;
	struct service_check *v;
	size_t		 n;
};

static const struct assertion *
assertion_of(const struct services_asking *g, const struct service_check *c)
{
	const struct answers *a = g->answers;

	return &a->cases[a->v[c->result].at].asserts[c->check -
	    a->suite->nchecks];
}

static enum status
serve_make(void *arg, size_t i, struct ask *ask, struct error *err)
{
	const struct services_asking *g = arg;
	const struct service_check *c = &g->v[i];
	const struct assertion *a = assertion_of(g, c);
	const struct eval_answer *v = &g->answers->v[c->result];
	const struct suite_case *sc = &g->answers->cases[v->at];
	struct service_subject s = { .output = v->item.output,
	    .vars = sc->vars, .output_is_string = v->item.output_is_string };
	struct error none = { 0 };

	ask->endpoint = &g->answers->suite->endpoints[a->judge];
	ask->repeat = v->repeat;
	s.model = ask->endpoint->model;
	/* Outputs that were brought along may have been asked with anything. */
	if (live_text(g->prompt, sc, &ask->arena, &s.prompt, &none) != STATUS_OK)
		s.prompt = SLICE_NONE;
	return service_ask(a, &s, &ask->body, err);
}

static enum status
serve_done(void *arg, size_t i, const struct ask_answer *answer, double *usd,
    struct error *err)
{
	struct services_asking *g = arg;
	const struct service_check *c = &g->v[i];
	struct check_result *out = &g->results->v[c->result].checks[c->check];
	struct arena *keep = &g->results->arena;
	struct assert_verdict v;
	struct error why = { 0 };
	enum status st;

	*usd = 0;		/* a service names no price */
	if (answer->why != NULL)
		st = error_set(&why, STATUS_IO, "%s", answer->why);
	else
		st = service_read(assertion_of(g, c), answer->body, &v, keep,
		    &why);
	return check_tell(out, st, &v, &why, keep, err);
}

static enum status
checks_gather(struct services_asking *g, struct error *err)
{
	const struct answers *a = g->answers;
	const struct suite_case *c;
	size_t i, k, n = 0;

	for (i = 0; i < g->results->n; i++)
		n += g->results->v[i].nchecks;
	if ((g->v = calloc(n + 1, sizeof(*g->v))) == NULL)
		return error_nomem(err);
	for (i = 0; i < g->results->n; i++) {
		c = &a->cases[a->v[i].at];
		for (k = a->suite->nchecks; k < g->results->v[i].nchecks; k++)
			if (c->asserts[k - a->suite->nchecks].row->how ==
			    ASSERT_SERVICE)
				g->v[g->n++] = (struct service_check){ i, k };
	}
	return STATUS_OK;
}

enum status
services_run(const struct answers *a, struct results *r,
    const struct suite_prompt *prompt, const struct ask_run *how,
    struct error *err)
{
	struct services_asking g = { .answers = a, .results = r, .prompt = prompt };
	struct ask_run run = *how;
	enum status st;
	size_t i;

	if ((st = checks_gather(&g, err)) == STATUS_OK && g.n > 0) {
		run.n = g.n;
		run.make = serve_make;
		run.done = serve_done;
		run.arg = &g;
		st = ask_run(&run, err);
	}
	for (i = 0; i < g.n && st == STATUS_OK; i++)
		if (i + 1 == g.n || g.v[i + 1].result != g.v[i].result)
			result_sum(&r->v[g.v[i].result],
			    a->cases[a->v[g.v[i].result].at].threshold);
	free(g.v);
	return st;
}
