/* The decision that a leaf is about. */
#ifndef DB_AUDIT_VERIFY_DECISION_H
#define DB_AUDIT_VERIFY_DECISION_H

#include "db/audit/verify_run.h"

enum status	verify_decision(struct verify *, struct error *) MUST_CHECK;
/* Rows before that leaf which the log has passed without one for them. */
enum status	verify_decisions_until(struct verify *, int64_t seq, struct error *)
		    MUST_CHECK;
enum status	verify_decisions_end(struct verify *, struct error *)
		    MUST_CHECK;
/* Each item's state is that of its last decision. */
enum status	verify_states_end(struct verify *, struct error *) MUST_CHECK;

#endif
