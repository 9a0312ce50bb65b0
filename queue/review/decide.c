/* The table of states and decisions, and the transaction of one. */
#include "queue/review/decide.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/time.h"
#include "core/json/write.h"
#include "core/judge/redact.h"
#include "core/shape/shape.h"
#include "core/base/utf8.h"
#include "core/judge/cover.h"
#include "db/query.h"
#include "db/write.h"
#include "queue/release/release.h"
#include "queue/review/item_detail.h"
#include "queue/review/item_lock.h"
#include "queue/review/labels.h"
#include "queue/search.h"
#include "queue/totals.h"

/* From which states a decision may be taken, and where it leads. */
struct step {
	enum decision	 decision;
	bool		 from_flagged;	/* or approved and drawn for review */
	bool		 from_escalated;
	const char	*to;
	bool		 releases;	/* appends a row to the feed */
};
static const struct step steps[] = {
	[DECISION_ACCEPT] = { DECISION_ACCEPT, true, true, "accepted", true },
	[DECISION_EDIT] = { DECISION_EDIT, true, true, "edited", true },
	[DECISION_REJECT] = { DECISION_REJECT, true, true, "rejected", true },
	[DECISION_ESCALATE] = { DECISION_ESCALATE, true, false, "escalated",
	    false },
	[DECISION_RETURN] = { DECISION_RETURN, false, true, "flagged", false },
	[DECISION_UNDO] = { DECISION_UNDO, false, false, NULL, false }
};

/* The latest decision on an item as it was last routed that no undo has
 * reversed. */
struct last {
	bool		 there;
	int64_t		 seq, uid, ts_ms;
	char		 by[64], decision[16], from[16], to[16];
	bool		 from_review;
};

/* The output with its redactions, made before the transaction: the guards look
 * at it, and one of them may ask a service. */
struct covering {
	struct arena	 arena;
	bool		 made, whole;
	struct error	 why;		/* it was not made */
	struct slice	 once;		/* as the findings alone have it */
	struct slice	 text;
};

/* A decision on its way through the transaction. */
struct deciding {
	struct session	*s;
	const struct decide *d;
	struct decided	*out;
	struct item_lock	 w;
	struct last	 last;
	int64_t		 now, review_ms;	/* -1: it was not claimed */
	const char	*to;
	bool		 to_review;
	struct slice	 labels;	/* a JSON array, or absent */
	struct slice	 rated, evidence;	/* as they are stored, or absent */
	const char	*release_kind;	/* NULL: no row */
	struct slice	 release;
	struct covering	 cover;
};

static void
copy_text(char *to, size_t size, struct slice from)
{
	(void)snprintf(to, size, "%.*s", SLICE_ARG(from));
}

