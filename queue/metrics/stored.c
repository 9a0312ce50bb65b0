#include "queue/metrics/stored.h"

#include <stdio.h>
#include <time.h>

#include "core/item/severity.h"
#include "core/prompt/ref.h"
#include "db/query.h"
#include "queue/release/hook_acts.h"
#include "queue/review/list.h"

#define PAGE	200		/* items, and leaves of decisions, of one look:
				 * a loop with much else to do may ask for it */
#define PROMPT_REF_MAX (PROMPT_NAME_MAX + 24)	/* NAME@VERSION */

static const char *const decisions[] = {
	"accept", "edit", "reject", "escalate", "return", "undo"
};
#define NDECISIONS	(sizeof(decisions) / sizeof(decisions[0]))

/* A page of rows that were counted together, all read by one statement. */
struct counting {
	struct stored_metrics *m;
	const struct policy *policy;
	int64_t		 after, upto;
};

/* The policy's own name for it, or "other": what comes from outside is no label. */
static const char *
queue_label(const struct policy *p, struct slice name)
{
	size_t i;

	for (i = 0; i < p->nqueues; i++)
		if (slice_is(name, p->queues[i].name))
			return p->queues[i].name;
	return "other";
}

static const char *
guard_label(const struct policy *p, struct slice name)
{
	size_t i;

	for (i = 0; i < p->nguards; i++)
		if (slice_is(name, p->guards[i].name))
			return p->guards[i].name;
	return "other";
}

static const char *
model_label(const struct policy *p, struct slice name)
{
	const struct model *m;
	size_t i;

	for (i = 0; i < p->service.nmodels; i++) {
		m = &p->service.models[i];
		if (slice_is(name, m->name) || slice_is(name, m->upstream_name))
			return m->name;
	}
	return "other";
}

static const char *
word_label(const char *const *words, size_t n, struct slice word)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (slice_is(word, words[i]))
			return words[i];
	return "other";
}

static void
items_row(const struct counting *p, struct query *q)
{
	static const char *const routes[] = { "approve", "flag", "escalate" };
	struct series *s = &p->m->series;
	struct slice labelled = query_text(q, METRICS_ITEMS_LABELLED);
	const char *model = model_label(p->policy,
	    query_text(q, METRICS_ITEMS_MODEL));
	char prompt[PROMPT_REF_MAX] = "other";

	if (labelled.n > 0 && labelled.n < sizeof(prompt))
		(void)snprintf(prompt, sizeof(prompt), "%.*s",
		    SLICE_ARG(labelled));
	series_add(s, METRIC_ROUTED, query_double(q, METRICS_ITEMS_ITEMS),
	    queue_label(p->policy, query_text(q, METRICS_ITEMS_QUEUE)),
	    word_label(routes, 3, query_text(q, METRICS_ITEMS_ROUTE)));
	series_add(s, METRIC_TOKENS,
	    query_double(q, METRICS_ITEMS_INPUT_TOKENS), model, prompt, "input");
	series_add(s, METRIC_TOKENS,
	    query_double(q, METRICS_ITEMS_OUTPUT_TOKENS), model, prompt, "output");
	series_add(s, METRIC_COST, query_double(q, METRICS_ITEMS_COST_USD),
	    model, prompt);
}

static void
latency_row(const struct counting *p, struct query *q)
{
	series_bucket(&p->m->series, METRIC_LATENCY,
	    (size_t)query_int(q, METRICS_LATENCY_BUCKET),
	    query_double(q, METRICS_LATENCY_ITEMS),
	    query_double(q, METRICS_LATENCY_MS) / 1000,
	    model_label(p->policy, query_text(q, METRICS_LATENCY_MODEL)));
}

static void
findings_row(const struct counting *p, struct query *q)
{
	const char *severity = severity_name((enum severity)query_int(q,
	    METRICS_FINDINGS_SEVERITY));

	series_add(&p->m->series, METRIC_FINDINGS,
	    query_double(q, METRICS_FINDINGS_FINDINGS),
	    guard_label(p->policy, query_text(q, METRICS_FINDINGS_GUARD)),
	    severity == NULL ? "other" : severity);
}

static void
decisions_row(const struct counting *p, struct query *q)
{
	series_add(&p->m->series, METRIC_DECISIONS,
	    query_double(q, METRICS_DECISIONS_DECISIONS),
	    queue_label(p->policy, query_text(q, METRICS_DECISIONS_QUEUE)),
	    word_label(decisions, NDECISIONS,
	    query_text(q, METRICS_DECISIONS_DECISION)));
}

static void
reviews_row(const struct counting *p, struct query *q)
{
	series_bucket(&p->m->series, METRIC_REVIEW_SECONDS,
	    (size_t)query_int(q, METRICS_REVIEWS_BUCKET),
	    query_double(q, METRICS_REVIEWS_DECISIONS),
	    query_double(q, METRICS_REVIEWS_MS) / 1000,
	    queue_label(p->policy, query_text(q, METRICS_REVIEWS_QUEUE)));
}

