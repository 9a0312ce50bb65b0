#include "core/protocol/entities.h"

#include <stdlib.h>

#include "core/base/utf8.h"
#include "core/json/value.h"
#include "core/policy/policy.h"

static int
order(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int
by_start(const void *x, const void *y)
{
	const struct entity *a = x, *b = y;
	int start = order(a->start, b->start), end = order(a->end, b->end);

	return start != 0 ? start : end != 0 ? end :
	    order(a->number, b->number);
}

static int
by_end(const void *x, const void *y)
{
	const struct entity *a = x, *b = y;

	return order(a->end, b->end);
}

static void
entities_sort(struct entities *e, int (*compare)(const void *, const void *))
{
	if (e->n > 1)
		qsort(e->v, e->n, sizeof(*e->v), compare);
}

/* Bytes to code points; the text is gone over once for each end. */
static void
entities_count(struct entities *e, struct slice text)
{
	struct utf8_cursor starts = { text, 0, 0 }, ends = { text, 0, 0 };
	size_t i;

	entities_sort(e, by_end);
	for (i = 0; i < e->n; i++)
		e->v[i].end = utf8_point(&ends, e->v[i].end);
	entities_sort(e, by_start);
	for (i = 0; i < e->n; i++)
		e->v[i].start = utf8_point(&starts, e->v[i].start);
}

bool
entities_list_has(const struct asked *a, uint32_t list, struct slice text)
{
	const struct json *d = &a->json;
	uint32_t t;

	for (t = json_first(d, list); t != JSON_NONE; t = json_next(d, list, t))
		if (slice_eq(value_string(d, t, a->arena), text))
			return true;
	return false;
}

static const struct guard *
guard_of(const struct queue_policy *q, const char *name)
{
	size_t i;

	for (i = 0; i < q->nguards; i++)
		if (strcmp(q->guards[i]->name, name) == 0)
			return q->guards[i];
	return NULL;
}

static bool
is_wanted(const struct asked *a, const struct asked_text *t,
    const struct finding *f, const struct entity_filter *filter)
{
	const struct guard *g = guard_of(t->verdict->queue, f->guard);

	if (f->on.p != NULL || f->start >= f->end || g == NULL ||
	    !(g->kind->private || f->redact != REDACT_OFF))
		return false;
	if (f->score < filter->score)
		return false;
	if (filter->types != JSON_NONE &&
	    !entities_list_has(a, filter->types, f->kind))
		return false;
	return filter->allowed == JSON_NONE || !entities_list_has(a,
	    filter->allowed, (struct slice){ t->text.p + f->start,
	    f->end - f->start });
}

/* A guard ends its list somewhere; what stands behind the end, nobody would know. */
static bool
is_cut(const struct verdict *v)
{
	const char *guard = NULL;
	size_t i, n = 0;

	for (i = 0; i < v->nfindings; i++) {
		n = v->findings[i].guard == guard ? n + 1 : 1;
		guard = v->findings[i].guard;
		if (n == FINDINGS_MAX)
			return true;
	}
	return false;
}

/* An answer without what one of them would have found says too little. */
static enum status
guards_check(const struct verdict *v, struct error *err)
{
	bool any = false;
	size_t i;

	for (i = 0; i < v->nguard_errors; i++)
		if (!v->guard_errors[i].fail_open)
			return error_set(err, STATUS_IO,
			    "the guard %s could not run",
			    v->guard_errors[i].guard);
	if (is_cut(v))
		return error_set(err, STATUS_INVALID, "a text has %d findings "
		    "or more: send it in parts", FINDINGS_MAX);
	for (i = 0; i < v->queue->nguards; i++)
		any |= v->queue->guards[i]->kind->private ||
		    v->queue->guards[i]->redact != REDACT_OFF;
	return any ? STATUS_OK : error_set(err, STATUS_NOT_FOUND, "the queue %s "
	    "has no guard that finds private data", v->queue->name);
}

/* The same place and type, found by another guard. */
static void
entities_unique(struct entities *e)
{
	struct entity *last;
	size_t i, n = 0;

	for (i = 0; i < e->n; i++) {
		last = n == 0 ? NULL : &e->v[n - 1];
		if (last != NULL && last->start == e->v[i].start &&
		    last->end == e->v[i].end &&
		    slice_eq(last->type, e->v[i].type)) {
			if (e->v[i].score > last->score)
				*last = e->v[i];
			continue;
		}
		e->v[n++] = e->v[i];
	}
	e->n = n;
}

enum status
entities_found(const struct asked *a, const struct asked_text *t,
    const struct entity_filter *filter, struct entities *e, struct error *err)
{
	const struct verdict *v = t->verdict;
	const struct finding *f;
	enum status st;
	size_t i;

	*e = (struct entities){ NULL, 0 };
	if (v == NULL)
		return STATUS_OK;
	if ((st = guards_check(v, err)) != STATUS_OK)
		return st;
	e->v = arena_alloc(a->arena, (v->nfindings + 1) * sizeof(*e->v));
	if (e->v == NULL)
		return error_nomem(err);
	for (i = 0; i < v->nfindings; i++) {
		f = &v->findings[i];
		if (!is_wanted(a, t, f, filter))
			continue;
		e->v[e->n] = (struct entity){ f->kind, f->start, f->end,
		    f->score, e->n, f };
		e->n++;
	}
	entities_count(e, t->text);
	entities_unique(e);
	return STATUS_OK;
}

static bool
entity_read(const struct asked *a, uint32_t t, size_t points, struct entity *e)
{
	const struct json *d = &a->json;
	uint32_t type = json_get_value(d, t, "entity_type");
	uint32_t start = json_get_value(d, t, "start");
	uint32_t end = json_get_value(d, t, "end");
	uint32_t score = json_get_value(d, t, "score");
	int64_t from, to;

	if (type == JSON_NONE || json_kind(d, type) != TOKEN_STRING ||
	    start == JSON_NONE || json_kind(d, start) != TOKEN_NUMBER ||
	    end == JSON_NONE || json_kind(d, end) != TOKEN_NUMBER ||
	    !json_int64(d, start, &from) || !json_int64(d, end, &to) ||
	    from < 0 || to <= from || (uint64_t)to > points)
		return false;
	*e = (struct entity){ value_string(d, type, a->arena), (size_t)from,
	    (size_t)to, 0, 0, NULL };
	if (score != JSON_NONE && json_kind(d, score) == TOKEN_NUMBER)
		e->score = json_double(d, score);
	return true;
}

enum status
entities_given(const struct asked *a, uint32_t list, struct slice text,
    struct entities *e, struct error *err)
{
	const struct json *d = &a->json;
	size_t points = utf8_count(text.p, text.n);
	uint32_t t;

	*e = (struct entities){ NULL, 0 };
	if (json_kind(d, list) != TOKEN_ARRAY || d->tok[list].count >
	    ENTITIES_MAX)
		return error_set(err, STATUS_INVALID, "analyzer_results is a "
		    "list of at most %d", ENTITIES_MAX);
	e->v = arena_alloc(a->arena, (d->tok[list].count + 1) * sizeof(*e->v));
	if (e->v == NULL)
		return error_nomem(err);
	for (t = json_first(d, list); t != JSON_NONE; t = json_next(d, list, t)) {
		if (!entity_read(a, t, points, &e->v[e->n]))
			return error_set(err, STATUS_INVALID, "analyzer_results:"
			    " number %zu has no entity_type, start and end of "
			    "the text", e->n + 1);
		e->v[e->n].number = e->n;
		e->n++;
	}
	return STATUS_OK;
}

/* Of one type and overlapping: it becomes part of the one before it. */
static void
merge_overlapping(struct entities *e)
{
	struct entity *x, *y;
	size_t i, k, n = 0;
	bool merged;

	for (i = 0; i < e->n; i++) {
		y = &e->v[i];
		for (merged = false, k = 0; k < n && !merged; k++) {
			x = &e->v[k];
			if (!slice_eq(x->type, y->type) || y->start >= x->end)
				continue;
			x->end = y->end > x->end ? y->end : x->end;
			x->score = y->score > x->score ? y->score : x->score;
			x->number = y->number;
			merged = true;
		}
		if (!merged)
			e->v[n++] = *y;
	}
	e->n = n;
}

static void
drop_contained(struct entities *e)
{
	size_t i, k, n = 0;
	bool within;

	for (i = 0; i < e->n; i++) {
		for (within = false, k = 0; k < e->n && !within; k++) {
			if (k == i || e->v[k].start > e->v[i].start ||
			    e->v[k].end < e->v[i].end)
				continue;
			within = e->v[k].start < e->v[i].start ||
			    e->v[k].end > e->v[i].end ||
			    e->v[k].score > e->v[i].score ||
			    (!(e->v[k].score < e->v[i].score) &&
			    e->v[k].number > e->v[i].number);
		}
		/* Only marked, since the others are compared with it too. */
		if (within)
			e->v[i].type = SLICE_NONE;
	}
	for (i = 0; i < e->n; i++)
		if (e->v[i].type.p != NULL)
			e->v[n++] = e->v[i];
	e->n = n;
}

static bool
only_blanks(struct utf8_cursor *c, size_t from, size_t to)
{
	size_t i = utf8_byte(c, from), end = utf8_byte(c, to);

	if (i == end)
		return false;
	for (; i < end; i++)
		if (c->text.p[i] != ' ')
			return false;
	return true;
}

static void
merge_beside(struct entities *e, struct slice text)
{
	struct utf8_cursor c = { text, 0, 0 };
	size_t i, n = 0;

	for (i = 0; i < e->n; i++) {
		if (n > 0 && e->v[n - 1].end < e->v[i].start &&
		    slice_eq(e->v[n - 1].type, e->v[i].type) &&
		    only_blanks(&c, e->v[n - 1].end, e->v[i].start)) {
			e->v[n - 1].end = e->v[i].end;
			e->v[n - 1].score = e->v[i].score;
		} else {
			e->v[n++] = e->v[i];
		}
	}
	e->n = n;
}

void
entities_settle(struct entities *e, struct slice text)
{
	size_t i;

	entities_sort(e, by_start);
	for (i = 0; i < e->n; i++)
		e->v[i].number = i;
	merge_overlapping(e);
	drop_contained(e);
	entities_sort(e, by_start);
	merge_beside(e, text);
}
