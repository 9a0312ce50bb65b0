#include "db/audit/audit.h"

#include <assert.h>

#include "db/audit/edge.h"
#include "core/base/merkle.h"
#include "db/audit/leaf.h"
#include "db/audit/leaf_read.h"
#include "db/query.h"

#define CONTENT_PARTS_MAX	7

static enum status
leaf_insert(struct store *s, const struct hash *subtrees, unsigned n,
    struct error *err)
{
	const struct audit_edge *e = store_edge(s);
	struct query *q;
	enum status st;

	if ((st = query_get(&q, s, QUERY_AUDIT_INSERT, err)) != STATUS_OK)
		return st;
	query_bind_int(q, AUDIT_INSERT_seq, (int64_t)e->tree.size - 1);
	query_bind_text(q, AUDIT_INSERT_leaf, buf_slice(&e->leaf));
	query_bind_blob(q, AUDIT_INSERT_hashes,
	    (struct slice){ (const char *)subtrees,
	    n * sizeof(*subtrees) });
	return query_run(q, err);
}

enum status
audit_next(struct store *s, int64_t *seq, struct error *err)
{
	struct audit_edge *e = store_edge(s);
	enum status st;

	/* A leaf stands or falls with the change that it is of. */
	assert(store_transaction(s) == TRANSACTION_WRITE);
	if (!e->checked) {
		if ((st = edge_sync(s, err)) != STATUS_OK)
			return st;
		e->checked = true;
	}
	*seq = (int64_t)e->tree.size;
	return STATUS_OK;
}

enum status
audit_append(struct store *s, const struct actor *actor, int64_t ts_ms,
    const char *event, struct slice item, const struct leaf_field *fields,
    size_t n, int64_t *seq, struct error *err)
{
	struct hash leaf, subtrees[MERKLE_MAX];
	struct audit_edge *e = store_edge(s);
	struct leaf_head head = { actor, event, store_log(s), item, &e->prev, 0,
	    ts_ms, 0 };
	enum status st;
	unsigned made;

	if ((st = audit_next(s, &head.seq, err)) != STATUS_OK)
		return st;
	head.back_ms = e->last_ms > ts_ms ? e->last_ms - ts_ms : 0;
	if ((st = leaf_write(&e->leaf, &head, fields, n, err)) != STATUS_OK)
		return st;
	hash_leaf(e->hasher, buf_slice(&e->leaf), &leaf);
	made = merkle_add(e->hasher, &e->tree, &leaf, subtrees);
	if ((st = leaf_insert(s, subtrees, made, err)) != STATUS_OK) {
		e->known = e->checked = false;
		return st;
	}
	e->prev = leaf;
	e->last_ms = ts_ms;
	if (seq != NULL)
		*seq = head.seq;
	return STATUS_OK;
}

enum status
audit_draft(const struct store *s, const struct actor *actor, const char *event,
    struct slice item, const struct leaf_field *fields, size_t n,
    struct arena *arena, struct audit_draft *out, struct error *err)
{
	struct leaf_head head = { actor, event, store_log(s), item, NULL, 0, 0, 0 };
	struct buf b = BUF_INIT;
	enum status st = leaf_draft(&b, &head, fields, n, out, err);

	if (st == STATUS_OK && (out->text.p = arena_copy(arena, b.p, b.n)) ==
	    NULL)
		st = error_nomem(err);
	buf_release(&b);
	return st;
}

/* Rows of `leaves` in the making. */
struct leaf_rows {
	struct batch		batch;
	union audit_insert_all	*value;
	char			*text;		/* room for all that are left */
	struct hash		*hashes;
};

/* Of n leaves there are n hashes of their own and fewer than n + MERKLE_MAX of
 * subtrees. */
static enum status
leaf_rows_make(struct store *s, const struct audit_draft *const *drafts,
    size_t n, struct leaf_rows *r, struct error *err)
{
	struct arena *arena = &store_edge(s)->arena;
	size_t i, size = 0;

	for (i = 0; i < n; i++)
		size += drafts[i]->text.n + LEAF_FILL;
	arena_reset(arena);
	r->value = arena_alloc(arena, n * sizeof(*r->value));
	r->batch.n = r->batch.cap = n;
	r->batch.row = arena_alloc(arena, n * sizeof(*r->batch.row));
	r->text = arena_alloc(arena, size);
	r->hashes = arena_alloc(arena, (2 * n + MERKLE_MAX) *
	    sizeof(*r->hashes));
	return r->value == NULL || r->batch.row == NULL || r->text == NULL ||
	    r->hashes == NULL ? error_nomem(err) : STATUS_OK;
}

/* Links a leaf to the edge and makes its row. */
static enum status
leaf_row(struct store *s, const struct audit_draft *d, int64_t ts_ms,
    struct leaf_rows *r, size_t i, struct error *err)
{
	struct audit_edge *e = store_edge(s);
	struct leaf_head head = { .prev = &e->prev, .ts_ms = ts_ms,
	    .seq = (int64_t)e->tree.size,
	    .back_ms = e->last_ms > ts_ms ? e->last_ms - ts_ms : 0 };
	struct slice text = { r->text, 0 };
	struct hash leaf;
	enum status st;
	unsigned made;

	if ((st = leaf_fill(r->text, &text.n, d, &head, err)) != STATUS_OK)
		return st;
	hash_leaf(e->hasher, text, &leaf);
	made = merkle_add(e->hasher, &e->tree, &leaf, r->hashes);
	e->prev = leaf;
	e->last_ms = ts_ms;
	r->value[i] = (union audit_insert_all){
		.seq = value_int(head.seq),
		.leaf = value_text(text),
		.hashes = value_blob((struct slice){
		    (const char *)r->hashes->b, made * sizeof(*r->hashes) })
	};
	r->batch.row[i] = r->value[i].row;
	r->text += text.n;
	r->hashes += made;
	return STATUS_OK;
}

