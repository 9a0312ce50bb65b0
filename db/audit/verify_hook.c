#include "db/audit/verify_hook.h"

enum status
verify_drop(struct verify *v, struct error *err)
{
	struct slice hook = leaf_text(&v->leaf, LEAF_KEY_HOOK);
	bool dropped = false;
	struct query *q;
	enum status st;
	int64_t n = 0;

	v->seen.drops++;
	if (!leaf_int(&v->leaf, LEAF_KEY_N, &n) || hook.p == NULL) {
		verify_problem(v, "leaf %lld: names no delivery",
		    (long long)v->seq);
		return STATUS_OK;
	}
	if ((st = query_get(&q, v->store, QUERY_DELIVERY_STATE, err)) !=
	    STATUS_OK)
		return st;
	query_bind_text(q, DELIVERY_hook, hook);
	query_bind_int(q, DELIVERY_n, n);
	if ((st = query_row(q, err)) == STATUS_OK)
		dropped = slice_is(query_text(q, DELIVERY_STATE_STATE),
		    "dropped");
	query_done(q);
	if (st == STATUS_OK || st == STATUS_NOT_FOUND) {
		if (!dropped)
			verify_problem(v, "leaf %lld: the delivery that it "
			    "dropped is not", (long long)v->seq);
		st = STATUS_OK;
	}
	return st;
}

enum status
verify_drops_end(struct verify *v, struct error *err)
{
	struct query *q;
	enum status st;
	uint64_t rows;

	if ((st = query_get(&q, v->store, QUERY_AUDIT_DROPS, err)) != STATUS_OK ||
	    (st = query_row(q, err)) != STATUS_OK)
		return st;
	rows = (uint64_t)query_int(q, AUDIT_DROPS_N);
	query_done(q);
	if (rows > v->seen.drops)
		verify_problem(v, "deliveries: %llu dropped without a leaf",
		    (unsigned long long)(rows - v->seen.drops));
	return STATUS_OK;
}
