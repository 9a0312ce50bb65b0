/* How far the audit log is verified, while somebody reads it. */
#ifndef QUEUE_REVIEW_VERIFIED_H
#define QUEUE_REVIEW_VERIFIED_H

#include "queue/session.h"

#define VERIFIED_PROBLEM	160

struct verified;
struct verified	*verified_new(void);		/* NULL: out of memory */
void		 verified_free(struct verified *);

/* Verifies the whole log, as audit verify does, until its end or verified_stop(), and
 * notes that it did; needs MAY_AUDIT.  For a thread with a session of its own. */
enum status	 verified_run(struct verified *, struct session *, struct error *)
		    MUST_CHECK;
/* From any thread: it shall end soon. */
void		 verified_stop(struct verified *);

struct verified_state {
	uint64_t	leaves, total;		/* looked at so far, of all */
	uint64_t	before;			/* that verified before; 0: none, */
	int64_t		before_ms;		/* and when */
	uint64_t	problems;
	char		problem[VERIFIED_PROBLEM];	/* the first of them */
};
/* From any thread. */
void		 verified_get(struct verified *, struct verified_state *);

#endif
