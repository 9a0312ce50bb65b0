/* The decision that a leaf is about. */
#ifndef DB_AUDIT_VERIFY_DECISION_H
#define DB_AUDIT_VERIFY_DECISION_H

#include "db/audit/verify_run.h"

enum status	verify_decision(struct verify *, struct error *) MUST_CHECK;
enum status	verify_decisions_end(struct verify *, struct error *)
		    MUST_CHECK;

#endif
