/* What became of each guard, and the results that the caller brought. */
#include "core/judge/caller.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/arena.h"
#include "core/base/utf8.h"
#include "core/judge/stages.h"

#define OUTCOMES_LINEAR	32	/* more are found through the table */

void
outcome_add(struct outcome *o, const struct finding *f)
{
	if (f->severity >= SEVERITY_LOW)
		o->failed = true;
	if (isnan(o->score) || f->score > o->score)
		o->score = f->score;
}

enum status
guard_error_add(struct judge *j, struct outcome *o, struct slice message,
    bool fail_open, struct error *err)
{
	struct verdict *v = j->verdict;
	struct guard_error *e;
	size_t cap;

	o->errored = true;
	if (!fail_open && !j->fatal_error) {
		j->fatal_error = true;
		j->fatal_name = o->name;
	}
	if (v->nguard_errors == j->errors_cap) {
		cap = j->errors_cap == 0 ? 8 : j->errors_cap * 2;
		if ((e = arena_alloc(j->out, cap * sizeof(*e))) == NULL)
			return error_nomem(err);
		if (v->nguard_errors > 0)
			memcpy(e, v->guard_errors, v->nguard_errors *
			    sizeof(*e));
		v->guard_errors = e;
		j->errors_cap = cap;
	}
	v->guard_errors[v->nguard_errors++] = (struct guard_error){ o->name,
	    message, fail_open };
	return STATUS_OK;
}

enum status
outcomes_begin(struct judge *j, const struct queue_judge *r, struct error *err)
{
	struct outcome_table *t = &j->table;
	size_t i, at, cap = r->nnames + j->item->nguards, size;

	t->slots = NULL;
	j->outcomes = arena_alloc(j->out, (cap + 1) * sizeof(*j->outcomes));
	if (j->outcomes == NULL)
		return error_nomem(err);
	j->nknown = j->noutcomes = r->nnames;
	for (i = 0; i < r->nnames; i++)
		j->outcomes[i] = (struct outcome){ r->names[i], false, false,
		    false, NAN };
	if (cap <= OUTCOMES_LINEAR)
		return STATUS_OK;
	for (size = 64; size < 2 * cap; size *= 2)
		;
	t->mask = size - 1;
	t->slots = arena_zalloc(j->out, size * sizeof(*t->slots));
	if (t->slots == NULL)
		return error_nomem(err);
	for (i = 0; i < j->noutcomes; i++) {
		for (at = slice_hash(slice_of(r->names[i])) & t->mask;
		    t->slots[at] != 0; at = (at + 1) & t->mask)
			;
		t->slots[at] = (uint32_t)i + 1;
	}
	return STATUS_OK;
}

/* The outcome of that name, made where there is none; NULL: no memory. */
static struct outcome *
outcome_named(struct judge *j, struct slice name)
{
	const struct outcome_table *t = &j->table;
	struct outcome *o;
	size_t i, at = 0;

	if (t->slots != NULL) {
		for (at = slice_hash(name) & t->mask; t->slots[at] != 0;
		    at = (at + 1) & t->mask) {
			o = &j->outcomes[t->slots[at] - 1];
			if (slice_is(name, o->name))
				return o;
		}
	} else {
		for (i = 0; i < j->noutcomes; i++)
			if (slice_is(name, j->outcomes[i].name))
				return &j->outcomes[i];
	}
	o = &j->outcomes[j->noutcomes];
	*o = (struct outcome){ arena_str(j->out, name), false, false, false,
	    NAN };
	if (o->name == NULL)
		return NULL;
	j->noutcomes++;
	if (t->slots != NULL)
		t->slots[at] = (uint32_t)j->noutcomes;
	return o;
}

static struct finding *
found_push(struct judge *j)
{
	struct findings *f = &j->found;
	struct finding *v;
	size_t cap;

	if (f->n == f->cap) {
		cap = f->cap == 0 ? 32 : f->cap * 2;
		if ((v = realloc(f->v, cap * sizeof(*v))) == NULL)
			return NULL;
		f->v = v;
		f->cap = cap;
	}
	return &f->v[f->n++];
}

