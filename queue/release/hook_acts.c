#include "queue/release/hook_acts.h"

#include "db/query.h"
#include "db/write.h"
#include "queue/release/delivery.h"
#include "queue/release/hooks.h"

static enum status
hook_run(struct store *store, enum query_id id, const char *hook,
    struct error *err)
{
	struct query *q;
	enum status st = hook_query(store, id, hook, &q, err);

	return st == STATUS_OK ? query_run(q, err) : st;
}

/* n 0: of no release. */
static enum status
hook_leaf(struct session *s, const char *event, const char *hook, int64_t n,
    struct error *err)
{
	struct actor who = session_actor(s);
	const struct leaf_field f[] = {
		{ .key = "hook", .type = LEAF_TEXT, .text = slice_of(hook) },
		{ .key = "n", .type = LEAF_INT, .number = n }
	};

	return audit_append(s->store, &who, store_now_ms(s->store), event,
	    SLICE_NONE, f, n == 0 ? 1 : 2, NULL, err);
}

enum status
hook_pause(struct session *s, const char *hook, int64_t n, bool *changed,
    struct error *err)
{
	struct hook_state h = { false, false, 0 };
	struct query *q;
	enum status st;

	*changed = false;
	st = hook_state_get(s->store, hook, &h, err);
	if (st != STATUS_OK || h.paused)
		return st == STATUS_NOT_FOUND ? STATUS_OK : st;
	if ((st = hook_query(s->store, QUERY_HOOK_PAUSE, hook, &q, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(q, HOOK_now, store_now_ms(s->store));
	if ((st = query_run(q, err)) != STATUS_OK)
		return st;
	*changed = true;
	return hook_leaf(s, "hook.pause", hook, n, err);
}

#define ACT_HOOKS_MAX	256

/* What an operator does, and to which hooks. */
struct act {
	struct session	*s;
	const char	*hook;		/* NULL: each */
	int64_t		 n;
	int		 done;
	enum status	(*one)(struct act *, const char *hook, struct error *);
};

static enum status
act_each(struct act *a, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct query *q;
	enum status st;
	const char *names[ACT_HOOKS_MAX];
	size_t i, n = 0;
	bool row;

	if ((st = query_get(&q, a->s->store, QUERY_HOOK_LIST, err)) != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		if (n == ACT_HOOKS_MAX)
			st = error_set(err, STATUS_LIMIT, "more than %d hooks: "
			    "name one", ACT_HOOKS_MAX);
		else if ((names[n++] = arena_str(&arena,
		    query_text(q, HOOK_LIST_HOOK))) == NULL)
			st = error_nomem(err);
		if (st != STATUS_OK)
			break;
	}
	query_done(q);
	for (i = 0; i < n && st == STATUS_OK; i++)
		st = a->one(a, names[i], err);
	arena_release(&arena);
	return st;
}

static enum status
act_write(void *arg, struct error *err)
{
	struct act *a = arg;
	struct hook_state h;
	enum status st;

	a->done = 0;
	if ((st = session_refresh(a->s, err)) != STATUS_OK ||
	    (st = session_require(a->s, MAY_HOOK, "do that to a hook", err)) !=
	    STATUS_OK)
		return st;
	if (a->hook == NULL)
		return act_each(a, err);
	st = hook_state_get(a->s->store, a->hook, &h, err);
	if (st == STATUS_NOT_FOUND)
		return error_set(err, st, "%s: no such hook; see handrail hook "
		    "list", a->hook);
	return st == STATUS_OK ? a->one(a, a->hook, err) : st;
}

static enum status
act_run(struct act *a, struct error *err)
{
	return store_write(a->s->store, DURABLE_NOW, act_write, a, err);
}

static enum status
retry_one(struct act *a, const char *hook, struct error *err)
{
	struct store *store = a->s->store;
	struct hook_state h = { false, false, 0 };
	int64_t now = store_now_ms(store);
	enum status st;

	if ((st = hook_state_get(store, hook, &h, err)) != STATUS_OK)
		return st;
	if (h.paused)	/* of all, that one has its own command */
		return a->hook == NULL ? STATUS_OK : error_set(err,
		    STATUS_CONFLICT, "%s: it is paused; handrail hook resume "
		    "%s sends all that waits", hook, hook);
	if ((st = deliveries_hurry(store, hook, now, now, err)) != STATUS_OK ||
	    (st = hook_run(store, QUERY_HOOK_ASK, hook, err)) != STATUS_OK)
		return st;
	a->done++;
	return hook_leaf(a->s, "hook.retry", hook, 0, err);
}

enum status
hook_retry(struct session *s, const char *hook, struct error *err)
{
	struct act a = { .s = s, .hook = hook, .one = retry_one };

	return act_run(&a, err);
}

static enum status
resume_one(struct act *a, const char *hook, struct error *err)
{
	struct store *store = a->s->store;
	struct hook_state h = { false, false, 0 };
	int64_t now = store_now_ms(store);
	enum status st;

	if ((st = hook_state_get(store, hook, &h, err)) != STATUS_OK)
		return st;
	if (!h.paused)
		return error_set(err, STATUS_CONFLICT, "%s: not paused", hook);
	if ((st = hook_run(store, QUERY_HOOK_RESUME, hook, err)) != STATUS_OK ||
	    (st = hook_run(store, QUERY_HOOK_ASK, hook, err)) != STATUS_OK ||
	    (st = deliveries_hurry(store, hook, now, now, err)) != STATUS_OK)
		return st;
	return hook_leaf(a->s, "hook.resume", hook, 0, err);
}

enum status
hook_resume(struct session *s, const char *hook, struct error *err)
{
	struct act a = { .s = s, .hook = hook, .one = resume_one };

	return act_run(&a, err);
}

static enum status
drop_one(struct act *a, const char *hook, struct error *err)
{
	enum status st = delivery_drop(a->s->store, hook, a->n,
	    store_now_ms(a->s->store), err);

	if (st == STATUS_NOT_FOUND)
		return STATUS_OK;
	if (st != STATUS_OK)
		return st;
	a->done++;
	return hook_leaf(a->s, "hook.drop", hook, a->n, err);
}

enum status
hook_drop(struct session *s, int64_t n, const char *hook, int *dropped,
    struct error *err)
{
	struct act a = { .s = s, .hook = hook, .n = n, .one = drop_one };
	enum status st = act_run(&a, err);

	*dropped = a.done;
	if (st == STATUS_OK && a.done == 0)
		return error_set(err, STATUS_NOT_FOUND, "release %lld: no "
		    "delivery of it waits%s%s", (long long)n, hook == NULL ?
		    "" : " for hook ", hook == NULL ? "" : hook);
	return st;
}

/* What is counted over those that wait, and said of the oldest. */
static enum status
waiting_fill(struct store *store, struct hook_row *r, const char *hook,
    struct arena *arena, struct error *err)
{
	struct query *q;
	int64_t first = -1;
	enum status st;

	if ((st = hook_query(store, QUERY_HOOK_WAITING, hook, &q, err)) !=
	    STATUS_OK)
		return st;
	if ((st = query_row(q, err)) == STATUS_OK) {
		r->waiting = query_int(q, HOOK_WAITING_WAITING);
		r->due_ms = query_int_or(q, HOOK_WAITING_DUE_MS, -1);
		first = query_int_or(q, HOOK_WAITING_FIRST, -1);
	}
	query_done(q);
	if (st != STATUS_OK || first < 0 ||
	    (st = query_get(&q, store, QUERY_HOOK_FIRST, err)) != STATUS_OK)
		return st;
	query_bind_text(q, HOOK_FIRST_hook, slice_of(hook));
	query_bind_int(q, HOOK_FIRST_n, first);
	if ((st = query_row(q, err)) == STATUS_OK) {
		r->oldest_ms = query_int(q, HOOK_FIRST_TS_MS);
		if (!query_keep(q, HOOK_FIRST_ERROR, arena, &r->error))
			st = error_nomem(err);
	}
	query_done(q);
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

static void
policy_fill(const struct policy *p, struct hook_row *r)
{
	size_t i;

	for (i = 0; i < p->nhooks; i++)
		if (slice_is(r->hook, p->hooks[i].name)) {
			r->url = p->hooks[i].url;
			r->queues = p->hooks[i].queues;
			r->nqueues = p->hooks[i].nqueues;
		}
}

enum status
hooks_each(struct session *s, enum status (*each)(void *,
    const struct hook_row *, struct error *), void *arg, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct hook_row r;
	struct query *q;
	enum status st;
	bool row;

	if ((st = query_get(&q, s->store, QUERY_HOOK_LIST, err)) != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		arena_reset(&arena);
		r = (struct hook_row){
		    .in_force = query_int(q, HOOK_LIST_IN_FORCE) != 0,
		    .paused_ms = query_int_or(q, HOOK_LIST_PAUSED_MS, -1),
		    .taken = query_int(q, HOOK_LIST_TAKEN),
		    .failed = query_int(q, HOOK_LIST_FAILED),
		    .taken_ms = query_int_or(q, HOOK_LIST_TAKEN_MS, -1),
		    .oldest_ms = -1, .due_ms = -1 };
		if (!query_keep(q, HOOK_LIST_HOOK, &arena, &r.hook)) {
			st = error_nomem(err);
			break;
		}
		policy_fill(s->policy, &r);
		if ((st = waiting_fill(s->store, &r, r.hook.p, &arena, err)) !=
		    STATUS_OK || (st = each(arg, &r, err)) != STATUS_OK)
			break;
	}
	query_done(q);
	arena_release(&arena);
	return st;
}

enum status
deliveries_each(struct session *s, const char *hook, bool every,
    enum status (*each)(void *, const struct delivery_row *, struct error *),
    void *arg, struct error *err)
{
	struct delivery_row r;
	struct hook_state h;
	struct query *q;
	enum status st;
	bool row;

	if ((st = hook_state_get(s->store, hook, &h, err)) == STATUS_NOT_FOUND)
		return error_set(err, st, "%s: no such hook", hook);
	if (st != STATUS_OK ||
	    (st = query_get(&q, s->store, QUERY_DELIVERIES_LIST, err)) !=
	    STATUS_OK)
		return st;
	query_bind_text(q, DELIVERIES_LIST_hook, slice_of(hook));
	query_bind_int(q, DELIVERIES_LIST_every, every);
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		r = (struct delivery_row){
		    .n = query_int(q, DELIVERIES_LIST_N),
		    .ts_ms = query_int(q, DELIVERIES_LIST_TS_MS),
		    .tries = query_int(q, DELIVERIES_LIST_TRIES),
		    .due_ms = query_int(q, DELIVERIES_LIST_DUE_MS),
		    .done_ms = query_int_or(q, DELIVERIES_LIST_DONE_MS, -1),
		    .id = query_text(q, DELIVERIES_LIST_ID),
		    .queue = query_text(q, DELIVERIES_LIST_QUEUE),
		    .state = query_text(q, DELIVERIES_LIST_STATE),
		    .error = query_text(q, DELIVERIES_LIST_ERROR) };
		if ((st = each(arg, &r, err)) != STATUS_OK)
			break;
	}
	query_done(q);
	return st;
}
