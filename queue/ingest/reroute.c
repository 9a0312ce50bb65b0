#include "queue/ingest/reroute.h"

#include "db/query.h"
#include "db/write.h"
#include "queue/ingest/verdict_rows.h"
#include "queue/policies.h"
#include "queue/review/item_detail.h"
#include "queue/review/item_lock.h"
#include "queue/totals.h"

#define REROUTE_PAGE	64	/* items a transaction */

struct rerouting {
	struct session	*s;
	struct reroute_counts *counts, before;	/* before: the page */
	const struct list_row *rows;
	size_t		 n;
	struct arena	 arena;		/* one page's */
	struct hasher	*hasher;
	struct batch	 findings, errors;	/* one item's */
};

static enum status
clear_old(struct rerouting *x, int64_t item, struct error *err)
{
	static const enum query_id clear[] = {
		QUERY_FINDINGS_CLEAR, QUERY_ERRORS_CLEAR
	};
	struct query *q;
	enum status st;
	size_t i;

	for (i = 0; i < sizeof(clear) / sizeof(clear[0]); i++) {
		if ((st = query_get(&q, x->s->store, clear[i], err)) !=
		    STATUS_OK)
			return st;
		query_bind_int(q, ERASE_item, item);
		if ((st = query_run(q, err)) != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

static enum status
put_new(struct rerouting *x, int64_t item, const struct verdict *v,
    struct error *err)
{
	struct verdict_rows r;
	enum status st;

	x->findings.n = x->errors.n = 0;
	if ((st = verdict_rows_make(&r, v, &x->arena, err)) != STATUS_OK ||
	    (st = verdict_rows_add(&r, item, &x->findings, &x->errors, err)) !=
	    STATUS_OK || (st = batch_run(&x->findings, x->s->store,
	    QUERY_FINDINGS_INSERT, NULL, err)) != STATUS_OK)
		return st;
	return batch_run(&x->errors, x->s->store, QUERY_ERRORS_INSERT, NULL, err);
}

/* Of the rows as they stand now. */
static enum status
append_leaf(struct rerouting *x, const struct item_detail *d,
    const struct item_lock *w, const struct verdict *v, int64_t now,
    struct error *err)
{
	struct bound_hashes bound;
	const struct verdict_leaf_of of = { .policy = x->s->policy,
	    .item = &d->item, .verdict = v, .content = &w->content,
	    .salt = { (const char *)w->salt, w->salt_n }, .bound = &bound,
	    .ingested_ms = d->row.ingested_ms };
	struct actor who = session_actor(x->s);
	struct verdict_leaf l;
	enum status st;

	if ((st = bound_item(x->s->store, x->hasher, d->row.item, &bound,
	    err)) != STATUS_OK ||
	    (st = verdict_leaf(&l, &of, x->hasher, &x->arena, err)) != STATUS_OK)
		return st;
	return audit_append(x->s->store, &who, now, "route", d->item.id, l.field,
	    l.n, NULL, err);
}

/* audit query finds what routed an item by the item, until that is another leaf. */
static enum status
index_route(struct rerouting *x, int64_t item, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, x->s->store, QUERY_INDEX_ROUTE, err);

	if (st != STATUS_OK)
		return st;
	query_bind_int(q, INDEX_ROUTE_item, item);
	return query_run(q, err);
}

static enum status
update_item(struct rerouting *x, const struct item_detail *d,
    const struct verdict *v, int64_t seq, struct error *err)
{
	struct slice rules = verdict_rows_rules(v, &x->arena);
	struct slice guards = verdict_rows_guards(v, &x->arena);
	struct query *q;
	enum status st;

	if (rules.p == NULL || guards.p == NULL)
		return error_nomem(err);
	if ((st = index_route(x, d->row.item, err)) != STATUS_OK ||
	    (st = query_get(&q, x->s->store, QUERY_ITEM_REROUTE, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(q, ITEM_REROUTE_item, d->row.item);
	query_bind_text(q, ITEM_REROUTE_state, slice_of(route_state[v->route]));
	query_bind_int(q, ITEM_REROUTE_review, v->sampled);
	query_bind_text(q, ITEM_REROUTE_route, slice_of(route_name(v->route)));
	query_bind_text(q, ITEM_REROUTE_rule, slice_of(v->rule));
	query_bind_text(q, ITEM_REROUTE_rules, rules);
	query_bind_text(q, ITEM_REROUTE_policy, slice_of(x->s->policy->id));
	query_bind_int(q, ITEM_REROUTE_priority, v->priority);
	query_bind_int(q, ITEM_REROUTE_due_ms,
	    d->row.ingested_ms + v->queue->sla_ms);
	if (v->severity != SEVERITY_NONE)
		query_bind_int(q, ITEM_REROUTE_severity, (int64_t)v->severity);
	query_bind_int(q, ITEM_REROUTE_failures, v->failures);
	query_bind_text(q, ITEM_REROUTE_guards, guards);
	if (v->sampled)
		query_bind_double(q, ITEM_REROUTE_sample_p, v->sample_p);
	query_bind_int(q, ITEM_REROUTE_seq, seq);
	query_bind_text(q, ITEM_REROUTE_stop, stop_name(d->item.stop));
	return query_run(q, err);
}

static enum status
move_totals(struct rerouting *x, const struct item_detail *d,
    const struct verdict *v, struct error *err)
{
	enum status st;

	if ((st = queue_total_add(x->s->store, d->row.queue, "flagged", -1, err))
	    != STATUS_OK || (st = queue_total_add(x->s->store, d->row.queue,
	    route_state[v->route], 1, err)) != STATUS_OK)
		return st;
	return queue_total_add(x->s->store, d->row.queue, "review", v->sampled,
	    err);
}

static enum status
reroute_item(struct rerouting *x, int64_t item, struct error *err)
{
	uint64_t *count[] = {
		[ROUTE_APPROVE] = &x->counts->approved,
		[ROUTE_FLAG] = &x->counts->flagged,
		[ROUTE_ESCALATE] = &x->counts->escalated
	};
	struct store *store = x->s->store;
	struct item_detail d;
	const struct judge_request request = { .item = &d.item };
	const struct judged_item *judged;
	const struct verdict *v;
	int64_t seq, now = store_now_ms(store);
	struct release_row release;
	struct item_lock w;
	enum status st;

	arena_reset(&x->s->arena);
	if ((st = item_lock_load(x->s, item, &w, err)) != STATUS_OK)
		return st;
	if (!slice_is(w.state, "flagged") || w.held) {
		x->counts->held += w.held;	/* or decided since it was listed */
		return STATUS_OK;
	}
	if ((st = item_detail_load_within(x->s, item, &x->arena, &d, err)) !=
	    STATUS_OK || (st = session_judge(x->s, err)) != STATUS_OK ||
	    (st = judge_record(x->s->judge, &request, &x->arena, &judged,
	    err)) != STATUS_OK)
		return st;
	v = &judged->verdict;
	if ((st = clear_old(x, item, err)) != STATUS_OK ||
	    (st = put_new(x, item, v, err)) != STATUS_OK ||
	    (st = audit_next(store, &seq, err)) != STATUS_OK ||
	    (st = update_item(x, &d, v, seq, err)) != STATUS_OK ||
	    (st = append_leaf(x, &d, &w, v, now, err)) != STATUS_OK ||
	    (st = move_totals(x, &d, v, err)) != STATUS_OK)
		return st;
	if (v->route == ROUTE_APPROVE) {
		release = verdict_release(&d.item, v);
		release.item = item;
		release.seq = seq;
		release.ts_ms = now;
		if ((st = release_add(store, &release, 0, err)) != STATUS_OK)
			return st;
	}
	++*count[v->route];
	return STATUS_OK;
}

/* The page that x->rows has; another try counts anew. */
static enum status
page_write(void *arg, struct error *err)
{
	struct rerouting *x = arg;
	enum status st;
	size_t i;

	*x->counts = x->before;
	st = policies_keep(x->s->store, x->s->policy, err);
	for (i = 0; i < x->n && st == STATUS_OK; i++) {
		if (slice_is(x->rows[i].policy, x->s->policy->id))
			x->counts->current++;
		else
			st = reroute_item(x, x->rows[i].item, err);
	}
	return st;
}

enum status
reroute_run(struct session *s, const char *queue,
    const volatile sig_atomic_t *stop, struct reroute_counts *counts,
    struct error *err)
{
	struct list_filter f = { .sort = SORT_AGE, .queue = queue };
	struct list_row rows[REROUTE_PAGE], from;
	struct rerouting x = { .s = s, .counts = counts, .rows = rows,
	    .n = REROUTE_PAGE };
	bool first = true;
	enum status st;

	memset(counts, 0, sizeof(*counts));
	st = session_require(s, MAY_POLICY, "reroute", err);
	if (st == STATUS_OK)
		st = hasher_new(&x.hasher, err);
	while (st == STATUS_OK && x.n == REROUTE_PAGE) {
		if (stop != NULL && *stop != 0) {
			st = STATUS_INTERRUPTED;
			break;
		}
		arena_reset(&x.arena);
		st = list_page(s, &f, first ? NULL : &from, false, REROUTE_PAGE,
		    &x.arena, rows, &x.n, err);
		if (st == STATUS_OK && x.n > 0) {
			from = rows[x.n - 1];
			first = false;
			x.before = *counts;
			st = store_write(s->store, DURABLE_NOW, page_write, &x,
			    err);
		}
	}
	arena_release(&x.arena);
	hasher_free(x.hasher);
	batch_release(&x.findings);
	batch_release(&x.errors);
	return st;
}