enum status
audit_append_drafts(struct store *s, const struct audit_draft *const *drafts,
    size_t n, int64_t ts_ms, struct error *err)
{
	struct audit_edge *e = store_edge(s);
	struct leaf_rows r;
	enum status st;
	int64_t seq;
	size_t i;

	if ((st = audit_next(s, &seq, err)) != STATUS_OK ||
	    (st = leaf_rows_make(s, drafts, n, &r, err)) != STATUS_OK)
		return st;
	for (i = 0; i < n && st == STATUS_OK; i++)
		st = leaf_row(s, drafts[i], ts_ms, &r, i, err);
	if (st == STATUS_OK)
		st = batch_run(&r.batch, s, QUERY_AUDIT_INSERT_ALL, NULL, err);
	if (st != STATUS_OK)
		e->known = e->checked = false;
	return st;
}

enum status
audit_root(struct store *s, uint64_t *size, struct hash *root,
    struct error *err)
{
	struct audit_edge *e = store_edge(s);
	bool writing = store_transaction(s) == TRANSACTION_WRITE;
	enum status st;

	if (!writing || !e->checked) {
		if ((st = edge_sync(s, err)) != STATUS_OK)
			return st;
		e->checked = writing;
	}
	*size = e->tree.size;
	merkle_root(e->hasher, &e->tree, root);
	return STATUS_OK;
}

enum status
audit_root_at(struct store *s, uint64_t size, struct hash *root,
    struct error *err)
{
	const struct merkle_source source = { edge_node, s };
	struct audit_edge *e = store_edge(s);
	enum status st = edge_hasher(e, err);

	return st == STATUS_OK ? merkle_root_at(e->hasher, &source, size, root,
	    err) : st;
}

/* A leaf that is read to be sure of it: in its one form, and of this log. */
struct leaf_look {
	struct store		*s;
	struct json		 json;
	struct arena		 arena;
	struct leaf_view	 v;
};

/* STATUS_NOMEM, or *stands: may this be leaf `seq`, after one of that hash? */
static enum status
leaf_stands(struct leaf_look *w, struct slice leaf, const struct hash *prev,
    int64_t seq, bool *stands, struct error *err)
{
	struct error why = { 0 };

	arena_reset(&w->arena);
	*stands = leaf_read(&w->json, &w->arena, leaf, &w->v, &why) ==
	    STATUS_OK && leaf_follows(&w->v, store_log(w->s), prev, seq, &why) ==
	    STATUS_OK;
	return why.code == STATUS_NOMEM ? error_nomem(err) : STATUS_OK;
}

/* Of leaf 0, its hash as stored, and leaf 1, which need not be there. */
static enum status
first_says_test(struct leaf_look *w, struct slice first, struct slice stored,
    struct slice next, bool *says, struct error *err)
{
	struct audit_edge *e = store_edge(w->s);
	const struct hash none = { 0 };
	struct hash h;
	enum status st;

	if ((st = leaf_stands(w, first, &none, 0, says, err)) != STATUS_OK ||
	    !*says)
		return st;
	*says = slice_is(leaf_text(&w->v, LEAF_KEY_EVENT), "log.create") &&
	    leaf_true(&w->v, LEAF_KEY_TEST);
	if (!*says || (st = edge_hasher(e, err)) != STATUS_OK)
		return st;
	hash_leaf(e->hasher, first, &h);
	*says = stored.n >= HASH_LEN && memcmp(stored.p, h.b, HASH_LEN) == 0;
	return *says && next.p != NULL ?
	    leaf_stands(w, next, &h, 1, says, err) : STATUS_OK;
}

enum status
audit_made_for_test(struct store *s, bool *test, struct error *err)
{
	static const char key[] = "\"test\"";
	struct leaf_look w = { .s = s, .arena = ARENA_INIT };
	struct query *q;
	struct slice leaf;
	enum status st;

	*test = false;
	if ((st = query_get(&q, s, QUERY_AUDIT_FIRST, err)) != STATUS_OK)
		return st;
	if ((st = query_row(q, err)) == STATUS_OK) {
		leaf = query_text(q, AUDIT_FIRST_LEAF);
		/* Most stores are real ones, whose leaf need not be read. */
		if (leaf.p != NULL && memmem(leaf.p, leaf.n, key,
		    sizeof(key) - 1) != NULL)
			st = first_says_test(&w, leaf,
			    query_blob(q, AUDIT_FIRST_HASH),
			    query_text(q, AUDIT_FIRST_NEXT), test, err);
	}
	query_done(q);
	json_release(&w.json);
	arena_release(&w.arena);
	/* A damaged store may still be read, and is no test store. */
	if (st == STATUS_NOT_FOUND || st == STATUS_CORRUPT) {
		error_clear(err);
		st = STATUS_OK;
	}
	if (st != STATUS_OK)
		*test = false;
	return st;
}

enum status
audit_content(struct store *s, struct slice salt, const struct slice *parts,
    size_t n, struct hash *out, struct error *err)
{
	struct audit_edge *e = store_edge(s);
	struct slice all[CONTENT_PARTS_MAX + 1];
	enum status st;

	assert(n <= CONTENT_PARTS_MAX);
	if ((st = edge_hasher(e, err)) != STATUS_OK)
		return st;
	all[0] = salt;
	if (n > 0)
		memcpy(all + 1, parts, n * sizeof(*parts));
	hash_parts(e->hasher, all, n + 1, out);
	return STATUS_OK;
}
