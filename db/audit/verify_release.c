#include "db/audit/verify_release.h"

#include "db/audit/leaf.h"
#include "db/audit/verify_bound.h"

bool
verify_salted(struct verify *v, enum leaf_key key, struct slice salt,
    struct slice text)
{
	struct slice parts[2] = { salt, text };
	struct hash named, h;

	if (text.p == NULL)
		return leaf_null(&v->leaf, key);
	hash_parts(v->chain.hasher, parts, 2, &h);
	return leaf_hash_value(&v->leaf, key, &named) && hash_eq(&named, &h);
}

static enum status
releases_get(struct verify *v, int64_t item, int64_t seq, struct query **q,
    struct error *err)
{
	enum status st = query_get(q, v->store, QUERY_AUDIT_RELEASES, err);

	if (st == STATUS_OK) {
		query_bind_int(*q, AUDIT_RELEASES_item, item);
		query_bind_int(*q, AUDIT_RELEASES_seq, seq);
	}
	return st;
}

/* Has the statement a row that is there? */
static enum status
any_row(struct query *q, bool *any, struct error *err)
{
	enum status st = query_row(q, err);

	query_done(q);
	*any = st == STATUS_OK;
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

/* ... of that item and leaf. */
static enum status
any_of(struct verify *v, enum query_id id, int64_t item, int64_t seq, bool *any,
    struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, v->store, id, err)) != STATUS_OK)
		return st;
	query_bind_int(q, AUDIT_ANY_item, item);
	query_bind_int(q, AUDIT_ANY_seq, seq);
	return any_row(q, any, err);
}

static enum status
is_undone(struct verify *v, bool *undone, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, v->store, QUERY_AUDIT_UNDONE,
	    err)) != STATUS_OK)
		return st;
	query_bind_int(q, AUDIT_UNDONE_seq, v->seq);
	return any_row(q, undone, err);
}

/* Of the row that the cursor of the feed stands on. */
static enum status
is_overtaken(struct verify *v, struct query *row, bool *overtaken,
    struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, v->store, QUERY_AUDIT_OVERTAKEN, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(q, AUDIT_OVERTAKEN_item,
	    query_int(row, AUDIT_OUTBOX_ITEM));
	query_bind_int(q, AUDIT_OVERTAKEN_n, query_int(row, AUDIT_OUTBOX_N));
	query_bind_int(q, AUDIT_OVERTAKEN_seq,
	    query_int(row, AUDIT_OUTBOX_SEQ));
	return any_row(q, overtaken, err);
}

static void
no_release(struct verify *v)
{
	verify_problem(v, "release of leaf %lld: missing", (long long)v->seq);
}

static void
other_text(struct verify *v)
{
	verify_problem(v, "release of leaf %lld: its text is not that of the "
	    "leaf", (long long)v->seq);
}

/* The output itself, by the hash that the leaf has of what was released. */
static enum status
output_same(struct verify *v, int64_t item, struct slice salt, bool *same,
    struct error *err)
{
	struct error why = { 0 };
	struct item_stored stored;
	struct item again;
	struct query *q;
	enum status st;

	*same = false;
	if ((st = query_get(&q, v->store, QUERY_AUDIT_OUTPUT, err)) != STATUS_OK)
		return st;
	query_bind_int(q, AUDIT_OUTPUT_item, item);
	if ((st = query_row(q, err)) == STATUS_OK) {
		stored = (struct item_stored){
		    query_blob(q, AUDIT_OUTPUT_RECORD),
		    query_blob(q, AUDIT_OUTPUT_INPUT),
		    query_text(q, AUDIT_OUTPUT_SHAPE),
		    (uint32_t)query_int(q, AUDIT_OUTPUT_PART),
		    (uint32_t)query_int(q, AUDIT_OUTPUT_MAPPING) };
		arena_reset(v->reader.arena);
		/* A record that cannot be read is not the one that was taken
		 * in. */
		*same = item_reread(&v->reader, &stored, &again, &why) ==
		    STATUS_OK && verify_salted(v, LEAF_KEY_RELEASE, salt,
		    again.output);
	}
	query_done(q);
	if (st == STATUS_NOT_FOUND)
		return STATUS_OK;
	return why.code == STATUS_NOMEM ? error_nomem(err) : st;
}

