#include "db/leaf.h"
#include "db/query.h"

/* A limit of time as leaves write it; out of range: none, which is as far. */
static void
bind_time(struct query *q, int i, int64_t ms, char *room)
{
	if (ms >= 0 && leaf_ts_write(ms, room))
		query_bind_text(q, i, slice_of(room));
}

enum status
audit_query(struct store *s, const struct audit_filter *f, audit_fn *each,
    void *arg, struct error *err)
{
	char since[LEAF_TS_LEN + 1], until[LEAF_TS_LEN + 1];
	struct query *q;
	struct slice hash;
	struct hash h;
	enum status st;
	bool row;

	if ((st = query_new_where(&q, s, QUERY_AUDIT_QUERY, f->where, err)) !=
	    STATUS_OK)
		return st;
	bind_time(q, 1, f->since_ms, since);
	bind_time(q, 2, f->until_ms, until);
	query_bind_text(q, 3, slice_of(f->item));
	query_bind_text(q, 4, slice_of(f->by));
	query_bind_text(q, 5, slice_of(f->event));
	query_bind_int(q, 6, f->limit);
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		memset(&h, 0, sizeof(h));
		hash = query_blob(q, 2);
		if (hash.n == sizeof(h))
			memcpy(&h, hash.p, sizeof(h));
		if ((st = each(arg, query_int(q, 0), query_text(q, 1), &h,
		    err)) != STATUS_OK)
			break;
	}
	query_free(q);
	return st;
}
