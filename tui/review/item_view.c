#include "tui/review/item_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "queue/review/item_why.h"
#include "tui/review/compare.h"
#include "tui/review/diff_view.h"
#include "tui/review/editing.h"
#include "tui/review/minutes.h"
#include "core/base/time.h"
#include "tui/review/hand.h"
#include "tui/review/head.h"
#include "tui/review/log_view.h"
#include "tui/review/mark_view.h"
#include "tui/review/page.h"
#include "tui/review/preview_view.h"
#include "tui/review/queue_view.h"
#include "tui/review/review.h"
#include "tui/review/typing_view.h"
#include "tui/screen/cell.h"
#include "tui/screen/draw.h"
#include "tui/screen/pane.h"

#define NAME_LEAST	12	/* columns of a name in the header */
#define HEAD_SHARE	4	/* of the window: what stands above the page */

struct item_view {
	struct arena	 arena;		/* the detail and the page's texts */
	struct item_detail	 detail;
	struct indented	 in;
	struct pane	 head;
	struct slice	 labels;	/* that the head tells of */
	struct item_page	 page;
	size_t		 finding;	/* selected, from 1; 0: none */
	char		 blind[64];	/* "": all is shown; else said instead */
};

static const struct view_ops item_ops;

static struct item_view *
item_of(struct screen *scr)
{
	struct view *v = view_find(scr, &item_ops);

	return v == NULL ? NULL : v->data;
}

const struct item_detail *
item_view_detail(struct screen *scr)
{
	struct item_view *it = item_of(scr);

	return it == NULL ? NULL : &it->detail;
}

void
item_view_policy(struct screen *scr)
{
	struct item_view *it = item_of(scr);

	if (it != NULL)
		it->detail.queue = policy_queue(review_of(scr)->session->policy,
		    it->detail.row.queue);
}

static bool
held(const struct screen *scr, const struct item_view *it)
{
	struct review *r = review_of(scr);

	return r->task.held && r->task.lease.item == it->detail.row.item;
}

static void
item_empty(struct item_view *it)
{
	page_clear(&it->page);
	pane_release(&it->head);
	arena_reset(&it->arena);
	it->labels = SLICE_NONE;
	it->finding = 0;
}

/* Neither what was decided nor what was said of it. */
static void
people_leave_out(struct item_detail *d)
{
	d->ndecisions = d->nnotes = d->nskips = d->nopinions = 0;
	d->release = SLICE_NONE;
	d->row.due_ms = -1;
	d->row.state = SLICE("flagged");
}

static enum status
item_load(struct screen *scr, struct item_view *it, int64_t item,
    struct error *err)
{
	struct review *r = review_of(scr);
	enum status st;

	item_empty(it);
	st = item_detail_load(r->session, item, &it->arena, &it->detail, err);
	if (st != STATUS_OK)
		return st;
	if (it->blind[0] != '\0')
		people_leave_out(&it->detail);
	return item_why_load(r->session, &it->detail, &it->arena, err);
}

/* A name in so many columns, its end left out where it is longer. */
static void
name_add(struct buf *b, struct slice name, int columns)
{
	size_t width = columns > NAME_LEAST ? (size_t)columns : NAME_LEAST;

	if (cell_fit(name, width, NULL) == name.n)
		buf_add_slice(b, name);
	else {
		name.n = cell_fit(name, width - 3, NULL);
		buf_add_slice(b, name);
		buf_puts(b, "...");
	}
}

/* What a person decided is no longer due. */
static bool
is_due(const struct list_row *r)
{
	return r->due_ms >= 0 && !slice_is(r->state, "accepted") &&
	    !slice_is(r->state, "edited") && !slice_is(r->state, "rejected");
}

/* What is said of the item behind its id, which is cut rather than that. */
static void
standing_add(struct view *v, struct buf *out, int columns)
{
	struct item_view *it = v->data;
	const struct list_row *r = &it->detail.row;
	char age[16], until[8];
	time_t t = (time_t)(review_of(v->scr)->task.lease.until_ms / 1000);
	struct tm tm;

	buf_puts(out, "  ");
	name_add(out, r->queue, columns / 6);
	if (it->blind[0] != '\0') {
		buf_printf(out, "  %s", it->blind);
		return;
	}
	buf_printf(out, "  %.*s", SLICE_ARG(r->state));
	if (is_due(r)) {
		minutes_text(llabs(time_between(v->scr->now_ms,
		    r->due_ms)), age);
		buf_printf(out, r->due_ms < v->scr->now_ms ? "  %s late" :
		    "  due in %s", age);
	}
	if (!held(v->scr, it))
		buf_puts(out, "  read only");
	else if (localtime_r(&t, &tm) != NULL &&
	    strftime(until, sizeof(until), "%H:%M", &tm) > 0)
		buf_printf(out, "  yours until %s", until);
}

