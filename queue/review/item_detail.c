#include "queue/review/item_detail.h"

#include <assert.h>
#include <stdlib.h>

#include "core/shape/shape.h"
#include "db/query.h"

#define ROWS_FIRST	8

/* Room for one more in an array of the arena, doubled when full. */
static void *
grown(struct arena *arena, void *v, size_t n, size_t *cap, size_t size)
{
	size_t more = *cap == 0 ? ROWS_FIRST : *cap * 2;
	char *p;

	if (n < *cap)
		return v;
	if ((p = arena_alloc(arena, more * size)) == NULL)
		return NULL;
	if (n > 0)
		memcpy(p, v, n * size);
	*cap = more;
	return p;
}

static bool
keep(struct query *q, int column, struct arena *arena, struct slice *out)
{
	struct slice s = query_text(q, column);

	*out = s;
	return s.p == NULL || (out->p = arena_str(arena, s)) != NULL;
}

static enum status
open_rows(struct query **q, struct session *s, enum query_id id, int64_t item,
    struct error *err)
{
	enum status st = query_get(q, s->store, id, err);

	if (st == STATUS_OK)
		query_bind_int(*q, 1, item);
	return st;
}

/* What is left of an item whose texts are gone: what its row has. */
static enum status
item_erased(struct item_detail *d)
{
	d->erased = true;
	d->item = (struct item){
		.id = d->row.id, .queue = d->row.queue, .model = d->row.model,
		.prompt = d->row.prompt, .variant = d->row.variant,
		.output_is_string = true, .input_tokens = -1,
		.output_tokens = -1, .cost_usd = -1, .latency_ms = -1,
		.created_ms = d->row.created_ms
	};
	return STATUS_OK;
}

static enum status
load_record(struct session *s, int64_t item, struct arena *arena,
    struct item_detail *d, struct slice *rules, struct error *err)
{
	struct item_stored stored;
	struct query *q;
	enum status st;

	if ((st = open_rows(&q, s, QUERY_DETAIL_PAYLOAD, item, err)) !=
	    STATUS_OK)
		return st;
	if ((st = query_row(q, err)) != STATUS_OK) {
		query_done(q);
		return st == STATUS_NOT_FOUND ? item_erased(d) : st;
	}
	stored.record = query_blob(q, 0);
	stored.input = query_blob(q, 1);
	stored.choice = (uint32_t)query_int(q, 2);
	stored.record.p = arena_copy(arena, stored.record.p, stored.record.n);
	if (stored.input.p != NULL && (stored.input.p = arena_copy(arena,
	    stored.input.p, stored.input.n)) == NULL)
		st = error_nomem(err);
	if (!keep(q, 3, arena, &stored.shape) || !keep(q, 4, arena, rules) ||
	    stored.record.p == NULL)
		st = error_nomem(err);
	query_done(q);
	if (st != STATUS_OK)
		return st;
	s->reader.arena = arena;
	st = item_reread(&s->reader, &stored, &d->item, err);
	s->reader.arena = &s->arena;
	d->item.id = d->row.id;
	d->item.queue = d->row.queue;
	return st;
}

/* A number that a table holds, made one that can be: the store may have been
 * altered, and what it says is looked at by audit verify. */
static int64_t
within(int64_t n, int64_t most)
{
	return n < 0 ? 0 : n > most ? most : n;
}

static enum status
load_findings(struct session *s, int64_t item, struct arena *arena,
    struct item_detail *d, struct error *err)
{
	struct slice guard;
	struct finding *f;
	struct query *q;
	size_t cap = 0;
	enum status st;
	bool row;

	if ((st = open_rows(&q, s, QUERY_DETAIL_FINDINGS, item, err)) !=
	    STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		f = grown(arena, d->findings, d->nfindings, &cap, sizeof(*f));
		if (f == NULL || !keep(q, 0, arena, &guard) ||
		    !keep(q, 1, arena, &f[d->nfindings].kind) ||
		    !keep(q, 7, arena, &f[d->nfindings].on) ||
		    !keep(q, 8, arena, &f[d->nfindings].message) ||
		    !keep(q, 9, arena, &f[d->nfindings].pointer)) {
			st = error_nomem(err);
			break;
		}
		d->findings = f;
		f += d->nfindings++;
		f->guard = guard.p;
		f->severity = (enum severity)within(query_int(q, 2),
		    SEVERITY_CRITICAL);
		f->score = query_double(q, 3);
		f->start = (uint32_t)within(query_int(q, 4), UINT32_MAX);
		f->end = (uint32_t)within(query_int(q, 5), UINT32_MAX);
		f->redact = (int)within(query_int(q, 6), REDACT_HASH);
	}
	query_done(q);
	return st;
}

