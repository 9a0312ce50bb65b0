#include "tui/cmd/show_text.h"

#include "queue/review/item_why.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "core/base/text.h"
#include "core/base/time.h"

void
age_text(struct buf *b, int64_t ms)
{
	int64_t m = (ms < 0 ? -ms : ms) / 60000;

	if (ms < 0 && m > 0)
		buf_putc(b, '-');
	if (m < 100)
		buf_printf(b, "%" PRId64 "m", m);
	else if (m < 48 * 60)
		buf_printf(b, "%" PRId64 "h", m / 60);
	else
		buf_printf(b, "%" PRId64 "d", m / 1440);
}

static void
field(struct buf *b, const char *name, struct slice text)
{
	if (text.p == NULL)
		return;
	buf_printf(b, "%-12s", name);
	text_sanitize_line(b, text, 1000);
	buf_putc(b, '\n');
}

static void
block(struct buf *b, const char *name, struct slice text)
{
	if (text.p == NULL)
		return;
	buf_printf(b, "\n%s\n", name);
	text_sanitize(b, text, TEXT_CLI);
	buf_putc(b, '\n');
}

static void
time_field(struct buf *b, const char *name, int64_t ms)
{
	char text[TIME_LOCAL];

	if (ms < 0)
		return;
	time_local(ms, text);
	field(b, name, slice_of(text));
}

/* The values that the rule saw, and what it suggests where it is the one. */
static void
show_because(struct buf *b, const struct why_rule *why, bool holds)
{
	struct arena arena = ARENA_INIT;
	struct slice text;

	if (why == NULL)
		return;
	text = because_text(why->because, why->n, holds, &arena);
	if (text.n > 0) {
		buf_puts(b, ": ");
		text_sanitize_line(b, text, 300);
	}
	if (holds && why->suggest != NULL) {
		buf_puts(b, "; suggested: ");
		text_sanitize_line(b, slice_of(why->suggest), 300);
	}
	arena_release(&arena);
}

static bool
rule_tried(const struct item_detail *d, const char *name)
{
	size_t i = 0;

	while (i < d->nrules && strcmp(d->rules[i].name, name) != 0)
		i++;
	return i < d->nrules;
}

/* What comes behind the rule that was taken, and would not have approved it either. */
static void
show_against(struct buf *b, const struct item_detail *d)
{
	size_t i;

	if (slice_is(d->row.route, "approve"))
		return;
	for (i = 0; i < d->nwhy; i++) {
		if (!item_why_against(&d->why[i]) || rule_tried(d, d->why[i].name))
			continue;
		buf_puts(b, "  not   ");
		text_sanitize_line(b, slice_of(d->why[i].name), 200);
		show_because(b, &d->why[i], false);
		buf_putc(b, '\n');
	}
}

static void
show_rules(struct buf *b, const struct item_detail *d)
{
	static const char *const value[] = {
		[EXPR_FALSE] = "no", [EXPR_TRUE] = "yes", [EXPR_NULL] = "null",
		[EXPR_ERROR] = "error"
	};
	size_t i;

	buf_puts(b, "\nWhy it is here\n");
	for (i = 0; i < d->nrules; i++) {
		buf_printf(b, "  %-6s", value[d->rules[i].value]);
		text_sanitize_line(b, slice_of(d->rules[i].name), 200);
		show_because(b, item_why_rule(d, d->rules[i].name),
		    d->rules[i].value == EXPR_TRUE);
		buf_putc(b, '\n');
	}
	show_against(b, d);
	for (i = 0; i < d->nerrors; i++) {
		buf_puts(b, "  guard could not run: ");
		text_sanitize_line(b, slice_of(d->errors[i].guard), 80);
		buf_puts(b, ": ");
		text_sanitize_line(b, d->errors[i].message, 400);
		buf_putc(b, '\n');
	}
}

static void
show_findings(struct buf *b, const struct item_detail *d)
{
	const struct finding *f;
	size_t i;

	if (d->nfindings > 0)
		buf_puts(b, "\nFindings\n");
	for (i = 0; i < d->nfindings; i++) {
		f = &d->findings[i];
		buf_printf(b, "  %-9s", severity_name(f->severity));
		text_sanitize_line(b, slice_of(f->guard), 40);
		buf_putc(b, ' ');
		text_sanitize_line(b, f->kind, 60);
		if (f->on.p == NULL && f->start < f->end &&
		    f->end <= d->item.output.n) {
			buf_puts(b, " \"");
			text_sanitize_line(b, (struct slice){
			    d->item.output.p + f->start, f->end - f->start }, 60);
			buf_putc(b, '"');
		}
		if (f->pointer.p != NULL) {
			buf_puts(b, " in ");
			text_sanitize_line(b, f->pointer, 60);
		}
		buf_puts(b, ": ");
		text_sanitize_line(b, f->message, 200);
		buf_putc(b, '\n');
	}
}

