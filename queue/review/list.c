#include "queue/review/list.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/time.h"
#include "db/query.h"
#include "queue/review/picks.h"

static const struct {
	const char	*name, *state;
} list_states[] = {
	[LIST_FLAGGED] = { "flagged", "flagged" },
	[LIST_ESCALATED] = { "escalated", "escalated" },
	[LIST_APPROVED] = { "approved", "approved" },
	[LIST_ACCEPTED] = { "accepted", "accepted" },
	[LIST_EDITED] = { "edited", "edited" },
	[LIST_REJECTED] = { "rejected", "rejected" },
	[LIST_ALL] = { "all", NULL }
};

bool
list_state_from(const char *name, enum list_state *out)
{
	size_t i;

	for (i = 0; i < sizeof(list_states) / sizeof(list_states[0]); i++)
		if (strcmp(list_states[i].name, name) == 0) {
			*out = (enum list_state)i;
			return true;
		}
	return false;
}

/* The statements for what is listed: [all queues or one][on or back]. */
static const enum query_id flagged_query[2][2] = {
	{ QUERY_LIST_FLAGGED, QUERY_LIST_FLAGGED_BACK },
	{ QUERY_LIST_FLAGGED_QUEUE, QUERY_LIST_FLAGGED_QUEUE_BACK }
};
static const enum query_id review_query[2][2] = {
	{ QUERY_LIST_REVIEW, QUERY_LIST_REVIEW_BACK },
	{ QUERY_LIST_REVIEW_QUEUE, QUERY_LIST_REVIEW_QUEUE_BACK }
};
static const enum query_id escalated_query[2][2] = {
	{ QUERY_LIST_ESCALATED, QUERY_LIST_ESCALATED_BACK },
	{ QUERY_LIST_ESCALATED_QUEUE, QUERY_LIST_ESCALATED_QUEUE_BACK }
};
/* [on or back]: these take a queue, and the last a state, or neither. */
static const enum query_id age_query[2] = {
	QUERY_LIST_AGE, QUERY_LIST_AGE_BACK
};
static const enum query_id confidence_query[2] = {
	QUERY_LIST_CONFIDENCE, QUERY_LIST_CONFIDENCE_BACK
};
static const enum query_id state_query[2] = {
	QUERY_LIST_STATE, QUERY_LIST_STATE_BACK
};

static bool
row_lease(struct session *s, struct query *q, struct arena *arena,
    struct list_row *r)
{
	int64_t left;

	r->lease_by = SLICE_NONE;
	if (query_null(q, LIST_LEASE_UID) ||
	    !slice_is(query_text(q, LIST_LEASE_BOOT), store_lease_boot(s->store)) ||
	    (left = time_between(store_lease_ms(s->store),
	    query_int(q, LIST_LEASE_UNTIL))) <= 0)
		return true;
	if (query_int(q, LIST_LEASE_UID) == s->who.uid &&
	    session_process_gone(query_blob(q, LIST_LEASE_SESSION)))
		return true;
	r->lease_mine = slice_eq(query_blob(q, LIST_LEASE_SESSION), session_id(s));
	r->lease_until_ms = time_after(store_now_ms(s->store), left);
	return query_keep(q, LIST_LEASE_BY, arena, &r->lease_by);
}

static enum status
row_fill(struct session *s, struct query *q, struct arena *arena,
    struct list_row *r, struct error *err)
{
	const struct kept_text texts[] = {
		{ LIST_ID, &r->id }, { LIST_QUEUE, &r->queue },
		{ LIST_STATE, &r->state }, { LIST_ROUTE, &r->route },
		{ LIST_RULE, &r->rule }, { LIST_GUARDS, &r->guards },
		{ LIST_POLICY, &r->policy }, { LIST_MODEL, &r->model },
		{ LIST_PROMPT, &r->prompt }, { LIST_VARIANT, &r->variant },
		{ LIST_SNIPPET, &r->snippet }, { LIST_STOP, &r->stop }
	};

