#include "db/verify.h"

/* Columns of AUDIT_DECISIONS. */
enum {
	DECISION_SEQ, DECISION_ITEM, DECISION_TS, DECISION_UID, DECISION_BY,
	DECISION_ROLE, DECISION_VIA, DECISION_KIND, DECISION_FROM, DECISION_TO,
	DECISION_POLICY, DECISION_UNDOES, DECISION_REASON, DECISION_LABELS,
	DECISION_NOTE, DECISION_OUTPUT, DECISION_QUEUE, DECISION_ID,
	DECISION_SALT, DECISION_CONTENT
};
/* Columns of AUDIT_OUTBOX and AUDIT_RELEASES. */
enum { OUTBOX_SEQ, OUTBOX_ITEM, OUTBOX_STATE, OUTBOX_KIND };
enum { RELEASE_STATE, RELEASE_KIND, RELEASE_TEXT, RELEASE_HELD };

enum status
verify_decisions_begin(struct verify *v, struct error *err)
{
	enum status st;

	st = query_get(&v->decisions.q, v->store, QUERY_AUDIT_DECISIONS, err);
	if (st != STATUS_OK || (st = cursor_step(&v->decisions, err)) !=
	    STATUS_OK || (st = query_get(&v->outbox.q, v->store,
	    QUERY_AUDIT_OUTBOX, err)) != STATUS_OK)
		return st;
	return cursor_step(&v->outbox, err);
}

static void
differs(struct verify *v, const char *what)
{
	verify_problem(v, "decision %lld: %s is not that of its leaf",
	    (long long)v->seq, what);
}

static void
check_texts(struct verify *v, struct query *q)
{
	static const struct {
		enum leaf_key	key;
		int		column;
	} texts[] = {
		{ KEY_QUEUE, DECISION_QUEUE }, { KEY_ITEM, DECISION_ID },
		{ KEY_DECISION, DECISION_KIND }, { KEY_FROM, DECISION_FROM },
		{ KEY_TO, DECISION_TO }, { KEY_POLICY, DECISION_POLICY }
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!slice_eq(query_text(q, texts[i].column),
		    leaf_text(&v->leaf, texts[i].key)))
			differs(v, leaf_key_name[texts[i].key]);
}

static void
check_actor(struct verify *v, struct query *q)
{
	static const struct {
		const char	*key;
		int		 column;
	} texts[] = {
		{ "name", DECISION_BY }, { "role", DECISION_ROLE },
		{ "via", DECISION_VIA }
	};
	const struct json *d = v->leaf.json;
	uint32_t actor = v->leaf.at[KEY_ACTOR], t;
	int64_t uid;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!slice_eq(query_text(q, texts[i].column),
		    leaf_actor_text(&v->leaf, texts[i].key)))
			differs(v, texts[i].key);
	t = json_get(d, actor, "uid");
	if (t == JSON_NONE || json_kind(d, t) != TOKEN_NUMBER ||
	    !json_int64(d, t, &uid) || uid != query_int(q, DECISION_UID))
		differs(v, "uid");
}

static void
check_numbers(struct verify *v, struct query *q)
{
	struct hash content;
	int64_t n;

	if (!leaf_ts_read(leaf_text(&v->leaf, KEY_TS), &n) ||
	    n != query_int(q, DECISION_TS))
		differs(v, "ts");
	if (query_null(q, DECISION_UNDOES) ? !leaf_null(&v->leaf, KEY_UNDOES) :
	    !leaf_int(&v->leaf, KEY_UNDOES, &n) ||
	    n != query_int(q, DECISION_UNDOES))
		differs(v, "undoes");
	if (!leaf_hash_value(&v->leaf, KEY_CONTENT, &content) ||
	    !slice_eq(query_blob(q, DECISION_CONTENT),
	    (struct slice){ (const char *)content.b, HASH_LEN }))
		differs(v, "content_sha256");
}

/* Is the leaf's key the salted hash of the text, or null where there is none? */
static bool
salted_same(struct verify *v, enum leaf_key key, struct slice salt,
    struct slice text)
{
	struct slice parts[2] = { salt, text };
	struct hash named, h;

	if (text.p == NULL)
		return leaf_null(&v->leaf, key);
	hash_parts(v->chain.hasher, parts, 2, &h);
	return leaf_hash_value(&v->leaf, key, &named) && hash_eq(&named, &h);
}

