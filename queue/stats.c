#include "queue/stats.h"

#include <math.h>
#include <stdlib.h>

#include "core/json/write.h"
#include "core/stat/agree.h"
#include "db/query.h"
#include "queue/review/list.h"

const char *const stats_states[6] = {
	"approved", "flagged", "escalated", "accepted", "edited", "rejected"
};
const char *const stats_decisions[5] = {
	"accept", "edit", "reject", "escalate", "return"
};

/* What every statement of stats is asked about. */
struct asking {
	struct session	*s;
	const char	*queue;
	int64_t		 since, until;
	struct arena	*arena;
};

static enum status
ask(const struct asking *a, enum query_id id, struct query **q,
    struct error *err)
{
	enum status st = query_get(q, a->s->store, id, err);

	if (st != STATUS_OK)
		return st;
	query_bind_int(*q, STATS_since, a->since);
	query_bind_int(*q, STATS_until, a->until);
	query_bind_text(*q, STATS_queue, slice_of(a->queue));
	return STATUS_OK;
}

static enum status
get_table(const struct asking *a, enum query_id id, struct stats_table *t,
    struct error *err)
{
	struct stats_row *v;
	struct query *q;
	struct slice name;
	size_t cap = 0;
	enum status st;
	bool row;

	if ((st = ask(a, id, &q, err)) != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		if (t->n == cap) {
			cap = cap == 0 ? 16 : cap * 2;
			if ((v = arena_alloc(a->arena, cap * sizeof(*v))) ==
			    NULL) {
				st = error_nomem(err);
				break;
			}
			if (t->n > 0)
				memcpy(v, t->v, t->n * sizeof(*v));
			t->v = v;
		}
		name = query_text(q, STATS_BY_NAME);
		t->v[t->n] = (struct stats_row){ .name = { name.p == NULL ?
		    NULL : arena_str(a->arena, name), name.n },
		    .items = query_int(q, STATS_BY_ITEMS),
		    .accept = query_int(q, STATS_BY_ACCEPT),
		    .edit = query_int(q, STATS_BY_EDIT),
		    .reject = query_int(q, STATS_BY_REJECT),
		    .escalate = query_int(q, STATS_BY_ESCALATE) };
		t->n++;
	}
	query_done(q);
	return st;
}

/* How much was decided in each of the latest hours in which anything was. */
static enum status
get_hours(const struct asking *a, struct stats *out, struct error *err)
{
	struct query *q;
	enum status st;
	bool row;

	if ((st = ask(a, QUERY_STATS_HOURS, &q, err)) != STATUS_OK)
		return st;
	query_bind_int(q, STATS_limit, STATS_HOURS);
	while (out->nhours < STATS_HOURS &&
	    (st = query_step(q, &row, err)) == STATUS_OK && row)
		out->hour[out->nhours++] = (struct stats_hour){
		    query_int(q, STATS_HOURS_HOUR) * 3600000,
		    query_int(q, STATS_HOURS_ITEMS) };
	query_done(q);
	return st;
}

/* Nearest rank over a statement's ascending values. */
static enum status
get_quantiles(const struct asking *a, enum query_id id,
    struct stats_quantiles *out, struct error *err)
{
	double *v = NULL, *p;
	size_t n = 0, cap = 0;
	struct query *q;
	enum status st;
	bool row;

	*out = (struct stats_quantiles){ (double)NAN, (double)NAN, (double)NAN };
	if ((st = ask(a, id, &q, err)) != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		if (n == cap) {
			cap = cap == 0 ? 1024 : cap * 2;
			if ((p = realloc(v, cap * sizeof(*v))) == NULL) {
				st = error_nomem(err);
				break;
			}
			v = p;
		}
		v[n++] = query_double(q, STATS_QUANTILE_MS);
	}
	query_done(q);
	if (st == STATUS_OK && n > 0) {
		out->p50 = v[(n * 50 + 99) / 100 - 1];
		out->p95 = v[(n * 95 + 99) / 100 - 1];
		out->p99 = v[(n * 99 + 99) / 100 - 1];
	}
	free(v);
	return st;
}

static void
add_named(struct slice name, const char *const *names, size_t n, int64_t *to,
    int64_t v)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (slice_is(name, names[i]))
			to[i] += v;
}