static enum status
last_load(struct session *s, int64_t item, struct last *l, struct error *err)
{
	struct query *q;
	enum status st;

	memset(l, 0, sizeof(*l));
	if ((st = query_get(&q, s->store, QUERY_DECISION_LAST, err)) != STATUS_OK)
		return st;
	query_bind_int(q, DECISION_LAST_item, item);
	if ((st = query_row(q, err)) == STATUS_OK) {
		l->there = true;
		l->seq = query_int(q, DECISION_LAST_SEQ);
		l->uid = query_int(q, DECISION_LAST_UID);
		copy_text(l->by, sizeof(l->by),
		    query_text(q, DECISION_LAST_BY));
		copy_text(l->decision, sizeof(l->decision),
		    query_text(q, DECISION_LAST_DECISION));
		copy_text(l->from, sizeof(l->from),
		    query_text(q, DECISION_LAST_FROM_STATE));
		copy_text(l->to, sizeof(l->to),
		    query_text(q, DECISION_LAST_TO_STATE));
		l->from_review = query_int(q, DECISION_LAST_FROM_REVIEW) != 0;
		l->ts_ms = query_int(q, DECISION_LAST_TS_MS);
	}
	query_done(q);
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

/* Anything the table of states and decisions does not allow. */
static enum status
not_allowed(const struct deciding *x, struct error *err)
{
	const struct item_lock *w = &x->w;
	char at[TIME_LOCAL];

	if (slice_is(w->state, "flagged") || slice_is(w->state, "escalated") ||
	    w->review)
		return error_set(err, STATUS_CONFLICT, "%.*s: cannot %s an item "
		    "that is %.*s", SLICE_ARG(w->id),
		    decision_name(x->d->decision), SLICE_ARG(w->state));
	if (!x->last.there)
		return error_set(err, STATUS_CONFLICT, "%.*s: approved by the "
		    "policy and not drawn for review", SLICE_ARG(w->id));
	time_local(x->last.ts_ms, at);
	return error_set(err, STATUS_CONFLICT, "%.*s: already %s by %s at %s; "
	    "undo first", SLICE_ARG(w->id), x->last.to, x->last.by, at);
}

static enum status
check_escalated(const struct deciding *x, struct error *err)
{
	const struct last *l = &x->last;
	enum status st;

	if ((st = session_require(x->s, MAY_ESCALATED,
	    "decide on escalated items", err)) != STATUS_OK)
		return st;
	if (x->w.policy->four_eyes && x->d->decision != DECISION_RETURN &&
	    l->there && strcmp(l->decision, "escalate") == 0 &&
	    l->uid == x->s->who.uid)
		return error_set(err, STATUS_DENIED, "%.*s: you escalated it, and "
		    "queue %s wants four eyes: another settles it",
		    SLICE_ARG(x->w.id), x->w.policy->name);
	return STATUS_OK;
}

static enum status
check_undo(struct deciding *x, struct error *err)
{
	const struct last *l = &x->last;
	char at[TIME_LOCAL];
	enum status st;

	if (!l->there)
		return error_set(err, STATUS_CONFLICT, "%.*s: no decision to undo",
		    SLICE_ARG(x->w.id));
	if (x->d->upto > 0 && l->seq > x->d->upto) {
		time_local(l->ts_ms, at);
		return error_set(err, STATUS_CONFLICT, "%.*s: was %s anew by %s at "
		    "%s, which stands; D lists it", SLICE_ARG(x->w.id), l->to,
		    l->by, at);
	}
	if (x->w.salt_n == 0)
		return error_set(err, STATUS_CONFLICT, "%.*s: was erased; nothing "
		    "is left to decide on anew", SLICE_ARG(x->w.id));
	if (l->uid != x->s->who.uid && (st = session_require(x->s, MAY_UNDO,
	    "undo another's decision", err)) != STATUS_OK)
		return st;
	x->to = l->from;
	x->to_review = l->from_review;
	return STATUS_OK;
}

static enum status
check_step(struct deciding *x, struct error *err)
{
	const struct step *step = &steps[x->d->decision];
	bool escalated = slice_is(x->w.state, "escalated");
	bool flagged = slice_is(x->w.state, "flagged") || x->w.review;

	if (x->d->decision == DECISION_UNDO)
		return check_undo(x, err);
	if (!(flagged && step->from_flagged) &&
	    !(escalated && step->from_escalated))
		return not_allowed(x, err);
	x->to = step->to;
	if (escalated)
		return check_escalated(x, err);
	return session_require(x->s, MAY_REVIEW, "review", err);
}

static enum status
check_lease(const struct deciding *x, struct error *err)
{
	const struct item_lock *w = &x->w;
	bool own = w->held && w->holder_uid == x->s->who.uid;

	if (x->d->token >= 0) {
		/* Tokens count up; they do not prove whose the lease is. */
		if (w->token == x->d->token && w->held)
			return own ? STATUS_OK : item_lock_held(x->s, w, err);
		if (w->token == x->d->token)
			return error_set(err, STATUS_CONFLICT, "%.*s: the lease "
			    "has run out (token %lld); claim it again",
			    SLICE_ARG(w->id), (long long)x->d->token);
		return error_set(err, STATUS_CONFLICT, "%.*s: the lease has "
		    "passed on (token %lld, now %lld)", SLICE_ARG(w->id),
		    (long long)x->d->token, (long long)w->token);
	}
	if (!w->held || w->mine || (own && !x->d->here_only))
		return STATUS_OK;
	return item_lock_held(x->s, w, err);
}

static enum status
make_labels(struct deciding *x, struct error *err)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	enum status st;

	if (x->d->nlabels == 0)
		return STATUS_OK;
	if ((st = labels_check(x->w.policy, x->d->labels, x->d->nlabels, err)) !=
	    STATUS_OK)
		return st;
	write_texts(&w, NULL, x->d->labels, x->d->nlabels);
	x->labels = (struct slice){ arena_copy(&x->s->arena, buf_str(&b), b.n),
	    b.n };
	if (b.failed || x->labels.p == NULL)
		st = error_nomem(err);
	buf_release(&b);
	return st;
}

