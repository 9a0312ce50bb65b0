#include "tui/review/command.h"

#include <stdio.h>

#include "queue/review/queue_known.h"
#include "tui/review/queue_list.h"
#include "tui/review/queue_view.h"
#include "tui/review/review.h"

static const struct slice queue_word = { "queue", 5 };

/* "queue" and what follows it; false: another word. */
static bool
queue_named(struct slice text, struct slice *name)
{
	size_t n = queue_word.n;

	if (text.n < n || memcmp(text.p, queue_word.p, n) != 0 ||
	    (text.n > n && text.p[n] != ' '))
		return false;
	while (n < text.n && text.p[n] == ' ')
		n++;
	*name = (struct slice){ text.p + n, text.n - n };
	return true;
}

static void
queue_show(struct screen *scr, struct slice name)
{
	struct review *r = review_of(scr);
	struct list_filter f = r->filter;
	struct error err = { STATUS_OK, "" };
	char queue[sizeof(r->queue)], said[sizeof(queue) + 16];

	if (name.n >= sizeof(queue)) {
		screen_fail(scr, "no queue has so long a name");
		return;
	}
	(void)snprintf(queue, sizeof(queue), "%.*s", SLICE_ARG(name));
	(void)snprintf(said, sizeof(said), "no queue %s", queue);
	if (name.n > 0 && queue_known(r->session, queue, said, &err) !=
	    STATUS_OK) {
		screen_fail(scr, "%s", err.text);
		return;
	}
	memcpy(r->queue, queue, sizeof(queue));
	f.queue = name.n == 0 ? NULL : r->queue;
	/* What is no longer shown must not be decided on. */
	queue_view_untag(scr);
	if (queue_list_filter(scr, &f))
		screen_say(scr, "%s", f.queue == NULL ? "all queues" : f.queue);
}

bool
command_run(struct screen *scr, struct slice text)
{
	struct review *r = review_of(scr);
	struct error err = { STATUS_OK, "" };
	struct slice name;
	bool queue = queue_named(text, &name);
	char id[300];
	int64_t item;
	enum status st;

	if (scr->nviews > 1 && queue) {
		screen_fail(scr, "queue: go back to the list first");
		return true;
	}
	if (queue) {
		queue_show(scr, name);
		return true;
	}
	if (scr->nviews > 1 || text.n >= sizeof(id))
		return false;
	(void)snprintf(id, sizeof(id), "%.*s", SLICE_ARG(text));
	st = list_find(r->session, id, r->filter.queue, &item, &err);
	if (st == STATUS_OK)
		task_open(scr, item);
	else if (st != STATUS_NOT_FOUND)
		screen_fail(scr, "%s", err.text);
	return st != STATUS_NOT_FOUND;
}

static void
ids_offer(struct screen *scr, struct slice before, struct complete *c)
{
	struct review *r = review_of(scr);
	struct error ignored = { STATUS_OK, "" };
	struct slice *ids;
	size_t i, n = 0;

	arena_reset(&r->offered);
	ids = arena_alloc(&r->offered, COMPLETE_NAMES * sizeof(*ids));
	if (ids == NULL || list_ids(r->session, before, COMPLETE_NAMES,
	    &r->offered, ids, &n, &ignored) != STATUS_OK)
		return;
	for (i = 0; i < n; i++)
		complete_offer(c, ids[i]);
}

void
command_offer(struct screen *scr, struct slice before, struct complete *c)
{
	const struct policy *p = review_of(scr)->session->policy;
	struct slice name;
	size_t i;

	if (scr->nviews > 1)	/* both are asked for in the list only */
		return;
	if (queue_named(before, &name) && name.p > before.p + queue_word.n) {
		c->word = name;
		c->n = 0;
		for (i = 0; i < p->nqueues; i++)
			complete_offer(c, slice_of(p->queues[i].name));
		return;
	}
	complete_offer(c, queue_word);
	/* They would hide the actions where nothing is typed yet. */
	if (before.n > 0)
		ids_offer(scr, before, c);
}