	memset(r, 0, sizeof(*r));
	r->item = query_int(q, LIST_ITEM);
	if (!query_keep_all(q, texts, sizeof(texts) / sizeof(texts[0]), arena) ||
	    !row_lease(s, q, arena, r))
		return error_nomem(err);
	r->priority = query_int(q, LIST_PRIORITY);
	r->due_ms = query_int(q, LIST_DUE_MS);
	r->created_ms = query_int_or(q, LIST_CREATED_MS, -1);
	r->ingested_ms = query_int(q, LIST_INGESTED_MS);
	r->confidence = query_double(q, LIST_CONFIDENCE);
	r->severity = query_int_or(q, LIST_SEVERITY, -1);
	r->failures = query_int(q, LIST_FAILURES);
	r->sampled = !query_null(q, LIST_SAMPLE_P);
	r->input_tokens = query_int_or(q, LIST_INPUT_TOKENS, -1);
	r->output_tokens = query_int_or(q, LIST_OUTPUT_TOKENS, -1);
	r->cost_usd = query_double(q, LIST_COST_USD);
	r->sent = query_int_or(q, LIST_SENT, -1);
	r->first_token_ms = r->attempts = r->decided_ms = -1;
	assert(arena_holds(arena, r->id.p));
	return STATUS_OK;
}

/* The row a page begins at, in the terms of the statement's order. */
static void
bind_from(struct query *q, const struct list_filter *f,
    const struct list_row *from, bool backward)
{
	int64_t end = backward ? INT64_MAX : INT64_MIN;
	double confidence = backward ? (double)INFINITY : (double)-INFINITY;

	query_bind_int(q, LIST_item, from == NULL ? end : from->item);
	/* Other orders are only of what is flagged. */
	switch (f->state == LIST_FLAGGED ? f->sort : SORT_DUE) {
	case SORT_DUE:
		query_bind_int(q, LIST_rank, from == NULL ? end :
		    -from->priority);
		query_bind_int(q, LIST_due_ms, from == NULL ? end :
		    from->due_ms);
		break;
	case SORT_AGE:
		query_bind_int(q, LIST_ingested_ms, from == NULL ? end :
		    from->ingested_ms);
		break;
	case SORT_CONFIDENCE:
		if (from != NULL)
			confidence = isnan(from->confidence) ? -1.0 :
			    from->confidence;
		query_bind_double(q, LIST_confidence, confidence);
		break;
	}
}

static enum status
page_query(struct session *s, enum query_id id, const struct list_filter *f,
    const struct list_row *from, bool backward, size_t n, struct arena *arena,
    struct list_row *rows, size_t *got, struct error *err)
{
	struct query *q;
	enum status st;
	bool row;

	*got = 0;
	st = f->where == NULL ? query_get(&q, s->store, id, err) :
	    query_new_where(&q, s->store, id, f->where, err);
	if (st != STATUS_OK)
		return st;
	bind_from(q, f, from, backward);
	query_bind_int(q, LIST_limit, (int64_t)n);
	if (f->queue != NULL)
		query_bind_text(q, LIST_queue, slice_of(f->queue));
	if (id == state_query[backward])
		query_bind_text(q, LIST_state,
		    slice_of(list_states[f->state].state));
	while ((st = query_step(q, &row, err)) == STATUS_OK && row && *got < n)
		if ((st = row_fill(s, q, arena, &rows[(*got)++], err)) !=
		    STATUS_OK)
			break;
	if (f->where == NULL)
		query_done(q);
	else
		query_free(q);
	return st;
}

/* Screen order; sign reversed when going backward. */
static int
row_compare(const struct list_row *a, const struct list_row *b)
{
	if (a->priority != b->priority)
		return a->priority > b->priority ? -1 : 1;
	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms ? -1 : 1;
	return a->item < b->item ? -1 : a->item > b->item;
}

/* Flagged items and approved ones drawn for review, as one list. */
static enum status
page_flagged(struct session *s, const struct list_filter *f,
    const struct list_row *from, bool backward, size_t n, struct arena *arena,
    struct list_row *rows, size_t *got, struct error *err)
{
	bool one = f->queue != NULL;
	struct list_row *a, *b;
	size_t na, nb, i = 0, j = 0;
	enum status st;
	int order;

	if ((a = arena_alloc(arena, 2 * n * sizeof(*a))) == NULL)
		return error_nomem(err);
	b = a + n;
	if ((st = page_query(s, flagged_query[one][backward], f, from, backward,
	    n, arena, a, &na, err)) != STATUS_OK ||
	    (st = page_query(s, review_query[one][backward], f, from, backward,
	    n, arena, b, &nb, err)) != STATUS_OK)
		return st;
	for (*got = 0; *got < n && (i < na || j < nb); ++*got) {
		if (i < na && j < nb) {
			order = row_compare(&a[i], &b[j]);
			order = backward ? -order : order;
		} else
			order = i < na ? -1 : 1;
		rows[*got] = order < 0 ? a[i++] : b[j++];
	}
	return STATUS_OK;
}

