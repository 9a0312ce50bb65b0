#include "queue/release/hooks.h"

#include "db/query.h"

static enum status
queue_put(struct store *store, const char *hook, const char *queue,
    struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, store, QUERY_HOOK_QUEUE_PUT, err)) != STATUS_OK)
		return st;
	query_bind_text(q, HOOK_QUEUE_PUT_hook, slice_of(hook));
	query_bind_text(q, HOOK_QUEUE_PUT_queue, slice_of(queue));
	return query_run(q, err);
}

static enum status
hook_put(struct store *store, const struct hook_policy *h, struct error *err)
{
	struct query *q;
	enum status st;
	size_t i;

	if ((st = query_get(&q, store, QUERY_HOOK_PUT, err)) != STATUS_OK)
		return st;
	query_bind_text(q, HOOK_PUT_hook, slice_of(h->name));
	if ((st = query_run(q, err)) != STATUS_OK)
		return st;
	if (h->nqueues == 0)
		return queue_put(store, h->name, "", err);
	for (i = 0; i < h->nqueues && st == STATUS_OK; i++)
		st = queue_put(store, h->name, h->queues[i], err);
	return st;
}

enum status
hooks_put(struct store *store, const struct policy *p, struct error *err)
{
	static const enum query_id forget[] = {
		QUERY_HOOKS_FORGET, QUERY_HOOK_QUEUES_FORGET
	};
	struct query *q;
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < 2 && st == STATUS_OK; i++)
		if ((st = query_get(&q, store, forget[i], err)) == STATUS_OK)
			st = query_run(q, err);
	for (i = 0; i < p->nhooks && st == STATUS_OK; i++)
		st = hook_put(store, &p->hooks[i], err);
	return st;
}

enum status
hook_query(struct store *store, enum query_id id, const char *hook,
    struct query **q, struct error *err)
{
	enum status st = query_get(q, store, id, err);

	if (st == STATUS_OK)
		query_bind_text(*q, HOOK_hook, slice_of(hook));
	return st;
}

enum status
hook_state_get(struct store *store, const char *hook, struct hook_state *h,
    struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = hook_query(store, QUERY_HOOK_FIND, hook, &q, err)) != STATUS_OK)
		return st;
	if ((st = query_row(q, err)) == STATUS_OK)
		*h = (struct hook_state){
		    query_int(q, HOOK_FIND_IN_FORCE) != 0,
		    !query_null(q, HOOK_FIND_PAUSED_MS),
		    query_int(q, HOOK_FIND_ASKED) };
	query_done(q);
	return st;
}
