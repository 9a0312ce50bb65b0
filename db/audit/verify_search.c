#include "db/audit/verify_search.h"

enum status
verify_search(struct verify *v, struct error *err)
{
	struct slice state = leaf_text(&v->leaf, LEAF_KEY_STATE);

	(void)err;
	if (slice_is(state, "on") || slice_is(state, "off"))
		v->search = slice_is(state, "on") ? VERIFY_ON : VERIFY_OFF;
	else
		verify_problem(v, "leaf %lld: search is neither on nor off",
		    (long long)v->seq);
	return STATUS_OK;
}

/* An older program left no leaf. */
enum status
verify_search_end(struct verify *v, struct error *err)
{
	struct query *q;
	enum status st;
	bool on;

	if (v->search == VERIFY_UNSAID)
		return STATUS_OK;
	if ((st = query_get(&q, v->store, QUERY_SEARCH_STATE, err)) != STATUS_OK ||
	    (st = query_row(q, err)) != STATUS_OK)
		return st;
	on = query_int_or(q, SEARCH_STATE_LOW, INT64_MIN) != INT64_MIN;
	query_done(q);
	if (on != (v->search == VERIFY_ON))
		verify_problem(v, "search is %s, but the log says that it is %s",
		    on ? "on" : "off", on ? "off" : "on");
	return STATUS_OK;
}
