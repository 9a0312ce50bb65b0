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
static struct value
count_value(int64_t n)
{
	return n >= 0 ? value_int(n) : value_null();
}

/* A row with all that is known: while it is asked, or in the end, or both at once. */
static void
attempt_values(union calls_put *v, const struct gateway_call *g, size_t i)
{
	const struct attempt *a = &g->attempt[i];
	const struct upstream *u = a->model->upstream;

	*v = (union calls_put){
		.id = value_text(slice_of(g->id)),
		.attempt = value_int((int64_t)i + 1),
		.queue = value_text(slice_of(g->gateway->queue->name)),
		.gateway = value_text(slice_of(g->gateway->name)),
		.key = value_text(slice_of(g->call->key->name)),
		.model = value_text(slice_of(a->model->name)),
		.upstream = value_text(slice_of(u->name)),
		.region = value_text(slice_of(u->region)),
		.state = value_text(slice_of(a->state)),
		.status = count_value(a->status == 0 ? -1 : a->status),
		.reason = value_text(slice_of(calls_fault_name(a->fault))),
		.asked_ms = value_int(a->at_ms),
		.first_ms = count_value(a->first_ms == 0 ? -1 :
		    a->first_ms - a->asked_ms),
		.took_ms = count_value(a->ended_ms == 0 || a->asked_ms == 0 ?
		    -1 : a->ended_ms - a->asked_ms),
		.input_tokens = count_value(a->usage.input),
		.output_tokens = count_value(a->usage.output),
		.cached_tokens = count_value(a->usage.cached),
		.reasoning_tokens = count_value(a->usage.reasoning),
		.estimated = value_int(a->usage.estimated),
		.usd = value_real(attempt_usd(a))
	};
}

static enum status
attempt_add(struct calls_rows *rows, const struct gateway_call *g, size_t i,
    struct error *err)
{
	union calls_put *v = arena_alloc(&rows->arena, sizeof(*v));

	if (v == NULL)
		return error_nomem(err);
	attempt_values(v, g, i);
	return batch_add(&rows->rows, v->row, err);
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
calls_add(struct calls_rows *rows, struct store *store, struct call *c,
    struct error *err)
{
	const struct gateway_call *g = c->gateway;
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < g->nattempts && st == STATUS_OK; i++)
		if (!g->attempt[i].stored || (!g->attempt[i].closed &&
		    strcmp(g->attempt[i].state, "asked") != 0))
			st = attempt_add(rows, g, i, err);
	return st == STATUS_OK ? spend_add(store, g, &rows->spends, err) : st;
}

enum status
calls_rows_store(struct calls_rows *rows, struct store *store, struct error *err)
{
	enum status st = batch_run(&rows->rows, store, QUERY_CALLS_PUT, NULL,
	    err);

	return st == STATUS_OK ? spends_store(&rows->spends, store, err) : st;
}

void
calls_rows_reset(struct calls_rows *rows)
{
	rows->rows.n = rows->spends.n = 0;
	arena_reset(&rows->arena);
}

void
calls_rows_release(struct calls_rows *rows)
{
	batch_release(&rows->rows);
	arena_release(&rows->arena);
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
	budget_allowed(g->server->service->budgets, g->call->key, &g->reserved, true);
	if (g->last && g->budgeted && !g->settled) {
		budget_settle(g->server->service->budgets, g->call->key,
		    &g->reserved, g->charged_tokens, g->charged_usd);
		g->settled = true;
	}
}
