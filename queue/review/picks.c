#include "queue/review/picks.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_ROWS	500	/* looked at at once */

/* What the order of a list goes by. */
struct pick {
	int64_t	item, priority, due_ms, ingested_ms;
	double	confidence;
};

struct picks {
	pthread_mutex_t		 lock;		/* of what follows */
	struct pick		*v;
	size_t			 n, cap, looked;
	bool			 stop;

	struct list_filter	 filter;	/* without the condition */
	char			*queue, *where;
};

struct picks *
picks_new(const struct list_filter *f)
{
	struct picks *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->filter = *f;
	p->filter.where = NULL;
	p->filter.picks = NULL;
	p->where = strdup(f->where);
	p->queue = f->queue == NULL ? NULL : strdup(f->queue);
	p->filter.queue = p->queue;
	if (p->where == NULL || (f->queue != NULL && p->queue == NULL)) {
		free(p->where);
		free(p->queue);
		free(p);
		return NULL;
	}
	(void)pthread_mutex_init(&p->lock, NULL);
	return p;
}

void
picks_free(struct picks *p)
{
	if (p == NULL)
		return;
	(void)pthread_mutex_destroy(&p->lock);
	free(p->v);
	free(p->where);
	free(p->queue);
	free(p);
}

static struct pick
pick_of(const struct list_row *r)
{
	return (struct pick){ r->item, r->priority, r->due_ms, r->ingested_ms,
	    isnan(r->confidence) ? -1.0 : r->confidence };
}

static int
number_order(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

/* As the statements of list_page() order. */
static int
pick_order(const struct picks *p, const struct pick *a, const struct pick *b)
{
	int c = 0;

	if (p->filter.state == LIST_FLAGGED && p->filter.sort == SORT_AGE)
		c = number_order(a->ingested_ms, b->ingested_ms);
	else if (p->filter.state == LIST_FLAGGED &&
	    p->filter.sort == SORT_CONFIDENCE)
		c = a->confidence < b->confidence ? -1 :
		    a->confidence > b->confidence;
	else if ((c = number_order(b->priority, a->priority)) == 0)
		c = number_order(a->due_ms, b->due_ms);
	return c != 0 ? c : number_order(a->item, b->item);
}

/* Under the lock. */
static bool
pick_add(struct picks *p, const struct list_row *r)
{
	struct pick *v;
	size_t cap = p->cap == 0 ? 256 : 2 * p->cap;

	if (p->n == p->cap) {
		if ((v = realloc(p->v, cap * sizeof(*v))) == NULL)
			return false;
		p->v = v;
		p->cap = cap;
	}
	p->v[p->n++] = pick_of(r);
	return true;
}

/* Those of some rows that hold are added; *go is false once it shall end. */
static enum status
rows_add(struct picks *p, struct list_match *m, const struct list_row *rows,
    size_t n, bool *go, struct error *err)
{
	bool holds[LOOK_ROWS], room = true;
	enum status st;
	size_t i;

	if ((st = list_match_run(m, rows, n, holds, err)) != STATUS_OK)
		return st;
	(void)pthread_mutex_lock(&p->lock);
	for (i = 0; i < n && room; i++) {
		if (holds[i])
			room = pick_add(p, &rows[i]);
	}
	p->looked += n;
	*go = !p->stop;
	(void)pthread_mutex_unlock(&p->lock);
	return room ? STATUS_OK : error_nomem(err);
}

enum status
picks_look(struct picks *p, struct session *s, struct error *err)
{
	struct list_row *rows = calloc(LOOK_ROWS, sizeof(*rows)), from;
	struct arena arena[2] = { ARENA_INIT, ARENA_INIT };
	struct list_match *m = NULL;
	size_t got = LOOK_ROWS, round = 0;
	bool go = true;
	enum status st;

	st = rows == NULL ? error_nomem(err) :
	    list_match_new(&m, s, p->where, err);
	/* The row gone on from lives in the arena of the round before. */
	for (; st == STATUS_OK && go && got == LOOK_ROWS; round++) {
		arena_reset(&arena[round % 2]);
		st = list_page(s, &p->filter, round == 0 ? NULL : &from, false,
		    LOOK_ROWS, &arena[round % 2], rows, &got, err);
		if (st == STATUS_OK)
			st = rows_add(p, m, rows, got, &go, err);
		if (got > 0)
			from = rows[got - 1];
	}
	list_match_free(m);
	arena_release(&arena[0]);
	arena_release(&arena[1]);
	free(rows);
	return st;
}

void
picks_stop(struct picks *p)
{
	(void)pthread_mutex_lock(&p->lock);
	p->stop = true;
	(void)pthread_mutex_unlock(&p->lock);
}

void
picks_count(struct picks *p, size_t *looked_at, size_t *found)
{
	(void)pthread_mutex_lock(&p->lock);
	*looked_at = p->looked;
	*found = p->n;
	(void)pthread_mutex_unlock(&p->lock);
}

/* How many stand before a pick in the order, or before and at it. */
static size_t
before(const struct picks *p, const struct pick *at, bool with)
{
	size_t lo = 0, hi = p->n, mid;
	int c;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		c = pick_order(p, &p->v[mid], at);
		if (c < 0 || (c == 0 && with))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

size_t
picks_before(struct picks *p, const struct list_row *row)
{
	struct pick at = pick_of(row);
	size_t n;

	(void)pthread_mutex_lock(&p->lock);
	n = before(p, &at, true);
	(void)pthread_mutex_unlock(&p->lock);
	return n;
}

void
picks_drop(struct picks *p, const struct list_row *row)
{
	struct pick at = pick_of(row);
	size_t i;

	(void)pthread_mutex_lock(&p->lock);
	i = before(p, &at, false);
	if (i < p->n && p->v[i].item == at.item) {
		memmove(&p->v[i], &p->v[i + 1], (p->n - i - 1) *
		    sizeof(*p->v));
		p->n--;
	}
	(void)pthread_mutex_unlock(&p->lock);
}

bool
picks_beside(struct picks *p, const struct list_row *from, bool backward,
    struct list_row *key)
{
	const struct pick *v;
	struct pick at;
	bool there;
	size_t i;

	(void)pthread_mutex_lock(&p->lock);
	i = backward ? p->n : 0;
	if (from != NULL) {
		at = pick_of(from);
		i = before(p, &at, !backward);
	}
	there = backward ? i > 0 : i < p->n;
	if (there) {
		v = &p->v[backward ? i - 1 : i];
		*key = (struct list_row){ .item = v->item,
		    .priority = v->priority, .due_ms = v->due_ms,
		    .ingested_ms = v->ingested_ms,
		    .confidence = v->confidence };
	}
	(void)pthread_mutex_unlock(&p->lock);
	return there;
}
