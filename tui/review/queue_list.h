/* What the list holds: its window, what is tagged, what its filter looks for. */
#ifndef TUI_REVIEW_QUEUE_LIST_H
#define TUI_REVIEW_QUEUE_LIST_H

#include "queue/review/waits.h"
#include "tui/review/queue_group.h"
#include "tui/review/rows.h"
#include "tui/review/sift.h"
#include "tui/review/tags.h"

struct screen;
struct view;

#define WAITS_SHOWN	3

struct queue_list {
	struct waiting		 waits[WAITS_SHOWN];	/* the first of them */
	size_t			 nwaits;
	struct rows		 rows;
	struct groups		 groups;
	struct list_counts	 counts;
	struct tags		 tags;
	char			 needle[256];
	/* Under a condition: what it holds for, and that looked for anew. */
	struct sift		 sift, next;
	int64_t			 sifted;	/* items there were at the time */
};

/* The list, which is the bottom of the stack. */
struct queue_list *queue_list_of(struct screen *);
/* How many are tagged; of a condition, those found so far. */
int64_t		queue_list_tagged(const struct queue_list *);
/* Items that wait, among which there may be new ones. */
int64_t		queue_list_waiting(const struct queue_list *);
/* Reads the counts and the window again. */
void		queue_list_refresh(struct view *);
/* Looks for others' work. */
void		queue_list_tick(struct view *);
/* Is it a condition?  What is wrong with it is said before the list changes. */
enum status	queue_list_check(struct session *, const char *where,
		    struct error *) MUST_CHECK;
/* Takes over a filter whose condition is one; where it has any, what that holds
 * for is looked for aside. */
enum status	queue_list_take(struct screen *, const struct list_filter *,
		    struct error *) MUST_CHECK;
/* The same with what is wrong said; false: nothing has changed. */
bool		queue_list_filter(struct screen *, const struct list_filter *);

#endif
