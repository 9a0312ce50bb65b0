#include "tui/review/queue_head.h"

#include <stdio.h>
#include <time.h>

#include "core/base/time.h"
#include "tui/review/columns.h"
#include "tui/review/count.h"
#include "tui/review/minutes.h"
#include "tui/review/queue_list.h"
#include "tui/review/review.h"
#include "tui/screen/cell.h"
#include "tui/screen/draw.h"

static const char *const state_titles[] = {
	[LIST_FLAGGED] = "flagged", [LIST_ESCALATED] = "escalated",
	[LIST_APPROVED] = "approved", [LIST_ACCEPTED] = "accepted",
	[LIST_EDITED] = "edited", [LIST_REJECTED] = "rejected",
	[LIST_ALL] = "all"
};
static const char *const sort_titles[] = {
	[SORT_DUE] = "due", [SORT_AGE] = "age", [SORT_CONFIDENCE] = "confidence"
};

const char *
queue_head_state(enum list_state state)
{
	return state_titles[state];
}

const char *
queue_head_sort(enum list_sort sort)
{
	return sort_titles[sort];
}

static const char *
store_title(const struct screen *scr)
{
	const char *path = store_path(review_of(scr)->session->store), *slash;

	slash = strrchr(path, '/');
	return slash == NULL ? path : slash + 1;
}

/* "17 of 4,895 flagged" of what is listed, "12 escalated" of the rest. */
static void
count_put(struct buf *line, const struct queue_list *q, const char *what,
    int64_t n, bool listed)
{
	char at[COUNT_TEXT], all[COUNT_TEXT];
	int64_t before = q->rows.before;

	buf_puts(line, "  ");
	if (listed && q->rows.n > 0 && before >= 0)
		buf_printf(line, "%s%s of ", q->rows.about ? "~" : "",
		    count_text(before + (int64_t)q->rows.sel + 1, at));
	buf_printf(line, "%s %s", count_text(n, all), what);
}

void
queue_head_draw(struct view *v, int row, int columns)
{
	struct review *r = review_of(v->scr);
	struct queue_list *q = v->data;
	const struct list_filter *f = &r->filter;
	const struct list_counts *c = &q->counts;
	struct buf line = BUF_INIT;
	char text[COUNT_TEXT];

	buf_printf(&line, "%s%s  %s", store_is_test(r->session->store) ?
	    "test store " : "", store_title(v->scr), f->queue == NULL ?
	    "all queues" : f->queue);
	/* Under a condition the place is one among what was found. */
	count_put(&line, q, "flagged", c->flagged + c->review,
	    f->state == LIST_FLAGGED && f->picks == NULL);
	count_put(&line, q, "escalated", c->escalated,
	    f->state == LIST_ESCALATED && f->picks == NULL);
	if (c->mine > 0)
		buf_printf(&line, "  %s mine", count_text(c->mine, text));
	if (c->oldest_ms >= 0) {
		minutes_text(time_between(c->oldest_ms, v->scr->now_ms), text);
		buf_printf(&line, "  oldest %s", text);
	}
	if (c->breached > 0)
		buf_printf(&line, "  %s%s late", count_text(c->breached, text),
		    c->breached >= 1000 ? "+" : "");
	buf_printf(&line, "  %s", r->session->who.name);
	(void)draw_text(row, 0, columns, FACE_HEADER, (struct slice){
	    buf_str(&line), line.n });
	buf_release(&line);
}

/* An id, in what is left of a line of so many columns. */
static void
id_put(struct buf *line, struct slice id, int columns)
{
	size_t used = text_width(buf_slice(line));

	cell_ends(id, columns > (int)used ? (size_t)columns - used : 0, line);
}

int
queue_head_waits(struct view *v, int row, int columns)
{
	const struct queue_list *q = v->data;
	size_t i, n = q->nwaits < WAITS_SHOWN ? q->nwaits : WAITS_SHOWN;
	struct buf line = BUF_INIT;
	char until[16], name[KEY_NAME_MAX], key[KEY_NAME_MAX + 8];
	struct tm tm;
	time_t t;

	key_text(keymap_first(&v->scr->keys, KEYS_QUEUE, ACTION_WAITING), name);
	(void)snprintf(key, sizeof(key), "  %s:open", name);
	for (i = 0; i < n; i++) {
		t = (time_t)(q->waits[i].until_ms / 1000);
		if (localtime_r(&t, &tm) == NULL ||
		    strftime(until, sizeof(until), "%H:%M:%S", &tm) == 0)
			until[0] = '\0';
		buf_clear(&line);
		if (i == 0 && q->nwaits > n)
			buf_printf(&line, "%zu callers wait, the first",
			    q->nwaits);
		else
			buf_puts(&line, "a caller waits");
		buf_printf(&line, " until %s  %s  ", until, q->waits[i].queue);
		id_put(&line, slice_of(q->waits[i].id), columns - (i == 0 ?
		    (int)strlen(key) : 0));
		if (i == 0)
			buf_puts(&line, key);
		(void)draw_text(row + (int)i, 0, columns, FACE_MESSAGE,
		    buf_slice(&line));
	}
	buf_release(&line);
	return (int)n;
}

void
queue_head_titles(struct view *v, int row, const int width[], int columns)
{
	const struct list_filter *f = &review_of(v->scr)->filter;
	int i, x = COLUMN_MARKS;

	for (i = 0; i < COLUMN_COUNT; i++) {
		if (width[i] == 0)
			continue;
		(void)draw_label(row, x, width[i], FACE_HEADING, "%s",
		    column_titles[i]);
		x += width[i] + 1;
	}
	x -= width[COLUMN_WORDS] + 1;
	if (width[COLUMN_WORDS] == 0)
		return;
	x += 8;
	if (f->state != LIST_FLAGGED)
		x += draw_label(row, x, columns - x, FACE_HEADING, "%s  ",
		    state_titles[f->state]);
	if (f->sort != SORT_DUE)
		(void)draw_label(row, x, columns - x, FACE_HINT, "by %s",
		    sort_titles[f->sort]);
}

int
queue_head_hint(struct view *v, int row, int columns)
{
	const struct review *r = review_of(v->scr);
	const struct queue_list *q = v->data;
	char at[COUNT_TEXT], all[COUNT_TEXT];
	struct buf line = BUF_INIT;
	size_t looked, found;
	int used;

	if (r->filter.where == NULL)
		return 0;
	picks_count(q->sift.picks, &looked, &found);
	if (q->sift.running)
		buf_printf(&line, "& %s of %s looked at, %zu found; Esc stops",
		    count_text((int64_t)looked, at),
		    count_text(queue_list_waiting(q), all), found);
	else {
		if (q->rows.n > 0)
			buf_printf(&line, "%s of ", count_text(q->rows.before +
			    (int64_t)q->rows.sel + 1, at));
		buf_printf(&line, "%s & %s", count_text((int64_t)found, all),
		    r->typed);
	}
	used = draw_text(row, 0, q->sift.running ? columns : columns / 2,
	    FACE_MESSAGE, buf_slice(&line));
	buf_release(&line);
	return used + 2;
}
