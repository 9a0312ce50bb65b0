/* What u takes back: the decisions of this session, a batch of them at once. */
#ifndef TUI_REVIEW_UNDO_H
#define TUI_REVIEW_UNDO_H

#include <stddef.h>
#include <stdint.h>

#define UNDO_MAX	100	/* acts of this session that u takes back */

struct list_row;
struct screen;
struct task;

struct undo {
	int64_t	 one;		/* an item */
	int64_t	*many;		/* or so many; NULL: one */
	size_t	 n;
	int64_t	 upto;		/* the last leaf of it: what came later stands */
};

/* Keeps a decision, and its leaf, for u to take back. */
void	task_remember(struct task *, int64_t item, int64_t seq);
/* The same of a batch; the items are the callee's from then on. */
void	task_remember_many(struct task *, int64_t *items, size_t n, int64_t seq);
void	task_forget_all(struct task *);
/* Of the row where it was decided on, else the latest of this session. */
void	task_undo(struct screen *, const struct list_row *shown);
/* The latest decision on an item, if no leaf after one has it (0: any). */
void	task_undo_item(struct screen *, int64_t item, int64_t upto);

#endif
