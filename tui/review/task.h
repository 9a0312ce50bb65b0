/*
 * A reviewer's steps: claim an item, decide on it, go on to the next.  Each
 * step runs as a struct op (op.h), so that a locked store never blocks the
 * keys, and what was typed is kept in a file when it cannot be stored.
 */
#ifndef TUI_REVIEW_TASK_H
#define TUI_REVIEW_TASK_H

#include "queue/review/decide.h"
#include "tui/review/pace.h"
#include "tui/screen/action.h"

#define UNDO_MAX	100	/* decisions of this session that u takes back */
#define TASK_LABELS	64

struct item_detail;
struct list_row;
struct screen;
struct view;

struct task {
	struct lease	 lease;		/* while held */
	bool		 held;
	int64_t		 renewed_ms;
	int64_t		 touched_ms;	/* the key that was last looked at */
	int64_t		 wanted;	/* item to claim; -1: the next one */
	struct decide	 decide;	/* points at the buffers below */
	struct decided	 decided;
	struct buf	 output, reason, note;
	/* Takes what was typed again, where neither the store nor a file did. */
	void		(*again)(struct screen *, void *, struct slice);
	void		*again_arg;
	uint64_t	 labels;	/* a bit a label of the queue, or, where */
	struct buf	 labelled;	/* that names none, what was typed */
	struct slice	 label[TASK_LABELS];
	char		 id[280];	/* of the item decided on, for messages */
	char		 folder[512];	/* of an edit; "": none */
	bool		 json;		/* the edit's file is output.json */
	const int64_t	*tagged;	/* items to decide on together */
	size_t		 ntagged, tagged_at, tagged_failed;
	struct pace	 pace;
	int64_t		 opened_ms;	/* the item that is held */
	int64_t		 undo[UNDO_MAX];
	size_t		 nundo;
};

void	task_init(struct task *);
void	task_release(struct task *);

/* Claims and shows an item (read-only where that is refused). */
void	task_open(struct screen *, int64_t item);
/* After a key in an item: its lease is renewed now and then. */
void	task_touch(struct screen *);

/*
 * What an action in an open item does; rows of its view.
 */
/* Gives the item back and leaves its view. */
void	task_back(struct view *, enum action);
void	task_accept(struct view *, enum action);
void	task_reject(struct view *, enum action);
void	task_escalate(struct view *, enum action);
void	task_return(struct view *, enum action);
void	task_skip(struct view *, enum action);
void	task_note(struct view *, enum action);
void	task_labels(struct view *, enum action);
/* Those chosen so far, a comma between them. */
void	task_labels_text(struct screen *, struct buf *);
/* In the reviewer's editor: what then is up to the guards. */
void	task_edit(struct view *, enum action);

/* Of the row where it was decided on, else the latest of this session. */
void	task_undo(struct screen *, const struct list_row *shown);
/* The latest decision on an item. */
void	task_undo_item(struct screen *, int64_t item);
/* Keeps a decision for u to take back. */
void	task_remember(struct task *, int64_t item);
/* Edits once more, the text that was edited. */
void	task_edit_again(struct screen *);
/* Takes a text edited in place. */
void	task_edited(struct screen *, const struct item_detail *, struct slice);
void	task_keep(struct screen *);	/* the edit goes through as it is */
void	task_drop(struct screen *);	/* and its file is removed */

#endif