static enum status
load_errors(struct session *s, int64_t item, struct arena *arena,
    struct item_detail *d, struct error *err)
{
	struct guard_error *e;
	struct slice guard;
	struct query *q;
	size_t cap = 0;
	enum status st;
	bool row;

	if ((st = open_rows(&q, s, QUERY_DETAIL_ERRORS, item, err)) != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		e = grown(arena, d->errors, d->nerrors, &cap, sizeof(*e));
		if (e == NULL || !keep(q, 0, arena, &guard) ||
		    !keep(q, 1, arena, &e[d->nerrors].message)) {
			st = error_nomem(err);
			break;
		}
		d->errors = e;
		e[d->nerrors].guard = guard.p;
		e[d->nerrors++].fail_open = query_int(q, 2) != 0;
	}
	query_done(q);
	return st;
}

static enum expr_value
rule_value(char digit)
{
	switch (digit) {
	case '1':
		return EXPR_TRUE;
	case 'n':
		return EXPR_NULL;
	case 'e':
		return EXPR_ERROR;
	}
	return EXPR_FALSE;
}

/* The names of the rules tried, by the policy that routed the item: those of
 * its queue, or of `default` where the policy does not name the queue. */
static enum status
load_rules(struct session *s, struct slice digits, struct slice queue,
    struct arena *arena, struct item_detail *d, struct error *err)
{
	struct slice name;
	struct query *q;
	enum status st;
	bool row;

	if ((d->rules = arena_alloc(arena, (digits.n + 1) * sizeof(*d->rules)))
	    == NULL)
		return error_nomem(err);
	if ((st = query_get(&q, s->store, QUERY_DETAIL_RULES, err)) != STATUS_OK)
		return st;
	query_bind_text(q, 1, d->row.policy);
	query_bind_text(q, 2, queue);
	while (d->nrules < digits.n &&
	    (st = query_step(q, &row, err)) == STATUS_OK && row) {
		if (!keep(q, 0, arena, &name)) {
			st = error_nomem(err);
			break;
		}
		d->rules[d->nrules] = (struct rule_result){ name.p,
		    rule_value(digits.p[d->nrules]) };
		d->nrules++;
	}
	query_done(q);
	if (st == STATUS_OK && d->nrules == 0 && digits.n > 0 &&
	    !slice_is(queue, ITEM_QUEUE))
		return load_rules(s, digits, SLICE(ITEM_QUEUE), arena, d, err);
	return st;
}

static bool
decision_fill(struct query *q, struct arena *arena, struct item_decision *x)
{
	x->seq = query_int(q, 0);
	x->ts_ms = query_int(q, 1);
	x->uid = query_int(q, 2);
	x->undone_by = query_null(q, 14) ? -1 : query_int(q, 14);
	x->review_ms = query_null(q, 15) ? -1 : query_int(q, 15);
	return keep(q, 3, arena, &x->by) && keep(q, 4, arena, &x->role) &&
	    keep(q, 5, arena, &x->via) && keep(q, 6, arena, &x->decision) &&
	    keep(q, 7, arena, &x->from) && keep(q, 8, arena, &x->to) &&
	    keep(q, 9, arena, &x->reason) && keep(q, 10, arena, &x->labels) &&
	    keep(q, 11, arena, &x->note) && keep(q, 12, arena, &x->output);
}

static enum status
load_decisions(struct session *s, int64_t item, struct arena *arena,
    struct item_detail *d, struct error *err)
{
	struct item_decision *x;
	struct query *q;
	size_t cap = 0;
	enum status st;
	bool row;

	if ((st = open_rows(&q, s, QUERY_DETAIL_DECISIONS, item, err)) !=
	    STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		x = grown(arena, d->decisions, d->ndecisions, &cap, sizeof(*x));
		if (x == NULL || !decision_fill(q, arena, &x[d->ndecisions])) {
			st = error_nomem(err);
			break;
		}
		d->decisions = x;
		d->ndecisions++;
	}
	query_done(q);
	return st;
}

