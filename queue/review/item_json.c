#include "queue/review/item_json.h"

#include "queue/review/item_why.h"

#include <math.h>

#include "core/json/parse.h"
#include "core/judge/verdict.h"

/*
 * A column that holds JSON as long as nobody altered the store by hand: what is
 * none is given as a string, so that whoever reads the line still can.
 */
void
write_stored(struct writer *w, const char *name, struct slice v)
{
	struct json d = { 0 };
	struct json_error why;
	enum status st = STATUS_OK;

	if (v.p != NULL && !slice_is(v, "[]"))
		st = json_parse(&d, v, JSON_DEPTH_MAX, 0, &why);
	if (st == STATUS_NOMEM)
		w->b->failed = true;
	if (v.p == NULL || st != STATUS_OK)
		write_text(w, name, v);
	else
		write_raw(w, name, v);
	json_release(&d);
}

static void
lease_json(struct writer *w, const struct list_row *r, const struct lease *lease)
{
	if (r->lease_by.p == NULL) {
		write_null(w, "lease");
		return;
	}
	write_object(w, "lease");
	write_text(w, "by", r->lease_by);
	if (lease != NULL)
		write_int(w, "token", lease->token);
	write_time(w, "until", r->lease_until_ms);
	write_end(w);
}

static void
row_json(struct writer *w, const struct list_row *r, const struct lease *lease)
{
	write_text(w, "id", r->id);
	write_text(w, "queue", r->queue);
	write_text(w, "state", r->state);
	write_text(w, "route", r->route);
	write_text(w, "rule", r->rule);
	write_double(w, "confidence", r->confidence);
	write_word(w, "severity", severity_name((enum severity)r->severity));
	write_count(w, "failures", r->failures);
	write_stored(w, "guards", r->guards);
	write_text(w, "model", r->model);
	write_text(w, "prompt", r->prompt);
	write_text(w, "variant", r->variant);
	write_int(w, "priority", r->priority);
	write_bool(w, "sampled", r->sampled);
	write_text(w, "stop", r->stop);
	write_text(w, "by", r->by);
	write_time(w, "decided_at", r->decided_ms);
	write_count(w, "input_tokens", r->input_tokens);
	write_count(w, "output_tokens", r->output_tokens);
	write_double(w, "cost_usd", r->cost_usd);
	write_count(w, "first_token_ms", r->first_token_ms);
	write_count(w, "attempts", r->attempts);
	write_text(w, "tier", r->tier);
	write_count(w, "sent", r->sent);
	write_time(w, "created_at", r->created_ms);
	write_time(w, "ingested_at", r->ingested_ms);
	write_time(w, "due_at", r->due_ms);
	lease_json(w, r, lease);
	write_text(w, "snippet", r->snippet);
}

void
list_row_json(struct writer *w, const struct list_row *r)
{
	write_object(w, NULL);
	row_json(w, r, NULL);
	write_end(w);
}

static void
rules_json(struct writer *w, const struct item_detail *d)
{
	size_t i;

	write_array(w, "rules");
	for (i = 0; i < d->nrules; i++) {
		write_object(w, NULL);
		write_word(w, "name", d->rules[i].name);
		switch (d->rules[i].value) {
		case EXPR_FALSE:
		case EXPR_TRUE:
			write_bool(w, "value", d->rules[i].value == EXPR_TRUE);
			break;
		case EXPR_NULL:
			write_null(w, "value");
			break;
		case EXPR_ERROR:
			write_word(w, "value", "error");
			break;
		}
		if (d->why != NULL)
			why_write(w, item_why_rule(d, d->rules[i].name));
		write_end(w);
	}
	write_end(w);
}

/* What the rule recommends that routed it. */
static void
suggest_json(struct writer *w, const struct item_detail *d)
{
	struct why_rule const *rule = NULL;
	size_t i;

	if (d->why == NULL)
		return;
	for (i = 0; i < d->nwhy && rule == NULL; i++)
		rule = slice_is(d->row.rule, d->why[i].name) ? &d->why[i] : NULL;
	write_text(w, "suggest", rule == NULL ? SLICE_NONE :
	    slice_of(rule->suggest));
}

