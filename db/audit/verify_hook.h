/* Deliveries to hooks: one that was dropped has a leaf for it, and the other way
 * round.  The rest of their rows is bookkeeping, and not proved. */
#ifndef DB_AUDIT_VERIFY_HOOK_H
#define DB_AUDIT_VERIFY_HOOK_H

#include "db/audit/verify_run.h"

enum status	verify_drop(struct verify *, struct error *) MUST_CHECK;
enum status	verify_drops_end(struct verify *, struct error *) MUST_CHECK;

#endif
