#include "tui/review/typing_view.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/item/item.h"
#include "tui/review/edit.h"
#include "tui/review/editing.h"
#include "tui/review/item_view.h"
#include "tui/review/review.h"
#include "tui/review/task.h"
#include "tui/screen/cell.h"
#include "tui/screen/doc.h"
#include "tui/screen/draw.h"
#include "tui/screen/line.h"
#include "tui/screen/screen.h"

/* A small editor for a text of some pages; $EDITOR is there for the rest. */
struct typing_view {
	struct line	line;		/* its keys for one line serve here */
	struct doc	doc;
	size_t		top;
	bool		changed;
	bool		unsaved;	/* since it was last written */
	char		folder[512];	/* there: the draft; "": none yet */
};

/* The row of the cursor and the column in it. */
static size_t
cursor_find(struct typing_view *t, size_t *column)
{
	const struct doc_row *r;
	const struct doc_para *p;
	size_t row;

	row = doc_row_of(&t->doc, (uint32_t)t->line.at);
	r = &t->doc.rows[row];
	p = &t->doc.paras[r->para];
	(void)cell_fit((struct slice){ p->text.p + r->start,
	    t->line.at - p->base - r->start }, SIZE_MAX, column);
	return row;
}

static void
typing_layout(struct typing_view *t, int width)
{
	doc_clear(&t->doc);
	doc_add_marked(&t->doc, FACE_TEXT, 0, (struct slice){
	    buf_str(&t->line.text), t->line.text.n });
	doc_wrap(&t->doc, (size_t)width);
}

static void
typing_draw(struct view *v, int top, int bottom)
{
	struct typing_view *t = v->data;
	const struct doc_row *r;
	const struct doc_para *p;
	int rows, columns, height = bottom - top - 1, i;
	size_t row, column;

	draw_size(&rows, &columns);
	(void)draw_label(top, 0, columns, FACE_HEADER,
	    "Editing in place: ^S done, Esc drop");
	typing_layout(t, columns - 1);
	row = cursor_find(t, &column);
	if (height < 1)
		return;
	if (row < t->top)
		t->top = row;
	if (row >= t->top + (size_t)height)
		t->top = row - (size_t)height + 1;
	for (i = 0; i < height && t->top + (size_t)i < t->doc.nrows; i++) {
		r = &t->doc.rows[t->top + (size_t)i];
		p = &t->doc.paras[r->para];
		(void)draw_text(top + 1 + i, 0, columns, FACE_TEXT,
		    (struct slice){ p->text.p + r->start, r->end - r->start });
	}
	v->row = top + 1 + (int)(row - t->top);
	v->column = (int)column;
}

static void
row_move(struct typing_view *t, int by)
{
	const struct doc_row *r;
	const struct doc_para *p;
	size_t column, row = cursor_find(t, &column);

	if ((by < 0 && row == 0) || (by > 0 && row + 1 >= t->doc.nrows))
		return;
	row = by < 0 ? row - 1 : row + 1;
	r = &t->doc.rows[row];
	p = &t->doc.paras[r->para];
	t->line.at = p->base + r->start + cell_fit((struct slice){
	    p->text.p + r->start, r->end - r->start }, column, NULL);
}

static void
drop_answered(struct screen *scr, void *arg, struct slice text)
{
	(void)arg;
	if (text.p == NULL)
		return;
	view_pop(scr);
	screen_say(scr, "edit dropped");
}

static void
typing_done(struct view *v)
{
	struct typing_view *t = v->data;
	struct screen *scr = v->scr;
	const struct item_detail *d = item_view_detail(scr);
	struct buf text = t->line.text;

	/* The text outlives the view that it was typed in. */
	buf_init(&t->line.text);
	view_pop(scr);
	if (d != NULL)
		task_edited(scr, d, (struct slice){ buf_str(&text), text.n });
	buf_release(&text);
}

static void
typing_sent(struct screen *scr)
{
	typing_done(view_top(scr));
}

/* What ends the edit may let it out at once; a pasted ^S shall not. */
static void
done_key(struct screen *scr)
{
	if (scr->calm.quiet_ms < TYPED_MS)
		screen_fail(scr, "not done yet: ^S came with the text, as if "
		    "pasted; press it again");
	else
		screen_wait(scr, AFTER_MS, "edit", typing_sent);
}

static void
typing_key(struct view *v, int key)
{
	struct typing_view *t = v->data;
	size_t before = t->line.text.n;

	switch (key) {
	case KEYS_CONTROL('S'):
		done_key(v->scr);
		return;
	case KEYS_ESCAPE:
		if (t->changed)
			prompt_confirm(v->scr, "Drop the edit?", drop_answered,
			    NULL);
		else
			view_pop(v->scr);
		return;
	case KEYS_UP:
		row_move(t, -1);
		return;
	case KEYS_DOWN:
		row_move(t, 1);
		return;
	case KEYS_ENTER:
		line_insert(&t->line, '\n');
		break;
	case KEYS_TAB:
		line_insert(&t->line, '\t');
		break;
	default:
		(void)line_key(&t->line, key);
		break;
	}
	if (t->line.text.n != before)
		t->changed = t->unsaved = true;
}

/* The draft as it is now; the one before goes once that is there. */
static void
typing_tick(struct view *v)
{
	struct typing_view *t = v->data;
	const struct item_detail *d = item_view_detail(v->scr);
	struct error ignored = { STATUS_OK, "" };
	char folder[sizeof(t->folder)];

	/* What cannot be written now is tried again: the text is still here. */
	if (!t->unsaved || d == NULL || edit_begin(review_of(v->scr)->task.key,
	    folder, sizeof(folder), !d->item.output_is_string,
	    buf_slice(&t->line.text), &ignored) != STATUS_OK)
		return;
	if (t->folder[0] != '\0')
		(void)edit_remove(t->folder);
	(void)snprintf(t->folder, sizeof(t->folder), "%s", folder);
	t->unsaved = false;
}

static void
typing_keep(struct view *v)
{
	struct typing_view *t = v->data;

	typing_tick(v);
	t->folder[0] = '\0';	/* it outlives the view */
}

static void
typing_close(struct view *v)
{
	struct typing_view *t = v->data;

	if (t->folder[0] != '\0')
		(void)edit_remove(t->folder);
	line_release(&t->line);
	doc_release(&t->doc);
	free(t);
}

static const enum action typing_hints[] = { ACTION_NONE };

static const struct view_ops typing_ops = {
	.keys = KEYS_ALL, .draw = typing_draw, .key = typing_key,
	.tick = typing_tick, .keep = typing_keep, .close = typing_close, .hints = typing_hints
};

void
typing_view_show(struct screen *scr, struct slice text)
{
	struct typing_view *t = calloc(1, sizeof(*t));

	if (t == NULL) {
		screen_fail(scr, "out of memory");
		return;
	}
	if (text.n > LINE_MAX_BYTES / 2) {
		screen_fail(scr, "too long to edit in place: use $EDITOR");
		free(t);
		return;
	}
	line_init(&t->line);
	doc_init(&t->doc);
	line_set(&t->line, text);
	t->line.at = 0;
	if (view_push(scr, &typing_ops, t) == NULL) {
		line_release(&t->line);
		free(t);
	}
}