/* What the queue asks for beside it. */
static enum status
make_rated(struct deciding *x, struct error *err)
{
	const struct decide *d = x->d;
	struct arena *arena = &x->s->arena;
	struct item_detail *detail;
	enum status st = STATUS_OK;

	if (d->nrated + d->nevidence == 0)
		return STATUS_OK;
	if (d->decision == DECISION_UNDO || d->decision == DECISION_RETURN)
		st = error_set(err, STATUS_INVALID, "%s takes no ratings and no "
		    "evidence", decision_name(d->decision));
	if (st == STATUS_OK)
		st = rated_text(x->w.policy, d->rated, d->nrated, arena,
		    &x->rated, err);
	if (st != STATUS_OK || d->nevidence == 0)
		return st;
	if ((detail = arena_zalloc(arena, sizeof(*detail))) == NULL)
		return error_nomem(err);
	st = item_detail_load_within(x->s, x->w.item, arena, detail, err);
	return st == STATUS_OK ? evidence_text(x->w.policy, d->evidence,
	    d->nevidence, detail->item.output, arena, &x->evidence, err) : st;
}

/* The answer to the program that asked for a decision on an action. */
static enum status
answer_release(struct deciding *x, const struct item *item, struct error *err)
{
	static const enum shape_decision as[] = {
		[DECISION_ACCEPT] = SHAPE_ACCEPT, [DECISION_EDIT] = SHAPE_EDIT,
		[DECISION_REJECT] = SHAPE_REJECT
	};
	struct slice text = x->d->decision == DECISION_REJECT ? x->d->reason :
	    x->release;
	struct buf b = BUF_INIT;
	enum status st;

	st = shape_release(item, as[x->d->decision], text, &b, err);
	if (st == STATUS_OK) {
		x->release_kind = "text";
		x->release = (struct slice){ arena_copy(&x->s->arena, b.p, b.n),
		    b.n };
		if (x->release.p == NULL)
			st = error_nomem(err);
	} else
		st = error_prefix(err, "%.*s", SLICE_ARG(x->w.id));
	buf_release(&b);
	return st;
}

static enum status
cover_once(struct session *s, const struct item_detail *d, struct arena *arena,
    struct redacted *r, struct error *err)
{
	struct redact_text text = { .text = d->item.output,
	    .is_string = d->item.output_is_string, .key = store_key(s->store) };

	return redact_apply(&text, d->findings, d->nfindings, arena, r, err);
}

enum status
review_preview(struct session *s, const struct item_detail *d,
    struct arena *arena, struct slice *text, bool *whole, struct error *err)
{
	struct redacted once;
	enum status st;

	*whole = true;
	if ((st = cover_once(s, d, arena, &once, err)) != STATUS_OK)
		return st;
	*text = once.text;
	if (once.text.p == d->item.output.p && once.whole)
		return STATUS_OK;
	if ((st = session_judge(s, err)) != STATUS_OK)
		return st;
	return judge_redact(judge_scratch_judge(s->judge), &d->item, d->findings,
	    d->nfindings, arena, text, whole, err);
}

/* Why it could not be made is said by the transaction, unless it finds something wrong
 * with the item or the session before. */
static enum status
cover_make(struct deciding *x, struct error *err)
{
	struct covering *c = &x->cover;
	struct error *why = &c->why;
	struct redacted once;
	struct item_detail d;
	enum status st;

	st = item_detail_load(x->s, x->d->item, &c->arena, &d, why);
	if (st == STATUS_OK)
		st = cover_once(x->s, &d, &c->arena, &once, why);
	if (st == STATUS_OK && once.text.p == d.item.output.p && once.whole)
		return STATUS_OK;
	if (st == STATUS_OK && (st = session_judge(x->s, why)) == STATUS_OK)
		st = judge_redact(judge_scratch_judge(x->s->judge), &d.item,
		    d.findings, d.nfindings, &c->arena, &c->text, &c->whole,
		    why);
	if (st == STATUS_NOMEM)
		return error_nomem(err);
	c->made = st == STATUS_OK;
	c->once = c->made ? once.text : SLICE_NONE;
	return STATUS_OK;
}

