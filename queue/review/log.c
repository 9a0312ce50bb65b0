#include "queue/review/log.h"

#include "core/base/time.h"
#include "db/query.h"

static bool
decided_fill(struct query *q, struct arena *arena, struct log_row *r)
{
	const struct kept_text texts[] = {
		{ DECIDED_ID, &r->id }, { DECIDED_QUEUE, &r->queue },
		{ DECIDED_DECISION, &r->what }, { DECIDED_BY, &r->by },
		{ DECIDED_REASON, &r->reason }, { DECIDED_NOTE, &r->note }
	};

	r->seq = query_int(q, DECIDED_SEQ);
	r->item = query_int(q, DECIDED_ITEM);
	r->ts_ms = query_int(q, DECIDED_TS_MS);
	r->dwell_ms = query_int_or(q, DECIDED_DWELL_MS, -1);
	r->undone = query_int(q, DECIDED_UNDONE) != 0;
	return query_keep_all(q, texts, sizeof(texts) / sizeof(texts[0]), arena);
}

/* "large refund: flag" of what was routed, "flagged -> accepted" of a decision. */
static struct slice
leaf_text(struct query *q, struct arena *arena)
{
	struct slice rule = query_text(q, LOG_AUDIT_RULE);
	struct slice decision = query_text(q, LOG_AUDIT_DECISION);
	struct slice from = query_text(q, LOG_AUDIT_FROM);
	struct slice to = query_text(q, LOG_AUDIT_TO);

	if (decision.n > 0)
		return arena_printf(arena, "%.*s: %.*s -> %.*s",
		    SLICE_ARG(decision), SLICE_ARG(from), SLICE_ARG(to));
	if (rule.n > 0)
		return arena_printf(arena, "%.*s: %.*s", SLICE_ARG(rule),
		    SLICE_ARG(query_text(q, LOG_AUDIT_ROUTE)));
	return SLICE_NONE;
}

static bool
audit_fill(struct query *q, struct arena *arena, struct log_row *r)
{
	const struct kept_text texts[] = {
		{ LOG_AUDIT_ITEM, &r->id }, { LOG_AUDIT_QUEUE, &r->queue },
		{ LOG_AUDIT_EVENT, &r->what }, { LOG_AUDIT_BY, &r->by }
	};

	*r = (struct log_row){ .seq = query_int(q, LOG_AUDIT_SEQ), .item = -1,
	    .dwell_ms = -1 };
	if (!time_parse(query_text(q, LOG_AUDIT_TS), &r->ts_ms))
		r->ts_ms = 0;
	r->note = leaf_text(q, arena);
	return query_keep_all(q, texts, sizeof(texts) / sizeof(texts[0]), arena);
}

/* Steps through what was asked, and ends it. */
static enum status
rows_read(struct query *q, bool (*fill)(struct query *, struct arena *,
    struct log_row *), size_t n, struct arena *arena, struct log_row *rows,
    size_t *got, struct error *err)
{
	enum status st = STATUS_OK;
	bool row;

	while (*got < n && (st = query_step(q, &row, err)) == STATUS_OK && row) {
		if (!fill(q, arena, &rows[*got])) {
			st = error_nomem(err);
			break;
		}
		++*got;
	}
	query_free(q);
	return st;
}

enum status
log_decided(struct session *s, const char *queue, const char *where,
    int64_t before, size_t n, struct arena *arena, struct log_row *rows,
    size_t *got, struct error *err)
{
	struct query *q;
	enum status st;

	*got = 0;
	st = query_new_where(&q, s->store, QUERY_DECIDED, where, err);
	if (st != STATUS_OK)
		return st;
	query_bind_int(q, DECIDED_before, before);
	query_bind_text(q, DECIDED_queue, slice_of(queue));
	query_bind_int(q, DECIDED_limit, (int64_t)n);
	return rows_read(q, decided_fill, n, arena, rows, got, err);
}

enum status
log_audit(struct session *s, const char *queue, const char *where,
    int64_t before, size_t n, struct arena *arena, struct log_row *rows,
    size_t *got, struct error *err)
{
	struct query *q;
	enum status st;

	*got = 0;
	if ((st = session_require(s, MAY_AUDIT, "read the audit log", err)) !=
	    STATUS_OK || (st = query_new_where(&q, s->store, QUERY_LOG_AUDIT,
	    where, err)) != STATUS_OK)
		return st;
	query_bind_int(q, LOG_AUDIT_before, before);
	query_bind_text(q, LOG_AUDIT_only, slice_of(queue));
	query_bind_int(q, LOG_AUDIT_limit, (int64_t)n);
	return rows_read(q, audit_fill, n, arena, rows, got, err);
}