static const struct count {
	enum query_id	id;
	bool		of_items;	/* else of decisions */
	void		(*row)(const struct counting *, struct query *);
} counts[] = {
	{ QUERY_METRICS_ITEMS, true, items_row },
	{ QUERY_METRICS_LATENCY, true, latency_row },
	{ QUERY_METRICS_FINDINGS, true, findings_row },
	{ QUERY_METRICS_DECISIONS, false, decisions_row },
	{ QUERY_METRICS_REVIEWS, false, reviews_row }
};

static enum status
page_count(const struct counting *p, bool of_items, struct store *store,
    struct error *err)
{
	enum status st = STATUS_OK;
	struct query *q;
	bool row;
	size_t i;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]) && st == STATUS_OK;
	    i++) {
		if (counts[i].of_items != of_items || (st = query_get(&q, store,
		    counts[i].id, err)) != STATUS_OK)
			continue;
		query_bind_int(q, METRICS_after, p->after);
		query_bind_int(q, METRICS_upto, p->upto);
		while ((st = query_step(q, &row, err)) == STATUS_OK && row)
			counts[i].row(p, q);
		query_done(q);
	}
	return st;
}

static enum status
end_get(struct store *store, int64_t *item, int64_t *seq, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, store, QUERY_METRICS_END, err)) != STATUS_OK)
		return st;
	if ((st = query_row(q, err)) == STATUS_OK) {
		*item = query_int(q, METRICS_END_ITEM);
		*seq = query_int(q, METRICS_END_SEQ);
	}
	query_done(q);
	return st;
}

enum status
stored_metrics_skip(struct stored_metrics *m, struct store *store,
    struct error *err)
{
	return end_get(store, &m->item, &m->seq, err);
}

/* Counts up to that far, a page at most; moves the mark. */
static enum status
mark_move(struct counting *p, int64_t *mark, int64_t end, bool of_items,
    struct store *store, bool *more, struct error *err)
{
	enum status st;

	p->after = *mark;
	p->upto = end - p->after > PAGE ? p->after + PAGE : end;
	if (p->upto <= p->after)
		return STATUS_OK;
	*more |= p->upto < end;
	if ((st = page_count(p, of_items, store, err)) == STATUS_OK)
		*mark = p->upto;
	return st;
}

enum status
stored_metrics_look(struct stored_metrics *m, struct session *s, bool *more,
    struct error *err)
{
	struct counting p = { .m = m, .policy = s->policy };
	int64_t item, seq;
	enum status st;

	*more = false;
	if ((st = store_begin_read(s->store, err)) != STATUS_OK)
		return st;
	if ((st = end_get(s->store, &item, &seq, err)) == STATUS_OK &&
	    (st = mark_move(&p, &m->item, item, true, s->store, more, err)) ==
	    STATUS_OK)
		st = mark_move(&p, &m->seq, seq, false, s->store, more, err);
	store_end_read(s->store);
	return st;
}

/* The states, in the order of STATES. */
#define STATES	6
static const char *const states[STATES] = {
	"approved", "flagged", "escalated", "accepted", "edited", "rejected"
};
struct queue_counts {
	int64_t	state[STATES], review;
};

static enum status
counts_get(struct session *s, const char *queue, struct list_counts *n,
    struct queue_counts *c, struct error *err)
{
	enum status st = list_counts_get(s, queue, n, err);

	if (st == STATUS_OK)
		*c = (struct queue_counts){ { n->approved, n->flagged,
		    n->escalated, n->accepted, n->edited, n->rejected },
		    n->flagged + n->review };
	return st;
}

static void
counts_set(struct series *s, const char *queue, const struct queue_counts *c)
{
	size_t i;

	for (i = 0; i < STATES; i++)
		series_set(s, METRIC_ITEMS, (double)c->state[i], queue,
		    states[i]);
	series_set(s, METRIC_REVIEW, (double)c->review, queue);
}

static void
counts_less(struct queue_counts *all, const struct queue_counts *c)
{
	size_t i;

	for (i = 0; i < STATES; i++)
		all->state[i] -= c->state[i];
	all->review -= c->review;
}

/* Takes the queue's from those of all. */
static enum status
queue_gauges(struct series *s, struct session *session, const char *queue,
    struct queue_counts *all, struct error *err)
{
	static const char *const routes[] = { "approve", "flag", "escalate" };
	struct list_counts n;
	struct queue_counts c;
	enum status st;
	size_t i;

	if ((st = counts_get(session, queue, &n, &c, err)) != STATUS_OK)
		return st;
	counts_set(s, queue, &c);
	counts_less(all, &c);
	series_set(s, METRIC_OLDEST, n.oldest_ms < 0 ? 0 :
	    (double)((store_now_ms(session->store) - n.oldest_ms) / 1000),
	    queue);
	series_set(s, METRIC_OVERDUE, (double)n.breached, queue);
	/* What has not happened yet is counted from 0. */
	for (i = 0; i < 3; i++)
		series_add(s, METRIC_ROUTED, 0, queue, routes[i]);
	for (i = 0; i < NDECISIONS; i++)
		series_add(s, METRIC_DECISIONS, 0, queue, decisions[i]);
	return STATUS_OK;
}

