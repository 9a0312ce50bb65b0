#include "queue/review/item_json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/text.h"
#include "core/base/time.h"
#include "core/judge/verdict.h"

void
json_time(struct buf *b, int64_t ms)
{
	char text[TIME_TEXT];

	if (ms < 0) {
		buf_puts(b, "null");
		return;
	}
	time_format(ms, text);
	buf_putc(b, '"');
	buf_puts(b, text);
	buf_putc(b, '"');
}

/* The shortest decimal that reads back as the same number. */
void
json_number(struct buf *b, double v)
{
	char text[40];
	int digits;

	if (!isfinite(v)) {
		buf_puts(b, "null");
		return;
	}
	for (digits = 1; digits <= 17; digits++) {
		(void)snprintf(text, sizeof(text), "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	buf_puts(b, text);
}

/* -1: null. */
static void
json_count(struct buf *b, int64_t v)
{
	if (v < 0)
		buf_puts(b, "null");
	else
		buf_printf(b, "%" PRId64, v);
}

static void
key_put(struct buf *b, const char *key)
{
	buf_puts(b, ",\"");
	buf_puts(b, key);
	buf_puts(b, "\":");
}

static void
key_text(struct buf *b, const char *key, struct slice v)
{
	key_put(b, key);
	text_json(b, v);
}

static void
key_raw(struct buf *b, const char *key, struct slice v)
{
	key_put(b, key);
	if (v.p == NULL)
		buf_puts(b, "null");
	else
		text_json_raw(b, v);
}

/*
 * A column that holds JSON as long as nobody altered the store by hand: what is
 * none is given as a string, so that whoever reads the line still can.
 */
void
json_stored(struct buf *b, struct slice v)
{
	struct json d = { 0 };
	struct json_error why;

	if (slice_is(v, "[]"))
		buf_puts(b, "[]");
	else if (v.p == NULL || json_parse(&d, v, JSON_DEPTH_MAX, 0, &why) !=
	    STATUS_OK)
		text_json(b, v);
	else
		text_json_raw(b, v);
	json_release(&d);
}

static void
key_time(struct buf *b, const char *key, int64_t ms)
{
	key_put(b, key);
	json_time(b, ms);
}

static void
lease_json(struct buf *b, const struct list_row *r, const struct lease *lease)
{
	buf_puts(b, ",\"lease\":");
	if (r->lease_by.p == NULL) {
		buf_puts(b, "null");
		return;
	}
	buf_puts(b, "{\"by\":");
	text_json(b, r->lease_by);
	if (lease != NULL)
		buf_printf(b, ",\"token\":%" PRId64, lease->token);
	key_time(b, "until", r->lease_until_ms);
	buf_putc(b, '}');
}

static void
row_json(struct buf *b, const struct list_row *r, const struct lease *lease)
{
	const char *severity = severity_name((enum severity)r->severity);

	buf_puts(b, "\"id\":");
	text_json(b, r->id);
	key_text(b, "queue", r->queue);
	key_text(b, "state", r->state);
	key_text(b, "route", r->route);
	key_text(b, "rule", r->rule);
	buf_puts(b, ",\"confidence\":");
	json_number(b, r->confidence);
	key_text(b, "severity", slice_of(severity));
	buf_puts(b, ",\"failures\":");
	json_count(b, r->failures);
	key_put(b, "guards");
	json_stored(b, r->guards);
	key_text(b, "model", r->model);
	key_text(b, "prompt", r->prompt);
	key_text(b, "variant", r->variant);
	buf_printf(b, ",\"priority\":%" PRId64 ",\"sampled\":%s", r->priority,
	    r->sampled ? "true" : "false");
	key_text(b, "stop", r->stop);
	key_time(b, "created_at", r->created_ms);
	key_time(b, "ingested_at", r->ingested_ms);
	key_time(b, "due_at", r->due_ms);
	lease_json(b, r, lease);
	key_text(b, "snippet", r->snippet);
}

void
list_row_json(struct buf *b, const struct list_row *r)
{
	row_json(b, r, NULL);
}

static void
rules_json(struct buf *b, const struct item_detail *d)
{
	static const char *const value[] = {
		[EXPR_FALSE] = "false", [EXPR_TRUE] = "true",
		[EXPR_NULL] = "null", [EXPR_ERROR] = "\"error\""
	};
	size_t i;

	buf_puts(b, ",\"rules\":[");
	for (i = 0; i < d->nrules; i++) {
		buf_puts(b, i == 0 ? "{\"name\":" : ",{\"name\":");
		text_json(b, slice_of(d->rules[i].name));
		buf_printf(b, ",\"value\":%s}", value[d->rules[i].value]);
	}
	buf_putc(b, ']');
}

static void
errors_json(struct buf *b, const struct item_detail *d)
{
	size_t i;

	buf_puts(b, ",\"errors\":[");
	for (i = 0; i < d->nerrors; i++) {
		buf_puts(b, i == 0 ? "{\"guard\":" : ",{\"guard\":");
		text_json(b, slice_of(d->errors[i].guard));
		key_text(b, "message", d->errors[i].message);
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
}

static void
decision_json(struct buf *b, const struct item_decision *x)
{
	buf_printf(b, "{\"seq\":%" PRId64, x->seq);
	key_time(b, "ts", x->ts_ms);
	key_text(b, "by", x->by);
	key_text(b, "role", x->role);
	key_text(b, "decision", x->decision);
	key_text(b, "reason", x->reason);
	buf_puts(b, ",\"labels\":");
	if (x->labels.p == NULL)
		buf_puts(b, "[]");
	else
		json_stored(b, x->labels);
	key_text(b, "note", x->note);
	key_text(b, "output", x->output);
	buf_puts(b, ",\"undone_by\":");
	json_count(b, x->undone_by);
	buf_putc(b, '}');
}

void
item_detail_json(struct buf *b, const struct item_detail *d,
    const struct lease *lease)
{
	const struct item *item = &d->item;
	size_t i;

	buf_putc(b, '{');
	row_json(b, &d->row, lease);
	if (item->output_is_string)
		key_text(b, "output", item->output);
	else
		key_raw(b, "output", item->output);
	key_raw(b, "messages", item->messages);
	key_raw(b, "context", item->context);
	key_raw(b, "metadata", item->metadata);
	buf_puts(b, ",\"input_tokens\":");
	json_count(b, item->input_tokens);
	buf_puts(b, ",\"output_tokens\":");
	json_count(b, item->output_tokens);
	buf_puts(b, ",\"cost_usd\":");
	json_number(b, item->cost_usd < 0 ? (double)NAN : item->cost_usd);
	buf_puts(b, ",\"latency_ms\":");
	json_number(b, item->latency_ms < 0 ? (double)NAN : item->latency_ms);
	key_text(b, "policy", (struct slice){ d->row.policy.p,
	    d->row.policy.n < POLICY_SHORT ? d->row.policy.n : POLICY_SHORT });
	rules_json(b, d);
	buf_puts(b, ",\"findings\":");
	findings_json(b, item->output, d->findings, d->nfindings);
	errors_json(b, d);
	buf_printf(b, ",\"released\":%s", d->released ? "true" : "false");
	key_text(b, "release", d->release);
	buf_puts(b, ",\"decisions\":[");
	for (i = 0; i < d->ndecisions; i++) {
		if (i > 0)
			buf_putc(b, ',');
		decision_json(b, &d->decisions[i]);
	}
	buf_puts(b, "]}");
}
