/* An edit on its way: from the editor past the guards to the decision. */
#ifndef TUI_REVIEW_EDITING_H
#define TUI_REVIEW_EDITING_H

#include "core/base/buf.h"
#include "tui/screen/action.h"

struct item_detail;
struct screen;
struct view;

/* In the reviewer's editor: what then is up to the guards. */
void	task_edit(struct view *, enum action);
/* Goes on with an edit of an earlier session; its folder is that. */
void	task_edit_draft(struct screen *, const char *folder);
/* Edits once more, the text that was edited. */
void	task_edit_again(struct screen *);
/* Takes a text edited in place. */
void	task_edited(struct screen *, const struct item_detail *, struct slice);
void	task_keep(struct screen *);	/* the edit goes through as it is */
void	task_drop(struct screen *);	/* and its file is removed */

#endif
