#include "queue/review/review.h"

#include <assert.h>
#include <stdlib.h>

#include "db/query.h"
#include "db/write.h"
#include "queue/review/item_lock.h"
#include "queue/review/list.h"
#include "queue/session.h"
#include "queue/search.h"

static const char *const decision_names[] = {
	[DECISION_ACCEPT] = "accept", [DECISION_EDIT] = "edit",
	[DECISION_REJECT] = "reject", [DECISION_ESCALATE] = "escalate",
	[DECISION_RETURN] = "return", [DECISION_UNDO] = "undo"
};

const char *
decision_name(enum decision d)
{
	assert((size_t)d < sizeof(decision_names) / sizeof(decision_names[0]));
	return decision_names[d];
}

bool
decision_from(const char *name, enum decision *out)
{
	size_t i;

	for (i = 0; i < sizeof(decision_names) / sizeof(decision_names[0]); i++)
		if (strcmp(decision_names[i], name) == 0) {
			*out = (enum decision)i;
			return true;
		}
	return false;
}

size_t
review_labels(const char *text, struct slice *out, size_t max)
{
	size_t n = 0, len;

	while (text != NULL && *text != '\0' && n < max) {
		text += strspn(text, " ,");
		len = strcspn(text, ",");
		out[n] = (struct slice){ text, len };
		text += len;
		while (out[n].n > 0 && out[n].p[out[n].n - 1] == ' ')
			out[n].n--;
		n += out[n].n > 0;
	}
	return n;
}

/* May this person decide on it at all? */
static enum status
may_decide(const struct session *s, const struct item_lock *w,
    struct error *err)
{
	if (slice_is(w->state, "escalated"))
		return session_require(s, MAY_ESCALATED,
		    "decide on escalated items", err);
	return session_require(s, MAY_REVIEW, "review", err);
}

/* What is claimed, renewed, given back or noted in one transaction. */
struct reviewing {
	struct session	*s;
	int64_t		 item;
	struct lease	*lease;
	const struct list_filter *filter;
	struct slice	 text;
};

/* Loads what a claim asks about; STATUS_OK where it may be claimed. */
static enum status
claim_check(struct session *s, int64_t item, struct item_lock *w,
    struct error *err)
{
	enum status st;

	if ((st = item_lock_load(s, item, w, err)) != STATUS_OK ||
	    (st = may_decide(s, w, err)) != STATUS_OK)
		return st;
	if (!item_lock_open(w))
		return error_set(err, STATUS_CONFLICT, "%.*s: already %.*s",
		    SLICE_ARG(w->id), SLICE_ARG(w->state));
	return w->held && !w->mine ? item_lock_held(s, w, err) : STATUS_OK;
}

enum status
review_look(struct session *s, int64_t item, struct error *err)
{
	struct item_lock w;

	arena_reset(&s->arena);
	return claim_check(s, item, &w, err);
}

static enum status
claim_locked(struct session *s, int64_t item, struct lease *lease,
    struct error *err)
{
	struct item_lock w;
	enum status st;

	if ((st = session_refresh(s, err)) != STATUS_OK ||
	    (st = claim_check(s, item, &w, err)) != STATUS_OK)
		return st;
	if (w.mine) {		/* a second claim renews the first */
		*lease = (struct lease){ item, w.token, w.until_ms };
		return STATUS_OK;
	}
	return item_lock_take(s, &w, lease, err);
}

static enum status
claim_write(void *arg, struct error *err)
{
	struct reviewing *r = arg;

	arena_reset(&r->s->arena);
	return claim_locked(r->s, r->item, r->lease, err);
}

enum status
review_claim(struct session *s, int64_t item, struct lease *lease,
    struct error *err)
{
	struct reviewing r = { .s = s, .item = item, .lease = lease };

	return store_write(s->store, DURABLE_LATER, claim_write, &r, err);
}

static bool
skipped(const struct session *s, int64_t item)
{
	size_t i;

	for (i = 0; i < s->nskipped; i++)
		if (s->skipped[i] == item)
			return true;
	return false;
}

#define CLAIM_PAGE	16

/* The first free item in the filter's order, by pages. */
static enum status
first_free(struct session *s, const struct list_filter *f, int64_t *item,
    struct error *err)
{
	struct list_row rows[CLAIM_PAGE], from;
	size_t i, got = CLAIM_PAGE;
	struct arena arena = ARENA_INIT;
	enum status st = STATUS_OK;
	bool first = true;

	*item = -1;
	while (st == STATUS_OK && *item == -1 && got == CLAIM_PAGE) {
		st = list_page(s, f, first ? NULL : &from, false, CLAIM_PAGE,
		    &arena, rows, &got, err);
		for (i = 0; st == STATUS_OK && i < got && *item == -1; i++)
			if (rows[i].lease_by.p == NULL &&
			    !skipped(s, rows[i].item))
				*item = rows[i].item;
		if (got > 0)
			from = rows[got - 1];
		first = false;
		arena_reset(&arena);
	}
	arena_release(&arena);
	if (st == STATUS_OK && *item == -1)
		return STATUS_NOT_FOUND;
	return st;
}