/* It came with its leaf, or when its queue no longer held it. */
static void
time_check(struct verify *v, int64_t ts_ms)
{
	enum leaf_key key = v->leaf.at[LEAF_KEY_DUE] == JSON_NONE ? LEAF_KEY_TS :
	    LEAF_KEY_DUE;
	int64_t ms = -1;

	/* Those of before are bound as they were. */
	if (verify_binds(v) && (!leaf_ts_read(leaf_text(&v->leaf, key), &ms) ||
	    ms != ts_ms))
		verify_problem(v, "release of leaf %lld: its time is not that of "
		    "the leaf", (long long)v->seq);
}

/* Only a text has one; of the feed verify_feed_end() says so. */
static bool
kind_stands(struct query *q, struct slice kind)
{
	bool held = query_null(q, AUDIT_RELEASES_N);

	if (!slice_is(kind, "none") && !slice_is(kind, "output"))
		return slice_is(kind, "text");
	return !held || query_null(q, AUDIT_RELEASES_TEXT);
}

/* A release row is as its decision's leaf says: state, and text by its hash. */
static enum status
release_check(struct verify *v, struct query *q, int64_t item,
    struct slice salt, struct error *err)
{
	struct slice kind = query_text(q, AUDIT_RELEASES_KIND);
	enum status st = STATUS_OK;
	struct hash named;
	bool same;

	v->seen.releases++;
	time_check(v, query_int(q, AUDIT_RELEASES_TS_MS));
	if (!slice_eq(query_text(q, AUDIT_RELEASES_STATE),
	    leaf_text(&v->leaf, LEAF_KEY_TO)))
		verify_problem(v, "release of leaf %lld: its state is not that "
		    "of the leaf", (long long)v->seq);
	if (slice_is(kind, "none"))
		same = leaf_null(&v->leaf, LEAF_KEY_RELEASE);
	else if (salt.p == NULL)	/* erased: nothing to compare */
		same = leaf_hash_value(&v->leaf, LEAF_KEY_RELEASE, &named);
	else if (slice_is(kind, "text"))
		same = verify_salted(v, LEAF_KEY_RELEASE, salt,
		    query_text(q, AUDIT_RELEASES_TEXT));
	else
		st = output_same(v, item, salt, &same, err);
	if (st == STATUS_OK && (!same || !kind_stands(q, kind)))
		other_text(v);
	return st;
}

static enum status
settled_check(struct verify *v, int64_t item, struct slice salt,
    struct error *err)
{
	struct query *q;
	enum status st;
	bool row, undone = false, any = false;

	if ((st = releases_get(v, item, v->seq, &q, err)) != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		if (any)
			verify_problem(v, "release of leaf %lld: there twice",
			    (long long)v->seq);
		any = true;
		if ((st = release_check(v, q, item, salt, err)) != STATUS_OK)
			break;
	}
	query_done(q);
	if (st != STATUS_OK || any)
		return st;
	/* Undone while it was held back, it left no trace. */
	if ((st = is_undone(v, &undone, err)) != STATUS_OK)
		return st;
	/* Of an erased item the first stores dropped what was held. */
	if (!undone && salt.p != NULL)
		no_release(v);
	return STATUS_OK;
}

/* What undoing, or escalating, appended: the recall, and the release that stood
 * before. */
struct undo_rows {
	unsigned	recalled, again, other;
};

static enum status
undo_rows_count(struct verify *v, int64_t item, struct undo_rows *n,
    struct error *err)
{
	struct slice state;
	struct query *q;
	enum status st;
	bool row;

	memset(n, 0, sizeof(*n));
	if ((st = releases_get(v, item, v->seq, &q, err)) != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		v->seen.releases++;
		time_check(v, query_int(q, AUDIT_RELEASES_TS_MS));
		state = query_text(q, AUDIT_RELEASES_STATE);
		n->recalled += slice_is(state, "recalled");
		n->again += slice_is(state, "approved");
		n->other += !slice_is(state, "recalled") &&
		    !slice_is(state, "approved");
	}
	query_done(q);
	return st;
}

