/* The index of texts: whether it is kept is as the log last had it.  Its words are
 * a copy of what is proved elsewhere, and are not proved. */
#ifndef DB_AUDIT_VERIFY_SEARCH_H
#define DB_AUDIT_VERIFY_SEARCH_H

#include "db/audit/verify_run.h"

enum status	verify_search(struct verify *, struct error *) MUST_CHECK;
enum status	verify_search_end(struct verify *, struct error *) MUST_CHECK;

#endif
