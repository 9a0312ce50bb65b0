#include "db/audit/query.h"

#include <stdlib.h>

#include "db/audit/index.h"
#include "db/audit/leaf.h"
#include "db/query.h"

const char *const audit_events[] = {
	"log.create", "log.bind", "log.key", "policy.apply", "prompt.add",
	"prompt.label", "bundle.make", "bundle.use", "route", "decision", "note",
	"skip", "opinion", "run", "run.label", "lease.free", "hook.pause",
	"hook.resume", "hook.retry", "hook.drop", "search", "export", "erase", "purge",
	"backup", "restore", NULL
};

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
	struct audit_found found[PAGE_LEAVES];
	size_t		 n;
};

static enum status
page_add(struct page *p, struct query *q, struct error *err)
{
	struct audit_found *f = &p->found[p->n++];
	struct slice hash = query_blob(q, AUDIT_QUERY_HASH);

	memset(f, 0, sizeof(*f));
	f->seq = query_int(q, AUDIT_QUERY_SEQ);
	if (hash.n == sizeof(f->hash))
		memcpy(&f->hash, hash.p, hash.n);
	if (!query_keep(q, AUDIT_QUERY_LEAF, &p->arena, &f->leaf) ||
	    !query_keep(q, AUDIT_QUERY_REASON, &p->arena, &f->reason) ||
	    !query_keep(q, AUDIT_QUERY_NOTE, &p->arena, &f->note))
		return error_nomem(err);
	return STATUS_OK;
}

/* The next that the condition holds for, from leaf `from` to `last`. */
static enum status
page_read(struct page *p, struct query *q, int64_t from, int64_t last,
    int64_t limit, struct error *err)
{
	enum status st;
	bool row;

	p->n = 0;
	arena_reset(&p->arena);
	query_bind_int(q, AUDIT_QUERY_limit, limit < 0 || limit > PAGE_LEAVES ?
	    PAGE_LEAVES : limit);
	query_bind_int(q, AUDIT_QUERY_from, from);
	query_bind_int(q, AUDIT_QUERY_last, last);
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
		st = each(arg, &p->found[i], err);
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

/* One question under way. */
struct leaf_question {
	struct query	*q;
	struct page	*page;
	int64_t		 left;		/* answers still wanted, -1: all */
	audit_fn	*each;
	void		*arg;
};

/* Page by page through a part of the log. */
static enum status
ask_part(struct leaf_question *a, int64_t from, int64_t last, struct error *err)
{
	struct page *p = a->page;
	enum status st = STATUS_OK;

	while (st == STATUS_OK && a->left != 0 && from <= last &&
	    (st = page_read(p, a->q, from, last, a->left, err)) == STATUS_OK &&
	    p->n > 0) {
		from = p->found[p->n - 1].seq + 1;
		if (a->left > 0)
			a->left -= (int64_t)p->n;
		st = page_give(p, a->each, a->arg, err);
		if (p->n < PAGE_LEAVES)
			break;
	}
	return st;
}

/* Up to the last leaf that is there now: where the index leads, then the rest. */
static enum status
ask_all(struct leaf_question *a, struct store *s, const struct audit_filter *f,
    struct error *err)
{
	struct index_walk w;
	int64_t last, from, to;
	enum status st;

	if ((st = last_leaf(s, &last, err)) != STATUS_OK ||
	    (st = index_walk_begin(&w, s, f, err)) != STATUS_OK)
		return st;
	while (w.end > 0 && a->left != 0) {
		if ((st = index_walk_next(&w, s, &from, &to, err)) !=
		    STATUS_OK)
			return st;
		if (from < 0)
			break;
		if ((st = ask_part(a, from < f->from ? f->from : from,
		    to < last ? to : last, err)) != STATUS_OK)
			return st;
	}
	return ask_part(a, w.end < f->from ? f->from : w.end, last, err);
}

enum status
audit_query(struct store *s, const struct audit_filter *f, audit_fn *each,
    void *arg, struct error *err)
{
	char since[LEAF_TS_LEN + 1], until[LEAF_TS_LEN + 1];
	struct leaf_question a = { .left = f->limit, .each = each, .arg = arg };
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
	query_bind_text(q, AUDIT_QUERY_queue, slice_of(f->queue));
	query_bind_text(q, AUDIT_QUERY_rule, slice_of(f->rule));
	a.q = q;
	if ((a.page = calloc(1, sizeof(*a.page))) == NULL)
		st = error_nomem(err);
	else {
		st = ask_all(&a, s, f, err);
		arena_release(&a.page->arena);
		free(a.page);
	}
	query_free(q);
	return st;
}
