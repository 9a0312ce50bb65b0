#include "tui/review/mark_view.h"

#include <stdlib.h>

#include "core/base/utf8.h"
#include "tui/review/item_view.h"
#include "tui/review/review.h"
#include "tui/screen/cell.h"
#include "tui/screen/draw.h"
#include "tui/screen/pane.h"

struct mark_view {
	struct pane	 pane;
	struct doc_mark	 mark;		/* what is marked so far, or the cursor */
	struct slice	 text;		/* the item's */
	size_t		 at, from;	/* bytes: the cursor, and where it began */
	bool		 begun;
};

static size_t
after(const struct mark_view *m, size_t at)
{
	for (at++; at < m->text.n && utf8_is_tail(m->text.p[at]); at++)
		;
	return at < m->text.n ? at : m->text.n;
}

static size_t
before(const struct mark_view *m, size_t at)
{
	while (at > 0 && utf8_is_tail(m->text.p[--at]))
		;
	return at;
}

static bool
is_blank(const struct mark_view *m, size_t at)
{
	return m->text.p[at] == ' ' || m->text.p[at] == '\n' ||
	    m->text.p[at] == '\t';
}

/* To the beginning of the next word, or of the one before. */
static void
word_move(struct mark_view *m, bool forward)
{
	size_t at = m->at;

	if (forward) {
		while (at < m->text.n && !is_blank(m, at))
			at++;
		while (at < m->text.n && is_blank(m, at))
			at++;
		m->at = at < m->text.n ? at : m->at;
		return;
	}
	while (at > 0 && is_blank(m, at - 1))
		at--;
	while (at > 0 && !is_blank(m, at - 1))
		at--;
	m->at = at;
}

/* To the last character of a word. */
static void
word_end(struct mark_view *m)
{
	size_t at = after(m, m->at);

	while (at < m->text.n && is_blank(m, at))
		at++;
	while (at < m->text.n && !is_blank(m, at))
		at++;
	m->at = before(m, at);
}

static void
row_move(struct mark_view *m, int by)
{
	const struct doc *d = &m->pane.doc;
	size_t row = doc_row_of(d, (uint32_t)m->at);
	const struct doc_row *r;

	if ((by < 0 && row == 0) || (by > 0 && row + 1 >= d->nrows))
		return;
	r = &d->rows[by < 0 ? row - 1 : row + 1];
	m->at = d->paras[r->para].base + r->start;
}

/* The mark follows the cursor; the pane keeps it in sight. */
static void
mark_settle(struct mark_view *m)
{
	size_t start = m->begun && m->from < m->at ? m->from : m->at;
	size_t last = m->begun && m->from > m->at ? m->from : m->at;

	if (m->at >= m->text.n)
		m->at = before(m, m->text.n);
	m->mark = (struct doc_mark){ (uint32_t)start, (uint32_t)after(m, last),
	    FACE_MATCH, 1 };
	pane_goto_byte(&m->pane, (uint32_t)m->at);
}

static void
mark_draw(struct view *v, int top, int bottom)
{
	struct mark_view *m = v->data;
	const struct doc *d = &m->pane.doc;
	const struct doc_row *r;
	int rows, columns;
	size_t row, column;

	draw_size(&rows, &columns);
	(void)draw_label(top, 0, columns, FACE_HEADER, m->begun ? "Evidence: to its "
	    "last character, then m; Esc: anew" : "Evidence: to its first "
	    "character, then m; Esc: none");
	pane_wrap(&m->pane, columns);
	mark_settle(m);
	pane_draw(&m->pane, top + 1, 0, columns, bottom - top - 1, &v->row,
	    &v->column);
	if (d->nrows == 0)
		return;
	row = doc_row_of(d, (uint32_t)m->at);
	r = &d->rows[row];
	(void)cell_fit((struct slice){ d->paras[r->para].text.p + r->start,
	    m->at - d->paras[r->para].base - r->start }, SIZE_MAX, &column);
	v->column = (int)column;
}

