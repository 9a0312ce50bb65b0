/*
 * The work of a reviewer: claim, skip, give back, note (handrail-next.1).  To decide
 * is in queue/review/decide.h.
 */
#ifndef QUEUE_REVIEW_REVIEW_H
#define QUEUE_REVIEW_REVIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"

struct list_filter;
struct session;

enum decision {
	DECISION_ACCEPT, DECISION_EDIT, DECISION_REJECT, DECISION_ESCALATE,
	DECISION_RETURN, DECISION_UNDO
};
const char	*decision_name(enum decision);
bool		 decision_from(const char *, enum decision *);

struct lease {
	int64_t	item;
	int64_t	token;		/* a late decision is refused by it */
	int64_t	until_ms;	/* wall clock, for showing */
};

/*
 * Claims one item for this session.  STATUS_CONFLICT: held ("held by ana until
 * 10:15") or no longer in a state that this person may decide on.
 */
enum status	review_claim(struct session *, int64_t item, struct lease *,
		    struct error *) MUST_CHECK;
/* What review_claim() would say of the item now; claims nothing and writes nothing. */
enum status	review_look(struct session *, int64_t item, struct error *)
		    MUST_CHECK;
/*
 * Claims the first free item of the filter that this session has not skipped;
 * STATUS_NOT_FOUND, with no error set, where nothing is left.
 */
enum status	review_claim_next(struct session *, const struct list_filter *,
		    struct lease *, struct error *) MUST_CHECK;
enum status	review_renew(struct session *, struct lease *, struct error *)
		    MUST_CHECK;
/* Gives the item back. */
enum status	review_release(struct session *, const struct lease *,
		    struct error *) MUST_CHECK;
/* Gives it back and hides it from this session's review_claim_next().  Why it is
 * passed over (absent: not said) is kept, with a leaf. */
enum status	review_skip(struct session *, const struct lease *,
		    struct slice reason, struct error *) MUST_CHECK;
/* Ends everything this session holds; called when it closes. */
enum status	review_release_all(struct session *, struct error *) MUST_CHECK;
/* Frees another's lease, for those who may; a leaf says so. */
enum status	review_free(struct session *, int64_t item, struct error *)
		    MUST_CHECK;

/* Splits "a, b" into labels, n at most; their number. */
size_t		 review_labels(const char *text, struct slice *out, size_t n);

enum status	review_note(struct session *, int64_t item, struct slice,
		    struct error *) MUST_CHECK;

#endif