static enum status
claim_next_write(void *arg, struct error *err)
{
	struct reviewing *r = arg;
	enum status st;

	arena_reset(&r->s->arena);
	if ((st = first_free(r->s, r->filter, &r->item, err)) != STATUS_OK)
		return st;
	return claim_locked(r->s, r->item, r->lease, err);
}

enum status
review_claim_next(struct session *s, const struct list_filter *f,
    struct lease *lease, struct error *err)
{
	struct reviewing r = { .s = s, .filter = f, .lease = lease };
	enum status st;

	/* Nothing to claim is learnt without the lock, so that many who wait
	 * for work do not keep those who have it from working. */
	if ((st = first_free(s, f, &r.item, err)) != STATUS_OK)
		return st;
	return store_write(s->store, DURABLE_LATER, claim_next_write, &r, err);
}

static enum status
renew_write(void *arg, struct error *err)
{
	struct reviewing *r = arg;
	struct session *s = r->s;
	struct item_lock w;
	struct query *q;
	enum status st;

	arena_reset(&s->arena);
	if ((st = item_lock_load(s, r->item, &w, err)) != STATUS_OK)
		return st;
	if (w.held && !w.mine)
		return item_lock_held(s, &w, err);
	if (!w.mine)		/* it ran out, and nobody took it: take it again */
		return claim_locked(s, r->item, r->lease, err);
	if ((st = query_get(&q, s->store, QUERY_LEASE_RENEW, err)) != STATUS_OK)
		return st;
	query_bind_int(q, LEASE_RENEW_item, r->item);
	query_bind_int(q, LEASE_RENEW_token, r->lease->token);
	query_bind_int(q, LEASE_RENEW_until,
	    store_lease_ms(s->store) + w.policy->lease_ms);
	query_bind_blob(q, LEASE_RENEW_session, session_id(s));
	if ((st = query_run(q, err)) == STATUS_OK)
		r->lease->until_ms = store_now_ms(s->store) +
		    w.policy->lease_ms;
	return st;
}

enum status
review_renew(struct session *s, struct lease *lease, struct error *err)
{
	struct reviewing r = { .s = s, .item = lease->item, .lease = lease };

	return store_write(s->store, DURABLE_LATER, renew_write, &r, err);
}

static enum status
release_write(void *arg, struct error *err)
{
	struct reviewing *r = arg;
	struct query *q;
	enum status st;

	if ((st = query_get(&q, r->s->store, QUERY_LEASE_END, err)) != STATUS_OK)
		return st;
	query_bind_int(q, LEASE_END_item, r->item);
	query_bind_int(q, LEASE_END_token, r->lease->token);
	query_bind_blob(q, LEASE_END_session, session_id(r->s));
	return query_run(q, err);
}

enum status
review_release(struct session *s, const struct lease *lease, struct error *err)
{
	struct lease held = *lease;
	struct reviewing r = { .s = s, .item = lease->item, .lease = &held };

	return store_write(s->store, DURABLE_LATER, release_write, &r, err);
}

static enum status
skip_append(struct session *s, const struct item_lock *w, struct slice reason,
    int64_t now, int64_t *seq, struct error *err)
{
	struct slice salt = { (const char *)w->salt, w->salt_n };
	struct actor who = session_actor(s);
	struct hash named;
	struct leaf_field f[] = {
		{ .key = "queue", .text = w->queue },
		{ .key = "content_sha256", .type = LEAF_HASH,
		    .hash = &w->content },
		{ .key = "reason_sha256", .type = LEAF_HASH, .hash = &named }
	};
	enum status st = audit_content(s->store, salt, &reason, 1, &named, err);

	return st != STATUS_OK ? st : audit_append(s->store, &who, now, "skip",
	    w->id, f, sizeof(f) / sizeof(f[0]), seq, err);
}

static enum status
skip_write(void *arg, struct error *err)
{
	struct reviewing *r = arg;
	struct session *s = r->s;
	int64_t now = store_now_ms(s->store), seq;
	struct item_lock w;
	struct query *q;
	enum status st;

	arena_reset(&s->arena);
	if ((st = item_lock_load(s, r->item, &w, err)) != STATUS_OK)
		return st;
	/* What ran out is nobody's to pass over; what was erased takes no text. */
	if (!w.mine || w.salt_n == 0)
		return release_write(r, err);
	if ((st = skip_append(s, &w, r->text, now, &seq, err)) != STATUS_OK ||
	    (st = query_get(&q, s->store, QUERY_SKIP_INSERT, err)) != STATUS_OK)
		return st;
	query_bind_int(q, SKIP_INSERT_seq, seq);
	query_bind_int(q, SKIP_INSERT_item, r->item);
	query_bind_int(q, SKIP_INSERT_ts_ms, now);
	query_bind_int(q, SKIP_INSERT_uid, s->who.uid);
	query_bind_text(q, SKIP_INSERT_by, slice_of(s->who.name));
	query_bind_text(q, SKIP_INSERT_role, slice_of(s->role));
	query_bind_text(q, SKIP_INSERT_via, slice_of(s->via));
	query_bind_text(q, SKIP_INSERT_reason, r->text);
	if ((st = query_run(q, err)) != STATUS_OK ||
	    (st = search_more(s->store, r->item, r->text, err)) != STATUS_OK)
		return st;
	return release_write(r, err);
}

