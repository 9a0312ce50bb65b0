#include "db/audit/verify_opinion.h"

#include "db/audit/verify_release.h"

static void
differs(struct verify *v, const char *what)
{
	verify_problem(v, "opinion %lld: %s is not that of its leaf",
	    (long long)v->seq, what);
}

static bool
same_item(const struct verify *v, struct slice queue, struct slice id,
    struct slice content)
{
	struct hash h;

	return slice_eq(queue, leaf_text(&v->leaf, LEAF_KEY_QUEUE)) &&
	    slice_eq(id, leaf_text(&v->leaf, LEAF_KEY_ITEM)) &&
	    leaf_hash_value(&v->leaf, LEAF_KEY_CONTENT, &h) &&
	    slice_eq(content, (struct slice){ (const char *)h.b, HASH_LEN });
}

static void
check_opinion(struct verify *v, struct query *q)
{
	const struct verify_who who = {
		query_text(q, AUDIT_OPINION_BY), query_text(q, AUDIT_OPINION_ROLE),
		query_text(q, AUDIT_OPINION_VIA), query_int(q, AUDIT_OPINION_UID),
		query_int(q, AUDIT_OPINION_TS_MS)
	};
	const char *what = verify_who(v, &who);

	if (what != NULL)
		differs(v, what);
	if (!same_item(v, query_text(q, AUDIT_OPINION_QUEUE),
	    query_text(q, AUDIT_OPINION_ID),
	    query_blob(q, AUDIT_OPINION_CONTENT_SHA256)))
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

static void
check_skip(struct verify *v, struct query *q)
{
	const struct verify_who who = {
		query_text(q, AUDIT_SKIP_BY), query_text(q, AUDIT_SKIP_ROLE),
		query_text(q, AUDIT_SKIP_VIA), query_int(q, AUDIT_SKIP_UID),
		query_int(q, AUDIT_SKIP_TS_MS)
	};
	struct slice salt = query_blob(q, AUDIT_SKIP_SALT);
	const char *what = verify_who(v, &who);

	if (what == NULL && !same_item(v, query_text(q, AUDIT_SKIP_QUEUE),
	    query_text(q, AUDIT_SKIP_ID),
	    query_blob(q, AUDIT_SKIP_CONTENT_SHA256)))
		what = "its item";
	/* Erased with the item: there is no text to compare. */
	if (what == NULL && salt.p != NULL && !verify_salted(v, LEAF_KEY_REASON,
	    salt, query_text(q, AUDIT_SKIP_REASON)))
		what = "reason";
	if (what != NULL)
		verify_problem(v, "skip %lld: %s is not that of its leaf",
		    (long long)v->seq, what);
}

/* The row of this leaf, and what it must say. */
static enum status
row_check(struct verify *v, enum query_id id, enum query_parameter seq,
    void (*check)(struct verify *, struct query *), const char *name,
    struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, v->store, id, err);

	if (st != STATUS_OK)
		return st;
	query_bind_int(q, seq, v->seq);
	if ((st = query_row(q, err)) == STATUS_OK)
		check(v, q);
	else if (st == STATUS_NOT_FOUND) {
		verify_problem(v, "%s %lld: missing", name, (long long)v->seq);
		st = STATUS_OK;
	}
	query_done(q);
	return st;
}

enum status
verify_opinion(struct verify *v, struct error *err)
{
	v->seen.opinions++;
	return row_check(v, QUERY_AUDIT_OPINION, AUDIT_OPINION_seq, check_opinion,
	    "opinion", err);
}

enum status
verify_skip(struct verify *v, struct error *err)
{
	v->seen.skips++;
	return row_check(v, QUERY_AUDIT_SKIP, AUDIT_SKIP_seq, check_skip, "skip",
	    err);
}

static void
check_more(struct verify *v, int64_t rows, uint64_t seen, const char *name)
{
	if ((uint64_t)rows > seen)
		verify_problem(v, "%s: %llu without a leaf", name,
		    (unsigned long long)((uint64_t)rows - seen));
}

enum status
verify_opinions_end(struct verify *v, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, v->store, QUERY_AUDIT_LOOKS, err);

	if (st != STATUS_OK || (st = query_row(q, err)) != STATUS_OK)
		return st;
	check_more(v, query_int(q, AUDIT_LOOKS_OPINIONS), v->seen.opinions,
	    "opinions");
	check_more(v, query_int(q, AUDIT_LOOKS_SKIPS), v->seen.skips, "skips");
	query_done(q);
	return STATUS_OK;
}