static void
show_decisions(struct buf *b, const struct item_detail *d)
{
	const struct item_decision *x;
	char at[TIME_LOCAL];
	size_t i;

	if (d->ndecisions > 0)
		buf_puts(b, "\nHistory\n");
	for (i = 0; i < d->ndecisions; i++) {
		x = &d->decisions[i];
		time_local(x->ts_ms, at);
		buf_printf(b, "  %s  ", at);
		text_sanitize_line(b, x->by, 40);
		buf_putc(b, ' ');
		text_sanitize_line(b, x->decision, 20);
		if (x->undone_by >= 0)
			buf_puts(b, " (undone)");
		if (x->reason.p != NULL) {
			buf_puts(b, ": ");
			text_sanitize_line(b, x->reason, 200);
		}
		if (x->note.p != NULL) {
			buf_puts(b, " - ");
			text_sanitize_line(b, x->note, 400);
		}
		if (x->ratings.p != NULL) {
			buf_puts(b, "; ratings ");
			text_sanitize_line(b, x->ratings, 400);
		}
		if (x->evidence.p != NULL) {
			buf_puts(b, "; evidence ");
			text_sanitize_line(b, x->evidence, 400);
		}
		buf_putc(b, '\n');
	}
}

static void
show_notes(struct buf *b, const struct item_detail *d)
{
	char at[TIME_LOCAL];
	size_t i;

	if (d->nnotes > 0)
		buf_puts(b, "\nNotes\n");
	for (i = 0; i < d->nnotes; i++) {
		time_local(d->notes[i].ts_ms, at);
		buf_printf(b, "  %s  ", at);
		text_sanitize_line(b, d->notes[i].by, 40);
		buf_puts(b, ": ");
		text_sanitize_line(b, d->notes[i].text, 1000);
		buf_putc(b, '\n');
	}
}

static void
show_skips(struct buf *b, const struct item_detail *d)
{
	const struct item_skip *x;
	char at[TIME_LOCAL];

	if (d->nskips > 0)
		buf_puts(b, "\nPassed over\n");
	for (x = d->skips; x < d->skips + d->nskips; x++) {
		time_local(x->ts_ms, at);
		buf_printf(b, "  %s  ", at);
		text_sanitize_line(b, x->by, 40);
		buf_puts(b, ": ");
		text_sanitize_line(b, x->reason, 200);
		buf_putc(b, '\n');
	}
}

static void
show_opinions(struct buf *b, const struct item_detail *d)
{
	const struct item_opinion *x;
	char at[TIME_LOCAL];

	if (d->nopinions > 0)
		buf_puts(b, "\nSecond looks\n");
	for (x = d->opinions; x < d->opinions + d->nopinions; x++) {
		time_local(x->ts_ms, at);
		buf_printf(b, "  %s  ", at);
		text_sanitize_line(b, x->by, 40);
		buf_printf(b, " %.*s, where it was %.*s\n", SLICE_ARG(x->value),
		    SLICE_ARG(x->first));
	}
}

/* What it took, and the call that it answers. */
static void
show_tokens(struct buf *b, const struct list_row *r)
{
	if (r->input_tokens >= 0 || r->output_tokens >= 0) {
		buf_printf(b, "%-12s", "tokens");
		if (r->input_tokens >= 0)
			buf_printf(b, "%" PRId64 " in", r->input_tokens);
		if (r->output_tokens >= 0)
			buf_printf(b, "%s%" PRId64 " out", r->input_tokens >= 0 ?
			    ", " : "", r->output_tokens);
		buf_putc(b, '\n');
	}
	field(b, "tier", r->tier);
	if (r->attempts > 0)
		buf_printf(b, "%-12s%" PRId64 "\n", "attempts", r->attempts);
	if (r->first_token_ms >= 0)
		buf_printf(b, "%-12safter %" PRId64 " ms\n", "first token",
		    r->first_token_ms);
	if (r->sent >= 0)
		buf_printf(b, "%-12s%" PRId64 " characters, before it was cut\n",
		    "sent", r->sent);
}

static void
show_facts(struct buf *b, const struct item_detail *d)
{
	const struct list_row *r = &d->row;

	field(b, "id", r->id);
	field(b, "queue", r->queue);
	field(b, "state", r->state);
	field(b, "route", r->route);
	field(b, "rule", r->rule);
	if (!isnan(r->confidence))
		buf_printf(b, "%-12s%.4f\n", "confidence", r->confidence);
	field(b, "source", d->item.confidence_source);
	field(b, "model", r->model);
	field(b, "prompt", r->prompt);
	field(b, "variant", r->variant);
	field(b, "stop", r->stop);
	time_field(b, "created", r->created_ms);
	time_field(b, "ingested", r->ingested_ms);
	time_field(b, "due", r->due_ms);
	show_tokens(b, r);
	if (r->cost_usd >= 0)
		buf_printf(b, "%-12s%.6f USD\n", "cost", r->cost_usd);
	if (d->item.latency_ms >= 0)
		buf_printf(b, "%-12s%.0f ms\n", "latency", d->item.latency_ms);
	field(b, "policy", r->policy);
	field(b, "held by", r->lease_by);
}

void
show_text(struct buf *b, const struct item_detail *d)
{
	show_facts(b, d);
	show_rules(b, d);
	show_findings(b, d);
	if (d->erased)
		buf_puts(b, "\nIts text was erased.\n");
	block(b, "Output", d->item.output);
	block(b, "Messages", d->item.messages);
	block(b, "Context", d->item.context);
	block(b, "Metadata", d->item.metadata);
	block(b, d->released ? "Release" : "Release (fallback)", d->release);
	show_decisions(b, d);
	show_notes(b, d);
	show_skips(b, d);
	show_opinions(b, d);
}
