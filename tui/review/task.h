/*
 * A reviewer's steps: claim an item, decide on it, go on to the next.  Each
 * step runs as a struct op (op.h), so that a locked store never blocks the
 * keys, and what was typed is kept in a file when it cannot be stored.
 */
#ifndef TUI_REVIEW_TASK_H
#define TUI_REVIEW_TASK_H

#include "queue/review/decide.h"
#include "tui/review/draft.h"
#include "tui/review/many.h"
#include "tui/review/pace.h"
#include "tui/review/undo.h"
#include "tui/screen/action.h"

#define TASK_LABELS	64

struct item_detail;
struct aside;
struct plan;
struct screen;
struct view;

struct task {
	struct lease	 lease;		/* while held */
	bool		 held;
	int64_t		 renewed_ms;
	int64_t		 touched_ms;	/* the key that was last looked at */
	int64_t		 wanted;	/* item to claim; -1: the next one */
	bool		 looks;		/* at it, and claims nothing */
	struct decide	 decide;	/* points at the buffers below */
	struct decided	 decided;
	struct buf	 output, reason, note;
	/* Takes what was typed again, where neither the store nor a file did. */
	void		(*again)(struct screen *, void *, struct slice);
	void		*again_arg;
	uint64_t	 labels;	/* a bit a label of the queue, or, where */
	struct buf	 labelled;	/* that names none, what was typed */
	struct slice	 label[TASK_LABELS];
	/* What the queue asks for beside it: how many ratings were asked, those
	 * that were given, and what is marked. */
	size_t		 asked, nrated, nevidence;
	struct rated	 rated[RATINGS_MAX];
	struct evidence	 evidence[EVIDENCE_MAX];
	char		 id[280];	/* of the item decided on, for messages */
	char		 key[DRAFT_KEY];	/* of the open item's drafts */
	char		 typed[512];	/* the file of what a prompt holds; "": none */
	char		 draft[600];	/* an earlier one that is offered */
	bool		 draft_edit;
	char		 folder[512];	/* of an edit; "": none */
	bool		 json;		/* the edit's file is output.json */
	struct plan	*plan;		/* for what is tagged, */
	struct aside	*planning;	/* which keeps it; NULL: none */
	bool		 tagged_again;	/* with the last decision's reason */
	struct act_many	 batch;
	struct pace	 pace;
	int64_t		 opened_ms;	/* the item that is held */
	struct undo	 undo[UNDO_MAX];
	size_t		 nundo;
	bool		 any_last;	/* the last decision, for = */
	enum decision	 last;
	struct buf	 last_reason;	/* or note, where it was a return */
};

void	task_init(struct task *);
void	task_release(struct task *);

/* Claims and shows an item (read-only where that is refused). */
void	task_open(struct screen *, int64_t item);
/* Shows an item read-only, unless it is held already. */
void	task_look(struct screen *, int64_t item);
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
/* The last decision again, with its reason; deliberate as that one. */
void	task_again(struct view *, enum action);
/* Keeps it, with the reason or note that is typed, for task_again(). */
void	task_last_set(struct task *, enum decision);

/*
 * For the steps in other files.
 */
/* The item of an action that needs one. */
const struct item_detail *task_item(struct screen *);
/* Nothing typed for the item before may stick to the next one. */
void	task_clear(struct task *);
/* Fills in what every decision has, and goes. */
void	task_decide(struct screen *);
/* Gives back what is held, unless it is this item. */
enum status task_release_other(struct screen *, int64_t item, struct error *)
	    MUST_CHECK;
/* Says why, and where what was typed is kept. */
void	task_keep_typed(struct screen *, const char *why);

#endif