static enum status
get_counts(const struct asking *a, struct stats *out, struct error *err)
{
	static const char *const routes[] = { "approve", "flag", "escalate" };
	struct query *q;
	enum status st;
	bool row;

	if ((st = ask(a, QUERY_STATS_ITEMS, &q, err)) != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		add_named(query_text(q, STATS_ITEMS_ROUTE), routes, 3,
		    out->routes,
		    query_int(q, STATS_ITEMS_ITEMS));
		out->cost_usd += query_double(q, STATS_ITEMS_COST_USD);
		out->input_tokens += query_int(q, STATS_ITEMS_INPUT_TOKENS);
		out->output_tokens += query_int(q, STATS_ITEMS_OUTPUT_TOKENS);
	}
	query_done(q);
	if (st != STATUS_OK ||
	    (st = ask(a, QUERY_STATS_DECISIONS, &q, err)) != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row)
		add_named(query_text(q, STATS_DECISIONS_DECISION),
		    stats_decisions, 5, out->decisions,
		    query_int(q, STATS_DECISIONS_ITEMS));
	query_done(q);
	return st;
}

static bool
tier_add(const struct asking *a, struct query *q, size_t *cap, struct stats *out)
{
	struct slice name = query_text(q, STATS_BY_TIER_NAME);
	struct stats_tier *v = out->tier;

	if (out->ntiers == *cap) {
		*cap = *cap == 0 ? 8 : *cap * 2;
		if ((v = arena_alloc(a->arena, *cap * sizeof(*v))) == NULL)
			return false;
		if (out->ntiers > 0)
			memcpy(v, out->tier, out->ntiers * sizeof(*v));
		out->tier = v;
	}
	v += out->ntiers;
	*v = (struct stats_tier){
		.name = { arena_str(a->arena, name), name.n },
		.attempts = query_int(q, STATS_BY_TIER_ATTEMPTS),
		.answered = query_int(q, STATS_BY_TIER_ANSWERED),
		.next = query_int(q, STATS_BY_TIER_NEXT),
		.failed = query_int(q, STATS_BY_TIER_FAILED),
		.input_tokens = query_int(q, STATS_BY_TIER_INPUT_TOKENS),
		.output_tokens = query_int(q, STATS_BY_TIER_OUTPUT_TOKENS),
		.cost_usd = query_double(q, STATS_BY_TIER_COST_USD)
	};
	out->ntiers++;
	out->attempts += v->attempts;
	out->calls += query_int(q, STATS_BY_TIER_CALLS);
	return v->name.p != NULL;
}

static enum status
get_tiers(const struct asking *a, struct stats *out, struct error *err)
{
	struct query *q;
	size_t cap = 0;
	enum status st;
	bool row;

	if ((st = ask(a, QUERY_STATS_BY_TIER, &q, err)) != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row)
		if (!tier_add(a, q, &cap, out)) {
			st = error_nomem(err);
			break;
		}
	query_done(q);
	return st == STATUS_OK ? get_quantiles(a, QUERY_STATS_FIRST_TOKEN,
	    &out->first_token_ms, err) : st;
}

static bool
rating_add(const struct asking *a, struct query *q, size_t *cap, struct stats *out)
{
	struct stats_rating *grown, *r;

	if (out->nratings == *cap) {
		*cap = *cap == 0 ? 8 : *cap * 2;
		if ((grown = arena_alloc(a->arena, *cap * sizeof(*grown))) == NULL)
			return false;
		if (out->nratings > 0)
			memcpy(grown, out->rating, out->nratings * sizeof(*grown));
		out->rating = grown;
	}
	r = &out->rating[out->nratings++];
	r->given = query_int(q, STATS_RATINGS_GIVEN);
	r->mean = query_double(q, STATS_RATINGS_MEAN);
	return query_keep(q, STATS_RATINGS_NAME, a->arena, &r->name);
}

static enum status
get_ratings(const struct asking *a, struct stats *out, struct error *err)
{
	struct query *q;
	size_t cap = 0;
	enum status st;
	bool row;

	if ((st = ask(a, QUERY_STATS_RATINGS, &q, err)) != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row)
		if (!rating_add(a, q, &cap, out)) {
			st = error_nomem(err);
			break;
		}
	query_done(q);
	return st;
}

static size_t
decision_at(struct slice name)
{
	size_t i = 0;

	while (i < STATS_LOOKS && !slice_is(name, stats_decisions[i]))
		i++;
	return i;
}

