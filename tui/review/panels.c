#include "tui/review/panels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/time.h"
#include "core/base/utf8.h"
#include "queue/review/item_why.h"
#include "tui/review/call.h"
#include "tui/review/turns.h"
#include "tui/screen/pane.h"

#define EXCERPT_BYTES	120	/* of a finding's text in the list */
#define RULE_INDENT	7
#define NOTE_INDENT	PANE_GUTTER
#define GUIDELINE_ROWS	4
#define FOLDED_ROWS	1	/* of a part that is not read each time */
#define CONTEXT_ROWS	3	/* while it is folded */

static void
heading(struct doc *d, const char *title)
{
	if (d->nparas > 0)
		doc_add(d, FACE_TEXT, 0, SLICE(""));
	doc_add(d, FACE_HEADING, 0, slice_of(title));
}

static void
field(struct doc *d, struct arena *a, const char *name, struct slice value)
{
	if (value.p != NULL)
		doc_add(d, FACE_TEXT, 0, arena_printf(a, "%-14s %.*s", name,
		    SLICE_ARG(value)));
}

/* What was asked is the last turn; what came before it, and the texts of the
 * context, unfold. */
static void
input_fill(struct doc *d, const struct item_detail *x, struct arena *a)
{
	size_t section = doc_section(d, SLICE("1 asked")), earlier;

	if (x->item.messages.p != NULL) {
		earlier = turns_add(d, x->item.messages, a);
		doc_folds(d, section, earlier == 0 ? SLICE_NONE : arena_printf(a,
		    "%zu earlier", earlier), 0);
	} else if (x->item.input.p != NULL)
		doc_add(d, FACE_TEXT, 0, x->item.input);
	else
		doc_add(d, FACE_HINT, 0, SLICE("(the record brought no input)"));
	doc_fold(d, section, true);
	doc_spreads(d, section);
	if (x->item.context.p == NULL || x->item.context.n <= 2)
		return;
	section = doc_section(d, SLICE("context"));
	if (turns_context_add(d, x->item.context, a)) {
		doc_folds(d, section, SLICE("whole"), CONTEXT_ROWS);
		doc_fold(d, section, true);
		doc_spreads(d, section);
	}
}

void
panel_finding(struct doc *d, size_t number, const struct finding *f,
    struct slice text, struct arena *a)
{
	const char *severity = severity_name(f->severity);
	struct utf8_cursor at = { text, 0, 0 };
	struct slice cut;
	size_t start, end;

	doc_add(d, theme_severity((int)f->severity), 0, arena_printf(a,
	    "%zu  %s  %s  %.*s  %.2f", number, severity == NULL ? "" : severity,
	    f->guard, SLICE_ARG(f->kind), f->score));
	if (f->message.n > 0)
		doc_add(d, FACE_TEXT, 3, f->message);
	if (f->on.p != NULL) {
		doc_add(d, FACE_TEXT, 3, arena_printf(a, "in %.*s",
		    SLICE_ARG(f->on)));
		return;
	}
	if (f->pointer.n > 0)
		doc_add(d, FACE_TEXT, 3, arena_printf(a, "in %.*s",
		    SLICE_ARG(f->pointer)));
	/* About the whole text: there is nothing to point at. */
	if (f->end > text.n || f->start >= f->end ||
	    (f->start == 0 && f->end == text.n))
		return;
	start = utf8_point(&at, f->start);
	end = utf8_point(&at, f->end);
	cut = (struct slice){ text.p + f->start, f->end - f->start };
	if (cut.n > EXCERPT_BYTES) {
		cut.n = EXCERPT_BYTES;
		while (cut.n > 0 && utf8_is_tail(cut.p[cut.n]))
			cut.n--;
	}
	doc_add(d, FACE_TEXT, 3, arena_printf(a, "%zu-%zu: %.*s%s", start, end,
	    SLICE_ARG(cut), cut.n < f->end - f->start ? "..." : ""));
	if (f->redact != REDACT_OFF)
		doc_add(d, FACE_MESSAGE, 3, SLICE("accepting redacts it; an edit "
		    "goes out as it is typed"));
}

