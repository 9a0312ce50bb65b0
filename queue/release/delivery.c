#include "queue/release/delivery.h"

#include "db/query.h"

enum status
deliveries_write(struct store *store, int64_t from, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, store, QUERY_DELIVERIES_INSERT, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(q, DELIVERIES_INSERT_from, from);
	return query_run(q, err);
}

enum status
deliveries_due(struct store *store, const char *hook, int64_t now,
    struct delivery *v, size_t most, size_t *n, struct error *err)
{
	struct query *q;
	enum status st;
	bool row;

	*n = 0;
	if ((st = query_get(&q, store, QUERY_DELIVERIES_DUE, err)) != STATUS_OK)
		return st;
	query_bind_text(q, DELIVERIES_DUE_hook, slice_of(hook));
	query_bind_int(q, DELIVERIES_DUE_now, now);
	query_bind_int(q, DELIVERIES_DUE_limit, (int64_t)most);
	while (*n < most && (st = query_step(q, &row, err)) == STATUS_OK && row)
		v[(*n)++] = (struct delivery){
		    query_int(q, DELIVERIES_DUE_N),
		    query_int(q, DELIVERIES_DUE_ITEM),
		    query_int(q, DELIVERIES_DUE_TRIES) };
	query_done(q);
	return st;
}

enum status
deliveries_hurry(struct store *store, const char *hook, int64_t now,
    int64_t later, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, store, QUERY_DELIVERIES_HURRY, err)) !=
	    STATUS_OK)
		return st;
	query_bind_text(q, DELIVERIES_HURRY_hook, slice_of(hook));
	query_bind_int(q, DELIVERIES_HURRY_now, now);
	query_bind_int(q, DELIVERIES_HURRY_later, later);
	return query_run(q, err);
}

/* A statement about one that waits; not yet run. */
static enum status
waiting_get(struct store *store, enum query_id id, const char *hook, int64_t n,
    struct query **q, struct error *err)
{
	enum status st = query_get(q, store, id, err);

	if (st == STATUS_OK) {
		query_bind_text(*q, DELIVERY_hook, slice_of(hook));
		query_bind_int(*q, DELIVERY_n, n);
	}
	return st;
}

/* What is counted of the hook. */
static enum status
hook_count(struct store *store, enum query_id id, const char *hook, int64_t now,
    struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, store, id, err);

	if (st != STATUS_OK)
		return st;
	query_bind_text(q, HOOK_hook, slice_of(hook));
	if (id == QUERY_HOOK_TAKEN)
		query_bind_int(q, HOOK_now, now);
	return query_run(q, err);
}

enum status
delivery_taken(struct store *store, const char *hook, int64_t n, int64_t now,
    struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = waiting_get(store, QUERY_DELIVERY_TAKEN, hook, n, &q, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(q, DELIVERY_now, now);
	if ((st = query_run(q, err)) != STATUS_OK)
		return st;
	return hook_count(store, QUERY_HOOK_TAKEN, hook, now, err);
}

enum status
delivery_failed(struct store *store, const char *hook, int64_t n,
    int64_t due_ms, const char *why, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = waiting_get(store, QUERY_DELIVERY_FAILED, hook, n, &q, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(q, DELIVERY_now, due_ms);
	query_bind_text(q, DELIVERY_error, slice_of(why));
	if ((st = query_run(q, err)) != STATUS_OK)
		return st;
	return hook_count(store, QUERY_HOOK_FAILED, hook, 0, err);
}

enum status
delivery_drop(struct store *store, const char *hook, int64_t n, int64_t now,
    struct error *err)
{
	struct query *q;
	enum status st;
	bool waits;

	if ((st = waiting_get(store, QUERY_DELIVERY_STATE, hook, n, &q, err)) !=
	    STATUS_OK)
		return st;
	st = query_row(q, err);
	waits = st == STATUS_OK &&
	    slice_is(query_text(q, DELIVERY_STATE_STATE), "waiting");
	query_done(q);
	if (st != STATUS_OK || !waits)
		return st == STATUS_OK ? STATUS_NOT_FOUND : st;
	if ((st = waiting_get(store, QUERY_DELIVERY_DROPPED, hook, n, &q,
	    err)) != STATUS_OK)
		return st;
	query_bind_int(q, DELIVERY_now, now);
	return query_run(q, err);
}