static void
header_draw(struct view *v, int row, int columns)
{
	struct item_view *it = v->data;
	struct buf line = BUF_INIT, rest = BUF_INIT;
	size_t width;
	int used;

	standing_add(v, &rest, columns);
	(void)cell_fit((struct slice){ buf_str(&rest), rest.n }, SIZE_MAX,
	    &width);
	name_add(&line, it->detail.row.id, columns - (int)width);
	buf_add(&line, buf_str(&rest), rest.n);
	used = draw_text(row, 0, columns, FACE_HEADER, (struct slice){
	    buf_str(&line), line.n });
	buf_clear(&line);
	pace_text(&review_of(v->scr)->task.pace, v->scr->now_ms,
	    columns - used - 2, &line);
	if (line.n > 0)
		(void)draw_text(row, columns - (int)line.n, (int)line.n,
		    FACE_HINT, buf_slice(&line));
	buf_release(&line);
	buf_release(&rest);
}

/* The head says which labels the decision will have. */
static void
head_make(struct view *v)
{
	struct item_view *it = v->data;
	struct buf labels = BUF_INIT;

	task_labels_text(v->scr, &labels);
	if (it->head.doc.nparas == 0 || !slice_eq(it->labels,
	    buf_slice(&labels))) {
		it->labels = (struct slice){ arena_str(&it->arena,
		    buf_slice(&labels)), labels.n };
		pane_release(&it->head);
		head_fill(&it->head.doc, &it->detail, it->labels, &it->arena);
	}
	buf_release(&labels);
}

/* Why it is here and what a decision sends, always in sight; the rows it took. */
static int
head_draw(struct view *v, int row, int columns, int height)
{
	struct item_view *it = v->data;
	int max = height / HEAD_SHARE > 1 ? height / HEAD_SHARE : 1, rows;

	head_make(v);
	pane_wrap(&it->head, columns);
	it->head.top = 0;
	if ((int)it->head.doc.nrows <= max)
		return pane_rows_draw(&it->head, row, 0, columns, max);
	/* What is too much falls out of the middle: the last line stays. */
	rows = pane_rows_draw(&it->head, row, 0, columns, max > 1 ? max - 1 : 1);
	(void)draw_label(row + rows - 1, columns - 11, 11, FACE_HINT,
	    " ... all: 3");
	it->head.top = it->head.doc.nrows - 1;
	return rows + (max > 1 ? pane_rows_draw(&it->head, row + rows, 0,
	    columns, 1) : 0);
}

/* Counts what is hidden in the answer; the rows it took. */
static int
hidden_draw(struct item_view *it, int row, int columns)
{
	size_t hidden = it->page.panes[it->page.output].doc.hidden;

	if (hidden == 0)
		return 0;
	(void)draw_label(row, 0, columns, FACE_ERROR, "%zu hidden character%s "
	    "in the answer", hidden, hidden == 1 ? "" : "s");
	return 1;
}

static void
item_draw(struct view *v, int top, int bottom)
{
	struct item_view *it = v->data;
	struct item_page *p = &it->page;
	int rows, columns, row;

	draw_size(&rows, &columns);
	header_draw(v, top, columns);
	row = top + 1 + head_draw(v, top + 1, columns, bottom - top);
	page_make(p, page_columns(columns), bottom - row, &it->detail, &it->in,
	    &it->arena);
	p->panes[p->output].current = (uint32_t)it->finding;
	/* Laying the answer out counts what is hidden in it. */
	if (p->panes[p->output].doc.width == 0)
		page_lay(p, columns);
	row += hidden_draw(it, row, columns);
	page_draw(p, row, columns, bottom - row, &v->row, &v->column);
}

/* Nobody shall take the beginning of a long answer for all of it. */
static int
item_hint(struct view *v, int row, int columns)
{
	struct item_view *it = v->data;
	bool more;
	int percent = page_percent(&it->page, &more);

	if (!more)
		return 0;
	if (percent == 100)
		return draw_label(row, 0, columns, FACE_HINT, "to the end  ");
	return draw_label(row, 0, columns, FACE_MESSAGE, "%d%%, more  ", percent);
}

static unsigned
item_holds(const struct view *v)
{
	const struct item_view *it = v->data;

	return NEED_ITEM | NEED_OPEN | (held(v->scr, it) ||
	    it->blind[0] != '\0' ? (unsigned)NEED_LEASE : 0);
}