/* Accepted: the output with the redactions that its findings ask for. */
static enum status
accepted_release(struct deciding *x, const struct item_detail *d,
    struct error *err)
{
	const struct covering *c = &x->cover;
	struct redacted once;
	enum status st;

	if ((st = cover_once(x->s, d, &x->s->arena, &once, err)) != STATUS_OK)
		return st;
	x->release = once.text;
	x->release_kind = "output";
	if (once.text.p == d->item.output.p && once.whole)
		return STATUS_OK;
	if (c->why.code != STATUS_OK)
		return error_set(err, c->why.code, "%s", c->why.text);
	if (!c->made || !slice_eq(c->once, once.text))
		return error_set(err, STATUS_CONFLICT, "%.*s: was routed anew "
		    "meanwhile; look at it again", SLICE_ARG(x->w.id));
	if (!c->whole)
		return error_set(err, STATUS_DENIED, "%.*s: redaction cannot "
		    "take out all that was found; edit it, or reject it",
		    SLICE_ARG(x->w.id));
	x->release = c->text;
	x->release_kind = "text";
	return STATUS_OK;
}

static enum status
text_release(struct deciding *x, const struct item_detail *d, struct error *err)
{
	const char *fallback = x->w.policy->fallback;

	switch (x->d->decision) {
	case DECISION_ACCEPT:
		return accepted_release(x, d, err);
	case DECISION_EDIT:
		x->release = x->d->output;
		x->release_kind = "text";
		break;
	case DECISION_REJECT:
		x->release = slice_of(fallback);
		x->release_kind = fallback == NULL ? "none" : "text";
		break;
	case DECISION_ESCALATE:
	case DECISION_RETURN:
	case DECISION_UNDO:
		break;
	}
	return STATUS_OK;
}

static enum status
make_release(struct deciding *x, struct error *err)
{
	struct item_detail *d;
	enum status st;

	if (!steps[x->d->decision].releases)
		return STATUS_OK;
	if ((d = arena_zalloc(&x->s->arena, sizeof(*d))) == NULL)
		return error_nomem(err);
	if ((st = item_detail_load_within(x->s, x->w.item, &x->s->arena, d,
	    err)) != STATUS_OK || (st = text_release(x, d, err)) != STATUS_OK)
		return st;
	return shape_answers(d->item.shape) ?
	    answer_release(x, &d->item, err) : STATUS_OK;
}

/* A field that names a text by its salted hash, or null. */
static enum status
hash_field(struct deciding *x, const char *key, struct slice text,
    struct hash *hash, struct leaf_field *f, struct error *err)
{
	struct slice salt = { (const char *)x->w.salt, x->w.salt_n };

	*f = (struct leaf_field){ .key = key, .type = LEAF_NULL };
	if (text.p == NULL)
		return STATUS_OK;
	f->type = LEAF_HASH;
	f->hash = hash;
	return audit_content(x->s->store, salt, &text, 1, hash, err);
}

/* An approved item was released; escalated, its release is recalled. */
static bool
calls_back(const struct deciding *x)
{
	return x->d->decision == DECISION_ESCALATE &&
	    slice_is(x->w.state, "approved");
}

/* How long it took, and until when its release is kept back, where it is. */
static size_t
time_fields(const struct deciding *x, char due[TIME_TEXT], struct leaf_field f[2])
{
	f[0] = (struct leaf_field){ .key = "review_ms",
	    .type = x->review_ms < 0 ? LEAF_NULL : LEAF_INT,
	    .number = x->review_ms };
	if (x->release_kind == NULL || x->w.policy->hold_ms == 0)
		return 1;
	time_format(x->now + x->w.policy->hold_ms, due);
	f[1] = (struct leaf_field){ .key = "due", .text = slice_of(due) };
	return 2;
}

