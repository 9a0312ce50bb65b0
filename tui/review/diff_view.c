#include "tui/review/diff_view.h"

#include <stdio.h>
#include <stdlib.h>

#include "tui/review/words.h"
#include "tui/screen/draw.h"
#include "tui/screen/pane.h"
#include "tui/screen/screen.h"

struct diff_view {
	struct pane	pane;
	struct words	words;
	char		title[DIFF_TITLE];
};

static void
diff_draw(struct view *v, int top, int bottom)
{
	struct diff_view *d = v->data;
	int rows, columns;

	draw_size(&rows, &columns);
	(void)draw_text(top, 0, columns, FACE_HEADER, slice_of(d->title));
	pane_draw(&d->pane, top + 1, 0, columns, bottom - top - 1, &v->row,
	    &v->column);
}

static struct pane *
diff_pane(struct view *v)
{
	struct diff_view *d = v->data;

	return &d->pane;
}

static void
diff_close(struct view *v)
{
	struct diff_view *d = v->data;

	pane_release(&d->pane);
	words_release(&d->words);
	free(d);
}

static const enum action diff_hints[] = {
	ACTION_DOWN, ACTION_PAGE_DOWN, ACTION_SEARCH, ACTION_BACK, ACTION_HELP,
	ACTION_NONE
};

static const struct view_ops diff_ops = {
	.keys = KEYS_PAGER, .pane = diff_pane, .draw = diff_draw,
	.close = diff_close, .hints = diff_hints
};

void
diff_view_show(struct screen *scr, const char *title, struct slice old,
    struct slice new)
{
	struct diff_view *d = calloc(1, sizeof(*d));
	struct error err = { STATUS_OK, "" };

	if (d == NULL || words_diff(old, new, &d->words, &err) != STATUS_OK) {
		screen_fail(scr, "diff: %s", d == NULL ? "out of memory" :
		    err.text);
		goto fail;
	}
	(void)snprintf(d->title, sizeof(d->title), "%s", title != NULL ? title :
	    "Old and new by word: [-went-] {+came+}");
	pane_init(&d->pane);
	doc_add_marked(&d->pane.doc, FACE_TEXT, 0, buf_slice(&d->words.text));
	d->pane.doc.marks = d->words.marks;
	d->pane.doc.nmarks = d->words.nmarks;
	if (view_push(scr, &diff_ops, d) != NULL)
		return;
	pane_release(&d->pane);
	words_release(&d->words);
fail:
	free(d);
}
