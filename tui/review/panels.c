#include "tui/review/panels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/time.h"
#include "core/base/utf8.h"
#include "core/json/value.h"

#define EXCERPT_BYTES	120	/* of a finding's text in the list */

const char *const panel_titles[PANEL_COUNT] = {
	"Output", "Input", "Findings", "Metadata", "History", "Record"
};

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

/* Decodes a JSON string, or gives the value's bytes. */
static struct slice
plain(const struct json *j, uint32_t t, struct arena *a)
{
	struct slice s;

	if (json_kind(j, t) != TOKEN_STRING)
		return json_raw(j, t);
	s = json_text(j, t, a);
	return s.p == NULL ? SLICE("(out of memory)") : s;
}

/* A message's content: a string, or parts that have a text each. */
static void
content_add(struct doc *d, const struct json *j, uint32_t t, struct arena *a)
{
	uint32_t c, text;

	if (json_kind(j, t) != TOKEN_ARRAY) {
		doc_add(d, FACE_TEXT, 2, plain(j, t, a));
		return;
	}
	for (c = json_first(j, t); c != JSON_NONE; c = json_next(j, t, c)) {
		text = json_kind(j, c) == TOKEN_OBJECT ?
		    json_get_value(j, c, "text") : JSON_NONE;
		doc_add(d, FACE_TEXT, 2, text != JSON_NONE ?
		    plain(j, text, a) : plain(j, c, a));
	}
}

/*
 * Messages and context are lists of small objects with a title and a text;
 * what is anything else is shown as its bytes.
 */
static void
list_add(struct doc *d, struct slice raw, const char *title_key,
    const char *text_key, struct arena *a)
{
	struct json j = JSON_INIT;
	struct json_error why;
	uint32_t c, title, text;

	if (json_parse(&j, raw, JSON_DEPTH_MAX, 0, &why) != STATUS_OK ||
	    json_kind(&j, 0) != TOKEN_ARRAY) {
		doc_add(d, FACE_TEXT, 2, raw);
		json_release(&j);
		return;
	}
	for (c = json_first(&j, 0); c != JSON_NONE; c = json_next(&j, 0, c)) {
		title = text = JSON_NONE;
		if (json_kind(&j, c) == TOKEN_OBJECT) {
			title = json_get_value(&j, c, title_key);
			text = json_get_value(&j, c, text_key);
		}
		if (title != JSON_NONE)
			doc_add(d, FACE_HINT, 0, arena_printf(a, "%.*s:",
			    SLICE_ARG(plain(&j, title, a))));
		if (text != JSON_NONE)
			content_add(d, &j, text, a);
		else
			doc_add(d, FACE_TEXT, 2, plain(&j, c, a));
	}
	json_release(&j);
}

static void
input_fill(struct doc *d, const struct item_detail *x, struct arena *a)
{
	if (x->item.messages.p != NULL) {
		heading(d, "Input");
		list_add(d, x->item.messages, "role", "content", a);
	}
	if (x->item.context.p != NULL) {
		heading(d, "Context");
		list_add(d, x->item.context, "title", "text", a);
	}
	if (x->item.input.p != NULL && x->item.messages.p == NULL) {
		heading(d, "Request");
		doc_add(d, FACE_TEXT, 2, x->item.input);
	}
	if (x->queue->guidelines != NULL) {
		heading(d, "Guidelines");
		doc_add(d, FACE_TEXT, 2, slice_of(x->queue->guidelines));
	}
	if (d->nparas == 0)
		doc_add(d, FACE_TEXT, 0,
		    SLICE("The record brought no input and no context."));
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

static void
findings_fill(struct doc *d, const struct item_detail *x, struct arena *a)
{
	size_t i;

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
		doc_add(d, FACE_TEXT, 0, arena_printf(a, "%-5s  %s",
		    value_name(x->rules[i].value), x->rules[i].name));
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
	if (e->output.p != NULL)
		doc_add(d, FACE_NEW, 2, e->output);
}

static void
history_fill(struct doc *d, const struct item_detail *x, struct arena *a)
{
	char when[TIME_LOCAL];
	size_t i;

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

	if (json)
		doc_add_marked(d, FACE_TEXT, 0, buf_slice(&in->text));
	else
		doc_add_marked(d, FACE_TEXT, 0, text);
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

/* What shows nothing says so, and why the model stopped. */
static void
output_fill(struct doc *d, const struct item_detail *x, struct indented *in,
    struct arena *a)
{
	const struct item *it = &x->item;
	struct slice stop = x->row.stop;

	if (it->output.n > 0 || x->erased)
		panel_text(d, it->output, x->findings, x->nfindings, in, a);
	if (!x->erased && !item_has_text(it))
		doc_add(d, FACE_HINT, 0, arena_printf(a, "(%s output%s%.*s)",
		    it->output.n == 0 ? "empty" : "no answer in this",
		    stop.p == NULL ? "" : ": stop ", SLICE_ARG(stop)));
}

void
panel_why(struct doc *d, const struct item_detail *x, struct arena *a)
{
	struct buf line = BUF_INIT;
	size_t i, redacted = 0;

	buf_printf(&line, "%.*s: %.*s", SLICE_ARG(x->row.route),
	    SLICE_ARG(x->row.rule));
	if (x->row.sampled)
		buf_puts(&line, " (drawn for review)");
	if (x->row.stop.p != NULL && !slice_is(x->row.stop, "end"))
		buf_printf(&line, "  | stop: %.*s", SLICE_ARG(x->row.stop));
	for (i = 0; i < x->nrules; i++)
		buf_printf(&line, "%s %s %s", i == 0 ? "  | tried:" : ",",
		    x->rules[i].name, value_name(x->rules[i].value));
	for (i = 0; i < x->nerrors; i++)
		buf_printf(&line, "  | guard error: %s", x->errors[i].guard);
	for (i = 0; i < x->nfindings; i++)
		redacted += x->findings[i].redact != REDACT_OFF &&
		    x->findings[i].on.p == NULL;
	if (redacted > 0)
		buf_printf(&line, "  | accepting redacts %zu", redacted);
	doc_add(d, FACE_TEXT, 0, (struct slice){
	    arena_copy(a, buf_str(&line), line.n), line.n });
	buf_release(&line);
}

void
panel_fill(enum panel panel, struct doc *d, const struct item_detail *x,
    struct indented *in, struct arena *a)
{
	switch (panel) {
	case PANEL_OUTPUT:
		output_fill(d, x, in, a);
		break;
	case PANEL_INPUT:
		input_fill(d, x, a);
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
		doc_add(d, FACE_TEXT, 0, x->item.record);
		break;
	}
}