static const char *
value_name(enum expr_value v)
{
	static const char *const names[] = {
		[EXPR_FALSE] = "no", [EXPR_TRUE] = "yes", [EXPR_NULL] = "NULL",
		[EXPR_ERROR] = "error"
	};

	return names[v];
}

/* One rule, what it came to, and the values that it saw. */
static void
rule_add(struct doc *d, const struct rule_result *r, const struct why_rule *why,
    struct arena *a)
{
	struct slice text = why == NULL ? SLICE_NONE : because_text(why->because,
	    why->n, r->value == EXPR_TRUE, a);

	doc_add_labelled(d, FACE_TEXT, RULE_INDENT, slice_of(value_name(
	    r->value)), arena_printf(a, "%s%s%.*s", r->name,
	    text.n > 0 ? ": " : "", SLICE_ARG(text)));
}

static void
findings_fill(struct doc *d, const struct item_detail *x, struct arena *a)
{
	size_t i;

	doc_folds(d, doc_section(d, SLICE("3 findings and rules")), SLICE_NONE,
	    FOLDED_ROWS);
	if (x->nfindings == 0)
		doc_add(d, FACE_TEXT, 0, SLICE("No guard found anything."));
	for (i = 0; i < x->nfindings; i++)
		panel_finding(d, i + 1, &x->findings[i], x->item.output, a);
	if (x->nerrors > 0)
		heading(d, "Guards that could not run");
	for (i = 0; i < x->nerrors; i++)
		doc_add(d, FACE_ERROR, 0, arena_printf(a, "%s: %.*s%s",
		    x->errors[i].guard, SLICE_ARG(x->errors[i].message),
		    x->errors[i].fail_open ? " (let pass: fail_open)" : ""));
	heading(d, "Rules tried");
	for (i = 0; i < x->nrules; i++)
		rule_add(d, &x->rules[i], item_why_rule(x, x->rules[i].name),
		    a);
}

static void
numbers_fill(struct doc *d, const struct item *it, struct arena *a)
{
	char when[TIME_LOCAL];

	if (it->has_confidence)
		field(d, a, "confidence", arena_printf(a, "%.4f", it->confidence));
	field(d, a, "source", it->confidence_source);
	if (it->input_tokens >= 0)
		field(d, a, "input tokens", arena_printf(a, "%lld",
		    (long long)it->input_tokens));
	if (it->output_tokens >= 0)
		field(d, a, "output tokens", arena_printf(a, "%lld",
		    (long long)it->output_tokens));
	if (it->cost_usd >= 0)
		field(d, a, "cost", arena_printf(a, "%.6f USD", it->cost_usd));
	if (it->latency_ms >= 0)
		field(d, a, "latency", arena_printf(a, "%.0f ms",
		    it->latency_ms));
	if (it->created_ms >= 0) {
		time_local(it->created_ms, when);
		field(d, a, "created", arena_printf(a, "%s", when));
	}
}

static void
metadata_fill(struct doc *d, const struct item_detail *x, struct arena *a)
{
	struct indented in;
	char when[TIME_LOCAL];
	size_t section = doc_section(d, SLICE("4 metadata"));

	doc_folds(d, section, SLICE_NONE, FOLDED_ROWS);
	doc_fold(d, section, true);
	field(d, a, "id", x->row.id);
	field(d, a, "queue", x->row.queue);
	field(d, a, "state", x->row.state);
	field(d, a, "route", x->row.route);
	field(d, a, "policy", x->row.policy);
	field(d, a, "model", x->item.model);
	field(d, a, "prompt", x->item.prompt);
	field(d, a, "variant", x->item.variant);
	field(d, a, "stop", x->row.stop);
	numbers_fill(d, &x->item, a);
	time_local(x->row.ingested_ms, when);
	field(d, a, "ingested", arena_printf(a, "%s", when));
	field(d, a, "shape", slice_of(x->item.shape));
	if (x->row.sampled)
		field(d, a, "sampled", SLICE("drawn for review"));
	if (x->release.p != NULL) {
		heading(d, x->released ? "Release" : "Release (the fallback)");
		doc_add(d, FACE_TEXT, 2, x->release);
	}
	if (x->item.metadata.p == NULL)
		return;
	heading(d, "Metadata");
	indented_init(&in);
	if (indent_json(&in, x->item.metadata))
		doc_add(d, FACE_TEXT, 2, (struct slice){
		    arena_copy(a, in.text.p, in.text.n), in.text.n });
	else
		doc_add(d, FACE_TEXT, 2, x->item.metadata);
	indented_release(&in);
}

