#include "tui/review/roll.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/text.h"
#include "core/base/text_cells.h"
#include "tui/screen/cell.h"
#include "tui/screen/draw.h"

#define LINE_BYTES	2048

void
roll_init(struct roll *r)
{
	memset(r, 0, sizeof(*r));
	pane_init(&r->pane);
}

void
roll_release(struct roll *r)
{
	pane_release(&r->pane);
	arena_release(&r->arena);
	free(r->keys);
}

void
roll_clear(struct roll *r)
{
	doc_clear(&r->pane.doc);
	arena_reset(&r->arena);
	r->nkeys = 0;
}

/* Beside the paragraphs that there are by now. */
static void
key_put(struct roll *r, int64_t key)
{
	int64_t *grown;

	while (r->nkeys < r->pane.doc.nparas) {
		if (r->nkeys == r->cap) {
			r->cap = r->cap == 0 ? 256 : r->cap * 2;
			grown = realloc(r->keys, r->cap * sizeof(*grown));
			if (grown == NULL) {
				r->cap = r->nkeys;
				r->pane.doc.failed = true;
				return;
			}
			r->keys = grown;
		}
		r->keys[r->nkeys++] = key;
	}
}

void
roll_line(struct roll *r, enum face face, int64_t key, const char *form, ...)
{
	char line[LINE_BYTES];
	va_list ap;
	size_t n;

	va_start(ap, form);
	(void)vsnprintf(line, sizeof(line), form, ap);
	va_end(ap);
	for (n = strlen(line); n > 0 && line[n - 1] == ' ';)
		line[--n] = '\0';
	doc_add_cut(&r->pane.doc, face, 1, SLICE(""),
	    arena_printf(&r->arena, "%s", line));
	key_put(r, key);
}

int64_t
roll_key(const struct roll *r)
{
	const struct pane *p = &r->pane;

	if (p->cur >= p->doc.nrows || p->doc.rows[p->cur].para >= r->nkeys)
		return ROLL_NOTHING;
	return r->keys[p->doc.rows[p->cur].para];
}

void
roll_first(struct roll *r)
{
	int rows, columns;
	size_t i;

	draw_size(&rows, &columns);
	pane_wrap(&r->pane, columns);
	for (i = 0; i < r->pane.doc.nrows; i++) {
		r->pane.cur = i;
		if (roll_key(r) != ROLL_NOTHING)
			return;
	}
	r->pane.cur = 0;
}

struct pane *
roll_pane(struct view *v)
{
	struct roll *r = v->data;

	return &r->pane;
}

unsigned
roll_holds(const struct view *v)
{
	return roll_key(v->data) != ROLL_NOTHING ? NEED_ITEM : 0;
}

void
roll_back(struct view *v, enum action action)
{
	(void)action;
	view_pop(v->scr);
}

void
roll_draw(struct view *v, int top, int bottom, const char *title)
{
	struct roll *r = v->data;
	int rows, columns;

	draw_size(&rows, &columns);
	(void)draw_text(top, 0, columns, FACE_HEADER, slice_of(title));
	pane_draw(&r->pane, top + 1, 0, columns, bottom - top - 1, &v->row,
	    &v->column);
	if (roll_key(r) != ROLL_NOTHING)
		(void)draw_label(v->row, 0, 1, FACE_HEADING, ">");
}

const char *
roll_ends(struct arena *a, struct slice s, size_t columns)
{
	struct buf b = BUF_INIT;
	const char *text;

	cell_ends(s, columns, &b);
	text = roll_fit(a, s.p == NULL ? s : buf_slice(&b), columns);
	buf_release(&b);
	return text;
}

const char *
roll_fit(struct arena *a, struct slice s, size_t columns)
{
	struct buf b = BUF_INIT;
	struct slice kept;
	size_t used;

	text_sanitize_line(&b, s.p == NULL ? SLICE("-") : s, columns);
	used = text_width(buf_slice(&b));
	for (; used < columns; used++)
		buf_putc(&b, ' ');
	kept = arena_printf(a, "%.*s", SLICE_ARG(buf_slice(&b)));
	buf_release(&b);
	return kept.p == NULL ? "" : kept.p;
}
