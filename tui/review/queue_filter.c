#include "tui/review/queue_filter.h"

#include <stdio.h>

#include "tui/review/filter_line.h"
#include "tui/review/queue_list.h"
#include "tui/review/review.h"

static prompt_fn filter_typed;

static const struct filter_line line = {
	FILTER_ITEMS, HISTORY_FILTER, filter_typed, queue_list_check
};

static void
filter_typed(struct screen *scr, void *arg, struct slice text)
{
	struct review *r = review_of(scr);
	struct list_filter f = r->filter;
	struct buf where = BUF_INIT;

	(void)arg;
	if (text.p == NULL)
		return;
	if (filter_line_read(scr, &line, text, &where)) {
		f.where = where.n == 0 ? NULL : buf_str(&where);
		if (queue_list_filter(scr, &f))
			(void)snprintf(r->typed, sizeof(r->typed), "%.*s",
			    SLICE_ARG(text));
	}
	buf_release(&where);
}

void
queue_filter_stop(struct view *v, enum action action)
{
	struct queue_list *q = v->data;
	struct list_filter f = review_of(v->scr)->filter;
	size_t looked = 0, found = 0;

	(void)action;
	if (!q->sift.running) {
		if (f.where == NULL) {
			screen_say(v->scr, "there is no filter; Q leaves");
			return;
		}
		f.where = NULL;
		if (queue_list_filter(v->scr, &f))
			screen_say(v->scr, FILTER_GONE);
		return;
	}
	sift_stop(&q->sift);
	picks_count(q->sift.picks, &looked, &found);
	screen_say(v->scr, "stopped: %zu looked at, %zu found", looked, found);
}

void
queue_filter_ask(struct view *v, enum action action)
{
	struct review *r = review_of(v->scr);

	(void)action;
	filter_line_ask(v->scr, &line, slice_of(r->filter.where == NULL ? "" :
	    r->typed));
}
