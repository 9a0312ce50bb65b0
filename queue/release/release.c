#include "queue/release/release.h"

#include <stdio.h>

#include "core/shape/read.h"
#include "db/audit/head.h"
#include "db/query.h"
#include "db/write.h"
#include "queue/release/delivery.h"

static enum status
append(struct store *store, const struct release_row *r, struct error *err)
{
	struct query *q;
	enum status st;
	int64_t n;

	if ((st = head_next(store, HEAD_RELEASE, &n, err)) != STATUS_OK ||
	    (st = query_get(&q, store, QUERY_OUTBOX_INSERT, err)) != STATUS_OK)
		return st;
	query_bind_int(q, OUTBOX_INSERT_n, n);
	query_bind_int(q, OUTBOX_INSERT_item, r->item);
	query_bind_int(q, OUTBOX_INSERT_seq, r->seq);
	query_bind_text(q, OUTBOX_INSERT_state, slice_of(r->state));
	query_bind_text(q, OUTBOX_INSERT_kind, slice_of(r->kind));
	query_bind_text(q, OUTBOX_INSERT_text, r->text);
	query_bind_int(q, OUTBOX_INSERT_ts_ms, r->ts_ms);
	if ((st = query_run(q, err)) != STATUS_OK)
		return st;
	head_take(store, HEAD_RELEASE, 1);
	return deliveries_write(store, n, err);
}

void
release_values(union outbox_insert_all *v, const struct release_row *r)
{
	*v = (union outbox_insert_all){
		.item = value_int(r->item),
		.seq = value_int(r->seq),
		.state = value_text(slice_of(r->state)),
		.kind = value_text(slice_of(r->kind)),
		.text = value_text(r->text),
		.ts_ms = value_int(r->ts_ms)
	};
}

enum status
release_add(struct store *store, const struct release_row *r, int64_t hold_ms,
    struct error *err)
{
	struct query *q;
	enum status st;

	if (hold_ms == 0)
		return append(store, r, err);
	if ((st = query_get(&q, store, QUERY_HELD_INSERT, err)) != STATUS_OK)
		return st;
	query_bind_int(q, HELD_INSERT_seq, r->seq);
	query_bind_int(q, HELD_INSERT_item, r->item);
	query_bind_text(q, HELD_INSERT_state, slice_of(r->state));
	query_bind_text(q, HELD_INSERT_kind, slice_of(r->kind));
	query_bind_text(q, HELD_INSERT_text, r->text);
	query_bind_int(q, HELD_INSERT_due_ms, r->ts_ms + hold_ms);
	return query_run(q, err);
}

/* Has the feed a row of that leaf, a recall or a release as is asked? */
static enum status
row_of(struct store *store, int64_t item, int64_t seq, bool recall, bool *is,
    struct error *err)
{
	struct query *q;
	enum status st;

	*is = false;
	if ((st = query_get(&q, store, QUERY_OUTBOX_OF, err)) != STATUS_OK)
		return st;
	query_bind_int(q, OUTBOX_OF_item, item);
	query_bind_int(q, OUTBOX_OF_seq, seq);
	if ((st = query_row(q, err)) == STATUS_OK)
		*is = slice_is(query_text(q, OUTBOX_OF_STATE), "recalled") == recall;
	query_done(q);
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

enum status
release_gave_out(struct store *store, int64_t item, int64_t seq, bool *gave,
    struct error *err)
{
	return row_of(store, item, seq, false, gave, err);
}

enum status
release_call_back(struct store *store, const struct release_row *r,
    struct error *err)
{
	struct release_row back = *r;

	back.state = "recalled";
	back.kind = "none";
	back.text = SLICE_NONE;
	return append(store, &back, err);
}

/* Appends again the release that was in force before decision `undone`, where
 * there was one: an approved item drawn for review keeps its release. */
static enum status
restate(struct store *store, const struct release_row *r, int64_t undone,
    struct error *err)
{
	struct release_row again = *r;
	struct query *q;
	enum status st;

