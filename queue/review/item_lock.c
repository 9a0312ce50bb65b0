#include "queue/review/item_lock.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/base/shell.h"
#include "core/base/time.h"
#include "db/query.h"
#include "queue/session.h"

/* Who holds it, if anyone does. */
static void
lease_load(const struct session *s, struct query *q, struct item_lock *w)
{
	struct slice holder = query_blob(q, REVIEW_ITEM_LEASE_SESSION);
	int64_t left = time_between(store_lease_ms(s->store),
	    query_int(q, REVIEW_ITEM_LEASE_UNTIL));

	if (query_null(q, REVIEW_ITEM_LEASE_UID) || left <= 0 ||
	    !slice_is(query_text(q, REVIEW_ITEM_LEASE_BOOT),
	    store_lease_boot(s->store)))
		return;
	w->holder_uid = query_int(q, REVIEW_ITEM_LEASE_UID);
	/* What a review of one's own held that was killed is not waited for. */
	w->held = w->holder_uid != s->who.uid || !session_process_gone(holder);
	if (!w->held)
		return;
	(void)snprintf(w->holder, sizeof(w->holder), "%.*s",
	    SLICE_ARG(query_text(q, REVIEW_ITEM_LEASE_BY)));
	w->until_ms = time_after(store_now_ms(s->store), left);
	w->mine = slice_eq(holder, session_id(s));
}

enum status
item_lock_load(struct session *s, int64_t item, struct item_lock *w,
    struct error *err)
{
	struct query *q;
	enum status st;

	memset(w, 0, sizeof(*w));
	if ((st = query_get(&q, s->store, QUERY_REVIEW_ITEM, err)) != STATUS_OK)
		return st;
	query_bind_int(q, REVIEW_ITEM_item, item);
	if ((st = query_row(q, err)) == STATUS_NOT_FOUND)
		st = error_set(err, st, "item %lld is no longer in the store",
		    (long long)item);
	if (st != STATUS_OK)
		goto done;
	w->item = item;
	w->queue.p = arena_str(&s->arena, query_text(q, REVIEW_ITEM_QUEUE));
	w->queue.n = query_text(q, REVIEW_ITEM_QUEUE).n;
	w->id.p = arena_str(&s->arena, query_text(q, REVIEW_ITEM_ID));
	w->id.n = query_text(q, REVIEW_ITEM_ID).n;
	w->state.p = arena_str(&s->arena, query_text(q, REVIEW_ITEM_STATE));
	w->state.n = query_text(q, REVIEW_ITEM_STATE).n;
	if (w->queue.p == NULL || w->id.p == NULL || w->state.p == NULL) {
		st = error_nomem(err);
		goto done;
	}
	w->review = query_int(q, REVIEW_ITEM_REVIEW) != 0;
	w->token = query_int(q, REVIEW_ITEM_LEASE_TOKEN);
	w->claimed_ms = query_int_or(q, REVIEW_ITEM_LEASE_FROM_MS, -1);
	lease_load(s, q, w);
	w->salt_n = query_blob(q, REVIEW_ITEM_SALT).n;
	if (w->salt_n > sizeof(w->salt))
		st = error_set(err, STATUS_CORRUPT, "%.*s: its salt is too long",
		    SLICE_ARG(w->id));
	else if (w->salt_n > 0)
		memcpy(w->salt, query_blob(q, REVIEW_ITEM_SALT).p, w->salt_n);
	if (query_blob(q, REVIEW_ITEM_CONTENT_SHA256).n == HASH_LEN)
		memcpy(w->content.b,
		    query_blob(q, REVIEW_ITEM_CONTENT_SHA256).p, HASH_LEN);
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

/* "handrail -d STORE lease free ID". */
static void
free_add(struct buf *b, const struct session *s, const struct item_lock *w)
{
	buf_puts(b, "handrail ");
	if (s->named) {
		buf_puts(b, "-d ");
		shell_add(b, slice_of(store_path(s->store)));
		buf_putc(b, ' ');
	}
	buf_puts(b, w->id.n > 0 && w->id.p[0] == '-' ? "lease free -- " :
	    "lease free ");
	shell_add(b, w->id);
}

enum status
item_lock_held(const struct session *s, const struct item_lock *w,
    struct error *err)
{
	bool own = w->holder_uid == s->who.uid;
	struct buf b = BUF_INIT;
	char until[TIME_LOCAL];
	enum status st;

	time_local(w->until_ms, until);
	if (!own && !(s->may & MAY_LEASE))
		return error_set(err, STATUS_CONFLICT, "%.*s: held by %s until %s",
		    SLICE_ARG(w->id), w->holder, until);
	free_add(&b, s, w);
	if ((st = buf_check(&b, err)) == STATUS_OK)
		st = error_set(err, STATUS_CONFLICT, "%.*s: held by %s%s until "
		    "%s; this frees it: %s", SLICE_ARG(w->id), w->holder,
		    own ? " (you, elsewhere)" : "", until, buf_str(&b));
	buf_release(&b);
	return st;
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
	query_bind_int(q, LEASE_TAKE_item, w->item);
	query_bind_int(q, LEASE_TAKE_uid, s->who.uid);
	query_bind_text(q, LEASE_TAKE_by, slice_of(s->who.name));
	query_bind_blob(q, LEASE_TAKE_session, session_id(s));
	query_bind_int(q, LEASE_TAKE_until, store_lease_ms(s->store) + length);
	query_bind_text(q, LEASE_TAKE_boot, slice_of(store_lease_boot(s->store)));
	query_bind_int(q, LEASE_TAKE_from_ms, store_now_ms(s->store));
	lease->item = w->item;
	lease->token = w->token + 1;
	lease->until_ms = store_now_ms(s->store) + length;
	return query_run(q, err);
}