static enum status
append_leaf(struct deciding *x, int64_t *seq, struct error *err)
{
	struct actor who = session_actor(x->s);
	struct hash release, note, reason, labels, output, rated, evidence;
	struct leaf_field f[18];
	char due[TIME_TEXT];
	size_t n = 0;
	enum status st;

	f[n++] = (struct leaf_field){ .key = "queue", .text = x->w.queue };
	f[n++] = (struct leaf_field){ .key = "decision",
	    .text = slice_of(decision_name(x->d->decision)) };
	f[n++] = (struct leaf_field){ .key = "from", .text = x->w.state };
	f[n++] = (struct leaf_field){ .key = "to", .text = slice_of(x->to) };
	f[n++] = (struct leaf_field){ .key = "policy",
	    .text = slice_of(x->s->policy->id) };
	f[n++] = (struct leaf_field){ .key = "content_sha256",
	    .type = LEAF_HASH, .hash = &x->w.content };
	f[n++] = (struct leaf_field){ .key = "undoes",
	    .type = x->d->decision == DECISION_UNDO ? LEAF_INT : LEAF_NULL,
	    .number = x->last.seq };
	if ((st = hash_field(x, "release_sha256", x->release, &release, &f[n++],
	    err)) != STATUS_OK || (st = hash_field(x, "note_sha256",
	    x->d->note, &note, &f[n++], err)) != STATUS_OK ||
	    (st = hash_field(x, "reason_sha256", x->d->reason, &reason, &f[n++],
	    err)) != STATUS_OK || (st = hash_field(x, "labels_sha256",
	    x->labels, &labels, &f[n++], err)) != STATUS_OK)
		return st;
	if ((x->rated.p != NULL && (st = hash_field(x, "ratings_sha256",
	    x->rated, &rated, &f[n++], err)) != STATUS_OK) ||
	    (x->evidence.p != NULL && (st = hash_field(x, "evidence_sha256",
	    x->evidence, &evidence, &f[n++], err)) != STATUS_OK))
		return st;
	if (calls_back(x))
		f[n++] = (struct leaf_field){ .key = "recalls",
		    .type = LEAF_BOOL, .number = 1 };
	n += time_fields(x, due, f + n);
	/* What was typed, where it is not what goes out. */
	if (x->d->decision == DECISION_EDIT &&
	    !slice_eq(x->d->output, x->release) &&
	    (st = hash_field(x, "output_sha256", x->d->output, &output, &f[n++],
	    err)) != STATUS_OK)
		return st;
	return audit_append(x->s->store, &who, x->now, "decision", x->w.id, f, n,
	    seq, err);
}

