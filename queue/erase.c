#include "queue/erase.h"

#include "core/base/time.h"
#include "db/query.h"
#include "db/write.h"
#include "queue/review/item_lock.h"
#include "queue/search.h"

#define PURGE_PAGE	256	/* items a transaction */

/* One item, or a page of old ones. */
struct erasing {
	struct session	*s;
	int64_t		 item;
	struct error	 before;	/* it was erased already: says so */
	int64_t		 before_ms, from, after;
	uint64_t	 n;		/* of the page */
};

static enum status
remove_texts(struct session *s, int64_t item, struct error *err)
{
	static const enum query_id steps[] = {
		QUERY_ERASE_ITEM, QUERY_ERASE_PAYLOAD, QUERY_ERASE_DECISIONS,
		QUERY_ERASE_RELEASES, QUERY_ERASE_HELD, QUERY_ERASE_NOTES, QUERY_ERASE_SKIPS,
		QUERY_FINDINGS_CLEAR, QUERY_ERRORS_CLEAR
	};
	struct query *q;
	enum status st;
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if ((st = query_get(&q, s->store, steps[i], err)) != STATUS_OK)
			return st;
		query_bind_int(q, ERASE_item, item);
		if ((st = query_run(q, err)) != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

/* before: says so where that was done already. */
static enum status
erase_locked(struct session *s, int64_t item, struct error *before,
    struct error *err)
{
	struct actor who = session_actor(s);
	struct leaf_field f[1];
	struct item_lock w;
	enum status st;
	int64_t seq;

	if ((st = item_lock_load(s, item, &w, err)) != STATUS_OK)
		return st;
	if (item_lock_open(&w))
		return error_set(err, STATUS_CONFLICT, "%.*s: waits for a "
		    "decision; reject it first", SLICE_ARG(w.id));
	if (w.salt_n == 0) {
		(void)error_set(before, STATUS_CONFLICT, "%.*s: was erased "
		    "before; nothing of it is left", SLICE_ARG(w.id));
		return STATUS_OK;
	}
	if ((st = remove_texts(s, item, err)) != STATUS_OK ||
	    (st = search_erase(s->store, item, err)) != STATUS_OK)
		return st;
	if ((st = store_unsettle(s->store, err)) != STATUS_OK)
		return st;
	f[0] = (struct leaf_field){ .key = "queue", .text = w.queue };
	return audit_append(s->store, &who, store_now_ms(s->store), "erase", w.id, f, 1,
	    &seq, err);
}

/* What was committed is gone; that its bytes are, the caller has to know. */
static enum status
settle(struct session *s, struct error *err)
{
	enum status st = store_settle(s->store, err);

	if (st == STATUS_BUSY)
		(void)error_prefix(err, "erased, but its bytes may still stand "
		    "in %s-wal; run it again", store_path(s->store));
	return st;
}

static enum status
erase_write(void *arg, struct error *err)
{
	struct erasing *x = arg;

	arena_reset(&x->s->arena);
	error_clear(&x->before);
	return erase_locked(x->s, x->item, &x->before, err);
}

enum status
erase_item(struct session *s, int64_t item, struct error *err)
{
	struct erasing x = { .s = s, .item = item };
	enum status st;

	if ((st = session_require(s, MAY_ERASE, "erase", err)) != STATUS_OK ||
	    (st = store_write(s->store, DURABLE_NOW, erase_write, &x, err)) !=
	    STATUS_OK)
		return st;
	/* Also where it was erased before: a reader may have been in the way. */
	st = settle(s, err);
	return st == STATUS_OK && x.before.code != STATUS_OK ?
	    error_set(err, x.before.code, "%s", x.before.text) : st;
}

static enum status
purge_page(struct session *s, int64_t *after, int64_t before_ms, uint64_t *n,
    struct error *err)
{
	struct query *q;
	enum status st;
	bool row;

	*n = 0;
	if ((st = query_get(&q, s->store, QUERY_PURGE_NEXT, err)) != STATUS_OK)
		return st;
	query_bind_int(q, PURGE_NEXT_after, *after);
	query_bind_int(q, PURGE_NEXT_before, before_ms);
	query_bind_int(q, PURGE_NEXT_limit, PURGE_PAGE);
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		*after = query_int(q, PURGE_NEXT_ITEM);
		if ((st = remove_texts(s, *after, err)) != STATUS_OK)
			break;
		++*n;
	}
	query_done(q);
	return st;
}

static enum status
purge_leaf(struct session *s, int64_t before_ms, uint64_t n, struct error *err)
{
	struct actor who = session_actor(s);
	char before[TIME_TEXT];
	struct leaf_field f[] = {
		{ .key = "before", .text = { before, TIME_TEXT - 1 } },
		{ .key = "rows", .type = LEAF_INT, .number = (int64_t)n }
	};
	int64_t seq;

	time_format(before_ms, before);
	return audit_append(s->store, &who, store_now_ms(s->store), "purge", SLICE_NONE,
	    f, 2, &seq, err);
}

static enum status
purge_write(void *arg, struct error *err)
{
	struct erasing *x = arg;
	enum status st;

	x->after = x->from;
	if ((st = purge_page(x->s, &x->after, x->before_ms, &x->n, err)) !=
	    STATUS_OK || x->n == 0 ||
	    (st = search_erase(x->s->store, -1, err)) != STATUS_OK ||
	    (st = store_unsettle(x->s->store, err)) != STATUS_OK)
		return st;
	return purge_leaf(x->s, x->before_ms, x->n, err);
}

enum status
erase_before(struct session *s, int64_t before_ms,
    const volatile sig_atomic_t *stop, uint64_t *total, struct error *err)
{
	struct erasing x = { .s = s, .before_ms = before_ms, .n = PURGE_PAGE };
	enum status st;

	*total = 0;
	st = session_require(s, MAY_ERASE, "purge", err);
	while (st == STATUS_OK && x.n == PURGE_PAGE &&
	    (stop == NULL || *stop == 0)) {
		if ((st = store_write(s->store, DURABLE_NOW, purge_write, &x,
		    err)) != STATUS_OK)
			return st;
		x.from = x.after;
		*total += x.n;
	}
	return st == STATUS_OK ? settle(s, err) : st;
}
