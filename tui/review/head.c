#include "tui/review/head.h"

#include <stdio.h>
#include <time.h>

#include "core/shape/shape.h"
#include "queue/review/item_why.h"

#define INDENT		7	/* of "people " */
#define PEOPLE_MAX	3	/* of the latest decisions and notes */

static void
line_add(struct doc *d, const char *label, enum face face, struct buf *b,
    struct arena *a)
{
	if (b->n > 0)
		doc_add_labelled(d, face, INDENT, slice_of(label),
		    (struct slice){ arena_copy(a, buf_str(b), b->n), b->n });
	buf_release(b);
}

static void
because_add(struct buf *b, const struct why_rule *why, bool holds,
    struct arena *a)
{
	struct slice text = why == NULL ? SLICE_NONE : because_text(why->because,
	    why->n, holds, a);

	if (text.n > 0)
		buf_printf(b, ": %.*s", SLICE_ARG(text));
}

/* What would have approved it, and why that did not. */
static void
not_approved_add(struct buf *b, const struct item_detail *x, struct arena *a)
{
	size_t i;

	for (i = 0; i < x->nwhy; i++) {
		if (!item_why_against(&x->why[i]))
			continue;
		buf_printf(b, "; not %s", x->why[i].name);
		because_add(b, &x->why[i], false, a);
	}
}

/* "large refund: amount 1240 > 500; not confident: confidence 0.82 < 0.92" */
static void
why_add(struct doc *d, const struct item_detail *x, struct arena *a)
{
	char name[ITEM_NAME_MAX];
	const struct why_rule *rule;
	struct buf b = BUF_INIT;
	size_t i;

	(void)snprintf(name, sizeof(name), "%.*s", SLICE_ARG(x->row.rule));
	rule = item_why_rule(x, name);
	if (slice_is(x->row.route, "approve"))
		buf_puts(&b, "approved by ");
	buf_add_slice(&b, x->row.rule);
	because_add(&b, rule, true, a);
	if (x->row.sampled)
		buf_puts(&b, " (drawn for review)");
	if (x->row.stop.p != NULL && !slice_is(x->row.stop, "end"))
		buf_printf(&b, "; stop: %.*s", SLICE_ARG(x->row.stop));
	if (!slice_is(x->row.route, "approve"))
		not_approved_add(&b, x, a);
	for (i = 0; i < x->nerrors; i++)
		buf_printf(&b, "; guard error: %s", x->errors[i].guard);
	line_add(d, "why", FACE_MESSAGE, &b, a);
	if (rule == NULL || rule->suggest == NULL)
		return;
	buf_printf(&b, "suggested: %s", rule->suggest);
	line_add(d, "", FACE_MESSAGE, &b, a);
}

static void
when_add(struct buf *b, int64_t ts_ms)
{
	time_t t = (time_t)(ts_ms / 1000);
	char text[24];
	struct tm tm;

	if (localtime_r(&t, &tm) != NULL &&
	    strftime(text, sizeof(text), "%b %e %H:%M", &tm) > 0)
		buf_printf(b, " %s", text);
}

static void
said_add(struct buf *b, const char *before, struct slice text)
{
	if (text.n > 0)
		buf_printf(b, "%s%.*s", before, SLICE_ARG(text));
}

/* The latest decisions that stand, with what was said, and the latest notes. */
static void
people_add(struct doc *d, const struct item_detail *x, struct arena *a)
{
	const struct item_decision *e;
	struct buf b = BUF_INIT;
	size_t i, from = x->ndecisions > PEOPLE_MAX ?
	    x->ndecisions - PEOPLE_MAX : 0;

	for (i = from; i < x->ndecisions; i++) {
		e = &x->decisions[i];
		if (e->undone_by >= 0 || slice_is(e->decision, "undo"))
			continue;
		buf_printf(&b, "%s%.*s: %.*s", b.n > 0 ? " | " : "",
		    SLICE_ARG(e->by), SLICE_ARG(e->decision));
		when_add(&b, e->ts_ms);
		said_add(&b, ": ", e->reason);
		said_add(&b, "; ", e->note);
	}
	from = x->nnotes > PEOPLE_MAX ? x->nnotes - PEOPLE_MAX : 0;
	for (i = from; i < x->nnotes; i++) {
		buf_printf(&b, "%s%.*s: note", b.n > 0 ? " | " : "",
		    SLICE_ARG(x->notes[i].by));
		when_add(&b, x->notes[i].ts_ms);
		said_add(&b, ": ", x->notes[i].text);
	}
	line_add(d, "people", FACE_TEXT, &b, a);
}

/* The release of each decision, before it is taken. */
static void
sends_add(struct doc *d, const struct item_detail *x, struct arena *a)
{
	struct slice fallback = slice_of(x->queue->fallback);
	struct buf b = BUF_INIT;
	size_t i, redacted = 0;

	if (!slice_is(x->row.state, "flagged") &&
	    !slice_is(x->row.state, "escalated"))
		return;
	for (i = 0; i < x->nfindings; i++)
		redacted += x->findings[i].redact != REDACT_OFF &&
		    x->findings[i].on.p == NULL;
	if (redacted > 0)
		buf_printf(&b, "accept: %zu redaction%s (p shows %s)", redacted,
		    redacted == 1 ? "" : "s", redacted == 1 ? "it" : "them");
	else
		buf_puts(&b, "accept: the answer as it is");
	if (shape_answers(x->item.shape))
		buf_puts(&b, "; reject: a refusal of the request");
	else if (fallback.n == 0)
		buf_puts(&b, "; reject: nothing");
	else
		buf_printf(&b, "; reject: \"%.*s\"", SLICE_ARG(fallback));
	if (b.n > 0)
		doc_add_cut(d, FACE_TEXT, INDENT, SLICE("sends"),
		    (struct slice){ arena_copy(a, buf_str(&b), b.n), b.n });
	buf_release(&b);
}

void
head_fill(struct doc *d, const struct item_detail *x, struct slice labels,
    struct arena *a)
{
	why_add(d, x, a);
	people_add(d, x, a);
	if (labels.n > 0)
		doc_add_labelled(d, FACE_TEXT, INDENT, SLICE("labels"),
		    arena_printf(a, "%.*s (with the decision)",
		    SLICE_ARG(labels)));
	sends_add(d, x, a);
}