	if ((st = query_get(&q, store, QUERY_OUTBOX_BEFORE, err)) != STATUS_OK)
		return st;
	query_bind_int(q, OUTBOX_BEFORE_item, r->item);
	query_bind_int(q, OUTBOX_BEFORE_seq, undone);
	st = query_row(q, err);
	if (st == STATUS_OK && slice_is(query_text(q, OUTBOX_BEFORE_STATE),
	    "approved")) {
		again.state = "approved";
		again.kind = slice_is(query_text(q, OUTBOX_BEFORE_KIND),
		    "output") ? "output" : "text";
		again.text = query_text(q, OUTBOX_BEFORE_TEXT);
		st = append(store, &again, err);
	}
	query_done(q);
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

enum status
release_recall(struct store *store, const struct release_row *r, int64_t undone,
    bool *recalled, struct error *err)
{
	bool approved = strcmp(r->state, "approved") == 0;
	struct query *q;
	enum status st;

	if ((st = release_gave_out(store, r->item, undone, recalled, err)) !=
	    STATUS_OK)
		return st;
	if (*recalled)
		st = release_call_back(store, r, err);
	else if ((st = query_get(&q, store, QUERY_HELD_DELETE, err)) ==
	    STATUS_OK) {
		query_bind_int(q, HELD_DELETE_seq, undone);
		if ((st = query_run(q, err)) != STATUS_OK)
			return st;
		/* An escalation gave nothing out, and may have called back. */
		if (approved)
			st = row_of(store, r->item, undone, true, &approved,
			    err);
	}
	return st == STATUS_OK && approved ? restate(store, r, undone, err) : st;
}

#define MATURE_PAGE	256	/* rows a transaction: others want to decide */

struct maturing {
	struct store	*store;
	bool		 more;		/* there may be more that is due */
};

/* Moves what is due from held to the feed. */
static enum status
mature_write(void *arg, struct error *err)
{
	struct maturing *m = arg;
	struct store *store = m->store;
	struct query *q, *del;
	struct release_row r;
	enum status st;
	int64_t now = store_now_ms(store);
	char state[16], kind[16];
	bool row;
	int n;

	m->more = true;
	for (n = 0; n < MATURE_PAGE; n++) {
		if ((st = query_get(&q, store, QUERY_HELD_DUE, err)) !=
		    STATUS_OK)
			return st;
		query_bind_int(q, HELD_DUE_now, now);
		if ((st = query_step(q, &row, err)) != STATUS_OK || !row) {
			query_done(q);
			m->more = false;
			return st;
		}
		r = (struct release_row){ .seq = query_int(q, HELD_DUE_SEQ),
		    .item = query_int(q, HELD_DUE_ITEM),
		    .ts_ms = query_int(q, HELD_DUE_DUE_MS),
		    .state = state, .kind = kind, .text = query_text(q, HELD_DUE_TEXT) };
		(void)snprintf(state, sizeof(state), "%.*s",
		    SLICE_ARG(query_text(q, HELD_DUE_STATE)));
		(void)snprintf(kind, sizeof(kind), "%.*s",
		    SLICE_ARG(query_text(q, HELD_DUE_KIND)));
		st = append(store, &r, err);
		query_done(q);
		if (st != STATUS_OK || (st = query_get(&del, store,
		    QUERY_HELD_DELETE, err)) != STATUS_OK)
			return st;
		query_bind_int(del, HELD_DELETE_seq, r.seq);
		if ((st = query_run(del, err)) != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

enum status
release_due(struct store *store, struct error *err)
{
	struct query *q;
	enum status st;
	struct maturing m = { store, true };

	if ((st = query_get(&q, store, QUERY_HELD_DUE, err)) != STATUS_OK)
		return st;
	query_bind_int(q, HELD_DUE_now, store_now_ms(store));
	st = query_row(q, err);
	query_done(q);
	if (st != STATUS_OK)
		return st == STATUS_NOT_FOUND ? STATUS_OK : st;
	do
		st = store_write(store, DURABLE_NOW, mature_write, &m, err);
	while (st == STATUS_OK && m.more);
	return st;
}

/* The text of a row of kind "output": the item's own, read again. */
static enum status
output_of(struct session *s, int64_t item, struct slice *out, struct error *err)
{
	struct item_stored stored;
	struct item again;
	struct query *q;
	enum status st;

	if ((st = query_get(&q, s->store, QUERY_DETAIL_PAYLOAD, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(q, DETAIL_item, item);
	if ((st = query_row(q, err)) == STATUS_OK) {
		stored = (struct item_stored){
		    query_blob(q, DETAIL_PAYLOAD_RECORD),
		    query_blob(q, DETAIL_PAYLOAD_INPUT),
		    query_text(q, DETAIL_PAYLOAD_SHAPE),
		    (uint32_t)query_int(q, DETAIL_PAYLOAD_PART),
		    (uint32_t)query_int(q, DETAIL_PAYLOAD_MAPPING) };
		st = item_reread(&s->reader, &stored, &again, err);
	}
	if (st == STATUS_OK && (out->p = arena_copy(&s->arena, again.output.p,
	    again.output.n)) == NULL)
		st = error_nomem(err);
	out->n = st == STATUS_OK ? again.output.n : 0;
	query_done(q);
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;	/* erased: null */
}

/* The row of OUTBOX_AFTER or OUTBOX_LAST, whose columns are the same, in the
 * session's arena; STATUS_NOT_FOUND with no error where there is none. */
static enum status
release_read(struct session *s, struct query *q, struct release *r,
    struct error *err)
{
	const struct kept_text texts[] = {
		{ OUTBOX_ROW_ID, &r->id }, { OUTBOX_ROW_QUEUE, &r->queue },
		{ OUTBOX_ROW_STATE, &r->state },
		{ OUTBOX_ROW_TEXT, &r->text }
	};
	enum status st;
	int64_t item = -1;

	arena_reset(&s->arena);
	if ((st = query_row(q, err)) == STATUS_OK) {
		*r = (struct release){ .n = query_int(q, OUTBOX_ROW_N),
		    .ts_ms = query_int(q, OUTBOX_ROW_TS_MS) };
		if (!query_keep_all(q, texts, sizeof(texts) / sizeof(texts[0]),
		    &s->arena))
			st = error_nomem(err);
		if (slice_is(query_text(q, OUTBOX_ROW_KIND), "output"))
			item = query_int(q, OUTBOX_ROW_ITEM);
	}
	query_done(q);
	return st == STATUS_OK && item >= 0 ?
	    output_of(s, item, &r->text, err) : st;
}

static enum status
release_next(struct session *s, int64_t after, const char *queue,
    struct release *r, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, s->store, QUERY_OUTBOX_AFTER, err)) != STATUS_OK)
		return st;
	query_bind_int(q, OUTBOX_AFTER_after, after);
	query_bind_text(q, OUTBOX_AFTER_queue, slice_of(queue));
	return release_read(s, q, r, err);
}

enum status
release_get(struct session *s, int64_t n, struct release *r, struct error *err)
{
	enum status st = release_next(s, n - 1, NULL, r, err);

	return st == STATUS_OK && r->n != n ? STATUS_NOT_FOUND : st;
}

enum status
release_last(struct session *s, int64_t item, struct release *r,
    struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, s->store, QUERY_OUTBOX_LAST, err)) != STATUS_OK)
		return st;
	query_bind_int(q, OUTBOX_LAST_item, item);
	return release_read(s, q, r, err);
}

enum status
release_end(struct store *store, int64_t *n, struct error *err)
{
	struct query *q;
	enum status st;

	*n = 0;
	if ((st = query_get(&q, store, QUERY_OUTBOX_END, err)) != STATUS_OK)
		return st;
	if ((st = query_row(q, err)) == STATUS_OK)
		*n = query_int(q, OUTBOX_END_N);
	query_done(q);
	return st;
}

/* Who knows a later row has it from another store, or from this one before a
 * backup was put back: what comes now under the numbers he has would be lost. */
static enum status
check_after(struct store *store, int64_t after, struct error *err)
{
	enum status st;
	int64_t end;

	st = release_end(store, &end, err);
	if (st != STATUS_OK || after <= end)
		return st;
	return error_set(err, STATUS_CONFLICT, "--after %lld: the feed ends "
	    "with %lld; after a restore begin again at the backup's last",
	    (long long)after, (long long)end);
}

enum status
release_each(struct session *s, int64_t after, const char *queue,
    release_fn *each, void *arg, int64_t *last, struct error *err)
{
	struct release r;
	enum status st;

	*last = after;
	if ((st = check_after(s->store, after, err)) != STATUS_OK)
		return st;
	/* No statement stands open while a row is handed on: a reader who takes
	 * none would keep the -wal from shrinking for as long. */
	while ((st = release_next(s, *last, queue, &r, err)) == STATUS_OK) {
		*last = r.n;
		if ((st = each(arg, &r, err)) != STATUS_OK)
			return st;
	}
	return st == STATUS_NOT_FOUND && err->code == STATUS_OK ? STATUS_OK :
	    st;
}

void
release_members(struct writer *w, const struct release *r)
{
	write_int(w, "n", r->n);
	write_text(w, "id", r->id);
	write_text(w, "queue", r->queue);
	write_text(w, "state", r->state);
	write_text(w, "release", r->text);
	write_time(w, "ts", r->ts_ms);
}

void
release_json(struct buf *b, const struct release *r)
{
	struct writer w = WRITER(b, WRITE_SHOWN);

	write_object(&w, NULL);
	release_members(&w, r);
	write_end(&w);
}
