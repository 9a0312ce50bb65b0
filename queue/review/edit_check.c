#include "queue/review/edit_check.h"

#include "core/shape/shape.h"

static struct slice
finding_text(struct slice text, const struct finding *f)
{
	if (f->end > text.n || f->start > f->end)
		return SLICE("");
	return (struct slice){ text.p + f->start, f->end - f->start };
}

/* Did the same guard find the same thing in the text as it came? */
static bool
finding_known(const struct item_detail *d, const struct finding *f,
    struct slice edited)
{
	const struct finding *old;
	size_t i;

	for (i = 0; i < d->nfindings; i++) {
		old = &d->findings[i];
		if (strcmp(old->guard, f->guard) == 0 &&
		    slice_eq(old->kind, f->kind) &&
		    slice_eq(finding_text(d->item.output, old),
		    finding_text(edited, f)))
			return true;
	}
	return false;
}

/* Could it not run over the text as it came either? */
static bool
error_known(const struct item_detail *d, const char *guard)
{
	size_t i;

	for (i = 0; i < d->nerrors; i++)
		if (strcmp(d->errors[i].guard, guard) == 0)
			return true;
	return false;
}

/*
 * Keeps what is new: findings that fail a guard, on the output, and guards that
 * could not run.  What accepting would have redacted is never known already: in
 * an edit it goes out as it stands.
 */
static void
news_take(struct edit_check *r, const struct item_detail *d,
    const struct verdict *v, struct slice edited)
{
	const struct guard_error *e;
	const struct finding *f;
	size_t i;

	r->found = v->findings;
	for (i = 0; i < v->nfindings; i++) {
		f = &v->findings[i];
		if (f->on.p != NULL || (f->redact == REDACT_OFF &&
		    (f->severity < SEVERITY_LOW ||
		    finding_known(d, f, edited))))
			continue;
		r->found[r->nfound++] = *f;
	}
	r->errors = v->guard_errors;
	for (i = 0; i < v->nguard_errors; i++) {
		e = &v->guard_errors[i];
		if (!e->fail_open && !error_known(d, e->guard))
			r->errors[r->nerrors++] = *e;
	}
}

enum status
edit_check_run(struct edit_check *r, struct session *s,
    const struct item_detail *d,
    struct slice text, struct arena *arena, struct error *err)
{
	const struct judge_request edit = { .item = &d->item, .edit = &text };
	const struct judged_item *i;
	struct buf b = BUF_INIT;
	enum status st;

	memset(r, 0, sizeof(*r));
	if (shape_answers(d->item.shape)) {
		st = shape_release(&d->item, SHAPE_EDIT, text, &b, err);
		buf_release(&b);
		if (st != STATUS_OK)
			return st;
	}
	if ((st = session_judge(s, err)) != STATUS_OK ||
	    (st = judge_record(s->judge, &edit, arena, &i, err)) != STATUS_OK)
		return st;
	news_take(r, d, &i->verdict, text);
	return STATUS_OK;
}