static enum status
get_looks(const struct asking *a, struct stats *out, struct error *err)
{
	struct query *q;
	size_t first, second;
	enum status st;
	bool row;

	if ((st = ask(a, QUERY_STATS_AGREEMENT, &q, err)) != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		first = decision_at(query_text(q, STATS_AGREEMENT_FIRST));
		second = decision_at(query_text(q, STATS_AGREEMENT_SECOND));
		if (first < STATS_LOOKS && second < STATS_LOOKS)
			out->looks[first][second] = query_int(q,
			    STATS_AGREEMENT_ITEMS);
	}
	query_done(q);
	return st;
}

/* What people said beside deciding: second looks, ratings. */
static enum status
get_said(const struct asking *a, struct stats *out, struct error *err)
{
	enum status st = get_looks(a, out, err);

	return st == STATUS_OK ? get_ratings(a, out, err) : st;
}

static enum status
get_now(const struct asking *a, struct stats *out, struct error *err)
{
	struct list_counts c;
	enum status st;

	if ((st = list_counts_get(a->s, a->queue, &c, err)) != STATUS_OK)
		return st;
	out->states[0] = c.approved;
	out->states[1] = c.flagged;
	out->states[2] = c.escalated;
	out->states[3] = c.accepted;
	out->states[4] = c.edited;
	out->states[5] = c.rejected;
	out->sla_breached = c.breached;
	out->oldest_flagged_ms = c.oldest_ms;
	return STATUS_OK;
}

enum status
stats_get(struct session *s, const char *queue, int64_t since, int64_t until,
    struct arena *arena, struct stats *out, struct error *err)
{
	struct asking a = { s, queue, since, until < 0 ? INT64_MAX : until,
	    arena };
	enum status st;

	memset(out, 0, sizeof(*out));
	out->since_ms = since;
	out->until_ms = until;
	if ((st = store_begin_read(s->store, err)) != STATUS_OK)
		return st;
	if ((st = get_now(&a, out, err)) == STATUS_OK &&
	    (st = get_counts(&a, out, err)) == STATUS_OK &&
	    (st = get_table(&a, QUERY_STATS_BY_RULE, &out->by_rule, err)) ==
	    STATUS_OK && (st = get_table(&a, QUERY_STATS_BY_GUARD,
	    &out->by_guard, err)) == STATUS_OK && (st = get_table(&a,
	    QUERY_STATS_BY_MODEL, &out->by_model, err)) == STATUS_OK &&
	    (st = get_table(&a, QUERY_STATS_BY_PROMPT, &out->by_prompt, err)) ==
	    STATUS_OK && (st = get_table(&a, QUERY_STATS_BY_REVIEWER,
	    &out->by_reviewer, err)) == STATUS_OK && (st = get_table(&a,
	    QUERY_STATS_BY_CONFIDENCE, &out->by_confidence, err)) ==
	    STATUS_OK && (st = get_hours(&a, out, err)) == STATUS_OK &&
	    (st = get_tiers(&a, out, err)) == STATUS_OK &&
	    (st = get_said(&a, out, err)) == STATUS_OK &&
	    (st = get_quantiles(&a,
	    QUERY_STATS_REVIEW, &out->review_ms, err)) == STATUS_OK)
		st = get_quantiles(&a, QUERY_STATS_LATENCY, &out->latency_ms,
		    err);
	store_end_read(s->store);
	return st;
}

double
stats_override(int64_t accept, int64_t edit, int64_t reject)
{
	int64_t all = accept + edit + reject;

	return all == 0 ? (double)NAN : (double)(edit + reject) / (double)all;
}

struct stats_agreement
stats_agreement(const struct stats *s)
{
	struct stats_agreement a = { 0, 0, (double)NAN };
	double table[STATS_LOOKS * STATS_LOOKS];
	size_t i, j;

	for (i = 0; i < STATS_LOOKS; i++) {
		for (j = 0; j < STATS_LOOKS; j++) {
			table[i * STATS_LOOKS + j] = (double)s->looks[i][j];
			a.of += s->looks[i][j];
		}
		a.agreed += s->looks[i][i];
	}
	a.kappa = stat_kappa(table, STATS_LOOKS);
	return a;
}

static void
counts_json(struct writer *w, const char *name, const char *const *names,
    const int64_t *v, size_t n)
{
	size_t i;

	write_object(w, name);
	for (i = 0; i < n; i++)
		write_int(w, names[i], v[i]);
	write_end(w);
}