/* The span is kept for the decision. */
static void
mark_end(struct view *v)
{
	struct mark_view *m = v->data;
	struct task *t = &review_of(v->scr)->task;
	struct screen *scr = v->scr;
	size_t n;

	mark_settle(m);
	t->evidence[t->nevidence++] = (struct evidence){
		(int64_t)utf8_count(m->text.p, m->mark.start),
		(int64_t)utf8_count(m->text.p, m->mark.end)
	};
	n = t->nevidence;
	view_pop(scr);
	screen_say(scr, "%zu span%s of evidence for the decision", n,
	    n == 1 ? "" : "s");
}

static void
mark_key_m(struct view *v)
{
	struct mark_view *m = v->data;

	if (m->begun) {
		mark_end(v);
		return;
	}
	m->begun = true;
	m->from = m->at;
}

static void
mark_escape(struct view *v)
{
	struct mark_view *m = v->data;
	struct task *t = &review_of(v->scr)->task;

	if (m->begun) {
		m->begun = false;
		return;
	}
	if (t->nevidence > 0)
		screen_say(v->scr, "no evidence any more");
	t->nevidence = 0;
	view_pop(v->scr);
}

static void
mark_key(struct view *v, int key)
{
	struct mark_view *m = v->data;

	switch (key) {
	case 'l': case KEYS_RIGHT:
		m->at = after(m, m->at) < m->text.n ? after(m, m->at) : m->at;
		break;
	case 'h': case KEYS_LEFT:
		m->at = before(m, m->at);
		break;
	case 'w': case ' ': case 'b':
		word_move(m, key != 'b');
		break;
	case 'e':
		word_end(m);
		break;
	case 'j': case KEYS_DOWN: case 'k': case KEYS_UP:
		row_move(m, key == 'j' || key == KEYS_DOWN ? 1 : -1);
		break;
	case 'g': case KEYS_HOME:
		m->at = 0;
		break;
	case 'G': case KEYS_END:
		m->at = before(m, m->text.n);
		break;
	case 'm': case KEYS_ENTER:
		mark_key_m(v);
		return;
	case 'q': case KEYS_ESCAPE: case KEYS_CONTROL('C'):
		mark_escape(v);
		return;
	default:
		screen_say(v->scr, "arrows, w, e and b move; m marks; Esc goes back");
		break;
	}
}

static void
mark_close(struct view *v)
{
	struct mark_view *m = v->data;

	m->pane.doc.marks = NULL;
	m->pane.doc.nmarks = 0;
	pane_release(&m->pane);
	free(m);
}

static const enum action mark_hints[] = { ACTION_NONE };

static const struct view_ops mark_ops = {
	.keys = KEYS_ALL, .draw = mark_draw, .key = mark_key,
	.close = mark_close, .hints = mark_hints
};

void
mark_view_show(struct view *v, enum action action)
{
	const struct item_detail *d = item_view_detail(v->scr);
	const struct task *t = &review_of(v->scr)->task;
	struct mark_view *m;

	(void)action;
	if (!d->queue->evidence || d->item.output.n == 0 ||
	    t->nevidence == EVIDENCE_MAX) {
		screen_fail(v->scr, !d->queue->evidence ? "this queue asks for no "
		    "evidence: 'evidence = true' in its policy" :
		    "there is nothing more to mark");
		return;
	}
	if ((m = calloc(1, sizeof(*m))) == NULL) {
		screen_fail(v->scr, "out of memory");
		return;
	}
	pane_init(&m->pane);
	m->text = d->item.output;
	doc_add_marked(&m->pane.doc, FACE_TEXT, 0, m->text);
	m->pane.doc.marks = &m->mark;
	m->pane.doc.nmarks = 1;
	if (view_push(v->scr, &mark_ops, m) == NULL) {
		pane_release(&m->pane);
		free(m);
	}
}
