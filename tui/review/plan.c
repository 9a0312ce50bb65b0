#include "tui/review/plan.h"

#include <stdio.h>
#include <stdlib.h>

#include "tui/review/queue_row.h"

#define PAGE		256

struct plan *
plan_new(enum decision decision, const struct list_filter *f,
    const struct tags *tags)
{
	struct plan *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->decision = decision;
	p->filter = *f;
	p->filter.picks = NULL;
	p->filter.queue = f->queue == NULL ? NULL : strdup(f->queue);
	p->filter.where = f->where == NULL ? NULL : strdup(f->where);
	if ((f->queue != NULL && p->filter.queue == NULL) ||
	    (f->where != NULL && p->filter.where == NULL) ||
	    !tags_copy(&p->tags, tags)) {
		plan_free(p);
		return NULL;
	}
	return p;
}

void
plan_free(void *plan)
{
	struct plan *p = plan;

	if (p == NULL)
		return;
	free((char *)(uintptr_t)p->filter.queue);
	free((char *)(uintptr_t)p->filter.where);
	tags_clear(&p->tags);
	free(p->item);
	free(p);
}

static enum status
item_add(struct plan *p, int64_t item, struct error *err)
{
	size_t size = p->size == 0 ? PAGE : 2 * p->size;
	int64_t *more;

	if (p->n == p->size) {
		more = realloc(p->item, size * sizeof(*more));
		if (more == NULL)
			return error_nomem(err);
		p->item = more;
		p->size = size;
	}
	p->item[p->n++] = item;
	return STATUS_OK;
}

static void
kind_count(struct plan *p, const char *name, int64_t severity)
{
	size_t i;

	for (i = 0; i < p->nkinds; i++) {
		if (p->kind[i].severity == severity &&
		    strncmp(p->kind[i].name, name, PLAN_NAME - 1) == 0) {
			p->kind[i].n++;
			return;
		}
	}
	if (i == PLAN_KINDS)
		return;
	(void)snprintf(p->kind[i].name, PLAN_NAME, "%s", name);
	p->kind[i].severity = severity;
	p->kind[i].n = 1;
	p->nkinds++;
}

/* Did a guard fail whose findings nobody sees? */
static bool
row_hides(const struct session *s, const struct list_row *r)
{
	const struct queue_policy *q = policy_queue(s->policy, r->queue);
	struct buf quoted = BUF_INIT;
	const struct guard_kind *kind;
	bool hides = false;
	size_t i;

	for (i = 0; i < q->nguards && !hides; i++) {
		kind = q->guards[i]->kind;
		buf_clear(&quoted);
		buf_printf(&quoted, "\"%s\"", q->guards[i]->name);
		hides = kind->hides && memmem(r->guards.p, r->guards.n,
		    buf_str(&quoted), quoted.n) != NULL;
	}
	buf_release(&quoted);
	return hides;
}

static enum status
row_plan(struct session *s, struct plan *p, const struct list_row *r,
    struct error *err)
{
	struct buf name = BUF_INIT;
	enum status st;

	if (p->n == 0)
		(void)snprintf(p->queue, sizeof(p->queue), "%.*s",
		    SLICE_ARG(r->queue));
	if (r->lease_by.p != NULL && !r->lease_mine) {
		p->held++;
		return STATUS_OK;
	}
	if (p->decision == DECISION_ACCEPT &&
	    (r->severity >= SEVERITY_HIGH || row_hides(s, r))) {
		p->left_out++;
		return STATUS_OK;
	}
	queue_row_guards(r, &name);
	kind_count(p, buf_str(&name), name.n == 0 ? -1 : r->severity);
	st = item_add(p, r->item, err);
	buf_release(&name);
	return st;
}

/* All that the list holds but what had its tag taken off. */
static enum status
list_plan(struct session *s, struct plan *p, struct error *err)
{
	struct list_row *rows = calloc(PAGE, sizeof(*rows)), from;
	struct arena arena[2] = { ARENA_INIT, ARENA_INIT };
	enum status st = STATUS_OK;
	size_t got = PAGE, i;
	int at = 0;
	bool first = true;

	if (rows == NULL)
		return error_nomem(err);
	while (st == STATUS_OK && got == PAGE) {
		arena_reset(&arena[at]);
		st = list_page(s, &p->filter, first ? NULL : &from, false, PAGE,
		    &arena[at], rows, &got, err);
		for (i = 0; st == STATUS_OK && i < got; i++) {
			if (tags_has(&p->tags, rows[i].item))
				st = row_plan(s, p, &rows[i], err);
		}
		if (got > 0)
			from = rows[got - 1];
		first = false;
		at = !at;	/* the key of the page before lives in the other */
	}
	arena_release(&arena[0]);
	arena_release(&arena[1]);
	free(rows);
	return st;
}

enum status
plan_make(struct session *s, void *plan, struct error *err)
{
	struct arena arena = ARENA_INIT;
	enum status st = STATUS_OK;
	struct plan *p = plan;
	struct list_row row;
	size_t i;

	if (p->tags.all)
		return list_plan(s, p, err);
	for (i = 0; i < p->tags.n && st == STATUS_OK; i++) {
		arena_reset(&arena);
		st = list_row_get(s, p->tags.item[i], &arena, &row, err);
		if (st == STATUS_OK)
			st = row_plan(s, p, &row, err);
	}
	arena_release(&arena);
	return st;
}

/* The most frequent that was not told yet, the first of several; NULL: none. */
static const struct plan_kind *
kind_next(const struct plan *p, uint32_t told)
{
	const struct plan_kind *most = NULL;
	size_t i;

	for (i = 0; i < p->nkinds; i++)
		if ((told >> i & 1) == 0 && (most == NULL ||
		    p->kind[i].n > most->n))
			most = &p->kind[i];
	return most;
}

void
plan_text(const struct plan *p, const char *behind, struct buf *out)
{
	const struct plan_kind *k;
	size_t i, left = p->n;
	uint32_t told = 0;

	buf_printf(out, "%zu%s", p->n, behind);
	for (i = 0; i < PLAN_TOLD && (k = kind_next(p, told)) != NULL; i++) {
		buf_printf(out, "%s%zu %s%s%s", i == 0 ? ": " : ", ", k->n,
		    k->name[0] == '\0' ? "none" : k->name,
		    k->severity < 0 ? "" : " ", k->severity < 0 ? "" :
		    severity_name((enum severity)k->severity));
		told |= (uint32_t)1 << (k - p->kind);
		left -= k->n;
	}
	if (left > 0)
		buf_printf(out, ", %zu others", left);
	if (p->left_out > 0)
		buf_printf(out, "; %zu high or hidden left out", p->left_out);
	if (p->held > 0)
		buf_printf(out, "; %zu in other hands left out", p->held);
}
