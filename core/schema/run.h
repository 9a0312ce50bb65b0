/*
 * One run of a schema over a value: what validate.c, children.c and apply.c
 * share.  A check returns false to stop: in a run that reports nothing at the
 * first failure, else where no more can be reported; what failed on the way is
 * counted in `failures`.
 */
#ifndef CORE_SCHEMA_RUN_H
#define CORE_SCHEMA_RUN_H

#include "core/base/arena.h"
#include "core/schema/names.h"
#include "core/schema/program.h"
#include "core/schema/report.h"

/* The resources that were entered on the way here. */
struct scope {
	const struct scope	*up;
	uint32_t		 resource;
};

/* Which of a container's children were looked at by a schema. */
struct marks {
	uint64_t	*bits, few;
};

struct run {
	const struct schema	*s;
	const struct json	*d;
	const struct json_token	*tok;
	struct arena		*arena;
	const struct scope	*scope;
	struct report		*report;	/* NULL: valid or not, no more */
	uint32_t		 failures;
	int			 depth;
	uint64_t		 steps;		/* that are left */
	uint64_t		 matched;	/* bytes since the clock was read */
	uint64_t		 look;		/* at which of them it is read again */
	int64_t		 first_ns, last_ns;	/* what it said; 0: not yet */
	int64_t		 matching_ns;	/* what the patterns may take together */
	enum status		 status;
	struct error		*err;
};

/* Is the value valid there?  Marks may be NULL: nobody asks. */
bool	run_more(struct run *, const struct node *, uint32_t t, struct marks *);
static inline bool
run_node(struct run *r, uint32_t number, uint32_t t, struct marks *m)
{
	const struct node *n = &r->s->node[number];

	return (n->accept >> r->tok[t].type & 1) || run_more(r, n, t, m);
}
/* The same, reporting nothing. */
bool	run_probe(struct run *, uint32_t node, uint32_t t, struct marks *);
/* The run ends with this status; returns false. */
bool	run_limit(struct run *, enum status, const char *why);
/* Runs a node; false: stop. */
static inline bool
run_on(struct run *r, uint32_t node, uint32_t t, struct marks *m)
{
	return run_node(r, node, t, m) ||
	    (r->report != NULL && !report_full(r->report) &&
	    r->status == STATUS_OK);
}
/* name_head() of a string token's text. */
static inline uint64_t
run_head(const struct run *r, uint32_t t, struct slice s)
{
	if (r->tok[t].escaped || r->d->len - r->tok[t].start < 9)
		return name_head(s.p, s.n);
	return name_head_fast(s.p, s.n);
}

#endif