/* The next or previous finding on the output, and what it is. */
static void
item_finding(struct view *v, enum action action)
{
	int by = action == ACTION_NEXT_FINDING ? 1 : -1;
	struct item_view *it = v->data;
	struct pane *p = &it->page.panes[it->page.output];
	size_t n = p->doc.nmarks, i, width = p->doc.width;
	const struct finding *f;

	if (it->detail.nfindings == 0) {
		screen_say(v->scr, "no findings");
		return;
	}
	if (n == 0) {
		page_goto(&it->page, PANEL_FINDINGS);
		screen_say(v->scr, "the findings have no place in the output");
		return;
	}
	for (i = 0; i < n && p->doc.marks[i].number != it->finding; i++)
		;
	if (i == n)
		i = by > 0 ? 0 : n - 1;
	else
		i = (i + n + (size_t)(by + (int)n)) % n;
	it->page.focus = it->page.output;
	it->finding = p->doc.marks[i].number;
	doc_fold(&p->doc, it->page.part[PANEL_OUTPUT].section, false);
	doc_wrap(&p->doc, width);
	pane_goto_byte(p, p->doc.marks[i].start);
	f = &it->detail.findings[it->finding - 1];
	screen_say(v->scr, "%zu of %zu: %s %s%s%.*s", it->finding,
	    it->detail.nfindings, severity_name(f->severity), f->guard,
	    f->message.n > 0 ? ": " : "", SLICE_ARG(f->message));
}

static void
item_step(struct view *v, enum action action)
{
	const struct item_view *it = v->data;
	bool backward = action == ACTION_PREV_ITEM;
	int64_t item;

	if (log_view_beside(v->scr, backward, &item))
		task_look(v->scr, item);
	else if (queue_view_beside(v->scr, &it->detail.row, backward, &item))
		task_open(v->scr, item);
	else
		screen_say(v->scr, "no %s item", backward ? "previous" : "next");
}

static void
item_diff(struct view *v, enum action action)
{
	struct item_view *it = v->data;
	const struct item_detail *d = &it->detail;
	size_t i;

	(void)action;
	for (i = d->ndecisions; i-- > 0;) {
		if (d->decisions[i].output.p != NULL &&
		    d->decisions[i].undone_by < 0) {
			diff_view_show(v->scr, NULL, d->item.output,
			    d->decisions[i].output);
			return;
		}
	}
	compare_show(v->scr, d);
}

static void
item_preview(struct view *v, enum action action)
{
	const struct item_view *it = v->data;

	(void)action;
	preview_view_show(v->scr, &it->detail);
}

static struct pane *
item_pane(struct view *v)
{
	struct item_view *it = v->data;

	return page_pane(&it->page);
}

static void
item_panel(struct view *v, enum action action)
{
	struct item_view *it = v->data;

	page_goto(&it->page, (enum panel)(action - ACTION_PANEL_1));
}

static void
item_panel_step(struct view *v, enum action action)
{
	struct item_view *it = v->data;
	int by = action == ACTION_NEXT_PANEL ? 1 : PANEL_COUNT - 1;

	page_goto(&it->page, (enum panel)(((int)page_part(&it->page) + by) %
	    PANEL_COUNT));
}

static void
item_claim(struct view *v, enum action action)
{
	const struct item_view *it = v->data;

	(void)action;
	if (held(v->scr, it))
		screen_say(v->scr, "it is yours already");
	else
		task_open(v->scr, it->detail.row.item);
}

static void
item_edit_here(struct view *v, enum action action)
{
	const struct item_view *it = v->data;

	(void)action;
	typing_view_show(v->scr, it->detail.item.output);
}

static void
item_undo(struct view *v, enum action action)
{
	const struct item_view *it = v->data;

	(void)action;
	task_undo(v->scr, &it->detail.row);
}

#define READ_ACTIONS \
	{ ACTION_PANEL_1, NEED_TOP, item_panel }, \
	{ ACTION_PANEL_2, NEED_TOP, item_panel }, \
	{ ACTION_PANEL_3, NEED_TOP, item_panel }, \
	{ ACTION_PANEL_4, NEED_TOP, item_panel }, \
	{ ACTION_PANEL_5, NEED_TOP, item_panel }, \
	{ ACTION_PANEL_6, NEED_TOP, item_panel }, \
	{ ACTION_NEXT_PANEL, NEED_TOP, item_panel_step }, \
	{ ACTION_PREV_PANEL, NEED_TOP, item_panel_step }, \
	{ ACTION_NEXT_FINDING, NEED_TOP, item_finding }, \
	{ ACTION_PREV_FINDING, NEED_TOP, item_finding }, \
	{ ACTION_PREVIEW, NEED_TOP, item_preview }, \
	{ ACTION_PIPE, NEED_TOP, hand_pipe }, \
	{ ACTION_PAGER, NEED_TOP, hand_page }, \
	{ ACTION_COPY, NEED_TOP, hand_copy_item }, \
	{ ACTION_WRITE, NEED_TOP, hand_write }

