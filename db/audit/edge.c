#include "db/audit/edge.h"

#include "db/audit/leaf.h"
#include "db/query.h"

enum status
edge_hasher(struct audit_edge *e, struct error *err)
{
	return e->hasher != NULL ? STATUS_OK : hasher_new(&e->hasher, err);
}

static enum status
edge_broken(struct store *s, int64_t seq, struct error *err)
{
	return error_set(err, STATUS_CORRUPT, "%s: the audit log is damaged at "
	    "leaf %lld: see handrail audit verify", store_path(s), (long long)seq);
}

/* The hash of the subtree of 2^level leaves that ends with leaf `seq`. */
static enum status
subtree(struct store *s, int64_t seq, unsigned level, struct hash *out,
    struct error *err)
{
	struct query *q;
	struct slice b;
	enum status st;

	if ((st = query_get(&q, s, QUERY_AUDIT_HASHES, err)) != STATUS_OK)
		return st;
	query_bind_int(q, AUDIT_HASHES_seq, seq);
	st = query_row(q, err);
	if (st == STATUS_OK) {
		b = query_blob(q, AUDIT_HASHES_HASHES);
		if (b.n >= ((size_t)level + 1) * HASH_LEN)
			memcpy(out->b, b.p + level * HASH_LEN, HASH_LEN);
		else
			st = edge_broken(s, seq, err);
	} else if (st == STATUS_NOT_FOUND)
		st = edge_broken(s, seq, err);
	query_done(q);
	return st;
}

enum status
edge_node(void *arg, unsigned level, uint64_t index, struct hash *out,
    struct error *err)
{
	return subtree(arg, (int64_t)(((index + 1) << level) - 1), level, out, err);
}

enum status
edge_at(struct store *s, uint64_t size, struct merkle *tree, struct hash *prev,
    struct error *err)
{
	uint64_t end = 0;
	enum status st = STATUS_OK;
	unsigned level;

	tree->n = 0;
	tree->size = size;
	memset(prev, 0, sizeof(*prev));
	for (level = 63; st == STATUS_OK && level-- > 0; ) {
		if ((size >> level & 1) == 0)
			continue;
		end += (uint64_t)1 << level;
		st = subtree(s, (int64_t)(end - 1), level, &tree->edge[tree->n++], err);
	}
	return st == STATUS_OK && size > 0 ?
	    subtree(s, (int64_t)(size - 1), 0, prev, err) : st;
}

/* 0 where there is no last leaf, and where its time cannot be read, which is for
 * verifying to name. */
static enum status
edge_time(struct store *s, uint64_t size, int64_t *ms, struct error *err)
{
	struct query *q;
	enum status st;

	*ms = 0;
	if (size == 0)
		return STATUS_OK;
	if ((st = query_get(&q, s, QUERY_AUDIT_TIME, err)) != STATUS_OK)
		return st;
	query_bind_int(q, AUDIT_TIME_seq, (int64_t)(size - 1));
	if ((st = query_row(q, err)) == STATUS_OK &&
	    !leaf_ts_read(query_text(q, AUDIT_TIME_TS), ms))
		*ms = 0;
	query_done(q);
	return st == STATUS_NOT_FOUND ? edge_broken(s, (int64_t)(size - 1), err) : st;
}

static enum status
edge_load(struct store *s, uint64_t size, struct error *err)
{
	struct audit_edge *e = store_edge(s);
	enum status st = edge_at(s, size, &e->tree, &e->prev, err);

	if (st == STATUS_OK)
		st = edge_time(s, size, &e->last_ms, err);
	e->known = st == STATUS_OK;
	return st;
}

/* The last leaf's number and hash tell whether another process has appended
 * meanwhile. */
enum status
edge_sync(struct store *s, struct error *err)
{
	struct audit_edge *e = store_edge(s);
	struct query *q;
	struct slice b;
	enum status st;
	uint64_t size = 0;
	bool same;

	if ((st = edge_hasher(e, err)) != STATUS_OK ||
	    (st = query_get(&q, s, QUERY_AUDIT_LAST, err)) != STATUS_OK)
		return st;
	st = query_row(q, err);
	e->last[HEAD_ITEM] = e->last[HEAD_RELEASE] = 0;
	if (st == STATUS_OK) {
		e->last[HEAD_ITEM] = query_int(q, AUDIT_LAST_ITEM);
		e->last[HEAD_RELEASE] = query_int(q, AUDIT_LAST_RELEASE);
		size = (uint64_t)query_int(q, AUDIT_LAST_SEQ) + 1;
		b = query_blob(q, AUDIT_LAST_HASH);
		same = e->known && e->tree.size == size && b.n == HASH_LEN &&
		    memcmp(b.p, e->prev.b, HASH_LEN) == 0;
	} else
		same = e->known && e->tree.size == 0;
	query_done(q);
	if (st != STATUS_OK && st != STATUS_NOT_FOUND)
		return st;
	return same ? STATUS_OK : edge_load(s, size, err);
}

void
edge_release(struct audit_edge *e)
{
	hasher_free(e->hasher);
	buf_release(&e->leaf);
	arena_release(&e->arena);
}
