/*
 * What a decision on all that is tagged would do, by what was found in them and
 * how bad that is; put together aside, since a condition may hold for very many.
 */
#ifndef TUI_REVIEW_PLAN_H
#define TUI_REVIEW_PLAN_H

#include "core/item/severity.h"
#include "queue/review/list.h"
#include "queue/review/review.h"
#include "tui/review/tags.h"

#define PLAN_KINDS	32	/* counted apart */
#define PLAN_TOLD	5	/* the most frequent, in a question */
#define PLAN_NAME	40

struct plan_kind {
	char	name[PLAN_NAME];	/* guards that failed; "": none */
	int64_t	severity;		/* -1: none */
	size_t	n;
};

struct plan {
	enum decision	 decision;
	struct list_filter filter;	/* its texts are the plan's own */
	struct tags	 tags;
	int64_t		*item;		/* in list order */
	size_t		 n, size;
	struct plan_kind kind[PLAN_KINDS];
	size_t		 nkinds;
	size_t		 left_out;	/* no accept without a look at each */
	size_t		 held;		/* in others' hands */
	char		 queue[ITEM_NAME_MAX + 1];	/* of the first item */
};

/* Copies what it is given; NULL: out of memory. */
struct plan	*plan_new(enum decision, const struct list_filter *,
		    const struct tags *);
void		 plan_free(void *plan);
/* For a thread with a session of its own (aside.h). */
enum status	 plan_make(struct session *, void *plan, struct error *) MUST_CHECK;
/* "95 under & x: 60 pii medium, 35 none; 2 high or hidden left out", the most frequent
 * first; behind: stands behind the number. */
void		 plan_text(const struct plan *, const char *behind, struct buf *);

#endif
