#include "core/judge/why.h"

#include <math.h>

#include "core/base/text.h"

static bool
finding_of(const struct finding *f, const char *guard)
{
	return strcmp(f->guard, guard) == 0;
}

static bool
why_failed(void *arg, const char *guard)
{
	const struct why_facts *w = arg;
	size_t i;

	for (i = 0; i < w->nfindings; i++) {
		if (w->findings[i].severity >= SEVERITY_LOW &&
		    finding_of(&w->findings[i], guard))
			return true;
	}
	for (i = 0; i < w->item->nguards; i++) {
		if (w->item->guards[i].result == RESULT_FAIL &&
		    slice_is(w->item->guards[i].name, guard))
			return true;
	}
	return false;
}

static bool
why_errored(void *arg, const char *guard)
{
	const struct why_facts *w = arg;
	size_t i;

	for (i = 0; i < w->nerrors; i++) {
		if (strcmp(w->errors[i].guard, guard) == 0)
			return true;
	}
	return false;
}

static double
why_score(void *arg, const char *guard)
{
	const struct why_facts *w = arg;
	double score = NAN;
	size_t i;

	for (i = 0; i < w->nfindings; i++) {
		if (finding_of(&w->findings[i], guard) &&
		    (isnan(score) || w->findings[i].score > score))
			score = w->findings[i].score;
	}
	for (i = 0; i < w->item->nguards; i++) {
		if (slice_is(w->item->guards[i].name, guard) &&
		    !isnan(w->item->guards[i].score) &&
		    (isnan(score) || w->item->guards[i].score > score))
			score = w->item->guards[i].score;
	}
	return score;
}

static bool
why_kind(void *arg, const char *guard, const char *kind)
{
	const struct why_facts *w = arg;
	size_t i;

	for (i = 0; i < w->nfindings; i++) {
		if (finding_of(&w->findings[i], guard) &&
		    slice_is(w->findings[i].kind, kind))
			return true;
	}
	return false;
}

enum status
why_rules(const struct queue_policy *q, const struct why_facts *w,
    struct arena *arena, struct why_rule **out, struct error *err)
{
	struct why_facts copy = *w;
	const struct expr_facts facts = { why_failed, why_errored, why_score,
	    why_kind, &copy };
	const struct expr_row row = { w->item, w->failures, (int)w->nerrors,
	    w->severity, &facts };
	const struct rule *r;
	struct expr_set *set = NULL;
	struct expr_names names;
	struct because *b;
	enum status st = policy_names(arena, q, &names, err);
	size_t i;

	if (st != STATUS_OK)
		return st;
	*out = arena_zalloc(arena, (q->nrules + 1) * sizeof(**out));
	if (*out == NULL)
		return error_nomem(err);
	for (i = 0; i < q->nrules && st == STATUS_OK; i++) {
		r = &q->rules[i];
		st = because_get(r->when, &names, &row, &set, arena, &b,
		    &(*out)[i].n, err);
		(*out)[i].because = b;
		(*out)[i].route = r->route;
		(*out)[i].name = arena_str(arena, slice_of(r->name));
		if (r->suggest != NULL)
			(*out)[i].suggest = arena_str(arena,
			    slice_of(r->suggest));
		if (st == STATUS_OK && ((*out)[i].name == NULL ||
		    (r->suggest != NULL && (*out)[i].suggest == NULL)))
			st = error_nomem(err);
	}
	expr_set_free(set);
	return st;
}

void
why_write(struct writer *w, const struct why_rule *r)
{
	struct buf name = BUF_INIT;
	size_t i;

	write_object(w, "because");
	for (i = 0; r != NULL && i < r->n; i++) {
		buf_clear(&name);
		text_json(&name, r->because[i].name);
		w->b->failed |= name.failed;
		if (name.failed)
			break;
		write_name(w, buf_slice(&name));
		write_raw(w, NULL, r->because[i].value);
	}
	write_end(w);
	buf_release(&name);
}