static void
decision_add(struct doc *d, const struct item_decision *e, struct arena *a)
{
	char when[TIME_LOCAL];

	time_local(e->ts_ms, when);
	doc_add(d, e->undone_by >= 0 ? FACE_OLD : FACE_HINT, 0, arena_printf(a,
	    "%s  %.*s  %.*s  %.*s -> %.*s%s", when, SLICE_ARG(e->by),
	    SLICE_ARG(e->decision), SLICE_ARG(e->from), SLICE_ARG(e->to),
	    e->undone_by >= 0 ? "  (undone)" : ""));
	if (e->reason.n > 0)
		doc_add(d, FACE_TEXT, 2, arena_printf(a, "reason: %.*s",
		    SLICE_ARG(e->reason)));
	if (e->labels.n > 2)
		doc_add(d, FACE_TEXT, 2, arena_printf(a, "labels: %.*s",
		    SLICE_ARG(e->labels)));
	if (e->note.n > 0)
		doc_add(d, FACE_TEXT, 2, arena_printf(a, "note: %.*s",
		    SLICE_ARG(e->note)));
	if (e->ratings.n > 0)
		doc_add(d, FACE_TEXT, 2, arena_printf(a, "ratings: %.*s",
		    SLICE_ARG(e->ratings)));
	if (e->evidence.n > 0)
		doc_add(d, FACE_TEXT, 2, arena_printf(a, "evidence: %.*s",
		    SLICE_ARG(e->evidence)));
	if (e->output.p != NULL)
		doc_add(d, FACE_NEW, 2, e->output);
}

static void
history_fill(struct doc *d, const struct item_detail *x, struct arena *a)
{
	char when[TIME_LOCAL];
	size_t i, section = doc_section(d, arena_printf(a, "5 history (%zu)",
	    x->ndecisions + x->nnotes + x->nskips + x->nopinions));

	doc_folds(d, section, SLICE_NONE, FOLDED_ROWS);
	time_local(x->row.ingested_ms, when);
	doc_add(d, FACE_HINT, 0, arena_printf(a, "%s  routed: %.*s by %.*s",
	    when, SLICE_ARG(x->row.route), SLICE_ARG(x->row.rule)));
	for (i = 0; i < x->ndecisions; i++)
		decision_add(d, &x->decisions[i], a);
	if (x->nnotes > 0)
		heading(d, "Notes");
	for (i = 0; i < x->nnotes; i++) {
		time_local(x->notes[i].ts_ms, when);
		doc_add(d, FACE_HINT, 0, arena_printf(a, "%s  %.*s", when,
		    SLICE_ARG(x->notes[i].by)));
		doc_add(d, FACE_TEXT, 2, x->notes[i].text);
	}
	if (x->nskips > 0)
		heading(d, "Passed over");
	for (i = 0; i < x->nskips; i++) {
		time_local(x->skips[i].ts_ms, when);
		doc_add(d, FACE_TEXT, 0, arena_printf(a, "%s  %.*s: %.*s", when,
		    SLICE_ARG(x->skips[i].by), SLICE_ARG(x->skips[i].reason)));
	}
	if (x->nopinions > 0)
		heading(d, "Second looks");
	for (i = 0; i < x->nopinions; i++) {
		time_local(x->opinions[i].ts_ms, when);
		doc_add(d, FACE_TEXT, 0, arena_printf(a, "%s  %.*s  %.*s, where "
		    "it was %.*s", when, SLICE_ARG(x->opinions[i].by),
		    SLICE_ARG(x->opinions[i].value),
		    SLICE_ARG(x->opinions[i].first)));
	}
}

