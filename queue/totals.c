#include "queue/totals.h"

#include "core/base/buf.h"
#include "db/query.h"

enum status
queue_total_add(struct store *store, struct slice queue, const char *state,
    int64_t n, struct error *err)
{
	struct query *q;
	enum status st;

	if (n == 0)
		return STATUS_OK;
	if ((st = query_get(&q, store, QUERY_TOTALS_ADD, err)) != STATUS_OK)
		return st;
	query_bind_text(q, TOTALS_ADD_queue, queue);
	query_bind_text(q, TOTALS_ADD_state, slice_of(state));
	query_bind_int(q, TOTALS_ADD_n, n);
	return query_run(q, err);
}
