#include "core/base/merkle.h"

#include "core/base/hash.h"

/*
 * RFC 6962 2.1, with the stored subtrees in place of recursion; the checks are
 * RFC 9162 2.1.3.2 and 2.1.4.2, the latter in the wider form that draft-ietf-
 * plants-merkle-tree-certs gives it.
 */

unsigned
merkle_add(struct hasher *h, struct merkle *m, const struct hash *leaf,
    struct hash out[MERKLE_MAX])
{
	unsigned n = 0;
	uint64_t bits;

	out[n++] = *leaf;
	for (bits = m->size; (bits & 1) != 0; bits >>= 1, n++)
		hash_node(h, &m->edge[--m->n], &out[n - 1], &out[n]);
	m->edge[m->n++] = out[n - 1];
	m->size++;
	return n;
}

void
merkle_root(struct hasher *h, const struct merkle *m, struct hash *out)
{
	unsigned i;

	if (m->n == 0) {
		hash_bytes(h, SLICE(""), out);
		return;
	}
	*out = m->edge[m->n - 1];
	for (i = m->n - 1; i-- > 0; )
		hash_node(h, &m->edge[i], out, out);
}

/* The largest power of two below n, as its exponent; n > 1. */
static unsigned
split_level(uint64_t n)
{
	return 63u - (unsigned)__builtin_clzll(n - 1);
}

/*
 * The root over leaves from..to-1, where `from` is a multiple of the smallest
 * power of two that is not below to - from, as every range met here is.
 */
static enum status
range_root(struct hasher *h, const struct merkle_source *src, uint64_t from,
    uint64_t to, struct hash *out, struct error *err)
{
	struct hash edge[MERKLE_MAX];
	enum status st;
	uint64_t at = from;
	unsigned level, n = 0;

	for (; at < to; at += (uint64_t)1 << level) {
		level = 63u - (unsigned)__builtin_clzll(to - at);
		st = src->node(src->arg, level, at >> level, &edge[n++], err);
		if (st != STATUS_OK)
			return st;
	}
	*out = edge[--n];
	while (n-- > 0)
		hash_node(h, &edge[n], out, out);
	return STATUS_OK;
}

enum status
merkle_root_at(struct hasher *h, const struct merkle_source *src, uint64_t size,
    struct hash *out, struct error *err)
{
	if (size == 0) {
		hash_bytes(h, SLICE(""), out);
		return STATUS_OK;
	}
	return range_root(h, src, 0, size, out, err);
}

/* Proofs are found from the root down and given from the leaf up. */
static void
proof_reverse(struct hash *proof, unsigned n)
{
	struct hash t;
	unsigned i;

	for (i = 0; i < n / 2; i++) {
		t = proof[i];
		proof[i] = proof[n - 1 - i];
		proof[n - 1 - i] = t;
	}
}

enum status
merkle_inclusion(struct hasher *h, const struct merkle_source *src,
    uint64_t leaf, uint64_t size, struct hash out[MERKLE_MAX], unsigned *n,
    struct error *err)
{
	uint64_t from = 0, middle, to = size;
	enum status st;

	*n = 0;
	if (leaf >= size)
		return error_set(err, STATUS_INVALID,
		    "leaf %llu: the log has %llu", (unsigned long long)leaf,
		    (unsigned long long)size);
	while (to - from > 1) {
		middle = from + ((uint64_t)1 << split_level(to - from));
		if (leaf < middle) {
			st = range_root(h, src, middle, to, &out[*n], err);
			to = middle;
		} else {
			st = range_root(h, src, from, middle, &out[*n], err);
			from = middle;
		}
		if (st != STATUS_OK)
			return st;
		(*n)++;
	}
	proof_reverse(out, *n);
	return STATUS_OK;
}

