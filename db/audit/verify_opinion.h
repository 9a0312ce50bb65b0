/* Second looks, and why items were passed over, compared with their leaves. */
#ifndef DB_AUDIT_VERIFY_OPINION_H
#define DB_AUDIT_VERIFY_OPINION_H

#include "db/audit/verify_run.h"

enum status	verify_opinion(struct verify *, struct error *) MUST_CHECK;
enum status	verify_skip(struct verify *, struct error *) MUST_CHECK;
enum status	verify_opinions_end(struct verify *, struct error *) MUST_CHECK;

#endif