static void
check_written(struct verify *v, struct query *q)
{
	static const struct {
		enum leaf_key	 key;
		int		 column;
		const char	*what;
	} texts[] = {
		{ KEY_REASON, DECISION_REASON, "reason" },
		{ KEY_LABELS, DECISION_LABELS, "labels" },
		{ KEY_NOTE, DECISION_NOTE, "note" }
	};
	struct slice salt = query_blob(q, DECISION_SALT);
	size_t i;

	/* Erased with the item: nothing can be told of the texts any more. */
	if (salt.p == NULL)
		return;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!salted_same(v, texts[i].key, salt,
		    query_text(q, texts[i].column)))
			differs(v, texts[i].what);
	if (slice_is(query_text(q, DECISION_KIND), "edit") &&
	    !salted_same(v, leaf_null(&v->leaf, KEY_OUTPUT) ? KEY_RELEASE :
	    KEY_OUTPUT, salt, query_text(q, DECISION_OUTPUT)))
		differs(v, "output");
}

static enum status
releases_get(struct verify *v, int64_t item, int64_t seq, struct query **q,
    struct error *err)
{
	enum status st = query_get(q, v->store, QUERY_AUDIT_RELEASES, err);

	if (st == STATUS_OK) {
		query_bind_int(*q, 1, item);
		query_bind_int(*q, 2, seq);
	}
	return st;
}

static enum status
any_row(struct verify *v, enum query_id id, int64_t one, int64_t two,
    bool *any, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, v->store, id, err)) != STATUS_OK)
		return st;
	query_bind_int(q, 1, one);
	if (two >= 0)
		query_bind_int(q, 2, two);
	st = query_row(q, err);
	query_done(q);
	*any = st == STATUS_OK;
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

static void
no_release(struct verify *v)
{
	verify_problem(v, "release of leaf %lld: missing", (long long)v->seq);
}

/* A release row is as its decision's leaf says: state, and text by its hash. */
static void
release_check(struct verify *v, struct query *q, struct slice salt)
{
	struct slice kind = query_text(q, RELEASE_KIND);
	struct hash named;
	bool same;

	v->releases_seen++;
	if (!slice_eq(query_text(q, RELEASE_STATE), leaf_text(&v->leaf, KEY_TO)))
		verify_problem(v, "release of leaf %lld: its state is not that "
		    "of the leaf", (long long)v->seq);
	if (slice_is(kind, "none"))
		same = leaf_null(&v->leaf, KEY_RELEASE);
	else if (slice_is(kind, "text") && salt.p != NULL)
		same = salted_same(v, KEY_RELEASE, salt,
		    query_text(q, RELEASE_TEXT));
	else
		/* The output itself, which the content hash vouches for. */
		same = leaf_hash_value(&v->leaf, KEY_RELEASE, &named);
	if (!same)
		verify_problem(v, "release of leaf %lld: its text is not that "
		    "of the leaf", (long long)v->seq);
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
		release_check(v, q, salt);
		any = true;
	}
	query_done(q);
	if (st != STATUS_OK || any)
		return st;
	/* Undone while it was held back, it left no trace. */
	if ((st = any_row(v, QUERY_AUDIT_UNDONE, v->seq, -1, &undone, err)) !=
	    STATUS_OK)
		return st;
	if (!undone)
		no_release(v);
	return STATUS_OK;
}

/* What undoing appended: the recall, and the release that stood before. */
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
		v->releases_seen++;
		state = query_text(q, RELEASE_STATE);
		n->recalled += slice_is(state, "recalled");
		n->again += slice_is(state, "approved");
		n->other += !slice_is(state, "recalled") &&
		    !slice_is(state, "approved");
	}
	query_done(q);
	return st;
}

static enum status
undo_check(struct verify *v, int64_t item, struct error *err)
{
	struct undo_rows n;
	int64_t undoes = -1;
	enum status st;
	bool was_out = false, same = true;

	(void)leaf_int(&v->leaf, KEY_UNDOES, &undoes);
	if ((st = any_row(v, QUERY_AUDIT_RELEASES, item, undoes, &was_out,
	    err)) != STATUS_OK ||
	    (st = undo_rows_count(v, item, &n, err)) != STATUS_OK)
		return st;
	if (n.again > 0 && (st = any_row(v, QUERY_AUDIT_RESTATED, item, v->seq,
	    &same, err)) != STATUS_OK)
		return st;
	if (was_out && n.recalled == 0)
		no_release(v);
	if (n.recalled > (was_out ? 1 : 0) || n.again > 1 || n.other > 0 || !same)
		verify_problem(v, "release of leaf %lld: not what undoing "
		    "decision %lld gives", (long long)v->seq,
		    (long long)undoes);
	return STATUS_OK;
}