enum status
merkle_consistency(struct hasher *h, const struct merkle_source *src,
    uint64_t older, uint64_t newer, struct hash out[2 * MERKLE_MAX],
    unsigned *n, struct error *err)
{
	uint64_t from = 0, middle, to = newer;
	enum status st;

	*n = 0;
	if (older > newer)
		return error_set(err, STATUS_INVALID,
		    "size %llu: the log has %llu leaves",
		    (unsigned long long)older, (unsigned long long)newer);
	if (older == 0)
		return STATUS_OK;
	while (older != to) {
		middle = from + ((uint64_t)1 << split_level(to - from));
		if (older <= middle) {
			st = range_root(h, src, middle, to, &out[*n], err);
			to = middle;
		} else {
			st = range_root(h, src, from, middle, &out[*n], err);
			from = middle;
		}
		if (st != STATUS_OK)
			return st;
		(*n)++;
	}
	/* The old tree itself is known to the one who asks. */
	if (from > 0) {
		st = range_root(h, src, from, to, &out[*n], err);
		if (st != STATUS_OK)
			return st;
		(*n)++;
	}
	proof_reverse(out, *n);
	return STATUS_OK;
}

bool
merkle_check_inclusion(struct hasher *h, uint64_t leaf, uint64_t size,
    const struct hash *leaf_hash, const struct hash *proof, unsigned n,
    const struct hash *root)
{
	struct hash r = *leaf_hash;
	uint64_t fn = leaf, sn;
	unsigned i;

	if (leaf >= size)
		return false;
	sn = size - 1;
	for (i = 0; i < n; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) != 0 || fn == sn) {
			hash_node(h, &proof[i], &r, &r);
			/* Not 0: it would be the only leaf of its level. */
			for (; (fn & 1) == 0; fn >>= 1)
				sn >>= 1;
		} else
			hash_node(h, &r, &proof[i], &r);
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && hash_eq(&r, root);
}

/* Where a subtree's first leaf, its last and the tree's last stand on a level. */
struct climb {
	uint64_t	fn, sn, tn;
};

static void
climb_up(struct climb *c)
{
	c->fn >>= 1;
	c->sn >>= 1;
	c->tn >>= 1;
}

/* One hash of the proof: joins it to the subtree's root and to the tree's. */
static void
climb_join(struct climb *c, struct hasher *h, const struct hash *p,
    struct hash *fr, struct hash *sr)
{
	if ((c->sn & 1) != 0 || c->sn == c->tn) {
		if (c->fn < c->sn)
			hash_node(h, p, fr, fr);
		hash_node(h, p, sr, sr);
		while ((c->sn & 1) == 0 && c->sn != 0)
			climb_up(c);
	} else
		hash_node(h, sr, p, sr);
	climb_up(c);
}

bool
merkle_check_subtree(struct hasher *h, uint64_t start, uint64_t end,
    uint64_t size, const struct hash *subroot, const struct hash *root,
    const struct hash *proof, unsigned n)
{
	struct climb c = { start, end - 1, size - 1 };
	struct hash fr, sr;
	unsigned i = 0;

	if (start > end || end > size)
		return false;
	if (start == end) {
		hash_bytes(h, SLICE(""), &fr);
		return n == 0 && hash_eq(&fr, subroot);
	}
	/* The subtree itself, or its last complete part, begins the path. */
	while (c.fn != c.sn && (c.sn == c.tn || (c.sn & 1) != 0))
		climb_up(&c);
	if (c.fn != c.sn && n == 0)
		return false;
	fr = c.fn == c.sn ? *subroot : proof[i++];
	for (sr = fr; i < n; i++) {
		if (c.tn == 0)
			return false;
		climb_join(&c, h, &proof[i], &fr, &sr);
	}
	return c.tn == 0 && hash_eq(&fr, subroot) && hash_eq(&sr, root);
}

bool
merkle_check_consistency(struct hasher *h, uint64_t from, uint64_t to,
    const struct hash *root_from, const struct hash *root_to,
    const struct hash *proof, unsigned n)
{
	/* Of the empty log every log is a continuation: that proves nothing. */
	return from > 0 && merkle_check_subtree(h, 0, from, to,
	    root_from, root_to, proof, n);
}
