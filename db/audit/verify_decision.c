#include "db/audit/verify_decision.h"

#include "db/audit/verify_bound.h"
#include "db/audit/verify_release.h"

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
		enum query_column column;
	} texts[] = {
		{ LEAF_KEY_QUEUE, AUDIT_DECISIONS_QUEUE },
		{ LEAF_KEY_ITEM, AUDIT_DECISIONS_ID },
		{ LEAF_KEY_DECISION, AUDIT_DECISIONS_DECISION },
		{ LEAF_KEY_FROM, AUDIT_DECISIONS_FROM_STATE },
		{ LEAF_KEY_TO, AUDIT_DECISIONS_TO_STATE },
		{ LEAF_KEY_POLICY, AUDIT_DECISIONS_POLICY }
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
	const struct verify_who who = {
		query_text(q, AUDIT_DECISIONS_BY),
		query_text(q, AUDIT_DECISIONS_ROLE),
		query_text(q, AUDIT_DECISIONS_VIA),
		query_int(q, AUDIT_DECISIONS_UID),
		query_int(q, AUDIT_DECISIONS_TS_MS)
	};
	const char *what = verify_who(v, &who);

	if (what != NULL)
		differs(v, what);
}

static void
check_numbers(struct verify *v, struct query *q)
{
	struct hash content;
	int64_t n;

	if (query_null(q, AUDIT_DECISIONS_UNDOES) ?
	    !leaf_null(&v->leaf, LEAF_KEY_UNDOES) :
	    !leaf_int(&v->leaf, LEAF_KEY_UNDOES, &n) ||
	    n != query_int(q, AUDIT_DECISIONS_UNDOES))
		differs(v, "undoes");
	if (v->leaf.at[LEAF_KEY_REVIEW] == JSON_NONE ? verify_binds(v) :
	    query_null(q, AUDIT_DECISIONS_REVIEW_MS) ?
	    !leaf_null(&v->leaf, LEAF_KEY_REVIEW) :
	    !leaf_int(&v->leaf, LEAF_KEY_REVIEW, &n) ||
	    n != query_int(q, AUDIT_DECISIONS_REVIEW_MS))
		differs(v, "review_ms");
	/* An approved item is decided on only where it was drawn for review. */
	if ((query_int(q, AUDIT_DECISIONS_FROM_REVIEW) != 0) !=
	    slice_is(query_text(q, AUDIT_DECISIONS_FROM_STATE), "approved"))
		differs(v, "from");
	if (!leaf_hash_value(&v->leaf, LEAF_KEY_CONTENT, &content) ||
	    !slice_eq(query_blob(q, AUDIT_DECISIONS_CONTENT_SHA256),
	    (struct slice){ (const char *)content.b, HASH_LEN }))
		differs(v, "content_sha256");
}

static void
check_written(struct verify *v, struct query *q)
{
	static const struct {
		enum leaf_key	 key;
		enum query_column column;
		const char	*what;
	} texts[] = {
		{ LEAF_KEY_REASON, AUDIT_DECISIONS_REASON, "reason" },
		{ LEAF_KEY_LABELS, AUDIT_DECISIONS_LABELS, "labels" },
		{ LEAF_KEY_NOTE, AUDIT_DECISIONS_NOTE, "note" },
		{ LEAF_KEY_RATINGS, AUDIT_DECISIONS_RATINGS, "ratings" },
		{ LEAF_KEY_EVIDENCE, AUDIT_DECISIONS_EVIDENCE, "evidence" }
	};
	struct slice salt = query_blob(q, AUDIT_DECISIONS_SALT);
	size_t i;

	/* Erased with the item: there are no texts to compare. */
	if (salt.p == NULL)
		return;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!verify_salted(v, texts[i].key, salt,
		    query_text(q, texts[i].column)))
			differs(v, texts[i].what);
	if (slice_is(query_text(q, AUDIT_DECISIONS_DECISION), "edit") &&
	    !verify_salted(v, leaf_null(&v->leaf, LEAF_KEY_OUTPUT) ?
	    LEAF_KEY_RELEASE : LEAF_KEY_OUTPUT, salt,
	    query_text(q, AUDIT_DECISIONS_OUTPUT)))
		differs(v, "output");
}

enum status
verify_decisions_until(struct verify *v, int64_t seq, struct error *err)
{
	struct query *q = v->decisions.q;
	enum status st = STATUS_OK;

	while (st == STATUS_OK && v->decisions.row &&
	    query_int(q, AUDIT_DECISIONS_SEQ) < seq) {
		verify_problem(v, "decision %lld: no leaf says so",
		    (long long)query_int(q, AUDIT_DECISIONS_SEQ));
		st = cursor_step(&v->decisions, v, err);
	}
	return st;
}

enum status
verify_decision(struct verify *v, struct error *err)
{
	struct query *q = v->decisions.q;
	enum status st;

	if ((st = verify_decisions_until(v, v->seq, err)) != STATUS_OK)
		return st;
	if (!v->decisions.row || query_int(q, AUDIT_DECISIONS_SEQ) != v->seq) {
		verify_problem(v, "decision %lld: missing", (long long)v->seq);
		return STATUS_OK;
	}
	v->r->decisions++;
	check_texts(v, q);
	check_actor(v, q);
	check_numbers(v, q);
	check_written(v, q);
	st = verify_decided(v, query_int(q, AUDIT_DECISIONS_ITEM),
	    query_text(q, AUDIT_DECISIONS_DECISION),
	    query_blob(q, AUDIT_DECISIONS_SALT), err);
	if (st != STATUS_OK)
		return st;
	return cursor_step(&v->decisions, v, err);
}

static void
state_differs(struct verify *v, struct query *q)
{
	struct slice queue = query_text(q, AUDIT_STATES_QUEUE);
	struct slice id = query_text(q, AUDIT_STATES_ID);
	struct slice state = query_text(q, AUDIT_STATES_STATE);
	struct slice said = query_text(q, AUDIT_STATES_TO_STATE);

	verify_problem(v, "item %.*s of queue %.*s: its state is %.*s, where "
	    "decision %lld says %.*s", SLICE_ARG(id), SLICE_ARG(queue),
	    SLICE_ARG(state), (long long)query_int(q, AUDIT_STATES_SEQ),
	    SLICE_ARG(said));
}

enum status
verify_states_end(struct verify *v, struct error *err)
{
	struct cursor c = { .id = QUERY_AUDIT_STATES, .key = AUDIT_STATES_SEQ };
	enum status st = cursor_from(&c, v, INT64_MIN, err);

	while (st == STATUS_OK && c.row) {
		state_differs(v, c.q);
		st = cursor_step(&c, v, err);
	}
	cursor_done(&c);
	return st;
}

enum status
verify_decisions_end(struct verify *v, struct error *err)
{
	return verify_decisions_until(v, INT64_MAX, err);
}