/* was_out: the feed had what was undone; was_back: it called something back. */
static void
undo_told(struct verify *v, const struct undo_rows *n, bool was_out,
    bool was_back, int64_t undoes)
{
	bool again = (was_out || was_back) &&
	    slice_is(leaf_text(&v->leaf, LEAF_KEY_TO), "approved");

	if ((was_out && n->recalled == 0) || (again && n->again == 0))
		no_release(v);
	if (n->recalled > (was_out ? 1 : 0) || n->again > 1 || n->other > 0)
		verify_problem(v, "release of leaf %lld: not what undoing "
		    "decision %lld gives", (long long)v->seq,
		    (long long)undoes);
}

static enum status
undo_check(struct verify *v, int64_t item, struct error *err)
{
	struct undo_rows n;
	int64_t undoes = -1;
	enum status st;
	bool was_out = false, was_back = false, same = true;

	(void)leaf_int(&v->leaf, LEAF_KEY_UNDOES, &undoes);
	if ((st = any_of(v, QUERY_AUDIT_GAVE_OUT, item, undoes, &was_out,
	    err)) != STATUS_OK ||
	    (st = any_of(v, QUERY_AUDIT_CALLED_BACK, item, undoes, &was_back,
	    err)) != STATUS_OK ||
	    (st = undo_rows_count(v, item, &n, err)) != STATUS_OK)
		return st;
	undo_told(v, &n, was_out, was_back, undoes);
	if (n.again > 0 && (st = any_of(v, QUERY_AUDIT_RESTATED, item, v->seq,
	    &same, err)) != STATUS_OK)
		return st;
	if (!same)
		other_text(v);
	return STATUS_OK;
}

/* An escalation calls back what was out, where its leaf says so. */
static enum status
recall_check(struct verify *v, int64_t item, struct error *err)
{
	struct undo_rows n;
	enum status st;

	if (!leaf_true(&v->leaf, LEAF_KEY_RECALLS))
		return STATUS_OK;
	if ((st = undo_rows_count(v, item, &n, err)) == STATUS_OK &&
	    (n.recalled != 1 || n.again + n.other > 0))
		no_release(v);
	return st;
}

enum status
verify_decided(struct verify *v, int64_t item, struct slice decision,
    struct slice salt, struct error *err)
{
	if (slice_is(decision, "undo"))
		return undo_check(v, item, err);
	if (slice_is(decision, "escalate") || slice_is(decision, "return"))
		return recall_check(v, item, err);
	return settled_check(v, item, salt, err);
}

/* Rows of other leaves lie between; a decision's own is looked up by name. */
static enum status
outbox_until(struct verify *v, struct error *err)
{
	enum status st = STATUS_OK;

	while (st == STATUS_OK && v->releases.row &&
	    query_int(v->releases.q, AUDIT_OUTBOX_SEQ) < v->seq)
		st = cursor_step(&v->releases, v, err);
	return st;
}

/* What an approval released, by its leaf: the output, or another text by its
 * hash.  Leaves of the first stores do not say which. */
static void
approved_text(struct verify *v, struct slice kind, struct slice text,
    struct slice salt)
{
	bool same = true;

	if (v->leaf.at[LEAF_KEY_RELEASE] == JSON_NONE)
		return;
	if (leaf_null(&v->leaf, LEAF_KEY_RELEASE))
		same = slice_is(kind, "output");
	else
		same = slice_is(kind, "text") && (salt.p == NULL ||
		    verify_salted(v, LEAF_KEY_RELEASE, salt, text));
	if (!same)
		other_text(v);
}

static void
approved_check(struct verify *v, struct slice state, struct slice kind,
    struct slice text, struct slice salt, int64_t ts_ms)
{
	if (!slice_is(state, "approved") || slice_is(kind, "none")) {
		no_release(v);
		return;
	}
	v->seen.releases++;
	time_check(v, ts_ms);
	approved_text(v, kind, text, salt);
}

