/*
 * Records hashed in a thread of its own while the log is walked: that is a third
 * of the work of verifying.
 */
#ifndef DB_AUDIT_VERIFY_CONTENT_H
#define DB_AUDIT_VERIFY_CONTENT_H

#include "db/audit/verify_run.h"

#define CONTENT_PARTS	4

enum status	contents_new(struct contents **, struct error *) MUST_CHECK;
void		contents_free(struct contents *);
/*
 * Is `want` the SHA-256 of the parts?  They are copied.  Where it is not, that is
 * reported some items later, or by contents_end().
 */
enum status	contents_add(struct contents *, struct verify *,
		    struct slice name, const struct slice parts[CONTENT_PARTS],
		    struct slice want, struct error *) MUST_CHECK;
/* Waits for all that was added. */
void		contents_end(struct contents *, struct verify *);

#endif