static void
reverse(struct list_row *rows, size_t n)
{
	struct list_row t;
	size_t i;

	for (i = 0; i < n / 2; i++) {
		t = rows[i];
		rows[i] = rows[n - 1 - i];
		rows[n - 1 - i] = t;
	}
}

/* Is it still one of those that are listed? */
static bool
row_listed(const struct list_filter *f, const struct list_row *r)
{
	if (f->state == LIST_ALL)
		return true;
	return slice_is(r->state, list_states[f->state].state) ||
	    (f->state == LIST_FLAGGED && slice_is(r->state, "approved") &&
	    r->sampled);
}

/* A page of what was found so far, without what left the list since. */
static enum status
page_picked(struct session *s, const struct list_filter *f,
    const struct list_row *from, bool backward, size_t n, struct arena *arena,
    struct list_row *rows, size_t *got, struct error *err)
{
	const struct list_row *at = from;
	bool alone = store_transaction(s->store) == TRANSACTION_NONE;
	enum status st = STATUS_OK;
	struct list_row key, row;

	/* One state for all, or each row's statement begins with pages that a
	 * writer has made stale meanwhile. */
	if (alone && (st = store_begin_read(s->store, err)) != STATUS_OK)
		return st;
	while (*got < n && st == STATUS_OK &&
	    picks_beside(f->picks, at, backward, &key)) {
		at = &key;
		st = list_row_get(s, key.item, arena, &row, err);
		if (st == STATUS_OK && row_listed(f, &row))
			rows[(*got)++] = row;
		else if (st == STATUS_OK || st == STATUS_NOT_FOUND)
			picks_drop(f->picks, &key);
		if (st == STATUS_NOT_FOUND) {
			error_clear(err);
			st = STATUS_OK;
		}
	}
	if (alone)
		store_end_read(s->store);
	return st;
}

enum status
list_page(struct session *s, const struct list_filter *f,
    const struct list_row *from, bool backward, size_t n, struct arena *arena,
    struct list_row *rows, size_t *got, struct error *err)
{
	enum query_id id;
	enum status st;

	*got = 0;
	if (n == 0)
		return STATUS_OK;
	if (f->picks != NULL)
		st = page_picked(s, f, from, backward, n, arena, rows, got,
		    err);
	else if (f->state == LIST_FLAGGED && f->sort == SORT_DUE)
		st = page_flagged(s, f, from, backward, n, arena, rows, got,
		    err);
	else {
		if (f->state == LIST_FLAGGED)
			id = f->sort == SORT_AGE ? age_query[backward] :
			    confidence_query[backward];
		else if (f->state == LIST_ESCALATED)
			id = escalated_query[f->queue != NULL][backward];
		else
			id = state_query[backward];
		st = page_query(s, id, f, from, backward, n, arena, rows, got,
		    err);
	}
	if (st == STATUS_OK && backward)
		reverse(rows, *got);
	return st;
}

enum status
list_row_get(struct session *s, int64_t item, struct arena *arena,
    struct list_row *r, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, s->store, QUERY_LIST_ROW, err)) != STATUS_OK)
		return st;
	query_bind_int(q, LIST_ROW_item, item);
	if ((st = query_row(q, err)) == STATUS_OK)
		st = row_fill(s, q, arena, r, err);
	else if (st == STATUS_NOT_FOUND)
		st = error_set(err, st, "item %lld is no longer in the store",
		    (long long)item);
	query_done(q);
	return st;
}

/* Its id is the call's; but for "#2" where it is a choice of several. */
#define CALL_ID_BYTES	41	/* "call-" and a UUID */

static enum status
row_call(struct session *s, struct list_row *r, struct arena *arena,
    struct error *err)
{
	struct query *q;
	enum status st;
	bool row;

	if (r->id.n < CALL_ID_BYTES || memcmp(r->id.p, "call-", 5) != 0)
		return STATUS_OK;
	if ((st = query_get(&q, s->store, QUERY_LIST_CALL, err)) != STATUS_OK)
		return st;
	query_bind_text(q, LIST_CALL_id, (struct slice){ r->id.p,
	    CALL_ID_BYTES });
	query_bind_text(q, LIST_CALL_queue, r->queue);
	if ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		r->first_token_ms = query_int_or(q, LIST_CALL_FIRST_MS, -1);
		r->attempts = query_int(q, LIST_CALL_ATTEMPT);
		if (!query_keep(q, LIST_CALL_MODEL, arena, &r->tier))
			st = error_nomem(err);
	}
	query_done(q);
	return st;
}

