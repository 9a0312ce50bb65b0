#include "tui/review/sift.h"

#include <stdlib.h>

#include "tui/review/review.h"

/* The picks are the list's while it is shown and the thread's while it looks. */
struct sift_work {
	struct picks	*picks;
};

static enum status
work_run(struct session *s, void *arg, struct error *err)
{
	struct sift_work *w = arg;

	return picks_look(w->picks, s, err);
}

static void
work_drop(void *arg)
{
	struct sift_work *w = arg;

	picks_free(w->picks);
	free(w);
}

enum status
sift_begin(struct sift *f, struct screen *scr, const struct list_filter *filter,
    struct error *err)
{
	struct sift_work *w = calloc(1, sizeof(*w));
	enum status st;

	if (w == NULL || (w->picks = picks_new(filter)) == NULL) {
		free(w);
		return error_nomem(err);
	}
	st = aside_start(&f->aside, review_of(scr)->session, work_run, w,
	    work_drop, err);
	if (st != STATUS_OK) {
		work_drop(w);
		return st;
	}
	f->picks = w->picks;
	f->running = true;
	scr->asides++;
	return STATUS_OK;
}

void
sift_stop(struct sift *f)
{
	if (f->running)
		picks_stop(f->picks);
}

void
sift_end(struct sift *f, struct screen *scr)
{
	if (f->running)
		scr->asides--;
	sift_stop(f);
	aside_leave(f->aside);
	*f = (struct sift){ .aside = NULL };
}

bool
sift_ended(struct sift *f, struct screen *scr, enum status *st,
    struct error *err)
{
	if (!f->running || !aside_ended(f->aside, st, err))
		return false;
	f->running = false;
	scr->asides--;
	return true;
}
