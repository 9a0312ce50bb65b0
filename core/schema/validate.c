/*
 * A first run says valid or not and stops at the first failure; only where there
 * is one, and somebody wants to know, a second run gathers them all.
 */
#include "core/schema/validate.h"

#include "core/schema/names.h"
#include "core/schema/run.h"

/*
 * What a run may do, so that one over 10 kB has an answer or gives up within
 * some 30 ms, and one that says why within half of it.  A step is a schema
 * applied to a value, and more of them where the value is large.
 */
#define STEPS_MIN	((uint64_t)1 << 17)
#define STEPS_PER_BYTE	13u
#define MATCHING_NS	15000000	/* of CPU time for patterns in 10 kB */
#define LOOK_FIRST	512u	/* bytes matched until the clock is read */

static void
run_begin(struct run *r, struct report *report)
{
	unsigned part = report == NULL ? 1 : 2;

	r->report = report;
	r->failures = 0;
	r->depth = 0;
	r->matched = 0;
	r->look = LOOK_FIRST;
	r->first_ns = r->last_ns = 0;
	r->matching_ns = MATCHING_NS * (int64_t)(1 + r->d->len / 10240) / part;
	r->status = STATUS_OK;
	r->steps = (STEPS_MIN + r->d->len * STEPS_PER_BYTE) / part;
}

/* Runs once more to say why; a limit met on the way leaves what was found. */
static enum status
explain(struct run *r, schema_fn *each, void *arg, struct error *err)
{
	struct report report;
	struct error why = { STATUS_OK, "" };
	enum status st = STATUS_OK;

	if (!report_init(&report, r->d, r->arena, SCHEMA_FAILURES_MAX))
		return error_nomem(err);
	run_begin(r, &report);
	r->err = &why;
	(void)run_node(r, r->s->root, 0, NULL);
	if (why.code == STATUS_NOMEM || report.nomem)
		return error_nomem(err);
	if (report.n == 0)
		report_message(&report, 0, "false",
		    "the value is not what the schema asks");
	report_sort(&report);
	for (uint32_t i = 0; i < report.n && st == STATUS_OK; i++) {
		struct schema_failure *f = &report.v[i];

		f->pointer = json_pointer_of(r->d, f->token, r->arena);
		st = f->pointer.p == NULL ? error_nomem(err) :
		    each(arg, f, err);
	}
	return st;
}

enum status
schema_validate(const struct schema *s, const struct json *d,
    struct arena *arena, schema_fn *each, void *arg, bool *valid,
    struct error *err)
{
	struct scope outer = { NULL, s->node[s->root].resource };
	struct run r;

	memset(&r, 0, sizeof(r));
	r.s = s;
	r.d = d;
	r.tok = d->tok;
	r.arena = arena;
	r.scope = &outer;
	r.err = err;
	run_begin(&r, NULL);
	*valid = run_node(&r, s->root, 0, NULL);
	if (r.status != STATUS_OK) {
		*valid = false;
		return r.status;
	}
	if (*valid || each == NULL)
		return STATUS_OK;
	return explain(&r, each, arg, err);
}
