#include "queue/ingest/transaction.h"

#include <stdlib.h>

#include "db/clock.h"
#include "queue/ingest/verdict_rows.h"
#include "queue/totals.h"

#define LAST_MS		200			/* at most, alone */
#define SHARED_MS	5			/* where another process waits */
#define AMONG_MS	20			/* where one did ... */
#define AMONG_FOR_MS	1000			/* ... a moment ago */
#define LAST_BYTES	((size_t)12 << 20)	/* of records, at most */

void
ingest_transaction_drop(struct ingest_transaction *x)
{
	if (x->open)
		store_rollback(x->store);
	x->open = false;
	x->ntotal = 0;
	arena_reset(&x->arena);
}

void
ingest_transaction_release(struct ingest_transaction *x)
{
	ingest_transaction_drop(x);
	free(x->total);
	arena_release(&x->arena);
}

static enum status
total_of(struct ingest_transaction *x, struct slice queue,
    struct ingest_total **out, struct error *err)
{
	struct ingest_total *t;
	size_t i, cap;
	char *name;

	for (i = x->ntotal; i > 0; i--)
		if (slice_eq(x->total[i - 1].queue, queue)) {
			*out = &x->total[i - 1];
			return STATUS_OK;
		}
	if (x->ntotal == x->total_cap) {
		cap = x->total_cap == 0 ? 8 : x->total_cap * 2;
		if ((t = realloc(x->total, cap * sizeof(*t))) == NULL)
			return error_nomem(err);
		x->total = t;
		x->total_cap = cap;
	}
	if ((name = arena_str(&x->arena, queue)) == NULL)
		return error_nomem(err);
	t = &x->total[x->ntotal++];
	*t = (struct ingest_total){ .queue = { name, queue.n } };
	*out = t;
	return STATUS_OK;
}

static enum status
totals_write(struct ingest_transaction *x, struct error *err)
{
	enum status st = STATUS_OK;
	const struct ingest_total *t;
	size_t i, k;

	for (i = 0; i < x->ntotal && st == STATUS_OK; i++) {
		t = &x->total[i];
		for (k = 0; k < 3 && st == STATUS_OK; k++)
			st = queue_total_add(x->store, t->queue, route_state[k],
			    t->state[k], err);
		if (st == STATUS_OK)
			st = queue_total_add(x->store, t->queue, "review",
			    t->review, err);
	}
	x->ntotal = 0;
	arena_reset(&x->arena);
	return st;
}

static void
transaction_started(struct ingest_transaction *x)
{
	x->begun_ms = clock_boot_ms(NULL);
	x->bytes = 0;
}

enum status
ingest_transaction_begin(struct ingest_transaction *x, struct error *err)
{
	enum status st;

	if (x->open)
		return STATUS_OK;
	if ((st = store_begin(x->store, x->durability, err)) != STATUS_OK)
		return st;
	x->open = true;
	transaction_started(x);
	return STATUS_OK;
}

enum status
ingest_transaction_add(struct ingest_transaction *x, const struct item *item,
    const struct verdict *v, struct error *err)
{
	struct ingest_total *t = NULL;
	enum status st;

	if ((st = total_of(x, item->queue, &t, err)) != STATUS_OK)
		return st;
	t->state[v->route]++;
	t->review += v->sampled;
	x->bytes += item->record.n + item->input.n;
	return STATUS_OK;
}

/* Ends the transaction; with `next`, another begins. */
static enum status
transaction_end(struct ingest_transaction *x, bool next, struct error *err)
{
	enum status st;

	if (!x->open)
		return STATUS_OK;
	if ((st = totals_write(x, err)) == STATUS_OK)
		st = next ? store_next(x->store, err) :
		    store_commit(x->store, err);
	if (st != STATUS_OK)
		store_rollback(x->store);
	x->open = st == STATUS_OK && next;
	transaction_started(x);
	return st;
}

/*
 * Whoever comes waits for the end of what was begun, and for the pass beside it over
 * what the one before wrote.  Where some come and go, both are kept short.
 */
static int64_t
last_ms(const struct ingest_transaction *x, int64_t now)
{
	return now < x->among_until_ms ? AMONG_MS : LAST_MS;
}

enum status
ingest_transaction_yield(struct ingest_transaction *x, bool full,
    bool *settled, struct error *err)
{
	int64_t now = clock_boot_ms(NULL), age = now - x->begun_ms;

	*settled = true;
	if (!x->open)
		return STATUS_OK;
	if (age >= SHARED_MS && store_waited_for(x->store))
		x->among_until_ms = now + AMONG_FOR_MS;
	else if (!full && age < last_ms(x, now) && x->bytes < LAST_BYTES &&
	    (age < SHARED_MS || !store_yields(x->store))) {
		*settled = false;
		return STATUS_OK;
	}
	return transaction_end(x, true, err);
}

enum status
ingest_transaction_pause(struct ingest_transaction *x, bool *settled,
    struct error *err)
{
	if (store_waited_for(x->store))
		x->among_until_ms = clock_boot_ms(NULL) + AMONG_FOR_MS;
	*settled = !x->open || clock_boot_ms(NULL) < x->among_until_ms;
	return *settled ? transaction_end(x, false, err) : STATUS_OK;
}

enum status
ingest_transaction_commit(struct ingest_transaction *x, struct error *err)
{
	return transaction_end(x, false, err);
}