/* Labels can still be chosen while an edit is checked; nothing else can be done
 * from above. */
static const struct view_action item_actions[] = {
	READ_ACTIONS,
	{ ACTION_NEXT_ITEM, NEED_TOP, item_step },
	{ ACTION_PREV_ITEM, NEED_TOP, item_step },
	{ ACTION_OPEN, NEED_TOP, item_claim },
	{ ACTION_DIFF, NEED_TOP, item_diff },
	{ ACTION_BACK, NEED_TOP, task_back },
	{ ACTION_ACCEPT, NEED_TOP, task_accept },
	{ ACTION_EDIT, NEED_TOP, task_edit },
	{ ACTION_EDIT_HERE, NEED_TOP, item_edit_here },
	{ ACTION_REJECT, NEED_TOP, task_reject },
	{ ACTION_ESCALATE, NEED_TOP, task_escalate },
	{ ACTION_RETURN, NEED_TOP, task_return },
	{ ACTION_AGAIN, NEED_TOP, task_again },
	{ ACTION_SKIP, NEED_TOP, task_skip },
	{ ACTION_UNDO, NEED_TOP, item_undo },
	{ ACTION_NOTE, NEED_TOP, task_note },
	{ ACTION_LABELS, 0, task_labels },
	{ ACTION_MARK, NEED_TOP, mark_view_show },
	{ ACTION_NONE, 0, NULL }
};

/* Where nobody may see what was decided. */
static const struct view_action blind_actions[] = {
	READ_ACTIONS,
	{ ACTION_NONE, 0, NULL }
};

static void
item_close(struct view *v)
{
	struct item_view *it = v->data;

	v->scr->refused[0] = '\0';
	item_empty(it);
	indented_release(&it->in);
	arena_release(&it->arena);
	free(it);
}

static const enum action item_hints[] = {
	ACTION_ACCEPT, ACTION_EDIT, ACTION_REJECT, ACTION_ESCALATE, ACTION_RETURN,
	ACTION_SKIP, ACTION_AGAIN, ACTION_UNDO, ACTION_FOLD, ACTION_HELP, ACTION_NOTE, ACTION_BACK,
	ACTION_NONE
};

/* What is escalated can be returned, the rest escalated. */
static bool
item_hinted(const struct view *v, enum action action)
{
	const struct item_view *it = v->data;
	bool escalated = slice_is(it->detail.row.state, "escalated");

	return action != (escalated ? ACTION_ESCALATE : ACTION_RETURN);
}

static const struct view_ops item_ops = {
	.keys = KEYS_ITEM, .actions = item_actions, .pane = item_pane,
	.draw = item_draw, .holds = item_holds, .close = item_close,
	.hints = item_hints, .hinted = item_hinted, .hint = item_hint
};

static bool
item_show(struct screen *scr, int64_t item, const char *blind)
{
	struct view *v = view_find(scr, &item_ops);
	struct item_view *it = v == NULL ? NULL : v->data;
	struct error err = { STATUS_OK, "" };

	if (v == NULL) {
		it = calloc(1, sizeof(*it));
		v = it == NULL ? NULL : view_push(scr, &item_ops, it);
		if (v == NULL) {
			free(it);
			screen_fail(scr, "out of memory");
			return false;
		}
		indented_init(&it->in);
	}
	(void)snprintf(it->blind, sizeof(it->blind), "%s", blind);
	v->actions = blind[0] == '\0' ? item_actions : blind_actions;
	deliberate_new(&scr->calm);
	if (item_load(scr, it, item, &err) != STATUS_OK) {
		item_view_leave(scr);
		screen_fail(scr, "%s", err.text);
		return false;
	}
	return true;
}

void
item_view_show(struct screen *scr, int64_t item)
{
	if (item_show(scr, item, ""))
		queue_view_select(scr, &item_of(scr)->detail.row);
}

bool
item_view_show_blind(struct screen *scr, int64_t item, const char *said)
{
	return item_show(scr, item, said);
}

void
item_view_reload(struct screen *scr)
{
	struct item_view *it = item_of(scr);
	struct error err = { STATUS_OK, "" };

	if (it == NULL)
		return;
	if (item_load(scr, it, it->detail.row.item, &err) == STATUS_OK)
		return;
	item_view_leave(scr);
	screen_fail(scr, "%s", err.text);
}

void
item_view_leave(struct screen *scr)
{
	view_leave(scr, &item_ops);
}
