/* Which policy was in force, and the bytes of each. */
#ifndef DB_AUDIT_VERIFY_POLICY_H
#define DB_AUDIT_VERIFY_POLICY_H

#include "db/audit/verify_run.h"

enum status	verify_policy(struct verify *, struct error *) MUST_CHECK;
enum status	verify_policies_end(struct verify *, struct error *) MUST_CHECK;

#endif
