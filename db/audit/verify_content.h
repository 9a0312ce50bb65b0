/*
 * Texts hashed in a thread of its own while the log is walked: that is most of the
 * work of verifying.
 */
#ifndef DB_AUDIT_VERIFY_CONTENT_H
#define DB_AUDIT_VERIFY_CONTENT_H

#include "db/audit/verify_run.h"

#define CONTENT_PARTS	4

/* What belongs to the item of that name; is `want` the SHA-256 of its parts? */
struct content {
	enum content_what {
		CONTENT_RECORD,		/* salt, record, input, choice */
		CONTENT_ROW,
		CONTENT_FINDINGS,
		CONTENT_WHAT_COUNT
	} what;
	struct slice	 name;
	int64_t		 seq;		/* of the leaf that says so */
	struct slice	 part[CONTENT_PARTS];
	struct slice	 want;
	/* Of a record, where its words are compared too (p NULL: they are not). */
	struct slice	 snippet, shape;
	uint32_t	 choice, mapping;
};

/* threaded: else each is hashed as it is added. */
enum status	contents_new(struct contents **, bool threaded, struct error *)
		    MUST_CHECK;
void		contents_free(struct contents *);
/*
 * For the thread all is copied.  What is not as it should be is reported some items later, or by
 * contents_end().
 */
enum status	contents_add(struct contents *, struct verify *,
		    const struct content *, struct error *) MUST_CHECK;
/* Waits for all that was added. */
enum status	contents_end(struct contents *, struct verify *, struct error *)
		    MUST_CHECK;

#endif
