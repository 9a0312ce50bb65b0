#include "queue/review/waits.h"

#include <stdio.h>

#include "core/base/time.h"
#include "db/query.h"

struct waits {
	struct waiting	*v;
	size_t		 max, n;
	int64_t		 now_ms;
};

/* In its place by the end of the wait, where it is among the first. */
static void
wait_add(struct waits *w, const struct waiting *one)
{
	size_t i = w->n < w->max ? w->n : w->max;

	w->n++;
	for (; i > 0 && w->v[i - 1].until_ms > one->until_ms; i--)
		if (i < w->max)
			w->v[i] = w->v[i - 1];
	if (i < w->max)
		w->v[i] = *one;
}

/* The id of a call that began then, up to its chance (RFC 9562, version 7). */
static void
id_from(int64_t ms, char id[WAIT_ID])
{
	(void)snprintf(id, WAIT_ID, "call-%08llx-%04llx",
	    (unsigned long long)ms >> 16, (unsigned long long)ms & 0xffff);
}

/* When that call began. */
static int64_t
id_began(struct slice id)
{
	unsigned long long high = 0, low = 0;
	char text[WAIT_ID];

	(void)snprintf(text, sizeof(text), "%.*s", SLICE_ARG(id));
	if (sscanf(text, "call-%8llx-%4llx", &high, &low) != 2)
		return 0;
	return (int64_t)(high << 16 | low);
}

/* The call's deadline ends its wait, too. */
static int64_t
wait_ends(const struct gateway *g, struct slice id, int64_t ingested_ms)
{
	int64_t until = time_after(ingested_ms, g->wait_ms),
	    deadline = time_after(id_began(id), g->deadline_ms);

	return deadline < until ? deadline : until;
}

static enum status
gateway_waits(struct session *s, const struct gateway *g, struct waits *w,
    struct error *err)
{
	struct waiting one;
	struct slice id;
	struct query *q;
	enum status st;
	char from[WAIT_ID];
	bool row;

	id_from(w->now_ms - g->deadline_ms - g->wait_ms, from);
	if ((st = query_get(&q, s->store, QUERY_WAITS, err)) != STATUS_OK)
		return st;
	query_bind_text(q, WAITS_from, slice_of(from));
	query_bind_int(q, WAITS_most, WAIT_CALLS);
	query_bind_text(q, WAITS_gateway, slice_of(g->name));
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		id = query_text(q, WAITS_ID);
		one.until_ms = wait_ends(g, id, query_int(q,
		    WAITS_INGESTED_MS));
		if (one.until_ms <= w->now_ms)
			continue;
		(void)snprintf(one.id, sizeof(one.id), "%.*s", SLICE_ARG(id));
		(void)snprintf(one.queue, sizeof(one.queue), "%s",
		    g->queue->name);
		wait_add(w, &one);
	}
	query_done(q);
	return st;
}

enum status
waits_get(struct session *s, const char *queue, struct waiting *v, size_t max,
    size_t *n, struct error *err)
{
	const struct service_policy *p = &s->policy->service;
	struct waits w = { v, max, 0, store_now_ms(s->store) };
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < p->ngateways && st == STATUS_OK; i++)
		if (p->gateways[i].on_flag == GATEWAY_WAIT && (queue == NULL ||
		    strcmp(queue, p->gateways[i].queue->name) == 0))
			st = gateway_waits(s, &p->gateways[i], &w, err);
	*n = w.n;
	return st;
}
