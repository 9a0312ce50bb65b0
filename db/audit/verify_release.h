/* The feed of releases, and that leaves account for all of it. */
#ifndef DB_AUDIT_VERIFY_RELEASE_H
#define DB_AUDIT_VERIFY_RELEASE_H

#include "db/audit/verify_run.h"

/* The release of an item that a route leaf approved; salt: absent once it is
 * erased. */
enum status	verify_approved(struct verify *, int64_t item,
		    struct slice salt, struct error *) MUST_CHECK;
/* What the decision of the current leaf released. */
enum status	verify_decided(struct verify *, int64_t item,
		    struct slice decision, struct slice salt, struct error *)
		    MUST_CHECK;
/* All rows of the feed were accounted for ... */
enum status	verify_releases_end(struct verify *, struct error *)
		    MUST_CHECK;
/* ... and follow one another as they must. */
enum status	verify_feed_end(struct verify *, struct error *) MUST_CHECK;
/* Is the leaf's key the salted hash of the text, or null where there is none? */
bool		verify_salted(struct verify *, enum leaf_key,
		    struct slice salt, struct slice text);

#endif
