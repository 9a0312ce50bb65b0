#include "queue/prompt/move.h"

#include "db/query.h"

enum status
label_now(struct store *store, struct slice name, struct slice label,
    int64_t *version, struct error *err)
{
	struct query *q;
	enum status st;

	*version = 0;
	if ((st = query_get(&q, store, QUERY_PROMPT_LABEL, err)) != STATUS_OK)
		return st;
	query_bind_text(q, PROMPT_LABEL_name, name);
	query_bind_text(q, PROMPT_LABEL_label, label);
	if ((st = query_row(q, err)) == STATUS_OK)
		*version = query_int(q, PROMPT_LABEL_VERSION);
	query_done(q);
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

enum status
prompt_ends_get(struct store *store, struct prompt_ends *out, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, store, QUERY_PROMPT_ENDS, err)) != STATUS_OK)
		return st;
	if ((st = query_row(q, err)) == STATUS_OK)
		*out = (struct prompt_ends){
			.prompt = query_int(q, PROMPT_ENDS_PROMPT),
			.move = query_int(q, PROMPT_ENDS_MOVE),
			.bundle = query_int(q, PROMPT_ENDS_BUNDLE),
			.use = query_int(q, PROMPT_ENDS_USE)
		};
	query_done(q);
	return st;
}

enum status
prompt_end_next(int64_t end, int64_t *next, struct error *err)
{
	if (end < 0 || end >= INT64_MAX)
		return error_set(err, STATUS_CORRUPT, "prompts: their rows are "
		    "numbered wrongly; see handrail audit verify");
	*next = end + 1;
	return STATUS_OK;
}

enum status
label_move_insert(struct session *s, const struct label_move *m, int64_t seq,
    int64_t ts_ms, struct error *err)
{
	struct prompt_ends ends;
	struct query *q;
	enum status st;
	int64_t n = 0;

	if ((st = prompt_ends_get(s->store, &ends, err)) != STATUS_OK ||
	    (st = prompt_end_next(ends.move, &n, err)) != STATUS_OK ||
	    (st = query_get(&q, s->store, QUERY_PROMPT_LABEL_INSERT, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(q, PROMPT_LABEL_INSERT_n, n);
	query_bind_text(q, PROMPT_LABEL_INSERT_name, m->name);
	query_bind_text(q, PROMPT_LABEL_INSERT_label, m->label);
	if (m->from > 0)
		query_bind_int(q, PROMPT_LABEL_INSERT_from_version, m->from);
	query_bind_int(q, PROMPT_LABEL_INSERT_version, m->to);
	query_bind_int(q, PROMPT_LABEL_INSERT_seq, seq);
	query_bind_int(q, PROMPT_LABEL_INSERT_ts_ms, ts_ms);
	query_bind_text(q, PROMPT_LABEL_INSERT_by, slice_of(s->who.name));
	return query_run(q, err);
}