static enum status
row_decided(struct session *s, struct list_row *r, struct arena *arena,
    struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, s->store, QUERY_LIST_DECIDED, err);
	bool row;

	if (st != STATUS_OK)
		return st;
	query_bind_int(q, LIST_DECIDED_item, r->item);
	if ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		r->decided_ms = query_int(q, LIST_DECIDED_TS_MS);
		if (!query_keep(q, LIST_DECIDED_BY, arena, &r->by))
			st = error_nomem(err);
	}
	query_done(q);
	return st;
}

enum status
list_besides_get(struct session *s, struct list_row *rows, size_t n,
    struct arena *arena, struct error *err)
{
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < n && st == STATUS_OK; i++)
		if ((st = row_decided(s, &rows[i], arena, err)) == STATUS_OK)
			st = row_call(s, &rows[i], arena, err);
	return st;
}

enum status
list_find(struct session *s, const char *id, const char *queue, int64_t *item,
    struct error *err)
{
	struct buf queues = BUF_INIT;
	struct query *q;
	enum status st;
	size_t n = 0;
	bool row;

	if ((st = query_get(&q, s->store, QUERY_ITEM_FIND, err)) != STATUS_OK)
		return st;
	query_bind_text(q, ITEM_FIND_id, slice_of(id));
	query_bind_text(q, ITEM_FIND_queue, slice_of(queue));
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		*item = query_int(q, ITEM_FIND_ITEM);
		buf_puts(&queues, n++ == 0 ? "" : ", ");
		buf_add_slice(&queues, query_text(q, ITEM_FIND_QUEUE));
	}
	query_done(q);
	if (st == STATUS_OK && n == 0)
		st = queue == NULL ?
		    error_set(err, STATUS_NOT_FOUND, "%s: no such item", id) :
		    error_set(err, STATUS_NOT_FOUND, "%s: no such item in queue "
		    "%s", id, queue);
	if (st == STATUS_OK && n > 1)
		st = error_set(err, STATUS_INVALID, "%s is in several queues "
		    "(%s): choose with --queue", id, buf_str(&queues));
	buf_release(&queues);
	return st;
}

static enum status
ids_query(struct session *s, enum query_id id, struct slice begin, size_t max,
    struct arena *arena, struct slice *ids, size_t *n, struct error *err)
{
	struct buf end = BUF_INIT;
	struct query *q;
	enum status st;
	size_t got = 0;
	bool row;

	if ((st = query_get(&q, s->store, id, err)) != STATUS_OK)
		return st;
	buf_add_slice(&end, begin);
	buf_puts(&end, "\xf4\x8f\xbf\xbf");	/* behind all characters */
	query_bind_text(q, IDS_from, begin);
	query_bind_text(q, IDS_end, buf_slice(&end));
	query_bind_int(q, IDS_limit, (int64_t)max);
	while ((st = query_step(q, &row, err)) == STATUS_OK && row && got < max) {
		if (!query_keep(q, IDS_ID, arena, &ids[*n])) {
			st = error_nomem(err);
			break;
		}
		got++;
		++*n;
	}
	query_done(q);
	buf_release(&end);
	return st;
}

enum status
list_ids(struct session *s, struct slice begin, size_t max, struct arena *arena,
    struct slice *ids, size_t *n, struct error *err)
{
	enum status st;

	*n = 0;
	st = ids_query(s, QUERY_IDS_LAST, begin, 1, arena, ids, n, err);
	if (st == STATUS_OK && *n > 0 && max > 1)
		st = ids_query(s, QUERY_IDS_FROM, begin, max - 1, arena, ids, n,
		    err);
	return st;
}

enum status
list_queues(struct session *s, size_t max, struct arena *arena,
    const char **names, size_t *n, struct error *err)
{
	struct query *q;
	enum status st;
	bool row;

	*n = 0;
	if ((st = query_get(&q, s->store, QUERY_QUEUES, err)) != STATUS_OK)
		return st;
	while (*n < max && (st = query_step(q, &row, err)) == STATUS_OK &&
	    row) {
		names[*n] = arena_str(arena, query_text(q, QUEUES_QUEUE));
		if (names[*n] == NULL) {
			st = error_nomem(err);
			break;
		}
		++*n;
	}
	query_done(q);
	return st;
}

struct list_match {
	struct session	*s;
	const char	*where;
	struct buf	 items;		/* their keys, as the statement has them */
};