static enum status
insert_decision(struct deciding *x, int64_t seq, struct error *err)
{
	struct session *s = x->s;
	struct query *q;
	enum status st;

	if ((st = query_get(&q, s->store, QUERY_DECISION_INSERT, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(q, DECISION_INSERT_seq, seq);
	query_bind_int(q, DECISION_INSERT_item, x->w.item);
	query_bind_int(q, DECISION_INSERT_ts_ms, x->now);
	query_bind_int(q, DECISION_INSERT_uid, s->who.uid);
	query_bind_text(q, DECISION_INSERT_by, slice_of(s->who.name));
	query_bind_text(q, DECISION_INSERT_role, slice_of(s->role));
	query_bind_text(q, DECISION_INSERT_via, slice_of(s->via));
	query_bind_text(q, DECISION_INSERT_decision,
	    slice_of(decision_name(x->d->decision)));
	query_bind_text(q, DECISION_INSERT_from_state, x->w.state);
	query_bind_text(q, DECISION_INSERT_to_state, slice_of(x->to));
	query_bind_int(q, DECISION_INSERT_from_review, x->w.review);
	query_bind_text(q, DECISION_INSERT_policy, slice_of(s->policy->id));
	query_bind_text(q, DECISION_INSERT_reason, x->d->reason);
	query_bind_text(q, DECISION_INSERT_labels, x->labels);
	query_bind_text(q, DECISION_INSERT_note, x->d->note);
	query_bind_text(q, DECISION_INSERT_ratings, x->rated);
	query_bind_text(q, DECISION_INSERT_evidence, x->evidence);
	if (x->d->decision == DECISION_EDIT)
		query_bind_text(q, DECISION_INSERT_output, x->d->output);
	if (x->d->decision == DECISION_UNDO)
		query_bind_int(q, DECISION_INSERT_undoes, x->last.seq);
	if (x->review_ms >= 0)
		query_bind_int(q, DECISION_INSERT_review_ms, x->review_ms);
	return query_run(q, err);
}

/* What was said and typed can be searched for, where search is on. */
static enum status
keep_search(struct deciding *x, struct error *err)
{
	const struct slice said[] = { x->d->reason, x->d->note,
	    x->d->decision == DECISION_EDIT ? x->d->output : SLICE_NONE };
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < sizeof(said) / sizeof(said[0]) && st == STATUS_OK; i++)
		st = search_more(x->s->store, x->w.item, said[i], err);
	return st;
}

static enum status
update_item(struct deciding *x, struct error *err)
{
	struct store *store = x->s->store;
	char from[16];
	struct query *q;
	enum status st;

	copy_text(from, sizeof(from), x->w.state);
	if ((st = query_get(&q, x->s->store, QUERY_ITEM_DECIDED, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(q, ITEM_DECIDED_item, x->w.item);
	query_bind_text(q, ITEM_DECIDED_state, slice_of(x->to));
	query_bind_int(q, ITEM_DECIDED_review, x->to_review);
	if ((st = query_run(q, err)) != STATUS_OK ||
	    (st = queue_total_add(store, x->w.queue, from, -1, err)) !=
	    STATUS_OK ||
	    (st = queue_total_add(store, x->w.queue, x->to, 1, err)) !=
	    STATUS_OK)
		return st;
	return queue_total_add(store, x->w.queue, "review",
	    (int)x->to_review - (int)x->w.review, err);
}

/* The rows that the decision appends to the feed, if any. */
static enum status
feed(struct deciding *x, struct decided *out, struct error *err)
{
	struct release_row row = { .item = x->d->item, .seq = out->seq,
	    .ts_ms = x->now, .state = x->to, .kind = x->release_kind };

	if (x->d->decision == DECISION_UNDO)
		return release_recall(x->s->store, &row, x->last.seq,
		    &out->recalled, err);
	if (calls_back(x)) {
		out->recalled = true;
		return release_call_back(x->s->store, &row, err);
	}
	if (row.kind == NULL)
		return STATUS_OK;
	row.text = strcmp(row.kind, "text") == 0 ? x->release : SLICE_NONE;
	return release_add(x->s->store, &row, x->w.policy->hold_ms, err);
}

/* What was undone is leased to the one who undid it. */
static enum status
lease_again(struct deciding *x, struct error *err)
{
	struct item_lock now;
	struct lease lease;
	enum status st;

	if ((st = item_lock_load(x->s, x->d->item, &now, err)) != STATUS_OK)
		return st;
	return item_lock_open(&now) ? item_lock_take(x->s, &now, &lease, err) :
	    STATUS_OK;
}

/* Everything that may speak against it; nothing is changed yet. */
static enum status
decide_prepare(struct deciding *x, struct error *err)
{
	enum status st;

	memset(x->out, 0, sizeof(*x->out));
	x->now = store_now_ms(x->s->store);
	x->to = x->release_kind = NULL;
	x->to_review = false;
	x->labels = x->release = x->rated = x->evidence = SLICE_NONE;
	if ((st = session_refresh(x->s, err)) != STATUS_OK ||
	    (st = item_lock_load(x->s, x->d->item, &x->w, err)) != STATUS_OK ||
	    (st = last_load(x->s, x->d->item, &x->last, err)) != STATUS_OK ||
	    (st = check_step(x, err)) != STATUS_OK ||
	    (st = check_lease(x, err)) != STATUS_OK ||
	    (st = make_labels(x, err)) != STATUS_OK ||
	    (st = make_rated(x, err)) != STATUS_OK)
		return st;
	x->review_ms = x->d->decision != DECISION_UNDO && x->w.held &&
	    x->w.claimed_ms >= 0 && x->now >= x->w.claimed_ms ?
	    x->now - x->w.claimed_ms : -1;
	return make_release(x, err);
}

static enum status
decide_change(struct deciding *x, struct error *err)
{
	struct decided *out = x->out;
	enum status st;

	if ((st = append_leaf(x, &out->seq, err)) != STATUS_OK ||
	    (st = insert_decision(x, out->seq, err)) != STATUS_OK ||
	    (st = keep_search(x, err)) != STATUS_OK ||
	    (st = update_item(x, err)) != STATUS_OK ||
	    (st = feed(x, out, err)) != STATUS_OK)
		return st;
	return x->d->decision == DECISION_UNDO && !x->d->no_lease ?
	    lease_again(x, err) : STATUS_OK;
}

static enum status
decide_write(void *arg, struct error *err)
{
	struct deciding *x = arg;
	enum status st;

	arena_reset(&x->s->arena);
	st = decide_prepare(x, err);
	return st == STATUS_OK ? decide_change(x, err) : st;
}

bool
review_blank(struct slice text)
{
	size_t i = 0;

	while (i < text.n && strchr(" \t\r\n", text.p[i]) != NULL &&
	    text.p[i] != '\0')
		i++;
	return i == text.n;
}

enum status
review_decide(struct session *s, const struct decide *d, struct decided *out,
    struct error *err)
{
	struct deciding x = { .s = s, .d = d, .out = out };
	enum status st;

	memset(out, 0, sizeof(*out));
	if (d->decision == DECISION_EDIT && review_blank(d->output))
		return error_set(err, STATUS_INVALID, "the new text is empty, and "
		    "would go out so; reject it instead");
	if (d->output.n > ITEM_RECORD_MAX ||
	    utf8_valid(d->output.p, d->output.n) != d->output.n)
		return error_set(err, STATUS_INVALID, "the new text is over 8 "
		    "MiB or not UTF-8");
	if (d->decision == DECISION_ACCEPT &&
	    (st = cover_make(&x, err)) != STATUS_OK)
		goto out;
	if ((st = store_write(s->store, DURABLE_NOW, decide_write, &x, err)) ==
	    STATUS_OK)
		(void)snprintf(out->state, sizeof(out->state), "%s", x.to);
out:
	arena_release(&x.cover.arena);
	return st;
}

/* Several decisions on their way, each with what came of it. */
struct deciding_many {
	struct session	*s;
	struct decide	 d[DECIDE_MANY];
	struct deciding	 x[DECIDE_MANY];
	struct decided_one *out;
	size_t		 n;
};

/* Does it speak against this item alone? */
static bool
of_item_alone(enum status st)
{
	return st == STATUS_CONFLICT || st == STATUS_DENIED ||
	    st == STATUS_INVALID || st == STATUS_NOT_FOUND;
}

static enum status
many_write(void *arg, struct error *err)
{
	struct deciding_many *m = arg;
	struct decided_one *out;
	enum status st;
	size_t i;

	arena_reset(&m->s->arena);
	for (i = 0; i < m->n; i++) {
		out = &m->out[i];
		error_clear(&out->err);
		out->status = decide_prepare(&m->x[i], &out->err);
		if (of_item_alone(out->status))
			continue;
		if (out->status != STATUS_OK)
			return error_set(err, out->status, "%s", out->err.text);
		if ((st = decide_change(&m->x[i], err)) != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

enum status
review_decide_many(struct session *s, const struct decide *d,
    const int64_t items[], size_t n, struct decided_one out[],
    struct error *err)
{
	struct deciding_many *m = calloc(1, sizeof(*m));
	enum status st = STATUS_OK;
	size_t i;

	assert(n <= DECIDE_MANY && d->decision != DECISION_EDIT);
	if (m == NULL)
		return error_nomem(err);
	m->s = s;
	m->out = out;
	m->n = n;
	for (i = 0; i < n && st == STATUS_OK; i++) {
		m->d[i] = *d;
		m->d[i].item = items[i];
		m->x[i] = (struct deciding){ .s = s, .d = &m->d[i],
		    .out = &out[i].decided };
		if (d->decision == DECISION_ACCEPT)
			st = cover_make(&m->x[i], err);
	}
	if (st == STATUS_OK)
		st = store_write(s->store, DURABLE_NOW, many_write, m, err);
	for (i = 0; i < n; i++) {
		if (st == STATUS_OK && out[i].status == STATUS_OK)
			(void)snprintf(out[i].decided.state,
			    sizeof(out[i].decided.state), "%s", m->x[i].to);
		arena_release(&m->x[i].cover.arena);
	}
	free(m);
	return st;
}

enum status
review_undoable(struct session *s, int64_t item, struct undoable *u,
    struct error *err)
{
	struct last last;
	struct item_lock w;
	enum status st;

	memset(u, 0, sizeof(*u));
	arena_reset(&s->arena);
	if ((st = item_lock_load(s, item, &w, err)) != STATUS_OK ||
	    (st = last_load(s, item, &last, err)) != STATUS_OK)
		return st;
	u->id = w.id;
	assert(arena_holds(&s->arena, u->id.p));
	if (!last.there)
		return STATUS_OK;
	u->seq = last.seq;
	(void)snprintf(u->decision, sizeof(u->decision), "%s", last.decision);
	return release_gave_out(s->store, item, last.seq, &u->recalls, err);
}
