#include "db/audit/verify_opinion.h"

static void
differs(struct verify *v, const char *what)
{
	verify_problem(v, "opinion %lld: %s is not that of its leaf",
	    (long long)v->seq, what);
}

static void
check_row(struct verify *v, struct query *q)
{
	const struct verify_who who = {
		query_text(q, AUDIT_OPINION_BY), query_text(q, AUDIT_OPINION_ROLE),
		query_text(q, AUDIT_OPINION_VIA), query_int(q, AUDIT_OPINION_UID),
		query_int(q, AUDIT_OPINION_TS_MS)
	};
	const char *what = verify_who(v, &who);
	struct hash content;

	if (what != NULL)
		differs(v, what);
	if (!slice_eq(query_text(q, AUDIT_OPINION_QUEUE),
	    leaf_text(&v->leaf, LEAF_KEY_QUEUE)) ||
	    !slice_eq(query_text(q, AUDIT_OPINION_ID),
	    leaf_text(&v->leaf, LEAF_KEY_ITEM)) ||
	    !leaf_hash_value(&v->leaf, LEAF_KEY_CONTENT, &content) ||
	    !slice_eq(query_blob(q, AUDIT_OPINION_CONTENT_SHA256),
	    (struct slice){ (const char *)content.b, HASH_LEN }))
		differs(v, "its item");
	if (!slice_eq(query_text(q, AUDIT_OPINION_VALUE),
	    leaf_other_text(&v->leaf, "value")))
		differs(v, "value");
	if (!leaf_other_is(&v->leaf, "of", query_int(q,
	    AUDIT_OPINION_DECISION)) || query_int(q, AUDIT_OPINION_OF_ITEM) != 1)
		differs(v, "of");
	if (!leaf_other_is(&v->leaf, "review_ms", query_int_or(q,
	    AUDIT_OPINION_REVIEW_MS, 0)))
		differs(v, "review_ms");
}

enum status
verify_opinion(struct verify *v, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, v->store, QUERY_AUDIT_OPINION, err);

	if (st != STATUS_OK)
		return st;
	v->opinions_seen++;
	query_bind_int(q, AUDIT_OPINION_seq, v->seq);
	if ((st = query_row(q, err)) == STATUS_OK)
		check_row(v, q);
	else if (st == STATUS_NOT_FOUND) {
		verify_problem(v, "opinion %lld: missing", (long long)v->seq);
		st = STATUS_OK;
	}
	query_done(q);
	return st;
}

enum status
verify_opinions_end(struct verify *v, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, v->store, QUERY_AUDIT_OPINIONS, err);
	uint64_t rows;

	if (st != STATUS_OK || (st = query_row(q, err)) != STATUS_OK)
		return st;
	rows = (uint64_t)query_int(q, AUDIT_OPINIONS_N);
	query_done(q);
	if (rows > v->opinions_seen)
		verify_problem(v, "opinions: %llu without a leaf",
		    (unsigned long long)(rows - v->opinions_seen));
	return STATUS_OK;
}
