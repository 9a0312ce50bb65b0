/*
 * The Merkle tree of RFC 6962.
 */
#ifndef CORE_BASE_MERKLE_H
#define CORE_BASE_MERKLE_H

#include "core/base/hash.h"

/*
 * A tree that grows at its right edge.  Adding leaf number n completes
 * ctz(n + 1) + 1 subtrees, of 1, 2, 4 ... leaves; `merkle_add` returns how many
 * hashes it put into out (MERKLE_MAX at most), smallest subtree first.
 */
#define MERKLE_MAX	64
struct merkle {
	uint64_t	size;
	struct hash	edge[MERKLE_MAX];	/* complete subtrees, largest first */
	unsigned	n;
};
unsigned	merkle_add(struct hasher *, struct merkle *,
		    const struct hash *leaf, struct hash out[MERKLE_MAX]);
/* The root of what has been added; of nothing, SHA-256 of nothing. */
void		merkle_root(struct hasher *, const struct merkle *,
		    struct hash *);

/*
 * Proofs (RFC 6962 2.1.1, 2.1.2).  node() gives the stored hash of the complete
 * subtree of 2^level leaves that is number `index` on its level.
 */
struct merkle_source {
	enum status	(*node)(void *, unsigned level, uint64_t index,
			    struct hash *, struct error *);
	void		*arg;
};
enum status	merkle_root_at(struct hasher *, const struct merkle_source *,
		    uint64_t size, struct hash *, struct error *) MUST_CHECK;
enum status	merkle_inclusion(struct hasher *, const struct merkle_source *,
		    uint64_t leaf, uint64_t size, struct hash out[MERKLE_MAX],
		    unsigned *n, struct error *) MUST_CHECK;
enum status	merkle_consistency(struct hasher *,
		    const struct merkle_source *, uint64_t from, uint64_t to,
		    struct hash out[2 * MERKLE_MAX], unsigned *n,
		    struct error *) MUST_CHECK;
bool		merkle_check_inclusion(struct hasher *, uint64_t leaf,
		    uint64_t size, const struct hash *leaf_hash,
		    const struct hash *proof, unsigned n,
		    const struct hash *root);
/*
 * Is `subroot` the root of leaves start..end-1 of the tree of `size` leaves?
 * start must be a multiple of a power of two not below end - start.  With start
 * 0 it is the consistency of two sizes.
 */
bool		merkle_check_subtree(struct hasher *, uint64_t start,
		    uint64_t end, uint64_t size, const struct hash *subroot,
		    const struct hash *root, const struct hash *proof,
		    unsigned n);
bool		merkle_check_consistency(struct hasher *, uint64_t from,
		    uint64_t to, const struct hash *root_from,
		    const struct hash *root_to, const struct hash *proof,
		    unsigned n);

#endif
