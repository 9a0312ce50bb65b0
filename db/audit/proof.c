#include "db/audit/proof.h"

#include "core/base/merkle.h"
#include "core/base/note.h"
#include "db/audit/audit.h"
#include "db/audit/checkpoint.h"
#include "db/audit/edge.h"
#include "db/query.h"

static enum status
no_leaf(const struct store *s, int64_t seq, struct error *err)
{
	return error_set(err, STATUS_NOT_FOUND, "%s: its log has no leaf %lld",
	    store_path(s), (long long)seq);
}

enum status
audit_leaf(struct store *s, int64_t seq, struct buf *out, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, s, QUERY_AUDIT_LEAF, err);

	if (st != STATUS_OK)
		return st;
	query_bind_int(q, AUDIT_LEAF_seq, seq);
	if ((st = query_row(q, err)) == STATUS_OK) {
		buf_add_slice(out, query_text(q, AUDIT_LEAF_LEAF));
		buf_putc(out, '\n');
		st = buf_check(out, err);
	}
	query_done(q);
	return st == STATUS_NOT_FOUND ? no_leaf(s, seq, err) : st;
}

static enum status
proof_write(struct store *s, int64_t seq, const struct checkpoint_last *last,
    struct buf *out, struct error *err)
{
	struct hash path[MERKLE_MAX];
	struct merkle_source source = { edge_node, s };
	struct audit_edge *e = store_edge(s);
	enum status st = edge_hasher(e, err);
	unsigned i, n;

	if (st != STATUS_OK || (st = merkle_inclusion(e->hasher, &source,
	    (uint64_t)seq, last->size, path, &n, err)) != STATUS_OK)
		return st;
	buf_printf(out, "c2sp.org/tlog-proof@v1\nindex %lld\n", (long long)seq);
	for (i = 0; i < n; i++) {
		note_base64(path[i].b, HASH_LEN, out);
		buf_putc(out, '\n');
	}
	buf_putc(out, '\n');
	buf_add_slice(out, buf_slice(&last->note));
	return buf_check(out, err);
}

enum status
audit_proof(struct store *s, int64_t seq, struct buf *out, struct error *err)
{
	struct checkpoint_last last = { 0 };
	struct hash root;
	uint64_t size;
	enum status st = audit_root(s, &size, &root, err);

	/* One below 0 is beyond its end too. */
	if (st == STATUS_OK && (uint64_t)seq >= size)
		return no_leaf(s, seq, err);
	if (st == STATUS_OK) {
		st = checkpoint_last(s, &last, err);
		if (st == STATUS_NOT_FOUND ||
		    (st == STATUS_OK && (uint64_t)seq >= last.size))
			st = error_set(err, STATUS_CONFLICT, "leaf %lld is not "
			    "signed yet: handrail audit checkpoint signs the log",
			    (long long)seq);
	}
	if (st == STATUS_OK)
		st = proof_write(s, seq, &last, out, err);
	checkpoint_last_release(&last);
	return st;
}
