#include "tui/review/check_view.h"

#include <stdlib.h>

#include "queue/review/edit_check.h"
#include "tui/review/diff_view.h"
#include "tui/review/editing.h"
#include "tui/review/item_view.h"
#include "tui/review/panels.h"
#include "tui/review/review.h"
#include "tui/screen/draw.h"
#include "tui/screen/pane.h"

struct check_view {
	struct pane	 text, list;
	struct arena	 arena;
	struct indented	 in;
	struct slice	 edited;	/* in the arena */
	struct edit_check	 news;
};

static void
check_draw(struct view *v, int top, int bottom)
{
	struct check_view *c = v->data;
	int rows, columns, split, row, column;

	draw_size(&rows, &columns);
	(void)draw_label(top, 0, columns, FACE_HEADER,
	    "Your edit: %zu finding%s. Keep it, edit again, or drop it?",
	    c->news.nfound + c->news.nerrors,
	    c->news.nfound + c->news.nerrors == 1 ? "" : "s");
	split = bottom - (bottom - top) / 3;
	pane_draw(&c->text, top + 1, 0, columns, split - top - 1, &v->row,
	    &v->column);
	pane_draw(&c->list, split, 0, columns, bottom - split, &row, &column);
}

static struct pane *
check_pane(struct view *v)
{
	struct check_view *c = v->data;

	return &c->text;
}

static void
check_keep(struct view *v, enum action action)
{
	(void)action;
	task_keep(v->scr);
}

static void
check_edit(struct view *v, enum action action)
{
	(void)action;
	task_edit_again(v->scr);
}

static void
check_drop(struct view *v, enum action action)
{
	struct screen *scr = v->scr;

	(void)action;
	screen_say(scr, "edit dropped");
	task_drop(scr);
}

static void
check_diff(struct view *v, enum action action)
{
	const struct check_view *c = v->data;
	const struct item_detail *d = item_view_detail(v->scr);

	(void)action;
	if (d != NULL)
		diff_view_show(v->scr, NULL, d->item.output, c->edited);
}

static void
check_back(struct view *v, enum action action)
{
	(void)action;
	screen_say(v->scr, "keep the edit, edit it again, or drop it");
}

static const struct view_action check_actions[] = {
	{ ACTION_KEEP, NEED_TOP, check_keep },
	{ ACTION_EDIT, NEED_TOP, check_edit },
	{ ACTION_DROP, NEED_TOP, check_drop },
	{ ACTION_DIFF, NEED_TOP, check_diff },
	{ ACTION_BACK, NEED_TOP, check_back },
	{ ACTION_NONE, 0, NULL }
};

static unsigned
check_holds(const struct view *v)
{
	return NEED_ITEM | NEED_OPEN |
	    (review_of(v->scr)->task.held ? (unsigned)NEED_LEASE : 0);
}

static void
check_free(struct check_view *c)
{
	pane_release(&c->text);
	pane_release(&c->list);
	indented_release(&c->in);
	arena_release(&c->arena);
	free(c);
}

static void
check_close(struct view *v)
{
	check_free(v->data);
}

static const enum action check_hints[] = {
	ACTION_KEEP, ACTION_EDIT, ACTION_DROP, ACTION_DIFF, ACTION_HELP,
	ACTION_NONE
};

static const struct view_ops check_ops = {
	.keys = KEYS_CHECK, .actions = check_actions, .pane = check_pane,
	.draw = check_draw, .holds = check_holds, .close = check_close,
	.hints = check_hints
};

static void
check_fill(struct check_view *c)
{
	const struct edit_check *r = &c->news;
	size_t i;

	pane_init(&c->text);
	pane_init(&c->list);
	panel_text(&c->text.doc, c->edited, r->found, r->nfound, &c->in,
	    &c->arena);
	for (i = 0; i < r->nfound; i++)
		panel_finding(&c->list.doc, i + 1, &r->found[i], c->edited,
		    &c->arena);
	for (i = 0; i < r->nerrors; i++)
		doc_add(&c->list.doc, FACE_ERROR, 0, arena_printf(&c->arena,
		    "%s could not run: %.*s", r->errors[i].guard,
		    SLICE_ARG(r->errors[i].message)));
}

enum status
check_view_judge(struct screen *scr, const struct item_detail *d,
    struct slice text, bool *found, struct error *err)
{
	struct review *r = review_of(scr);
	struct check_view *c = calloc(1, sizeof(*c));
	enum status st;

	*found = false;
	if (c == NULL)
		return error_nomem(err);
	indented_init(&c->in);
	c->edited = (struct slice){ arena_str(&c->arena, text), text.n };
	if (c->edited.p == NULL) {
		st = error_nomem(err);
		goto out;
	}
	st = edit_check_run(&c->news, r->session, d, c->edited, &c->arena,
	    err);
	if (st != STATUS_OK || c->news.nfound + c->news.nerrors == 0)
		goto out;
	*found = true;
	check_fill(c);
	if (view_push(scr, &check_ops, c) != NULL)
		return STATUS_OK;
	st = error_nomem(err);
out:
	check_free(c);
	return st;
}

void
check_view_leave(struct screen *scr)
{
	view_leave(scr, &check_ops);
}
