#include "tui/review/preview_view.h"

#include <stdlib.h>

#include "queue/review/decide.h"
#include "tui/review/panels.h"
#include "tui/review/review.h"
#include "tui/screen/draw.h"
#include "tui/screen/pane.h"

struct preview_view {
	struct arena	 arena;
	struct indented	 before_in, after_in;
	struct pane	 before, after;
	bool		 whole;		/* else accepting will be refused */
	bool		 same;
};

static void
preview_draw(struct view *v, int top, int bottom)
{
	struct preview_view *p = v->data;
	int rows, columns, half, row, column;

	draw_size(&rows, &columns);
	half = (columns - 3) / 2;
	(void)draw_label(top, 0, columns, FACE_HEADER, !p->whole ?
	    "Redaction cannot take out all that was found: edit it, or reject it" :
	    p->same ? "Accepting sends the answer as it is" :
	    "The answer, and what accepting sends");
	pane_draw(&p->before, top + 1, 0, half, bottom - top - 1, &v->row,
	    &v->column);
	draw_bar(top + 1, bottom, half + 1);
	/* Both move together. */
	p->after.top = p->before.top;
	p->after.cur = p->before.cur;
	pane_draw(&p->after, top + 1, half + 3, columns - half - 3,
	    bottom - top - 1, &row, &column);
}

static struct pane *
preview_pane(struct view *v)
{
	struct preview_view *p = v->data;

	return &p->before;
}

static void
preview_free(struct preview_view *p)
{
	pane_release(&p->before);
	pane_release(&p->after);
	indented_release(&p->before_in);
	indented_release(&p->after_in);
	arena_release(&p->arena);
	free(p);
}

static void
preview_close(struct view *v)
{
	preview_free(v->data);
}

static const enum action preview_hints[] = {
	ACTION_DOWN, ACTION_PAGE_DOWN, ACTION_SEARCH, ACTION_BACK, ACTION_HELP,
	ACTION_NONE
};

static const struct view_ops preview_ops = {
	.keys = KEYS_PAGER, .pane = preview_pane, .draw = preview_draw,
	.close = preview_close, .hints = preview_hints
};

/* Only what accepting covers is marked. */
static enum status
preview_fill(struct preview_view *p, const struct item_detail *d,
    struct slice release, struct error *err)
{
	struct finding *f = arena_alloc(&p->arena, (d->nfindings + 1) *
	    sizeof(*f));
	size_t i, n = 0;

	if (f == NULL)
		return error_nomem(err);
	for (i = 0; i < d->nfindings; i++) {
		if (d->findings[i].redact != REDACT_OFF)
			f[n++] = d->findings[i];
	}
	p->same = slice_eq(release, d->item.output);
	panel_text(&p->before.doc, d->item.output, f, n, &p->before_in,
	    &p->arena);
	panel_text(&p->after.doc, release, NULL, 0, &p->after_in, &p->arena);
	return STATUS_OK;
}

void
preview_view_show(struct screen *scr, const struct item_detail *d)
{
	struct review *r = review_of(scr);
	struct preview_view *p = calloc(1, sizeof(*p));
	struct error err = { STATUS_OK, "" };
	struct slice release;
	enum status st;

	if (p == NULL) {
		screen_fail(scr, "preview: out of memory");
		return;
	}
	pane_init(&p->before);
	pane_init(&p->after);
	indented_init(&p->before_in);
	indented_init(&p->after_in);
	st = review_preview(r->session, d, &p->arena, &release, &p->whole, &err);
	if (st == STATUS_OK)
		st = preview_fill(p, d, release, &err);
	if (st == STATUS_OK && view_push(scr, &preview_ops, p) != NULL)
		return;
	if (st != STATUS_OK)
		screen_fail(scr, "preview: %s", err.text);
	preview_free(p);
}
