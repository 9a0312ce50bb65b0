/* What is known of a log from elsewhere or by signature: its roots at some sizes. */
#ifndef DB_AUDIT_KNOWN_H
#define DB_AUDIT_KNOWN_H

#include "core/base/merkle.h"
#include "core/base/note.h"
#include "db/audit/verify.h"

struct known_root {
	struct checkpoint	 c;
	bool			 is_signed;
	char			*note, *where;	/* for messages; a copy */
};
#define KNOWN_KEYS_MAX	64
struct known_roots {
	struct known_root	*root;	/* the smallest size first */
	size_t			 n;
	size_t			 next;	/* the first not yet compared */
	struct note_key		 key[KNOWN_KEYS_MAX];
	size_t			 nkeys;
	uint64_t		 holds_to;	/* the last size that was the same */
	uint64_t		 signed_to;	/* ... and signed */
	bool			 differs;	/* one did: the larger ones will */
	bool			 lacked;	/* memory, to compare one: nothing is said */
};
void		known_release(struct known_roots *);
/*
 * A note (signed by one of the keys once its size is reached), the text of one, or
 * what `audit show` prints.  must_sign: an unsigned one is refused.  STATUS_INVALID
 * with WHERE, else.
 */
enum status	known_add(struct known_roots *, const char *where, struct slice,
		    bool must_sign, struct error *) MUST_CHECK;
enum status	known_key(struct known_roots *, const char *where, struct slice vkey,
		    struct error *) MUST_CHECK;

/* Compares what is known of the size that the tree has now; lines for problems go to
 * report().  The count of problems is returned. */
unsigned	known_compare(struct known_roots *, struct hasher *,
		    const struct merkle *, const char *log, audit_problem_fn *,
		    void *arg);
/* ... and at the log's end: is it shorter than what is known? */
unsigned	known_end(struct known_roots *, uint64_t size, const char *log,
		    audit_problem_fn *, void *arg);

#endif
