#include "db/audit/query.h"

#include <stdlib.h>

#include "core/base/hash.h"
#include "db/audit/leaf.h"
#include "db/query.h"

/* A limit of time as leaves write it; out of range: no limit, which is the same. */
static void
bind_time(struct query *q, enum query_parameter p, int64_t ms, char *room)
{
	if (ms >= 0 && leaf_ts_write(ms, room))
		query_bind_text(q, p, slice_of(room));
}

/*
 * Leaves found but not yet handed on.  No statement is open while the caller uses
 * them: one that waits, as `less` does, would keep -wal from being emptied.
 */
#define PAGE_LEAVES	256
struct page {
	struct arena	 arena;
	struct {
		int64_t		 seq;
		struct slice	 leaf;
		struct hash	 hash;
	} found[PAGE_LEAVES];
	size_t		 n;
};

static enum status
page_add(struct page *p, struct query *q, struct error *err)
{
	struct slice leaf = query_text(q, AUDIT_QUERY_LEAF);
	struct slice hash = query_blob(q, AUDIT_QUERY_HASH);
	size_t i = p->n++;

	p->found[i].seq = query_int(q, AUDIT_QUERY_SEQ);
	p->found[i].leaf = (struct slice){
	    arena_copy(&p->arena, leaf.p, leaf.n), leaf.n };
	memset(&p->found[i].hash, 0, sizeof(p->found[i].hash));
	if (hash.n == sizeof(p->found[i].hash))
		memcpy(&p->found[i].hash, hash.p, hash.n);
	return p->found[i].leaf.p == NULL ? error_nomem(err) : STATUS_OK;
}

/* The next that the condition holds for, after leaf `after`. */
static enum status
page_read(struct page *p, struct query *q, int64_t after, int64_t limit,
    struct error *err)
{
	enum status st;
	bool row;

	p->n = 0;
	arena_reset(&p->arena);
	query_bind_int(q, AUDIT_QUERY_limit, limit < 0 || limit > PAGE_LEAVES ?
	    PAGE_LEAVES : limit);
	query_bind_int(q, AUDIT_QUERY_after, after);
	while ((st = query_step(q, &row, err)) == STATUS_OK && row)
		if ((st = page_add(p, q, err)) != STATUS_OK)
			break;
	query_done(q);
	return st;
}

static enum status
page_give(const struct page *p, audit_fn *each, void *arg, struct error *err)
{
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < p->n && st == STATUS_OK; i++)
		st = each(arg, p->found[i].seq, p->found[i].leaf,
		    &p->found[i].hash, err);
	return st;
}

static enum status
last_leaf(struct store *s, int64_t *seq, struct error *err)
{
	struct query *q;
	enum status st;

	*seq = -1;
	if ((st = query_get(&q, s, QUERY_AUDIT_LAST, err)) != STATUS_OK)
		return st;
	if ((st = query_row(q, err)) == STATUS_OK)
		*seq = query_int(q, AUDIT_LAST_SEQ);
	query_done(q);
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

/* Page by page up to the last leaf that is there now. */
static enum status
query_pages(struct store *s, struct query *q, int64_t limit, audit_fn *each,
    void *arg, struct error *err)
{
	struct page *p = calloc(1, sizeof(*p));
	int64_t after = -1, left = limit, last;
	enum status st;

	if (p == NULL)
		return error_nomem(err);
	if ((st = last_leaf(s, &last, err)) == STATUS_OK)
		query_bind_int(q, AUDIT_QUERY_last, last);
	while (st == STATUS_OK && left != 0 &&
	    (st = page_read(p, q, after, left, err)) == STATUS_OK &&
	    p->n > 0) {
		after = p->found[p->n - 1].seq;
		if (left > 0)
			left -= (int64_t)p->n;
		st = page_give(p, each, arg, err);
		if (p->n < PAGE_LEAVES)
			break;
	}
	arena_release(&p->arena);
	free(p);
	return st;
}

enum status
audit_query(struct store *s, const struct audit_filter *f, audit_fn *each,
    void *arg, struct error *err)
{
	char since[LEAF_TS_LEN + 1], until[LEAF_TS_LEN + 1];
	struct query *q;
	enum status st;

	if ((st = query_new_where(&q, s, QUERY_AUDIT_QUERY, f->where, err)) !=
	    STATUS_OK)
		return st;
	bind_time(q, AUDIT_QUERY_since, f->since_ms, since);
	bind_time(q, AUDIT_QUERY_until, f->until_ms, until);
	query_bind_text(q, AUDIT_QUERY_item, slice_of(f->item));
	query_bind_text(q, AUDIT_QUERY_by, slice_of(f->by));
	query_bind_text(q, AUDIT_QUERY_event, slice_of(f->event));
	st = query_pages(s, q, f->limit, each, arg, err);
	query_free(q);
	return st;
}