static void
table_json(struct writer *w, const char *name, const struct stats_table *t)
{
	const struct stats_row *r;
	size_t i;

	write_array(w, name);
	for (i = 0; i < t->n; i++) {
		r = &t->v[i];
		write_object(w, NULL);
		write_text(w, "name", r->name);
		write_int(w, "items", r->items);
		write_int(w, "accept", r->accept);
		write_int(w, "edit", r->edit);
		write_int(w, "reject", r->reject);
		write_int(w, "escalate", r->escalate);
		write_double(w, "override_rate",
		    stats_override(r->accept, r->edit, r->reject));
		write_end(w);
	}
	write_end(w);
}

static void
tiers_json(struct writer *w, const struct stats *s)
{
	const struct stats_tier *t;

	write_array(w, "by_tier");
	for (t = s->tier; t < s->tier + s->ntiers; t++) {
		write_object(w, NULL);
		write_text(w, "name", t->name);
		write_int(w, "attempts", t->attempts);
		write_int(w, "answered", t->answered);
		write_int(w, "next", t->next);
		write_int(w, "failed", t->failed);
		write_int(w, "input_tokens", t->input_tokens);
		write_int(w, "output_tokens", t->output_tokens);
		write_double(w, "cost_usd", t->cost_usd);
		write_end(w);
	}
	write_end(w);
}

static void
quantiles_json(struct writer *w, const char *name,
    const struct stats_quantiles *v)
{
	write_object(w, name);
	write_double(w, "p50", v->p50);
	write_double(w, "p95", v->p95);
	write_double(w, "p99", v->p99);
	write_end(w);
}

static void
agreement_json(struct writer *w, const struct stats *s)
{
	struct stats_agreement a = stats_agreement(s);
	size_t i, j;

	write_object(w, "agreement");
	write_int(w, "second_looks", a.of);
	write_int(w, "agreed", a.agreed);
	write_double(w, "rate", a.of == 0 ? (double)NAN :
	    (double)a.agreed / (double)a.of);
	write_double(w, "kappa", a.kappa);
	write_array(w, "pairs");
	for (i = 0; i < STATS_LOOKS; i++) {
		for (j = 0; j < STATS_LOOKS; j++) {
			if (s->looks[i][j] == 0)
				continue;
			write_object(w, NULL);
			write_word(w, "first", stats_decisions[i]);
			write_word(w, "second", stats_decisions[j]);
			write_int(w, "items", s->looks[i][j]);
			write_end(w);
		}
	}
	write_end(w);
	write_end(w);
}

static void
ratings_json(struct writer *w, const struct stats *s)
{
	size_t i;

	write_array(w, "ratings");
	for (i = 0; i < s->nratings; i++) {
		write_object(w, NULL);
		write_text(w, "name", s->rating[i].name);
		write_int(w, "given", s->rating[i].given);
		write_double(w, "mean", s->rating[i].mean);
		write_end(w);
	}
	write_end(w);
}

void
stats_json(struct buf *b, const struct stats *s)
{
	static const char *const routes[] = { "approve", "flag", "escalate" };
	struct writer w = WRITER(b, WRITE_SHOWN);

	write_object(&w, NULL);
	write_time(&w, "since", s->since_ms);
	write_time(&w, "until", s->until_ms);
	counts_json(&w, "states", stats_states, s->states, 6);
	counts_json(&w, "routes", routes, s->routes, 3);
	counts_json(&w, "decisions", stats_decisions, s->decisions, 5);
	write_double(&w, "override_rate", stats_override(s->decisions[0],
	    s->decisions[1], s->decisions[2]));
	write_int(&w, "sla_breached", s->sla_breached);
	write_time(&w, "oldest_flagged_at", s->oldest_flagged_ms);
	table_json(&w, "by_rule", &s->by_rule);
	table_json(&w, "by_guard", &s->by_guard);
	table_json(&w, "by_model", &s->by_model);
	table_json(&w, "by_prompt", &s->by_prompt);
	table_json(&w, "by_reviewer", &s->by_reviewer);
	quantiles_json(&w, "review_ms", &s->review_ms);
	quantiles_json(&w, "latency_ms", &s->latency_ms);
	write_double(&w, "cost_usd", s->cost_usd);
	write_int(&w, "input_tokens", s->input_tokens);
	write_int(&w, "output_tokens", s->output_tokens);
	write_int(&w, "calls", s->calls);
	write_int(&w, "attempts", s->attempts);
	quantiles_json(&w, "first_token_ms", &s->first_token_ms);
	tiers_json(&w, s);
	agreement_json(&w, s);
	ratings_json(&w, s);
	write_end(&w);
	write_line(&w);
}