enum status
review_skip(struct session *s, const struct lease *lease, struct slice reason,
    struct error *err)
{
	struct lease held = *lease;
	struct reviewing r = { .s = s, .item = lease->item, .lease = &held,
	    .text = reason };
	int64_t *p;

	p = realloc(s->skipped, (s->nskipped + 1) * sizeof(*p));
	if (p == NULL)
		return error_nomem(err);
	s->skipped = p;
	s->skipped[s->nskipped++] = lease->item;
	return reason.n == 0 ? review_release(s, lease, err) :
	    store_write(s->store, DURABLE_NOW, skip_write, &r, err);
}

static enum status
release_all_write(void *arg, struct error *err)
{
	struct session *s = arg;
	struct query *q;
	enum status st;

	if ((st = query_get(&q, s->store, QUERY_LEASE_END_SESSION, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(q, LEASE_END_SESSION_uid, s->who.uid);
	query_bind_blob(q, LEASE_END_SESSION_session, session_id(s));
	return query_run(q, err);
}

enum status
review_release_all(struct session *s, struct error *err)
{
	return store_write(s->store, DURABLE_LATER, release_all_write, s, err);
}

static enum status
free_write(void *arg, struct error *err)
{
	struct reviewing *r = arg;
	struct session *s = r->s;
	struct actor who = session_actor(s);
	struct leaf_field f[1];
	struct query *q;
	struct item_lock w;
	enum status st;
	int64_t seq;

	arena_reset(&s->arena);
	if ((st = item_lock_load(s, r->item, &w, err)) != STATUS_OK)
		return st;
	if (!w.held)
		return error_set(err, STATUS_CONFLICT, "%.*s: nobody holds it",
		    SLICE_ARG(w.id));
	if (w.holder_uid != s->who.uid && (st = session_require(s, MAY_LEASE,
	    "free another's lease", err)) != STATUS_OK)
		return st;
	if ((st = query_get(&q, s->store, QUERY_LEASE_END, err)) != STATUS_OK)
		return st;
	query_bind_int(q, LEASE_END_item, r->item);
	if ((st = query_run(q, err)) != STATUS_OK)
		return st;
	f[0] = (struct leaf_field){ .key = "queue", .text = w.queue };
	return audit_append(s->store, &who, store_now_ms(s->store), "lease.free", w.id,
	    f, 1, &seq, err);
}

enum status
review_free(struct session *s, int64_t item, struct error *err)
{
	struct reviewing r = { .s = s, .item = item };

	return store_write(s->store, DURABLE_NOW, free_write, &r, err);
}

static enum status
note_leaf(const struct reviewing *r, const struct item_lock *w, int64_t now,
    int64_t *seq, struct error *err)
{
	struct slice salt = { (const char *)w->salt, w->salt_n };
	struct actor who = session_actor(r->s);
	struct hash h;
	const struct leaf_field f[] = {
		{ .key = "note_sha256", .type = LEAF_HASH, .hash = &h },
		{ .key = "queue", .text = w->queue }
	};
	enum status st = audit_content(r->s->store, salt, &r->text, 1, &h, err);

	return st != STATUS_OK ? st : audit_append(r->s->store, &who, now, "note",
	    w->id, f, 2, seq, err);
}

static enum status
note_write(void *arg, struct error *err)
{
	struct reviewing *r = arg;
	struct session *s = r->s;
	int64_t seq, now = store_now_ms(s->store);
	struct query *q;
	struct item_lock w;
	enum status st;

	arena_reset(&s->arena);
	if ((st = item_lock_load(s, r->item, &w, err)) != STATUS_OK)
		return st;
	/* What is said of an erased text could not be erased any more. */
	if (w.salt_n == 0)
		return error_set(err, STATUS_CONFLICT, "%.*s: was erased; it "
		    "takes no notes", SLICE_ARG(w.id));
	if ((st = note_leaf(r, &w, now, &seq, err)) != STATUS_OK ||
	    (st = query_get(&q, s->store, QUERY_NOTE_INSERT, err)) != STATUS_OK)
		return st;
	query_bind_int(q, NOTE_INSERT_item, r->item);
	query_bind_int(q, NOTE_INSERT_ts_ms, now);
	query_bind_int(q, NOTE_INSERT_uid, s->who.uid);
	query_bind_text(q, NOTE_INSERT_by, slice_of(s->who.name));
	query_bind_text(q, NOTE_INSERT_text, r->text);
	query_bind_int(q, NOTE_INSERT_seq, seq);
	st = query_run(q, err);
	return st == STATUS_OK ? search_more(s->store, r->item, r->text, err) :
	    st;
}

enum status
review_note(struct session *s, int64_t item, struct slice text,
    struct error *err)
{
	struct reviewing r = { .s = s, .item = item, .text = text };
	enum status st = session_require(s, MAY_REVIEW, "note", err);

	return st != STATUS_OK ? st :
	    store_write(s->store, DURABLE_NOW, note_write, &r, err);
}
