#include "queue/review/item_lock.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/base/time.h"
#include "db/clock.h"
#include "db/query.h"
#include "queue/session.h"

enum status
item_lock_load(struct session *s, int64_t item, struct item_lock *w,
    struct error *err)
{
	struct query *q;
	enum status st;
	int64_t left;

	memset(w, 0, sizeof(*w));
	if ((st = query_get(&q, s->store, QUERY_REVIEW_ITEM, err)) != STATUS_OK)
		return st;
	query_bind_int(q, 1, item);
	if ((st = query_row(q, err)) == STATUS_NOT_FOUND)
		st = error_set(err, st, "item %lld is no longer in the store",
		    (long long)item);
	if (st != STATUS_OK)
		goto done;
	w->item = item;
	w->queue.p = arena_str(&s->arena, query_text(q, 0));
	w->queue.n = query_text(q, 0).n;
	w->id.p = arena_str(&s->arena, query_text(q, 1));
	w->id.n = query_text(q, 1).n;
	w->state.p = arena_str(&s->arena, query_text(q, 2));
	w->state.n = query_text(q, 2).n;
	if (w->queue.p == NULL || w->id.p == NULL || w->state.p == NULL) {
		st = error_nomem(err);
		goto done;
	}
	w->review = query_int(q, 3) != 0;
	w->token = query_int(q, 7);
	w->claimed_ms = query_null(q, 10) ? -1 : query_int(q, 10);
	left = time_between(store_boot_ms(s->store), query_int(q, 8));
	w->held = !query_null(q, 4) && left > 0 &&
	    slice_is(query_text(q, 9), clock_boot_id());
	if (w->held) {
		w->holder_uid = query_int(q, 4);
		(void)snprintf(w->holder, sizeof(w->holder), "%.*s",
		    SLICE_ARG(query_text(q, 5)));
		w->until_ms = time_after(store_now_ms(s->store), left);
		w->mine = slice_eq(query_blob(q, 6), (struct slice){
		    (const char *)s->id, sizeof(s->id) });
	}
	w->salt_n = query_blob(q, 11).n;
	if (w->salt_n > sizeof(w->salt))
		st = error_set(err, STATUS_CORRUPT, "%.*s: its salt is too long",
		    SLICE_ARG(w->id));
	else if (w->salt_n > 0)
		memcpy(w->salt, query_blob(q, 11).p, w->salt_n);
	if (query_blob(q, 12).n == HASH_LEN)
		memcpy(w->content.b, query_blob(q, 12).p, HASH_LEN);
	w->policy = policy_queue(s->policy, w->queue);
	assert(arena_holds(&s->arena, w->id.p));
done:
	query_done(q);
	return st;
}

bool
item_lock_open(const struct item_lock *w)
{
	return slice_is(w->state, "flagged") || slice_is(w->state, "escalated")
	    || w->review;
}

enum status
item_lock_held(const struct session *s, const struct item_lock *w,
    struct error *err)
{
	char until[TIME_LOCAL];

	time_local(w->until_ms, until);
	return error_set(err, STATUS_CONFLICT, "%.*s: held by %s%s until %s",
	    SLICE_ARG(w->id), w->holder, w->holder_uid == s->who.uid ?
	    " (you, elsewhere)" : "", until);
}

enum status
item_lock_take(struct session *s, const struct item_lock *w,
    struct lease *lease, struct error *err)
{
	int64_t length = w->policy->lease_ms;
	struct query *q;
	enum status st;

	if (w->token == INT64_MAX)
		return error_set(err, STATUS_CORRUPT, "%.*s: damaged: the token "
		    "of its lease can be followed by none", SLICE_ARG(w->id));
	if ((st = query_get(&q, s->store, QUERY_LEASE_TAKE, err)) != STATUS_OK)
		return st;
	query_bind_int(q, 1, w->item);
	query_bind_int(q, 2, s->who.uid);
	query_bind_text(q, 3, slice_of(s->who.name));
	query_bind_blob(q, 4, (struct slice){ (const char *)s->id,
	    sizeof(s->id) });
	query_bind_int(q, 5, store_boot_ms(s->store) + length);
	query_bind_text(q, 6, slice_of(clock_boot_id()));
	query_bind_int(q, 7, store_now_ms(s->store));
	lease->item = w->item;
	lease->token = w->token + 1;
	lease->until_ms = store_now_ms(s->store) + length;
	return query_run(q, err);
}