static int
mark_order(const void *a, const void *b)
{
	const struct doc_mark *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

void
panel_text(struct doc *d, struct slice text, const struct finding *f, size_t n,
    struct indented *in, struct arena *a)
{
	bool json = indent_json(in, text);
	struct doc_mark *m;
	size_t i;

	doc_add_marked(d, FACE_TEXT, n > 0 ? PANE_GUTTER : 0,
	    json ? buf_slice(&in->text) : text);
	m = arena_alloc(a, (n + 1) * sizeof(*m));
	if (m == NULL)
		return;
	d->marks = m;
	for (i = 0; i < n; i++) {
		if (f[i].on.p != NULL || f[i].start >= f[i].end ||
		    f[i].end > text.n)
			continue;
		/* A finding about the whole text marks nothing in it. */
		if (f[i].start == 0 && f[i].end == text.n && text.n > 200)
			continue;
		m[d->nmarks++] = (struct doc_mark){
		    json ? indent_shown(in, f[i].start) : f[i].start,
		    json ? indent_shown(in, f[i].end - 1) + 1 : f[i].end,
		    theme_severity((int)f[i].severity), (uint32_t)i + 1 };
	}
	/* Each guard's findings are in order, but not those of several. */
	qsort(m, d->nmarks, sizeof(*m), mark_order);
}

/* Headings and code of Markdown, by a look; the text stays as it is. */
static void
markdown_look(struct doc *d, size_t from)
{
	bool code = false;
	struct slice s;
	size_t i, at;

	for (i = from; i < d->nparas; i++) {
		s = d->paras[i].text;
		for (at = 0; at < s.n && s.p[at] == ' '; at++)
			;
		if (s.n - at >= 3 && memcmp(s.p + at, "```", 3) == 0) {
			code = !code;
			d->paras[i].face = FACE_CODE;
		} else if (code)
			d->paras[i].face = FACE_CODE;
		else if (at == 0 && s.n > 2 && s.p[0] == '#' &&
		    memchr("# ", s.p[1], 2) != NULL)
			d->paras[i].face = FACE_HEADING;
	}
}

static struct slice
note_text(size_t number, const struct finding *f, struct arena *a)
{
	bool redacts = f->redact != REDACT_OFF && f->on.p == NULL;

	return arena_printf(a, "^%zu %s%s%.*s, %s%s%s%s%.*s", number, f->guard,
	    f->kind.n > 0 ? " " : "", SLICE_ARG(f->kind),
	    severity_name(f->severity), redacts || f->message.n > 0 ? ": " : "",
	    redacts ? "accepting redacts it" : "",
	    redacts && f->message.n > 0 ? "; " : "", SLICE_ARG(f->message));
}

static int
end_order(const void *a, const void *b)
{
	const struct doc_mark *x = a, *y = b;

	if (x->end != y->end)
		return x->end < y->end ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

/* Each finding below the row in which it ends; those without a place last. */
static void
notes_add(struct doc *d, const struct item_detail *x, struct arena *a)
{
	struct doc_mark *m = arena_alloc(a, (d->nmarks + 1) * sizeof(*m));
	bool *placed = arena_zalloc(a, (x->nfindings + 1) * sizeof(*placed));
	const struct finding *f;
	size_t i;

	if (m == NULL || placed == NULL) {
		d->failed = true;
		return;
	}
	if (d->nmarks > 0)
		memcpy(m, d->marks, d->nmarks * sizeof(*m));
	qsort(m, d->nmarks, sizeof(*m), end_order);
	for (i = 0; i < d->nmarks; i++) {
		f = &x->findings[m[i].number - 1];
		placed[m[i].number - 1] = true;
		doc_add_note(d, m[i].end - 1, theme_severity((int)f->severity),
		    NOTE_INDENT, note_text(m[i].number, f, a));
	}
	for (i = 0; i < x->nfindings; i++) {
		f = &x->findings[i];
		if (!placed[i])
			doc_add(d, theme_severity((int)f->severity), NOTE_INDENT,
			    f->on.p == NULL ? note_text(i + 1, f, a) :
			    arena_printf(a, "%.*s, in %.*s", SLICE_ARG(note_text(
			    i + 1, f, a)), SLICE_ARG(f->on)));
	}
}

/* "2 answered  gpt-4o  refund@3  0.58  640 ms  0.0021 USD" */
static struct slice
answer_title(const struct item_detail *x, struct arena *a)
{
	const struct item *it = &x->item;
	struct buf b = BUF_INIT;
	struct slice out;

	buf_puts(&b, "2 answered");
	if (it->model.n > 0)
		buf_printf(&b, "  %.*s", SLICE_ARG(it->model));
	if (it->prompt.n > 0)
		buf_printf(&b, "  %.*s", SLICE_ARG(it->prompt));
	if (!isnan(x->row.confidence))
		buf_printf(&b, "  %.2f", x->row.confidence);
	if (it->latency_ms >= 0)
		buf_printf(&b, "  %.0f ms", it->latency_ms);
	if (it->cost_usd >= 0)
		buf_printf(&b, "  %.4f USD", it->cost_usd);
	out = (struct slice){ arena_copy(a, buf_str(&b), b.n), b.n };
	buf_release(&b);
	return out.p == NULL ? SLICE("2 answered") : out;
}

/*
 * Calls come before the JSON that they are written in, which folds where they
 * say all of it and nothing was found in it.  What shows nothing says so, and
 * why the model stopped.
 */
static void
output_fill(struct doc *d, const struct item_detail *x, struct indented *in,
    struct arena *a)
{
	size_t section = doc_section(d, answer_title(x, a)), first, i;
	const struct item *it = &x->item;
	struct slice stop = x->row.stop, calls;
	bool whole = false;

	calls = call_answer(it->output, a, &whole);
	if (calls.p != NULL)
		doc_add(d, FACE_TEXT, 0, calls);
	first = d->nparas;
	if (it->output.n > 0 || x->erased)
		panel_text(d, it->output, x->findings, x->nfindings, in, a);
	if (calls.p != NULL && whole && d->nmarks == 0) {
		for (i = first; i < d->nparas; i++)
			d->paras[i].when = DOC_UNFOLDED;
		doc_folds(d, section, SLICE("as JSON"), 0);
		doc_fold(d, section, true);
	} else if (in->n == 0)
		markdown_look(d, first);
	if (!x->erased && !item_has_text(it))
		doc_add(d, FACE_HINT, 0, arena_printf(a, "(%s output%s%.*s)",
		    it->output.n == 0 ? "empty" : "no answer in this",
		    stop.p == NULL ? "" : ": stop ", SLICE_ARG(stop)));
	notes_add(d, x, a);
}

void
panel_guidelines(struct doc *d, const struct item_detail *x)
{
	size_t section;

	if (x->queue->guidelines == NULL)
		return;
	section = doc_section(d, SLICE("guidelines"));
	doc_folds(d, section, SLICE_NONE, GUIDELINE_ROWS);
	doc_fold(d, section, true);
	doc_add(d, FACE_TEXT, 0, slice_of(x->queue->guidelines));
}

static void
record_fill(struct doc *d, const struct item_detail *x)
{
	size_t section = doc_section(d, SLICE("6 record"));

	doc_folds(d, section, SLICE_NONE, FOLDED_ROWS);
	doc_fold(d, section, true);
	doc_add(d, FACE_TEXT, 0, x->item.record);
}

void
panel_fill(enum panel panel, struct doc *d, const struct item_detail *x,
    struct indented *in, struct arena *a)
{
	switch (panel) {
	case PANEL_INPUT:
		input_fill(d, x, a);
		break;
	case PANEL_OUTPUT:
		output_fill(d, x, in, a);
		break;
	case PANEL_FINDINGS:
		findings_fill(d, x, a);
		break;
	case PANEL_METADATA:
		metadata_fill(d, x, a);
		break;
	case PANEL_HISTORY:
		history_fill(d, x, a);
		break;
	default:
		record_fill(d, x);
		break;
	}
}
