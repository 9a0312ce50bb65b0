#include "tui/review/offer.h"

#include <stdio.h>
#include <unistd.h>

#include "core/base/time.h"
#include "queue/file.h"
#include "tui/review/draft.h"
#include "tui/review/edit.h"
#include "tui/review/edit_left.h"
#include "tui/review/editing.h"
#include "tui/review/item_view.h"
#include "tui/review/review.h"

void
task_key(struct screen *scr)
{
	const struct item_detail *d = item_view_detail(scr);
	struct review *r = review_of(scr);

	if (d != NULL)
		draft_key(r->task.key, store_path(r->session->store),
		    d->row.queue, d->row.id);
}

/* It is removed, or stays and is offered again. */
static void
thrown_answered(struct screen *scr, void *arg, struct slice text)
{
	const struct task *t = &review_of(scr)->task;

	(void)arg;
	if (text.p == NULL)
		screen_say(scr, "kept: %s", t->draft);
	else if (t->draft_edit) {
		if (!edit_remove(t->draft))
			screen_say(scr, "what the editor left is kept in %s",
			    t->draft);
	} else if (unlink(t->draft) != 0)
		screen_fail(scr, "%s: it cannot be removed", t->draft);
}

static void
noted(struct screen *scr, void *arg, struct slice text)
{
	struct review *r = review_of(scr);
	struct error err = { STATUS_OK, "" };
	const struct item_detail *d = item_view_detail(scr);

	(void)arg;
	if (text.n == 0 || d == NULL)
		screen_say(scr, "kept: %s", r->task.draft);
	else if (review_note(r->session, d->row.item, text, &err) != STATUS_OK)
		screen_fail(scr, "%s; it is still in %s", err.text,
		    r->task.draft);
	else {
		(void)unlink(r->task.draft);
		screen_say(scr, "noted");
		item_view_reload(scr);
	}
}

/* What a killed editor left of the edit takes its place, and that its name, or stays
 * beside it. */
static void
left_answered(struct screen *scr, void *arg, struct slice text)
{
	const struct task *t = &review_of(scr)->task;
	const struct item_detail *d = item_view_detail(scr);
	struct error err = { STATUS_OK, "" };
	char name[EDIT_LEFT];
	bool swapped;
	int64_t ms;

	(void)arg;
	if (text.p == NULL)
		screen_say(scr, "kept: %s", t->draft);
	else if (slice_is(text, "y") && d != NULL &&
	    edit_left_text(t->draft, name, &ms) && edit_left_take(t->draft, name,
	    !d->item.output_is_string, d->item.output, &swapped, &err) !=
	    STATUS_OK)
		screen_fail(scr, "%s", err.text);
	else
		task_edit_draft(scr, t->draft);
}

static void
edit_go_on(struct screen *scr)
{
	const struct task *t = &review_of(scr)->task;
	char question[200], name[EDIT_LEFT], at[TIME_LOCAL];
	int64_t ms;

	if (!edit_left_text(t->draft, name, &ms)) {
		task_edit_draft(scr, t->draft);
		return;
	}
	time_local(ms, at);
	(void)snprintf(question, sizeof(question), "The editor left %.80s of %s. "
	    "Go on with that text?", name, at);
	prompt_yes_no(scr, question, left_answered, NULL);
}

static void
offer_answered(struct screen *scr, void *arg, struct slice text)
{
	const struct task *t = &review_of(scr)->task;
	struct error err = { STATUS_OK, "" };
	struct buf typed = BUF_INIT;

	(void)arg;
	if (text.p == NULL)
		screen_say(scr, "kept: %s", t->draft);
	else if (slice_is(text, "n"))
		prompt_confirm(scr, "Throw that text away?", thrown_answered,
		    NULL);
	else if (t->draft_edit)
		edit_go_on(scr);
	else if (file_read(t->draft, &typed, &err) != STATUS_OK)
		screen_fail(scr, "%s", err.text);
	else {
		prompt_line(scr, "Note (Esc keeps it for later):",
		    buf_slice(&typed), noted, NULL);
		scr->prompt.precious = true;
	}
	buf_release(&typed);
}

void
offer_draft(struct screen *scr)
{
	struct task *t = &review_of(scr)->task;
	char question[120], at[TIME_LOCAL];
	int64_t ms;

	task_key(scr);
	if (!draft_find(t->key, t->draft, sizeof(t->draft), &t->draft_edit, &ms))
		return;
	time_local(ms, at);
	(void)snprintf(question, sizeof(question), "%s of %s was never stored. "
	    "Go on with it?", t->draft_edit ? "Your edit" :
	    "What you typed here", at);
	prompt_yes_no(scr, question, offer_answered, NULL);
}