/* A caller's fail: one finding a span, still in code points. */
static enum status
caller_failed(struct judge *j, const struct caller_guard *g,
    struct outcome *o, struct error *err)
{
	size_t i, n = g->nspans > FINDINGS_MAX ? FINDINGS_MAX : g->nspans;
	struct finding *f;

	o->failed = true;
	for (i = 0; i < n || i == 0; i++) {
		if ((f = found_push(j)) == NULL)
			return error_nomem(err);
		memset(f, 0, sizeof(*f));
		f->guard = o->name;
		f->kind = g->kind;
		f->severity = g->severity == SEVERITY_NONE ? SEVERITY_MEDIUM :
		    g->severity;
		f->score = isnan(g->score) ? 1 : g->score;
		f->message = g->message;
		f->end = UINT32_MAX;	/* no place: all of it */
		if (n > 0) {
			f->start = g->spans[i][0];
			f->end = g->spans[i][1];
		}
	}
	return STATUS_OK;
}

static enum status
caller_take(struct judge *j, struct error *err)
{
	const struct caller_guard *g = j->item->guards;
	struct outcome *o;
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < j->item->nguards && st == STATUS_OK; i++, g++) {
		if ((o = outcome_named(j, g->name)) == NULL)
			return error_nomem(err);
		o->brought = true;
		if (!isnan(g->score) &&
		    (isnan(o->score) || g->score > o->score))
			o->score = g->score;
		if (g->result == RESULT_FAIL)
			st = caller_failed(j, g, o, err);
		else if (g->result == RESULT_ERROR && !o->errored)
			st = guard_error_add(j, o, g->message, false, err);
	}
	return st;
}

struct point {
	uint32_t	point, at;
};

static int
point_compare(const void *a, const void *b)
{
	uint32_t x = ((const struct point *)a)->point;
	uint32_t y = ((const struct point *)b)->point;

	return x < y ? -1 : x > y;
}

/* The callers' spans in bytes, in one pass over the output. */
static enum status
caller_spans(struct judge *j, struct error *err)
{
	struct utf8_cursor c = { j->item->output, 0, 0 };
	size_t i, n = j->found.n;
	struct finding *f = j->found.v;
	struct point *p;
	uint32_t byte;

	if (n == 0)
		return STATUS_OK;
	if ((p = arena_alloc(j->out, 2 * n * sizeof(*p))) == NULL)
		return error_nomem(err);
	for (i = 0; i < n; i++) {
		p[2 * i] = (struct point){ f[i].start, (uint32_t)(2 * i) };
		p[2 * i + 1] = (struct point){ f[i].end,
		    (uint32_t)(2 * i + 1) };
	}
	qsort(p, 2 * n, sizeof(*p), point_compare);
	for (i = 0; i < 2 * n; i++) {
		byte = (uint32_t)utf8_byte(&c, p[i].point);
		if (p[i].at % 2 == 0)
			f[p[i].at / 2].start = byte;
		else
			f[p[i].at / 2].end = byte;
	}
	for (i = 0; i < n; i++)
		if (f[i].end < f[i].start)
			f[i].end = f[i].start;
	return STATUS_OK;
}

/* What the caller expected to bring and has not is an error of that guard. */
static enum status
expects_check(struct judge *j, const struct queue_judge *r, struct error *err)
{
	static const char missing[] = "the record brings no result of it";
	enum status st = STATUS_OK;
	size_t i;

	for (i = r->queue->nguards; i < r->nnames && st == STATUS_OK; i++)
		if (!j->outcomes[i].brought)
			st = guard_error_add(j, &j->outcomes[i],
			    SLICE(missing), false, err);
	return st;
}

enum status
caller_results(struct judge *j, const struct queue_judge *r, struct error *err)
{
	enum status st;

	if ((st = caller_take(j, err)) != STATUS_OK ||
	    (st = caller_spans(j, err)) != STATUS_OK)
		return st;
	return expects_check(j, r, err);
}
