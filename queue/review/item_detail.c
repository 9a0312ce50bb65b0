#include "queue/review/item_detail.h"

#include <assert.h>
#include <stdlib.h>

#include "core/base/time.h"
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

static enum status
open_rows(struct query **q, struct session *s, enum query_id id, int64_t item,
    struct error *err)
{
	enum status st = query_get(q, s->store, id, err);

	if (st == STATUS_OK)
		query_bind_int(*q, DETAIL_item, item);
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
	stored.record = query_blob(q, DETAIL_PAYLOAD_RECORD);
	stored.input = query_blob(q, DETAIL_PAYLOAD_INPUT);
	stored.choice = (uint32_t)query_int(q, DETAIL_PAYLOAD_PART);
	stored.mapping = (uint32_t)query_int(q, DETAIL_PAYLOAD_MAPPING);
	stored.record.p = arena_copy(arena, stored.record.p, stored.record.n);
	if (stored.input.p != NULL && (stored.input.p = arena_copy(arena,
	    stored.input.p, stored.input.n)) == NULL)
		st = error_nomem(err);
	if (!query_keep(q, DETAIL_PAYLOAD_SHAPE, arena, &stored.shape) ||
	    !query_keep(q, DETAIL_PAYLOAD_RULES, arena, rules) ||
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
	d->item.sent = d->row.sent > 0 ? d->row.sent : 0;
	return st;
}

/* A number that a table holds, made one that can be: the store may have been
 * altered, and what it says is looked at by audit verify. */
static int64_t
within(int64_t n, int64_t most)
{
	return n < 0 ? 0 : n > most ? most : n;
}

static bool
finding_fill(struct query *q, struct arena *arena, struct finding *f)
{
	struct slice guard;
	const struct kept_text texts[] = {
		{ DETAIL_FINDINGS_GUARD, &guard },
		{ DETAIL_FINDINGS_KIND, &f->kind },
		{ DETAIL_FINDINGS_PLACE, &f->on },
		{ DETAIL_FINDINGS_MESSAGE, &f->message },
		{ DETAIL_FINDINGS_POINTER, &f->pointer }
	};

	if (!query_keep_all(q, texts, sizeof(texts) / sizeof(texts[0]), arena))
		return false;
	f->guard = guard.p;
	f->severity = (enum severity)within(
	    query_int(q, DETAIL_FINDINGS_SEVERITY), SEVERITY_CRITICAL);
	f->score = query_double(q, DETAIL_FINDINGS_SCORE);
	f->start = (uint32_t)within(query_int(q, DETAIL_FINDINGS_START),
	    UINT32_MAX);
	f->end = (uint32_t)within(query_int(q, DETAIL_FINDINGS_END),
	    UINT32_MAX);
	f->redact = (int)within(query_int(q, DETAIL_FINDINGS_REDACT),
	    REDACT_HASH);
	return true;
}

static enum status
load_findings(struct session *s, int64_t item, struct arena *arena,
    struct item_detail *d, struct error *err)
{
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
		if (f == NULL || !finding_fill(q, arena, &f[d->nfindings])) {
			st = error_nomem(err);
			break;
		}
		d->findings = f;
		d->nfindings++;
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
		if (e == NULL || !query_keep(q, DETAIL_ERRORS_GUARD, arena, &guard) ||
		    !query_keep(q, DETAIL_ERRORS_MESSAGE, arena,
		    &e[d->nerrors].message)) {
			st = error_nomem(err);
			break;
		}
		d->errors = e;
		e[d->nerrors].guard = guard.p;
		e[d->nerrors++].fail_open =
		    query_int(q, DETAIL_ERRORS_FAIL_OPEN) != 0;
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
	query_bind_text(q, DETAIL_RULES_policy, d->row.policy);
	query_bind_text(q, DETAIL_RULES_queue, queue);
	while (d->nrules < digits.n &&
	    (st = query_step(q, &row, err)) == STATUS_OK && row) {
		if (!query_keep(q, DETAIL_RULES_NAME, arena, &name)) {
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
	const struct kept_text texts[] = {
		{ DETAIL_DECISIONS_BY, &x->by },
		{ DETAIL_DECISIONS_ROLE, &x->role },
		{ DETAIL_DECISIONS_VIA, &x->via },
		{ DETAIL_DECISIONS_DECISION, &x->decision },
		{ DETAIL_DECISIONS_FROM_STATE, &x->from },
		{ DETAIL_DECISIONS_TO_STATE, &x->to },
		{ DETAIL_DECISIONS_REASON, &x->reason },
		{ DETAIL_DECISIONS_LABELS, &x->labels },
		{ DETAIL_DECISIONS_NOTE, &x->note },
		{ DETAIL_DECISIONS_OUTPUT, &x->output },
		{ DETAIL_DECISIONS_RATINGS, &x->ratings },
		{ DETAIL_DECISIONS_EVIDENCE, &x->evidence }
	};

	x->seq = query_int(q, DETAIL_DECISIONS_SEQ);
	x->ts_ms = query_int(q, DETAIL_DECISIONS_TS_MS);
	x->uid = query_int(q, DETAIL_DECISIONS_UID);
	x->undone_by = query_int_or(q, DETAIL_DECISIONS_UNDONE_BY, -1);
	x->review_ms = query_int_or(q, DETAIL_DECISIONS_REVIEW_MS, -1);
	return query_keep_all(q, texts, sizeof(texts) / sizeof(texts[0]), arena);
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
load_skips(struct session *s, int64_t item, struct arena *arena,
    struct item_detail *d, struct error *err)
{
	struct item_skip *x;
	struct query *q;
	size_t cap = 0;
	enum status st;
	bool row;

	if ((st = open_rows(&q, s, QUERY_DETAIL_SKIPS, item, err)) != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		x = grown(arena, d->skips, d->nskips, &cap, sizeof(*x));
		if (x == NULL ||
		    !query_keep(q, DETAIL_SKIPS_BY, arena, &x[d->nskips].by) ||
		    !query_keep(q, DETAIL_SKIPS_ROLE, arena,
		    &x[d->nskips].role) || !query_keep(q, DETAIL_SKIPS_REASON,
		    arena, &x[d->nskips].reason)) {
			st = error_nomem(err);
			break;
		}
		d->skips = x;
		x[d->nskips].seq = query_int(q, DETAIL_SKIPS_SEQ);
		x[d->nskips++].ts_ms = query_int(q, DETAIL_SKIPS_TS_MS);
	}
	query_done(q);
	return st;
}

static bool
opinion_fill(struct query *q, struct arena *arena, struct item_opinion *x)
{
	const struct kept_text texts[] = {
		{ DETAIL_OPINIONS_BY, &x->by },
		{ DETAIL_OPINIONS_ROLE, &x->role },
		{ DETAIL_OPINIONS_VALUE, &x->value },
		{ DETAIL_OPINIONS_DECISION, &x->first }
	};

	x->seq = query_int(q, DETAIL_OPINIONS_SEQ);
	x->ts_ms = query_int(q, DETAIL_OPINIONS_TS_MS);
	x->of = query_int(q, DETAIL_OPINIONS_DECISION_SEQ);
	return query_keep_all(q, texts, sizeof(texts) / sizeof(texts[0]), arena);
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
		if (x == NULL || !query_keep(q, DETAIL_NOTES_BY, arena,
		    &x[d->nnotes].by) ||
		    !query_keep(q, DETAIL_NOTES_TEXT, arena, &x[d->nnotes].text)) {
			st = error_nomem(err);
			break;
		}
		d->notes = x;
		x[d->nnotes++].ts_ms = query_int(q, DETAIL_NOTES_TS_MS);
	}
	query_done(q);
	return st;
}

static enum status
load_opinions(struct session *s, int64_t item, struct arena *arena,
    struct item_detail *d, struct error *err)
{
	struct item_opinion *x;
	struct query *q;
	size_t cap = 0;
	enum status st;
	bool row;

	if ((st = open_rows(&q, s, QUERY_DETAIL_OPINIONS, item, err)) !=
	    STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		x = grown(arena, d->opinions, d->nopinions, &cap, sizeof(*x));
		if (x == NULL || !opinion_fill(q, arena, &x[d->nopinions])) {
			st = error_nomem(err);
			break;
		}
		d->opinions = x;
		d->nopinions++;
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
	    slice_eq(query_text(q, RELEASE_LAST_STATE), d->row.state)) {
		d->released = answers || !slice_is(d->row.state, "rejected");
		if (slice_is(query_text(q, RELEASE_LAST_KIND), "output"))
			d->release = d->item.output;
		else if (!query_keep(q, RELEASE_LAST_TEXT, arena, &d->release))
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
	if ((st = list_row_get(s, item, arena, &d->row, err)) != STATUS_OK ||
	    (st = list_besides_get(s, &d->row, 1, arena, err)) != STATUS_OK)
		return st;
	d->queue = policy_queue(s->policy, d->row.queue);
	if ((st = load_record(s, item, arena, d, &rules, err)) != STATUS_OK ||
	    (st = load_findings(s, item, arena, d, err)) != STATUS_OK ||
	    (st = load_errors(s, item, arena, d, err)) != STATUS_OK ||
	    (st = load_rules(s, rules, d->row.queue, arena, d, err)) !=
	    STATUS_OK ||
	    (st = load_decisions(s, item, arena, d, err)) != STATUS_OK ||
	    (st = load_notes(s, item, arena, d, err)) != STATUS_OK ||
	    (st = load_skips(s, item, arena, d, err)) != STATUS_OK ||
	    (st = load_opinions(s, item, arena, d, err)) != STATUS_OK)
		return st;
	assert(d->erased || arena_holds(arena, d->item.output.p));
	assert(arena_holds(arena, d->findings));
	return load_release(s, item, arena, d, err);
}

static bool
on_record(const struct item_detail *d, const char *guard)
{
	size_t i;

	for (i = 0; i < d->queue->nguards; i++)
		if (strcmp(d->queue->guards[i]->name, guard) == 0)
			return d->queue->guards[i]->on_record;
	return false;
}

/* The last record before it that had the old form there adds to what is said of a
 * record in a new one.  Only what the same policy judged can tell. */
static enum status
finding_before(struct session *s, int64_t item, struct arena *arena,
    struct finding *f, struct error *err)
{
	char when[TIME_TEXT];
	struct query *q;
	enum status st;

	if ((st = query_get(&q, s->store, QUERY_RECORD_BEFORE, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(q, RECORD_BEFORE_item, item);
	query_bind_text(q, RECORD_BEFORE_guard, slice_of(f->guard));
	query_bind_text(q, RECORD_BEFORE_place, f->on);
	if ((st = query_row(q, err)) == STATUS_OK) {
		time_format(query_int(q, RECORD_BEFORE_INGESTED_MS), when);
		f->message = arena_printf(arena, "%.*s; the last record with the "
		    "old form came %s (%.*s)", SLICE_ARG(f->message), when,
		    SLICE_ARG(query_text(q, RECORD_BEFORE_ID)));
		if (f->message.p == NULL)
			st = error_nomem(err);
	}
	query_done(q);
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

static enum status
findings_before(struct session *s, int64_t item, struct arena *arena,
    struct item_detail *d, struct error *err)
{
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < d->nfindings && st == STATUS_OK; i++)
		if (d->findings[i].on.p != NULL && on_record(d,
		    d->findings[i].guard))
			st = finding_before(s, item, arena, &d->findings[i],
			    err);
	return st;
}

enum status
item_detail_load(struct session *s, int64_t item, struct arena *arena,
    struct item_detail *d, struct error *err)
{
	enum status st;

	if ((st = store_begin_read(s->store, err)) != STATUS_OK)
		return st;
	st = item_detail_load_within(s, item, arena, d, err);
	if (st == STATUS_OK)
		st = findings_before(s, item, arena, d, err);
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