static enum status
load_notes(struct session *s, int64_t item, struct arena *arena,
    struct item_detail *d, struct error *err)
{
	struct item_note *x;
	struct query *q;
	size_t cap = 0;
	enum status st;
	bool row;

	if ((st = open_rows(&q, s, QUERY_DETAIL_NOTES, item, err)) != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		x = grown(arena, d->notes, d->nnotes, &cap, sizeof(*x));
		if (x == NULL || !keep(q, 1, arena, &x[d->nnotes].by) ||
		    !keep(q, 2, arena, &x[d->nnotes].text)) {
			st = error_nomem(err);
			break;
		}
		d->notes = x;
		x[d->nnotes++].ts_ms = query_int(q, 0);
	}
	query_done(q);
	return st;
}

/* What may go out now: the release that the item's state came with, once the
 * feed has it; else the queue's fallback. */
static enum status
load_release(struct session *s, int64_t item, struct arena *arena,
    struct item_detail *d, struct error *err)
{
	bool settled = !slice_is(d->row.state, "flagged") &&
	    !slice_is(d->row.state, "escalated");
	bool answers = shape_answers(d->item.shape);
	struct query *q;
	enum status st;

	if (!answers)
		d->release = slice_of(d->queue->fallback);
	if ((st = open_rows(&q, s, QUERY_RELEASE_LAST, item, err)) != STATUS_OK)
		return st;
	st = query_row(q, err);
	if (st == STATUS_OK && settled &&
	    slice_eq(query_text(q, 1), d->row.state)) {
		d->released = answers || !slice_is(d->row.state, "rejected");
		if (slice_is(query_text(q, 2), "output"))
			d->release = d->item.output;
		else if (!keep(q, 3, arena, &d->release))
			st = error_nomem(err);
	}
	query_done(q);
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

enum status
item_detail_load_within(struct session *s, int64_t item, struct arena *arena,
    struct item_detail *d, struct error *err)
{
	struct slice rules = SLICE_NONE;
	enum status st;

	memset(d, 0, sizeof(*d));
	if ((st = list_row_get(s, item, arena, &d->row, err)) != STATUS_OK)
		return st;
	d->queue = policy_queue(s->policy, d->row.queue);
	if ((st = load_record(s, item, arena, d, &rules, err)) != STATUS_OK ||
	    (st = load_findings(s, item, arena, d, err)) != STATUS_OK ||
	    (st = load_errors(s, item, arena, d, err)) != STATUS_OK ||
	    (st = load_rules(s, rules, d->row.queue, arena, d, err)) !=
	    STATUS_OK ||
	    (st = load_decisions(s, item, arena, d, err)) != STATUS_OK ||
	    (st = load_notes(s, item, arena, d, err)) != STATUS_OK)
		return st;
	assert(d->erased || arena_holds(arena, d->item.output.p));
	assert(arena_holds(arena, d->findings));
	return load_release(s, item, arena, d, err);
}

enum status
item_detail_load(struct session *s, int64_t item, struct arena *arena,
    struct item_detail *d, struct error *err)
{
	enum status st;

	if ((st = store_begin_read(s->store, err)) != STATUS_OK)
		return st;
	st = item_detail_load_within(s, item, arena, d, err);
	store_end_read(s->store);
	return st;
}

static bool
finding_hides(const struct item_detail *d, const struct finding *f)
{
	const struct guard_kind *kind;
	size_t i;

	for (i = 0; i < d->queue->nguards; i++) {
		if (strcmp(d->queue->guards[i]->name, f->guard) == 0)
			return d->queue->guards[i]->kind->hides;
	}
	kind = guard_kind_find(f->guard);
	return kind != NULL && kind->hides;
}

const char *
item_detail_warning(const struct item_detail *d)
{
	enum severity worst = SEVERITY_INFO;
	size_t i;

	for (i = 0; i < d->nfindings; i++) {
		if (finding_hides(d, &d->findings[i]))
			return "It holds hidden characters.";
		if (d->findings[i].severity > worst)
			worst = d->findings[i].severity;
	}
	return worst == SEVERITY_CRITICAL ? "It has a critical finding." :
	    worst == SEVERITY_HIGH ? "It has a finding of high severity." : NULL;
}
