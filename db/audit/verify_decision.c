#include "db/audit/verify_decision.h"

#include "db/audit/leaf.h"
#include "db/audit/verify_release.h"
#include "core/json/value.h"

/* Columns of AUDIT_DECISIONS. */
enum {
	DECISION_SEQ, DECISION_ITEM, DECISION_TS, DECISION_UID, DECISION_BY,
	DECISION_ROLE, DECISION_VIA, DECISION_KIND, DECISION_FROM, DECISION_TO,
	DECISION_POLICY, DECISION_UNDOES, DECISION_REASON, DECISION_LABELS,
	DECISION_NOTE, DECISION_OUTPUT, DECISION_QUEUE, DECISION_ID,
	DECISION_SALT, DECISION_CONTENT, DECISION_FROM_REVIEW
};

enum status
verify_decisions_begin(struct verify *v, struct error *err)
{
	enum status st;

	st = query_get(&v->decisions.q, v->store, QUERY_AUDIT_DECISIONS, err);
	return st == STATUS_OK ? cursor_step(&v->decisions, err) : st;
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
		{ LEAF_KEY_QUEUE, DECISION_QUEUE },
		{ LEAF_KEY_ITEM, DECISION_ID },
		{ LEAF_KEY_DECISION, DECISION_KIND },
		{ LEAF_KEY_FROM, DECISION_FROM }, { LEAF_KEY_TO, DECISION_TO },
		{ LEAF_KEY_POLICY, DECISION_POLICY }
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
	uint32_t actor = v->leaf.at[LEAF_KEY_ACTOR], t;
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

	if (!leaf_ts_read(leaf_text(&v->leaf, LEAF_KEY_TS), &n) ||
	    n != query_int(q, DECISION_TS))
		differs(v, "ts");
	if (query_null(q, DECISION_UNDOES) ?
	    !leaf_null(&v->leaf, LEAF_KEY_UNDOES) :
	    !leaf_int(&v->leaf, LEAF_KEY_UNDOES, &n) ||
	    n != query_int(q, DECISION_UNDOES))
		differs(v, "undoes");
	/* An approved item is decided on only where it was drawn for review. */
	if ((query_int(q, DECISION_FROM_REVIEW) != 0) !=
	    slice_is(query_text(q, DECISION_FROM), "approved"))
		differs(v, "from");
	if (!leaf_hash_value(&v->leaf, LEAF_KEY_CONTENT, &content) ||
	    !slice_eq(query_blob(q, DECISION_CONTENT),
	    (struct slice){ (const char *)content.b, HASH_LEN }))
		differs(v, "content_sha256");
}

static void
check_written(struct verify *v, struct query *q)
{
	static const struct {
		enum leaf_key	 key;
		int		 column;
		const char	*what;
	} texts[] = {
		{ LEAF_KEY_REASON, DECISION_REASON, "reason" },
		{ LEAF_KEY_LABELS, DECISION_LABELS, "labels" },
		{ LEAF_KEY_NOTE, DECISION_NOTE, "note" }
	};
	struct slice salt = query_blob(q, DECISION_SALT);
	size_t i;

	/* Erased with the item: there are no texts to compare. */
	if (salt.p == NULL)
		return;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!verify_salted(v, texts[i].key, salt,
		    query_text(q, texts[i].column)))
			differs(v, texts[i].what);
	if (slice_is(query_text(q, DECISION_KIND), "edit") &&
	    !verify_salted(v, leaf_null(&v->leaf, LEAF_KEY_OUTPUT) ?
	    LEAF_KEY_RELEASE : LEAF_KEY_OUTPUT, salt, query_text(q, DECISION_OUTPUT)))
		differs(v, "output");
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
	st = verify_decided(v, query_int(q, DECISION_ITEM),
	    query_text(q, DECISION_KIND), query_blob(q, DECISION_SALT), err);
	if (st != STATUS_OK)
		return st;
	return cursor_step(&v->decisions, err);
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
	enum status st = decisions_until(v, INT64_MAX, err);

	return st == STATUS_OK ? states_check(v, err) : st;
}
