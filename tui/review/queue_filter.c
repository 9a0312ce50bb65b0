#include "tui/review/queue_filter.h"

#include <stdio.h>

#include "tui/review/filter.h"
#include "tui/review/names.h"
#include "tui/review/queue_list.h"
#include "tui/review/review.h"

static void	filter_typed(struct screen *, void *, struct slice);

/* A filter's whole name may be typed, or the next word of a condition. */
static void
filter_complete(struct screen *scr, struct slice before, struct complete *c)
{
	c->word = before;
	named_offer(&review_of(scr)->named, c);
	names_offer(scr, before, NAMES_ITEM, c);
}

static void
filter_prompt(struct screen *scr, struct slice text)
{
	prompt_line(scr, "&", text, filter_typed, NULL);
	prompt_recall(scr, HISTORY_FILTER, filter_complete);
}

/* The line is kept, and what it may mean is said. */
static void
filter_again(struct screen *scr, struct slice typed, const struct error *err)
{
	struct buf near = BUF_INIT;

	filter_prompt(scr, typed);
	filter_near(slice_of(err->text), &near);
	if (near.n > 0)
		screen_fail(scr, "%s; %s?", err->text, buf_str(&near));
	else
		screen_fail(scr, "%s", err->text);
	buf_release(&near);
}

static void
filter_typed(struct screen *scr, void *arg, struct slice text)
{
	struct review *r = review_of(scr);
	struct list_filter f = r->filter;
	struct error err = { STATUS_OK, "" };
	struct buf where = BUF_INIT;
	const char *named;

	(void)arg;
	if (text.p == NULL)
		return;
	named = named_find(&r->named, text);
	if (named != NULL)
		buf_puts(&where, named);
	else
		filter_condition(text, &where);
	f.where = text.n == 0 ? NULL : buf_str(&where);
	if (where.n >= sizeof(r->where))
		screen_fail(scr, "filter: longer than %zu bytes",
		    sizeof(r->where) - 1);
	else if (queue_list_check(r->session, f.where, &err) != STATUS_OK)
		filter_again(scr, text, &err);
	else if (queue_list_filter(scr, &f))
		(void)snprintf(r->typed, sizeof(r->typed), "%.*s",
		    SLICE_ARG(text));
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
			screen_say(v->scr, "no filter; & and Up bring it back");
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
	filter_prompt(v->scr, slice_of(r->filter.where == NULL ? "" :
	    r->typed));
}