enum status
verify_approved(struct verify *v, int64_t item, struct slice salt,
    struct error *err)
{
	struct query *q;
	enum status st;
	int64_t n = 0;

	if ((st = outbox_until(v, err)) != STATUS_OK)
		return st;
	q = v->releases.q;
	if (v->releases.row && query_int(q, AUDIT_OUTBOX_SEQ) == v->seq &&
	    query_int(q, AUDIT_OUTBOX_ITEM) == item) {
		approved_check(v, query_text(q, AUDIT_OUTBOX_STATE),
		    query_text(q, AUDIT_OUTBOX_KIND),
		    query_text(q, AUDIT_OUTBOX_TEXT), salt,
		    query_int(q, AUDIT_OUTBOX_TS_MS));
		return cursor_step(&v->releases, v, err);
	}
	if ((st = releases_get(v, item, v->seq, &q, err)) != STATUS_OK)
		return st;
	if ((st = query_row(q, err)) == STATUS_OK) {
		approved_check(v, query_text(q, AUDIT_RELEASES_STATE),
		    query_text(q, AUDIT_RELEASES_KIND),
		    query_text(q, AUDIT_RELEASES_TEXT), salt,
		    query_int(q, AUDIT_RELEASES_TS_MS));
		n = query_int_or(q, AUDIT_RELEASES_N, 0);
	} else if (st == STATUS_NOT_FOUND) {
		no_release(v);
		st = STATUS_OK;
	}
	query_done(q);
	return st == STATUS_OK && n > 0 && !v->releases.placed ?
	    cursor_after(&v->releases, v, n, err) : st;
}

/* Of one item the rows come in the order of their leaves, the recall before
 * what stands again: the last one is what the application goes by. */
static enum status
order_check(struct verify *v, struct query *q, int64_t *latest,
    bool *recalled, struct error *err)
{
	int64_t seq = query_int(q, AUDIT_OUTBOX_SEQ);
	bool again = seq == *latest, overtaken = again && !*recalled;
	enum status st = STATUS_OK;

	*recalled = slice_is(query_text(q, AUDIT_OUTBOX_STATE), "recalled");
	/* A held release lets those of other items pass. */
	if (seq < *latest)
		st = is_overtaken(v, q, &overtaken, err);
	else
		*latest = seq;
	if (st == STATUS_OK && overtaken)
		verify_problem(v, "release %lld: not in the order of the leaves",
		    (long long)query_int(q, AUDIT_OUTBOX_N));
	return st;
}

enum status
verify_feed_end(struct verify *v, struct error *err)
{
	struct cursor *c = &v->releases;
	int64_t next = 1, latest = -1;
	bool recalled = false;
	enum status st = cursor_from(c, v, INT64_MIN, err);

	while (st == STATUS_OK && c->row) {
		if (c->last != next)
			verify_problem(v, "release %lld: missing from the feed",
			    (long long)(c->last < next ? c->last : next));
		/* Behind the last possible number there is no other row. */
		next = c->last == INT64_MAX ? c->last : c->last + 1;
		/* Whoever reads the column alone would take it for what went out. */
		if (!slice_is(query_text(c->q, AUDIT_OUTBOX_KIND), "text") &&
		    query_text(c->q, AUDIT_OUTBOX_TEXT).p != NULL)
			verify_problem(v, "release %lld: a text stands beside it, "
			    "and it has none of its own", (long long)c->last);
		if ((st = order_check(v, c->q, &latest, &recalled, err)) ==
		    STATUS_OK)
			st = cursor_step(c, v, err);
	}
	return st;
}

enum status
verify_releases_end(struct verify *v, struct error *err)
{
	struct query *q;
	enum status st;
	uint64_t rows;

	if ((st = query_get(&q, v->store, QUERY_AUDIT_COUNTS, err)) !=
	    STATUS_OK || (st = query_row(q, err)) != STATUS_OK)
		return st;
	rows = (uint64_t)query_int(q, AUDIT_COUNTS_RELEASES);
	query_done(q);
	if (rows > v->seen.releases)
		verify_problem(v, "releases: %llu that no leaf accounts for",
		    (unsigned long long)(rows - v->seen.releases));
	return STATUS_OK;
}
