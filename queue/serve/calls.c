#include "queue/serve/calls.h"

#include <math.h>

#include "db/query.h"
#include "queue/serve/attempt.h"
#include "queue/serve/server.h"

const char *
calls_fault_name(enum attempt_fault f)
{
	static const char *const names[] = {
		[ATTEMPT_WELL] = NULL, [ATTEMPT_CONNECT] = "no connection",
		[ATTEMPT_TIMEOUT] = "no answer in time",
		[ATTEMPT_LIMITED] = "rate limited",
		[ATTEMPT_SERVER] = "the service failed",
		[ATTEMPT_REFUSED] = "the service refused it",
		[ATTEMPT_BROKEN] = "no whole answer", [ATTEMPT_ERROR] = "an error "
		    "in the place of an answer", [ATTEMPT_LEFT] = "the client left"
	};

	return names[f];
}

/* A number that is not known stays NULL. */
static void
bind_count(struct query *q, enum query_parameter p, int64_t n)
{
	if (n >= 0)
		query_bind_int(q, p, n);
}

static void
bind_asked(struct query *q, const struct gateway_call *g, size_t i)
{
	const struct attempt *a = &g->attempt[i];
	const struct upstream *u = a->model->upstream;

	query_bind_text(q, CALL_PUT_id, slice_of(g->id));
	query_bind_int(q, CALL_PUT_attempt, (int64_t)i + 1);
	query_bind_text(q, CALL_PUT_queue, slice_of(g->gateway->queue->name));
	query_bind_text(q, CALL_PUT_gateway, slice_of(g->gateway->name));
	query_bind_text(q, CALL_PUT_key, slice_of(g->call->key->name));
	query_bind_text(q, CALL_PUT_model, slice_of(a->model->name));
	query_bind_text(q, CALL_PUT_upstream, slice_of(u->name));
	query_bind_text(q, CALL_PUT_region, slice_of(u->region));
	query_bind_int(q, CALL_PUT_asked_ms, a->at_ms);
}

/* A row with all that is known: while it is asked, or in the end, or both at once. */
static enum status
attempt_store(struct store *store, const struct gateway_call *g, size_t i,
    struct error *err)
{
	const struct attempt *a = &g->attempt[i];
	struct query *q;
	enum status st;

	if ((st = query_get(&q, store, QUERY_CALL_PUT, err)) != STATUS_OK)
		return st;
	bind_asked(q, g, i);
	query_bind_text(q, CALL_PUT_state, slice_of(a->state));
	bind_count(q, CALL_PUT_status, a->status == 0 ? -1 : a->status);
	query_bind_text(q, CALL_PUT_reason, slice_of(calls_fault_name(a->fault)));
	bind_count(q, CALL_PUT_first_ms, a->first_ms == 0 ? -1 :
	    a->first_ms - a->asked_ms);
	bind_count(q, CALL_PUT_took_ms, a->ended_ms == 0 || a->asked_ms == 0 ?
	    -1 : a->ended_ms - a->asked_ms);
	bind_count(q, CALL_PUT_input_tokens, a->usage.input);
	bind_count(q, CALL_PUT_output_tokens, a->usage.output);
	bind_count(q, CALL_PUT_cached_tokens, a->usage.cached);
	bind_count(q, CALL_PUT_reasoning_tokens, a->usage.reasoning);
	query_bind_int(q, CALL_PUT_estimated, a->usage.estimated);
	query_bind_double(q, CALL_PUT_usd, attempt_usd(a));
	return query_run(q, err);
}

/* What is to be added to what the store counts as spent: first what is set aside; in
 * the end what it took, in its place.  What is left of an allowance stays one. */
static void
spend_find(const struct gateway_call *g, int64_t *tokens, double *usd)
{
	const struct reservation *r = &g->reserved;

	*tokens = g->last ? g->charged_tokens : r->tokens;
	*usd = g->last ? g->charged_usd : r->usd;
	if (g->reserve_stored || r->allowed) {
		*tokens -= r->tokens;
		*usd -= r->usd;
	}
	if (r->allowed) {
		*tokens = *tokens < 0 ? 0 : *tokens;
		*usd = fmax(*usd, 0);
	}
	if (r->more) {
		*tokens += r->more_tokens;
		*usd += r->more_usd;
	}
}

static enum status
spend_add(struct store *store, const struct gateway_call *g,
    struct spends *spends, struct error *err)
{
	int64_t tokens;
	double usd;

	if (!g->budgeted || g->settled || (!g->last &&
	    (g->reserve_stored || !budget_limits(g->call->key))))
		return STATUS_OK;
	spend_find(g, &tokens, &usd);
	if (tokens == 0 && usd == 0)
		return STATUS_OK;
	return spends_add(spends, store, g->call->key->name, &g->reserved, tokens,
	    usd, err);
}

enum status
calls_store(struct store *store, struct call *c, struct spends *spends,
    struct error *err)
{
	const struct gateway_call *g = c->gateway;
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < g->nattempts && st == STATUS_OK; i++)
		if (!g->attempt[i].stored || (!g->attempt[i].closed &&
		    strcmp(g->attempt[i].state, "asked") != 0))
			st = attempt_store(store, g, i, err);
	return st == STATUS_OK ? spend_add(store, g, spends, err) : st;
}

void
calls_stored(struct gateway_call *g)
{
	size_t i;

	for (i = 0; i < g->nattempts; i++) {
		g->attempt[i].stored = true;
		g->attempt[i].closed = strcmp(g->attempt[i].state, "asked") != 0;
	}
	g->reserve_stored = g->budgeted && (g->last ||
	    budget_limits(g->call->key));
	budget_allowed(g->server->budgets, g->call->key, &g->reserved, true);
	if (g->last && g->budgeted && !g->settled) {
		budget_settle(g->server->budgets, g->call->key, &g->reserved,
		    g->charged_tokens, g->charged_usd);
		g->settled = true;
	}
}