enum status
list_match_new(struct list_match **out, struct session *s, const char *where,
    struct error *err)
{
	struct list_match *m = calloc(1, sizeof(*m));
	struct query *q = NULL;
	enum status st;

	*out = NULL;
	if (m == NULL)
		return error_nomem(err);
	m->s = s;
	m->where = where;
	if ((st = query_new_where(&q, s->store, QUERY_LIST_MATCH, where, err)) !=
	    STATUS_OK)
		free(m);
	else
		*out = m;
	query_free(q);
	return st;
}

void
list_match_free(struct list_match *m)
{
	if (m == NULL)
		return;
	buf_release(&m->items);
	free(m);
}

static enum status
match_rows(struct query *q, const struct list_row *rows, size_t n, bool *holds,
    struct error *err)
{
	int64_t item;
	enum status st;
	bool row;
	size_t i;

	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		item = query_int(q, LIST_MATCH_ITEM);
		for (i = 0; i < n; i++)
			holds[i] |= rows[i].item == item;
	}
	return st;
}

/* A statement each time: what it may take it may take anew. */
enum status
list_match_run(struct list_match *m, const struct list_row *rows, size_t n,
    bool *holds, struct error *err)
{
	struct query *q;
	enum status st;
	size_t i;

	buf_clear(&m->items);
	for (i = 0; i < n; i++) {
		holds[i] = false;
		buf_printf(&m->items, "%20" PRId64, rows[i].item);
	}
	if (n == 0 || (st = buf_check(&m->items, err)) != STATUS_OK)
		return n == 0 ? STATUS_OK : st;
	if ((st = query_new_where(&q, m->s->store, QUERY_LIST_MATCH, m->where,
	    err)) != STATUS_OK)
		return st;
	query_bind_text(q, LIST_MATCH_items, buf_slice(&m->items));
	query_bind_int(q, LIST_MATCH_n, (int64_t)n);
	st = match_rows(q, rows, n, holds, err);
	query_free(q);
	return st;
}

/* One number from a statement with up to two parameters bound by the caller. */
static enum status
number(struct query *q, int64_t none, int64_t *out, struct error *err)
{
	enum status st = query_row(q, err);

	*out = none;
	if (st == STATUS_OK)
		*out = query_int_or(q, NUMBER_VALUE, none);
	query_done(q);
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

/* What is counted of a list that is in the order of its due times. */
struct counted {
	enum query_id	flagged[2], review[2], escalated[2];	/* all queues, or one */
	bool		by_rank;	/* of the row that is given no more is asked */
};
static const struct counted before_row = {
	{ QUERY_BEFORE_FLAGGED, QUERY_BEFORE_FLAGGED_QUEUE },
	{ QUERY_BEFORE_REVIEW, QUERY_BEFORE_REVIEW_QUEUE },
	{ QUERY_BEFORE_ESCALATED, QUERY_BEFORE_ESCALATED_QUEUE }, false
};
static const struct counted of_rank = {
	{ QUERY_RANK_FLAGGED, QUERY_RANK_FLAGGED_QUEUE },
	{ QUERY_RANK_REVIEW, QUERY_RANK_REVIEW_QUEUE },
	{ QUERY_RANK_ESCALATED, QUERY_RANK_ESCALATED_QUEUE }, true
};

static enum status
count_query(struct session *s, enum query_id id, bool by_rank,
    const struct list_filter *f, const struct list_row *row, int64_t max,
    int64_t *n, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, s->store, id, err)) != STATUS_OK)
		return st;
	if (by_rank)
		query_bind_int(q, LIST_rank, -row->priority);
	else
		bind_from(q, f, row, false);
	query_bind_int(q, LIST_limit, max);
	if (f->queue != NULL)
		query_bind_text(q, LIST_queue, slice_of(f->queue));
	return number(q, 0, n, err);
}

static enum status
count_due(struct session *s, const struct counted *c, const struct list_filter *f,
    const struct list_row *row, int64_t max, int64_t *n, struct error *err)
{
	bool one = f->queue != NULL;
	int64_t more = 0;
	enum status st;

	if (f->state == LIST_ESCALATED)
		return count_query(s, c->escalated[one], c->by_rank, f, row, max, n,
		    err);
	st = count_query(s, c->flagged[one], c->by_rank, f, row, max, n, err);
	if (st == STATUS_OK && *n < max)
		st = count_query(s, c->review[one], c->by_rank, f, row, max - *n,
		    &more, err);
	*n += more;
	return st;
}