static void
errors_json(struct writer *w, const struct item_detail *d)
{
	size_t i;

	write_array(w, "errors");
	for (i = 0; i < d->nerrors; i++) {
		write_object(w, NULL);
		write_word(w, "guard", d->errors[i].guard);
		write_text(w, "message", d->errors[i].message);
		write_end(w);
	}
	write_end(w);
}

static void
decision_json(struct writer *w, const struct item_decision *x)
{
	write_object(w, NULL);
	write_int(w, "seq", x->seq);
	write_time(w, "ts", x->ts_ms);
	write_text(w, "by", x->by);
	write_text(w, "role", x->role);
	write_text(w, "decision", x->decision);
	write_text(w, "reason", x->reason);
	write_stored(w, "labels", x->labels.p == NULL ? SLICE("[]") : x->labels);
	write_text(w, "note", x->note);
	write_text(w, "output", x->output);
	write_stored(w, "ratings", x->ratings.p == NULL ? SLICE("{}") :
	    x->ratings);
	write_stored(w, "evidence", x->evidence.p == NULL ? SLICE("[]") :
	    x->evidence);
	write_count(w, "undone_by", x->undone_by);
	write_end(w);
}

static void
opinions_json(struct writer *w, const struct item_detail *d)
{
	const struct item_opinion *x;

	write_array(w, "opinions");
	for (x = d->opinions; x < d->opinions + d->nopinions; x++) {
		write_object(w, NULL);
		write_int(w, "seq", x->seq);
		write_time(w, "ts", x->ts_ms);
		write_text(w, "by", x->by);
		write_text(w, "role", x->role);
		write_text(w, "value", x->value);
		write_int(w, "of", x->of);
		write_bool(w, "agrees", slice_eq(x->value, x->first));
		write_end(w);
	}
	write_end(w);
}

static void
skips_json(struct writer *w, const struct item_detail *d)
{
	const struct item_skip *x;

	write_array(w, "skips");
	for (x = d->skips; x < d->skips + d->nskips; x++) {
		write_object(w, NULL);
		write_int(w, "seq", x->seq);
		write_time(w, "ts", x->ts_ms);
		write_text(w, "by", x->by);
		write_text(w, "role", x->role);
		write_text(w, "reason", x->reason);
		write_end(w);
	}
	write_end(w);
}

static void
members_json(struct writer *w, const struct item_detail *d,
    const struct lease *lease)
{
	const struct item *item = &d->item;
	size_t i;

	row_json(w, &d->row, lease);
	if (item->output_is_string)
		write_text(w, "output", item->output);
	else
		write_raw(w, "output", item->output);
	write_raw(w, "messages", item->messages);
	write_raw(w, "context", item->context);
	write_raw(w, "metadata", item->metadata);
	write_double(w, "latency_ms", item->latency_ms < 0 ? (double)NAN :
	    item->latency_ms);
	write_text(w, "policy", (struct slice){ d->row.policy.p,
	    d->row.policy.n < POLICY_SHORT ? d->row.policy.n : POLICY_SHORT });
	rules_json(w, d);
	suggest_json(w, d);
	findings_json(w, "findings", item->output, d->findings, d->nfindings);
	errors_json(w, d);
	write_bool(w, "released", d->released);
	write_text(w, "release", d->release);
	write_array(w, "decisions");
	for (i = 0; i < d->ndecisions; i++)
		decision_json(w, &d->decisions[i]);
	write_end(w);
	skips_json(w, d);
}

void
item_detail_json(struct writer *w, const struct item_detail *d,
    const struct lease *lease)
{
	write_object(w, NULL);
	members_json(w, d, lease);
	opinions_json(w, d);
	write_end(w);
}

void
item_labelled_json(struct writer *w, const struct item_detail *d)
{
	write_object(w, NULL);
	members_json(w, d, NULL);
	write_end(w);
}
