/*
 * By what audit_query() finds leaves in a long log: blocks of INDEX_BLOCK leaves in
 * which somebody, an event, a queue, a rule, an item or an hour occurs.  It is a
 * convenience: what it finds is looked at in the leaves themselves, it goes only as
 * far as somebody brought it, and nothing proves that it is complete.
 */
#ifndef DB_AUDIT_INDEX_H
#define DB_AUDIT_INDEX_H

#include "db/audit/query.h"

#define INDEX_BLOCK	16	/* leaves; as in db/queries.sql */
/* Reading so many leaves without it takes no time that anybody notices. */
#define INDEX_BEHIND	4096

typedef void	index_tell_fn(void *, uint64_t done, uint64_t total);
/*
 * Brings it to the log's end where it is INDEX_BEHIND leaves or more behind and the
 * caller may write, in short transactions that let others go first.  Where that
 * cannot be, nothing is lost but time.
 */
enum status	index_follow(struct store *, index_tell_fn *, void *,
		    struct error *) MUST_CHECK;
/* Would it help with this question at all? */
bool		index_helps(const struct audit_filter *);

/* A walk over the parts of the log in which there may be answers. */
struct index_walk {
	const struct audit_filter *f;
	int64_t		 next, to;	/* blocks still to be asked for */
	int64_t		 end;		/* leaves from here on are not in it */
	const char	*key, *value;	/* the rarest of what is asked for */
	int64_t		 block[256];
	size_t		 n, at;
};
enum status	index_walk_begin(struct index_walk *, struct store *,
		    const struct audit_filter *, struct error *) MUST_CHECK;
/* Leaves *from to *last, whole blocks; *from -1: there are no more. */
enum status	index_walk_next(struct index_walk *, struct store *,
		    int64_t *from, int64_t *last, struct error *) MUST_CHECK;

#endif