enum status
list_before(struct session *s, const struct list_filter *f,
    const struct list_row *row, int64_t max, int64_t *n, struct error *err)
{
	*n = -1;
	if (f->picks != NULL) {
		*n = (int64_t)picks_before(f->picks, row);
		return STATUS_OK;
	}
	if (f->state != LIST_ESCALATED && f->state != LIST_FLAGGED)
		return STATUS_OK;
	if (f->state == LIST_FLAGGED && f->sort != SORT_DUE)
		return count_query(s, f->sort == SORT_AGE ? QUERY_BEFORE_AGE :
		    QUERY_BEFORE_CONFIDENCE, false, f, row, max, n, err);
	return count_due(s, &before_row, f, row, max, n, err);
}

static int64_t
rank_picked(const struct list_filter *f, int64_t priority)
{
	struct list_row from = { .priority = priority, .due_ms = INT64_MIN,
	    .item = INT64_MIN }, to = { .priority = priority,
	    .due_ms = INT64_MAX, .item = INT64_MAX };

	return (int64_t)(picks_before(f->picks, &to) -
	    picks_before(f->picks, &from));
}

enum status
list_of_priority(struct session *s, const struct list_filter *f,
    int64_t priority, int64_t max, int64_t *n, struct error *err)
{
	const struct list_row any = { .priority = priority };

	if (f->picks != NULL) {
		*n = rank_picked(f, priority);
		return STATUS_OK;
	}
	return count_due(s, &of_rank, f, &any, max, n, err);
}

static enum status
count_states(struct session *s, const char *queue, struct list_counts *c,
    struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, s->store, QUERY_COUNTS, err)) != STATUS_OK)
		return st;
	query_bind_text(q, COUNTS_queue, slice_of(queue));
	if ((st = query_row(q, err)) == STATUS_OK) {
		c->approved = query_int(q, COUNTS_APPROVED);
		c->flagged = query_int(q, COUNTS_FLAGGED);
		c->escalated = query_int(q, COUNTS_ESCALATED);
		c->accepted = query_int(q, COUNTS_ACCEPTED);
		c->edited = query_int(q, COUNTS_EDITED);
		c->rejected = query_int(q, COUNTS_REJECTED);
		c->review = query_int(q, COUNTS_REVIEW);
	}
	query_done(q);
	return st;
}

/* Adds those past due in one state, of one queue or of all. */
static enum status
count_breached(struct session *s, const char *queue, enum query_id all,
    enum query_id of_queue, int64_t *n, struct error *err)
{
	struct query *q;
	enum status st;
	int64_t late;

	if ((st = query_get(&q, s->store, queue == NULL ? all : of_queue, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(q, BREACHED_now, store_now_ms(s->store));
	if (queue != NULL)
		query_bind_text(q, BREACHED_queue, slice_of(queue));
	if ((st = number(q, 0, &late, err)) == STATUS_OK)
		*n += late;
	return st;
}

enum status
list_counts_get(struct session *s, const char *queue, struct list_counts *c,
    struct error *err)
{
	struct query *q;
	enum status st;

	memset(c, 0, sizeof(*c));
	c->oldest_ms = -1;
	if ((st = count_states(s, queue, c, err)) != STATUS_OK)
		return st;
	if ((st = query_get(&q, s->store, QUERY_COUNT_MINE, err)) != STATUS_OK)
		return st;
	query_bind_int(q, COUNT_MINE_uid, s->who.uid);
	query_bind_blob(q, COUNT_MINE_session, session_id(s));
	query_bind_text(q, COUNT_MINE_boot, slice_of(store_lease_boot(s->store)));
	query_bind_int(q, COUNT_MINE_now, store_lease_ms(s->store));
	if ((st = number(q, 0, &c->mine, err)) != STATUS_OK)
		return st;
	if (c->escalated > 0 && (st = count_breached(s, queue,
	    QUERY_COUNT_BREACHED_ESCALATED, QUERY_COUNT_BREACHED_ESCALATED_QUEUE,
	    &c->breached, err)) != STATUS_OK)
		return st;
	if (c->flagged == 0)
		return STATUS_OK;
	if ((st = query_get(&q, s->store, QUERY_OLDEST_FLAGGED, err)) !=
	    STATUS_OK)
		return st;
	query_bind_text(q, OLDEST_FLAGGED_queue, slice_of(queue));
	if ((st = number(q, -1, &c->oldest_ms, err)) != STATUS_OK)
		return st;
	return count_breached(s, queue, QUERY_COUNT_BREACHED,
	    QUERY_COUNT_BREACHED_QUEUE, &c->breached, err);
}
