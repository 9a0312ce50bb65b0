/* Redaction until nothing is left: core/judge/redact.h, and the guards again. */
#include "core/judge/cover.h"

#include "core/judge/stages.h"

#include <stdlib.h>

#include "core/base/arena.h"
#include "core/judge/guards.h"
#include "core/judge/redact.h"

#define AGAIN_MAX	3	/* times that the guards look at what came out */

/* What the marks in the current text cover; a mark is no finding. */
struct covered {
	struct covered_span {
		uint32_t	start, end;
	}		*v;
	size_t		 n;
};

static int
span_order(const void *a, const void *b)
{
	const struct covered_span *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

/* Those of before, where they are now, and the new ones. */
static bool
covered_move(struct covered *c, const struct redacted *r, struct arena *arena)
{
	struct covered_span *v;
	size_t i, n = 0;

	v = arena_alloc(arena, (c->n + r->nedits) * sizeof(*v));
	if (v == NULL)
		return false;
	for (i = 0; i < c->n; i++) {
		v[n].start = redact_place(r, c->v[i].start, false);
		v[n++].end = redact_place(r, c->v[i].end, true);
	}
	for (i = 0; i < r->nedits; i++)
		v[n++] = (struct covered_span){ r->edit[i].at,
		    r->edit[i].at + r->edit[i].n };
	qsort(v, n, sizeof(*v), span_order);
	c->v = v;
	c->n = n;
	return true;
}

/* Is there nothing in the finding but marks? */
static bool
is_covered(const struct covered *c, const struct finding *f)
{
	uint32_t at = f->start;
	size_t i;

	for (i = 0; i < c->n && at < f->end && c->v[i].start <= at; i++)
		if (c->v[i].end > at)
			at = c->v[i].end;
	return at >= f->end;
}

/* Takes out of what was found again what is no more than marks. */
static void
found_left(struct judge *j, const struct covered *c)
{
	size_t i, n = 0;

	for (i = 0; i < j->found.n; i++)
		if (!is_covered(c, &j->found.v[i]))
			j->found.v[n++] = j->found.v[i];
	j->found.n = n;
}

static enum status
redact_until(struct judge *j, struct item *it, const struct finding *f,
    size_t n, struct arena *arena, bool *whole, struct error *err)
{
	struct redact_text text = { .is_string = it->output_is_string,
	    .key = j->options.key };
	struct covered c = { NULL, 0 };
	struct redacted r;
	enum status st;
	bool ran;
	int again;

	for (again = 0;; again++) {
		text.text = it->output;
		if ((st = redact_apply(&text, f, n, arena, &r, err)) !=
		    STATUS_OK)
			return st;
		*whole = r.whole;
		it->output = r.text;
		if (!r.whole || r.nedits == 0)
			return STATUS_OK;
		if (!covered_move(&c, &r, arena))
			return error_nomem(err);
		if ((st = guards_again(j, it, &ran, err)) != STATUS_OK)
			return st;
		found_left(j, &c);
		*whole = ran && j->found.n == 0;
		if (*whole || !ran || again + 1 == AGAIN_MAX)
			return STATUS_OK;
		f = j->found.v;
		n = j->found.n;
	}
}

enum status
judge_redact(struct judge *j, const struct item *item, const struct finding *f,
    size_t n, struct arena *arena, struct slice *out, bool *whole,
    struct error *err)
{
	struct verdict *verdict = j->verdict;
	const struct item *was = j->item;
	struct arena *to = j->out;
	struct verdict v = { .queue = policy_queue(j->policy, item->queue) };
	struct item it = *item;
	enum status st;

	j->verdict = &v;
	j->out = arena;
	st = redact_until(j, &it, f, n, arena, whole, err);
	j->verdict = verdict;
	j->out = to;
	j->item = was;
	*out = it.output;
	return st;
}
