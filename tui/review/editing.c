#include "tui/review/editing.h"

#include <stdio.h>
#include <stdlib.h>

#include "queue/review/item_detail.h"
#include "tui/review/check_view.h"
#include "tui/review/edit.h"
#include "tui/review/item_view.h"
#include "tui/review/review.h"

/* What the guards say of the edit decides whether it goes through at once. */
static void
edit_judge(struct screen *scr, const struct item_detail *d)
{
	struct task *t = &review_of(scr)->task;
	struct error err = { STATUS_OK, "" };
	struct slice text = { buf_str(&t->output), t->output.n };
	enum status st;
	bool found;

	if (slice_eq(text, d->item.output)) {
		screen_say(scr, "not changed");
		task_drop(scr);
		return;
	}
	if (review_blank(text)) {
		screen_fail(scr, "not edited: the new text is empty; reject the "
		    "item instead");
		task_drop(scr);
		return;
	}
	st = check_view_judge(scr, d, text, &found, &err);
	if (st != STATUS_OK)
		task_keep_typed(scr, err.text);
	else if (!found)
		task_keep(scr);
}

static void
edit_go(struct screen *scr, const struct item_detail *d)
{
	struct task *t = &review_of(scr)->task;
	struct error err = { STATUS_OK, "" };
	enum status st;

	st = edit_run(t->folder, t->json, d->item.output, &t->output, &err);
	deliberate_new(&scr->calm);
	if (st == STATUS_INTERRUPTED) {
		scr->leave = true;
		return;
	}
	if (st == STATUS_OK)
		edit_judge(scr, d);
	else if (edit_untouched(t->folder, t->json, d->item.output)) {
		screen_fail(scr, "not edited: %s", err.text);
		task_drop(scr);
	} else
		task_keep_typed(scr, err.text);
}

void
task_edit(struct view *v, enum action action)
{
	struct screen *scr = v->scr;
	const struct item_detail *d = task_item(scr);
	struct task *t = &review_of(scr)->task;
	struct error err = { STATUS_OK, "" };

	(void)action;
	t->json = !d->item.output_is_string;
	if (edit_begin(t->key, t->folder, sizeof(t->folder), t->json, d->item.output,
	    &err) != STATUS_OK) {
		t->folder[0] = '\0';
		screen_fail(scr, "%s", err.text);
		return;
	}
	edit_go(scr, d);
}

void
task_edit_draft(struct screen *scr, const char *folder)
{
	const struct item_detail *d = task_item(scr);
	struct task *t = &review_of(scr)->task;

	t->json = !d->item.output_is_string;
	(void)snprintf(t->folder, sizeof(t->folder), "%s", folder);
	edit_go(scr, d);
}

void
task_edit_again(struct screen *scr)
{
	const struct item_detail *d = item_view_detail(scr);

	check_view_leave(scr);
	if (d != NULL)
		edit_go(scr, d);
}

void
task_edited(struct screen *scr, const struct item_detail *d, struct slice text)
{
	struct task *t = &review_of(scr)->task;
	struct error err = { STATUS_OK, "" };

	t->json = !d->item.output_is_string;
	buf_clear(&t->output);
	buf_add_slice(&t->output, text);
	/* In a file before it is judged, so that nothing can lose it. */
	if (edit_begin(t->key, t->folder, sizeof(t->folder), t->json, text, &err) !=
	    STATUS_OK)
		t->folder[0] = '\0';
	edit_judge(scr, d);
}

void
task_keep(struct screen *scr)
{
	struct task *t = &review_of(scr)->task;

	t->decide.decision = DECISION_EDIT;
	t->decide.output = (struct slice){ buf_str(&t->output), t->output.n };
	task_decide(scr);
}

void
task_drop(struct screen *scr)
{
	struct task *t = &review_of(scr)->task;

	check_view_leave(scr);
	if (t->folder[0] != '\0' && !edit_remove(t->folder))
		screen_say(scr, "what the editor left is kept in %s", t->folder);
	t->folder[0] = '\0';
	buf_clear(&t->output);
}
