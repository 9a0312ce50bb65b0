/*
 * That a leaf is in the log, for somebody who has the log's key and the leaf alone: a
 * transparency log proof (C2SP tlog-proof), the inclusion proof of RFC 6962 in front
 * of a checkpoint.
 */
#ifndef DB_AUDIT_PROOF_H
#define DB_AUDIT_PROOF_H

#include "core/base/buf.h"
#include "db/store.h"

/* In the tree of the newest checkpoint.  STATUS_NOT_FOUND: the log has no such leaf;
 * STATUS_CONFLICT: it is not signed yet. */
enum status	audit_proof(struct store *, int64_t seq, struct buf *out,
		    struct error *) MUST_CHECK;
/* The exact bytes of a leaf. */
enum status	audit_leaf(struct store *, int64_t seq, struct buf *out,
		    struct error *) MUST_CHECK;

#endif