static enum status
decision_release(struct verify *v, struct query *q, struct error *err)
{
	struct slice kind = query_text(q, DECISION_KIND);
	int64_t item = query_int(q, DECISION_ITEM);

	if (slice_is(kind, "undo"))
		return undo_check(v, item, err);
	if (slice_is(kind, "escalate") || slice_is(kind, "return"))
		return STATUS_OK;
	return settled_check(v, item, query_blob(q, DECISION_SALT), err);
}

/* Rows that the log has passed without a leaf for them. */
static enum status
decisions_until(struct verify *v, int64_t seq, struct error *err)
{
	struct query *q = v->decisions.q;
	enum status st = STATUS_OK;

	while (st == STATUS_OK && v->decisions.row &&
	    query_int(q, DECISION_SEQ) < seq) {
		verify_problem(v, "decision %lld: no leaf says so",
		    (long long)query_int(q, DECISION_SEQ));
		st = cursor_step(&v->decisions, err);
	}
	return st;
}

enum status
verify_decision(struct verify *v, struct error *err)
{
	struct query *q = v->decisions.q;
	enum status st;

	if ((st = decisions_until(v, v->seq, err)) != STATUS_OK)
		return st;
	if (!v->decisions.row || query_int(q, DECISION_SEQ) != v->seq) {
		verify_problem(v, "decision %lld: missing", (long long)v->seq);
		return STATUS_OK;
	}
	v->r->decisions++;
	check_texts(v, q);
	check_actor(v, q);
	check_numbers(v, q);
	check_written(v, q);
	if ((st = decision_release(v, q, err)) != STATUS_OK)
		return st;
	return cursor_step(&v->decisions, err);
}

/* Rows of other leaves lie between; a decision's own is looked up by name. */
static enum status
outbox_until(struct verify *v, struct error *err)
{
	enum status st = STATUS_OK;

	while (st == STATUS_OK && v->outbox.row &&
	    query_int(v->outbox.q, OUTBOX_SEQ) < v->seq)
		st = cursor_step(&v->outbox, err);
	return st;
}

enum status
verify_approved(struct verify *v, int64_t item, struct error *err)
{
	struct query *q;
	enum status st;
	bool row = false;

	if ((st = outbox_until(v, err)) != STATUS_OK)
		return st;
	q = v->outbox.q;
	if (v->outbox.row && query_int(q, OUTBOX_SEQ) == v->seq &&
	    query_int(q, OUTBOX_ITEM) == item) {
		row = slice_is(query_text(q, OUTBOX_STATE), "approved") &&
		    !slice_is(query_text(q, OUTBOX_KIND), "none");
		st = cursor_step(&v->outbox, err);
	} else {
		if ((st = releases_get(v, item, v->seq, &q, err)) != STATUS_OK)
			return st;
		st = query_row(q, err);
		row = st == STATUS_OK &&
		    slice_is(query_text(q, RELEASE_STATE), "approved");
		query_done(q);
		if (st == STATUS_NOT_FOUND)
			st = STATUS_OK;
	}
	if (st != STATUS_OK)
		return st;
	if (row)
		v->releases_seen++;
	else
		no_release(v);
	return STATUS_OK;
}

static enum status
states_check(struct verify *v, struct error *err)
{
	struct query *q;
	enum status st;
	bool row;

	if ((st = query_get(&q, v->store, QUERY_AUDIT_STATES, err)) != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row)
		verify_problem(v, "item %.*s of queue %.*s: its state is %.*s, "
		    "where decision %lld says %.*s", SLICE_ARG(query_text(q, 1)),
		    SLICE_ARG(query_text(q, 0)), SLICE_ARG(query_text(q, 2)),
		    (long long)query_int(q, 4), SLICE_ARG(query_text(q, 3)));
	query_done(q);
	return st;
}

enum status
verify_decisions_end(struct verify *v, struct error *err)
{
	struct query *q;
	enum status st;
	uint64_t rows;

	if ((st = decisions_until(v, INT64_MAX, err)) != STATUS_OK ||
	    (st = states_check(v, err)) != STATUS_OK ||
	    (st = query_get(&q, v->store, QUERY_AUDIT_COUNTS, err)) !=
	    STATUS_OK || (st = query_row(q, err)) != STATUS_OK)
		return st;
	rows = (uint64_t)query_int(q, 1);
	query_done(q);
	if (rows > v->releases_seen)
		verify_problem(v, "releases: %llu that no leaf accounts for",
		    (unsigned long long)(rows - v->releases_seen));
	return STATUS_OK;
}
