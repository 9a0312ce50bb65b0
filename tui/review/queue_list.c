#include "tui/review/queue_list.h"

#include <stdio.h>

#include "tui/review/review.h"

struct queue_list *
queue_list_of(struct screen *scr)
{
	return scr->stack[0].data;
}

int64_t
queue_list_tagged(const struct queue_list *q)
{
	int64_t n = (int64_t)q->tags.n;

	return !q->tags.all ? n : q->rows.total > n ? q->rows.total - n : 0;
}

/* Of the list as it is shown; -1 where that is not counted. */
static int64_t
list_total(const struct list_filter *f, const struct list_counts *c)
{
	size_t looked, found;

	if (f->picks != NULL) {
		picks_count(f->picks, &looked, &found);
		return (int64_t)found;
	}
	return f->state == LIST_FLAGGED ? c->flagged + c->review :
	    f->state == LIST_ESCALATED ? c->escalated : -1;
}

static void
counts_read(struct view *v)
{
	struct review *r = review_of(v->scr);
	struct queue_list *q = v->data;
	struct error err = { STATUS_OK, "" };

	if (list_counts_get(r->session, r->filter.queue, &q->counts,
	    &err) != STATUS_OK)
		screen_fail(v->scr, "%s", err.text);
	if (waits_get(r->session, r->filter.queue, q->waits, WAITS_SHOWN,
	    &q->nwaits, &err) != STATUS_OK)
		q->nwaits = 0;
	q->rows.total = list_total(&r->filter, &q->counts);
	q->groups.n = 0;
}

void
queue_list_refresh(struct view *v)
{
	struct review *r = review_of(v->scr);
	struct queue_list *q = v->data;
	struct error err = { STATUS_OK, "" };

	counts_read(v);
	if (rows_load(&q->rows, r->session, &r->filter, &err) !=
	    STATUS_OK)
		screen_fail(v->scr, "%s", err.text);
}

/* Items that wait, among which there may be new ones. */
int64_t
queue_list_waiting(const struct queue_list *q)
{
	return q->counts.flagged + q->counts.review + q->counts.escalated;
}

/* The list goes over to what was found in the meantime. */
static void
sift_next(struct view *v)
{
	struct queue_list *q = v->data;
	struct review *r = review_of(v->scr);
	struct error err = { STATUS_OK, "" };

	/* Decisions of our own make them fewer, which brings nothing new. */
	if (queue_list_waiting(q) <= q->sifted)
		q->sifted = queue_list_waiting(q);
	else if (r->filter.where != NULL && !q->sift.running &&
	    !q->next.running) {
		q->sifted = queue_list_waiting(q);
		if (sift_begin(&q->next, v->scr, &r->filter, &err) != STATUS_OK)
			screen_fail(v->scr, "%s", err.text);
	}
}

static void
sift_tick(struct view *v)
{
	struct queue_list *q = v->data;
	struct error err = { STATUS_OK, "" };
	enum status st;

	if (sift_ended(&q->sift, v->scr, &st, &err) && st != STATUS_OK)
		screen_fail(v->scr, "%s", err.text);
	if (!sift_ended(&q->next, v->scr, &st, &err))
		return;
	if (st != STATUS_OK) {
		sift_end(&q->next, v->scr);
		return;
	}
	sift_end(&q->sift, v->scr);
	q->sift = q->next;
	q->next = (struct sift){ .aside = NULL };
	review_of(v->scr)->filter.picks = q->sift.picks;
}

/* Is it a condition?  What is wrong with it is said before the list changes. */
enum status
queue_list_check(struct session *s, const char *where, struct error *err)
{
	struct list_match *m = NULL;
	enum status st;

	if (where == NULL)
		return STATUS_OK;
	st = list_match_new(&m, s, where, err);
	list_match_free(m);
	return st;
}

/* Takes over a filter whose condition is one; where it has any, what that holds for
 * is looked for aside. */
enum status
queue_list_take(struct screen *scr, const struct list_filter *f, struct error *err)
{
	struct review *r = review_of(scr);
	struct queue_list *q = queue_list_of(scr);
	enum status st = STATUS_OK;

	/* What is no longer shown must not be decided on. */
	if (f->state != r->filter.state || f->where != r->filter.where)
		tags_clear(&q->tags);
	if (f->where != NULL && f->where != r->where)
		(void)snprintf(r->where, sizeof(r->where), "%s", f->where);
	r->filter = *f;
	r->filter.where = f->where == NULL ? NULL : r->where;
	r->filter.picks = NULL;
	sift_end(&q->sift, scr);
	sift_end(&q->next, scr);
	rows_reset(&q->rows);
	if (f->where != NULL)
		st = sift_begin(&q->sift, scr, &r->filter, err);
	r->filter.picks = q->sift.picks;
	if (st == STATUS_OK)
		st = rows_load(&q->rows, r->session, &r->filter, err);
	counts_read(&scr->stack[0]);
	q->sifted = queue_list_waiting(q);
	return st;
}

bool
queue_list_filter(struct screen *scr, const struct list_filter *f)
{
	struct error err = { STATUS_OK, "" };
	enum status st;

	deliberate_new(&scr->calm);
	st = queue_list_check(review_of(scr)->session, f->where, &err);
	if (st == STATUS_OK)
		st = queue_list_take(scr, f, &err);
	if (st != STATUS_OK)
		screen_fail(scr, "%s", err.text);
	return st == STATUS_OK;
}

/* Looks for others' work. */
void
queue_list_tick(struct view *v)
{
	sift_tick(v);
	queue_list_refresh(v);
	sift_next(v);
}
