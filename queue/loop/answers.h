/* What there is to judge: cases, and an output for each try of one. */
#ifndef QUEUE_LOOP_ANSWERS_H
#define QUEUE_LOOP_ANSWERS_H

#include "core/base/titles.h"
#include "core/suite/suite.h"
#include "queue/session.h"

struct eval_answer {
	size_t		 at;		/* of its case */
	int		 repeat;	/* from 1 */
	struct item	 item;		/* its output and figures */
	struct slice	 stored;	/* id of an item of the store, or absent */
	struct slice	 error;		/* why there is none; absent: there is */
};

struct answers {
	const struct suite *suite;
	struct suite_case *cases;	/* the suite's, or made of what came */
	size_t		 ncases, cases_cap;
	struct eval_answer	*v;
	size_t		 n, cap;
	uint64_t	 unmatched;	/* records of no case */
	struct arena	 arena;		/* of the answers */
	struct titles	 ids;		/* of cases */
};

enum status	answers_init(struct answers *, const struct suite *,
		    struct error *) MUST_CHECK;
void		answers_release(struct answers *);
/* One more, of that case; NULL: no memory. */
struct eval_answer	*answers_add(struct answers *, size_t at, int repeat);
/* A case that the suite does not have, and where it is; its id is new. */
enum status	answers_case(struct answers *, const struct suite_case *,
		    size_t *at, struct error *) MUST_CHECK;

/*
 * From records of any shape that ingest takes (a file, a folder, "-"), by their ids:
 * several of one id are repeats.  A case without one gets an answer that says so; a
 * suite without cases has those of the records.
 */
enum status	answers_records(struct answers *, const char *path,
		    const char *format, struct error *) MUST_CHECK;
/* From outputs that the suite itself brings. */
enum status	answers_own(struct answers *, struct error *) MUST_CHECK;
/* From items of the store for which the condition holds: each is a case. */
enum status	answers_stored(struct answers *, struct session *,
		    const char *where, struct error *) MUST_CHECK;

#endif