/* Each of the policy's, and the rest together, which nobody looks after. */
static enum status
queues_gauges(struct series *s, struct session *session, struct error *err)
{
	const struct policy *p = session->policy;
	struct queue_counts rest;
	struct list_counts n;
	enum status st;
	size_t i;

	if ((st = counts_get(session, NULL, &n, &rest, err)) != STATUS_OK)
		return st;
	for (i = 0; i < p->nqueues && st == STATUS_OK; i++)
		st = queue_gauges(s, session, p->queues[i].name, &rest, err);
	if (st == STATUS_OK)
		counts_set(s, "other", &rest);
	return st;
}

struct hook_gauges {
	struct series	*s;
	int64_t		 now_ms;
};

static enum status
hook_gauge(void *arg, const struct hook_row *r, struct error *err)
{
	const struct hook_gauges *g = arg;
	const char *hook = r->hook.p;

	(void)err;
	if (!r->in_force)
		return STATUS_OK;
	series_set(g->s, METRIC_DELIVERIES, (double)r->taken, hook);
	series_set(g->s, METRIC_DELIVERY_FAILURES, (double)r->failed, hook);
	series_set(g->s, METRIC_DELIVERIES_WAITING, (double)r->waiting, hook);
	series_set(g->s, METRIC_DELIVERY_OLDEST, r->oldest_ms < 0 ? 0 :
	    (double)((g->now_ms - r->oldest_ms) / 1000), hook);
	series_set(g->s, METRIC_HOOK_PAUSED, r->paused_ms >= 0, hook);
	return STATUS_OK;
}

/* What the key has spent, and may. */
static enum status
key_gauges(struct series *s, struct store *store, const struct service_key *k,
    struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, store, QUERY_METRICS_SPENT, err)) != STATUS_OK)
		return st;
	query_bind_text(q, METRICS_SPENT_key, slice_of(k->name));
	query_bind_int(q, METRICS_SPENT_now_s, (int64_t)time(NULL));
	if ((st = query_row(q, err)) == STATUS_OK) {
		series_set(s, METRIC_KEY_TOKENS,
		    query_double(q, METRICS_SPENT_TOKENS), k->name);
		series_set(s, METRIC_KEY_USD,
		    query_double(q, METRICS_SPENT_USD), k->name);
	}
	query_done(q);
	if (k->tokens_day > 0)
		series_set(s, METRIC_KEY_TOKENS_LIMIT, (double)k->tokens_day,
		    k->name);
	if (k->usd_month >= 0)
		series_set(s, METRIC_KEY_USD_LIMIT, k->usd_month, k->name);
	return st;
}

/* Of those that may ask models. */
static enum status
keys_gauges(struct series *s, struct session *session, struct error *err)
{
	const struct service_policy *p = &session->policy->service;
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < p->nkeys && st == STATUS_OK; i++)
		if ((p->keys[i].may & SERVICE_GATEWAY) != 0)
			st = key_gauges(s, session->store, &p->keys[i], err);
	return st;
}

static enum status
gauges_look(struct series *s, struct session *session, struct error *err)
{
	static const enum metric anew[] = {
		METRIC_ITEMS, METRIC_REVIEW, METRIC_OLDEST, METRIC_OVERDUE,
		METRIC_DELIVERIES, METRIC_DELIVERY_FAILURES,
		METRIC_DELIVERIES_WAITING, METRIC_DELIVERY_OLDEST,
		METRIC_HOOK_PAUSED, METRIC_KEY_TOKENS, METRIC_KEY_TOKENS_LIMIT,
		METRIC_KEY_USD, METRIC_KEY_USD_LIMIT
	};
	struct hook_gauges g = { s, store_now_ms(session->store) };
	enum status st;
	size_t i;

	for (i = 0; i < sizeof(anew) / sizeof(anew[0]); i++)
		series_clear(s, anew[i]);
	st = queues_gauges(s, session, err);
	if (st == STATUS_OK)
		st = hooks_each(session, hook_gauge, &g, err);
	return st == STATUS_OK ? keys_gauges(s, session, err) : st;
}

enum status
stored_metrics_print(struct buf *b, struct stored_metrics *m,
    struct session *s, bool open_metrics, struct error *err)
{
	enum status st = gauges_look(&m->series, s, err);

	if (st != STATUS_OK)
		return st;
	if (m->series.failed)
		return error_nomem(err);
	series_print(b, &m->series, METRICS_OF_STORE, METRICS, open_metrics);
	return buf_check(b, err);
}

void
stored_metrics_release(struct stored_metrics *m)
{
	series_release(&m->series);
}
