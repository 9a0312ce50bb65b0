#include "queue/review/decided.h"

#include "db/query.h"

static bool
row_fill(struct query *q, struct arena *arena, struct decided_row *r)
{
	const struct kept_text texts[] = {
		{ DECIDED_ID, &r->id }, { DECIDED_QUEUE, &r->queue },
		{ DECIDED_STATE, &r->state }, { DECIDED_RULE, &r->rule },
		{ DECIDED_DECISION, &r->decision }, { DECIDED_BY, &r->by },
		{ DECIDED_REASON, &r->reason }, { DECIDED_NOTE, &r->note }
	};

	r->seq = query_int(q, DECIDED_SEQ);
	r->item = query_int(q, DECIDED_ITEM);
	r->ts_ms = query_int(q, DECIDED_TS_MS);
	r->dwell_ms = query_int_or(q, DECIDED_DWELL_MS, -1);
	r->undone = query_int(q, DECIDED_UNDONE) != 0;
	return query_keep_all(q, texts, sizeof(texts) / sizeof(texts[0]), arena);
}

enum status
decided_page(struct session *s, const char *queue, const char *where,
    int64_t before, size_t n, struct arena *arena, struct decided_row *rows,
    size_t *got, struct error *err)
{
	struct query *q;
	enum status st;
	bool row;

	*got = 0;
	st = query_new_where(&q, s->store, QUERY_DECIDED, where, err);
	if (st != STATUS_OK)
		return st;
	query_bind_int(q, DECIDED_before, before);
	query_bind_text(q, DECIDED_queue, slice_of(queue));
	query_bind_int(q, DECIDED_limit, (int64_t)n);
	while (*got < n && (st = query_step(q, &row, err)) == STATUS_OK && row) {
		if (!row_fill(q, arena, &rows[*got])) {
			st = error_nomem(err);
			break;
		}
		++*got;
	}
	query_free(q);
	return st;
}
