#include "queue/export/redactor.h"

#include <stdlib.h>

#include "core/judge/redact.h"
#include "core/base/text.h"
#include "core/json/value.h"
#include "core/policy/read.h"
#include "core/item/snippet.h"

#define PASSES_MAX	8	/* what sticks out of a mark may be found again */

struct redactor {
	struct policy	*policy;
	struct judge	*judge;
	struct json	 json;
};

enum status
redactor_new(struct redactor **out, struct error *err)
{
	struct judge_options o = { 0 };
	struct redactor *r;
	enum status st;

	*out = NULL;
	if ((r = calloc(1, sizeof(*r))) == NULL)
		return error_nomem(err);
	if ((st = policy_builtin(&r->policy, err)) == STATUS_OK)
		st = judge_new(&r->judge, r->policy, &o, err);
	if (st == STATUS_OK)
		*out = r;
	else
		redactor_free(r);
	return st;
}

void
redactor_free(struct redactor *r)
{
	if (r == NULL)
		return;
	judge_free(r->judge);
	policy_free(r->policy);
	json_release(&r->json);
	free(r);
}

/* Only these name something that has to go; a swear word may stay. */
static bool
is_private(const struct finding *f)
{
	const struct guard_kind *kind = guard_kind_find(f->guard);

	return f->on.p == NULL && f->severity >= SEVERITY_LOW &&
	    kind != NULL && kind->private;
}

/* The findings that have to go, each to be replaced by its kind. */
static enum status
find_private(struct redactor *r, struct slice text, bool is_string,
    struct arena *arena, struct finding **f, size_t *n, struct error *err)
{
	struct item item = {
		.id = SLICE("redact"), .queue = SLICE(ITEM_QUEUE),
		.output = text, .output_is_string = is_string, .input_tokens = -1,
		.output_tokens = -1, .cost_usd = -1, .latency_ms = -1,
		.created_ms = -1
	};
	struct verdict v;
	enum status st;
	size_t i;

	*n = 0;
	if ((st = judge_item(r->judge, &item, arena, &v, err)) != STATUS_OK)
		return st;
	if (v.nguard_errors > 0)
		return error_set(err, STATUS_LIMIT, "--redact: guard %s could "
		    "not run: %.*s", v.guard_errors[0].guard,
		    SLICE_ARG(v.guard_errors[0].message));
	*f = v.findings;
	for (i = 0; i < v.nfindings; i++)
		if (is_private(&v.findings[i])) {
			v.findings[*n] = v.findings[i];
			v.findings[(*n)++].redact = REDACT_LABEL;
		}
	return STATUS_OK;
}

/* A text; the very slice where nothing was found. */
static enum status
redactor_text(struct redactor *r, struct slice text, struct arena *arena,
    struct slice *out, struct error *err)
{
	struct redact_text of = { .is_string = true, .keys_too = true };
	struct redacted done;
	struct finding *f;
	enum status st;
	size_t n;
	int i;

	*out = text;
	if (text.p == NULL || text.n == 0)
		return STATUS_OK;
	for (i = 0; i < PASSES_MAX; i++) {
		of.text = *out;
		if ((st = find_private(r, of.text, true, arena, &f, &n, err)) !=
		    STATUS_OK || n == 0)
			return st;
		if ((st = redact_apply(&of, f, n, arena, &done, err)) !=
		    STATUS_OK)
			return st;
		*out = done.text;
	}
	return STATUS_OK;
}

static enum status
json_token_out(struct redactor *r, uint32_t t, bool key, struct arena *arena,
    struct buf *b, struct error *err)
{
	struct slice text;
	enum status st;

	if (key || json_kind(&r->json, t) != TOKEN_STRING) {
		buf_add_slice(b, json_raw(&r->json, t));
		return STATUS_OK;
	}
	if ((text = json_text(&r->json, t, arena)).p == NULL)
		return error_nomem(err);
	if ((st = redactor_text(r, text, arena, &text, err)) == STATUS_OK)
		text_json(b, text);
	return st;
}

static enum status
redactor_json(struct redactor *r, struct slice json, struct arena *arena,
    struct slice *out, struct error *err)
{
	struct buf b = BUF_INIT;
	struct json_error why;
	const struct json_token *tok;
	uint32_t t, at = 0;
	enum status st = STATUS_OK;

	*out = json;
	if (json.p == NULL)
		return STATUS_OK;
	if (json_parse(&r->json, json, JSON_DEPTH_MAX, JSON_NUL_ALLOWED, &why)
	    != STATUS_OK)
		return redactor_text(r, json, arena, out, err);
	/* What stands between the strings goes over as it is; a string that a
	 * colon follows is a key. */
	for (t = 0; t < r->json.n && st == STATUS_OK; t++) {
		tok = &r->json.tok[t];
		if (tok->type != TOKEN_STRING)
			continue;
		buf_add(&b, json.p + at, tok->start - at);
		at = tok->end;
		while (at < json.n && strchr(" \t\r\n", json.p[at]) != NULL)
			at++;
		st = json_token_out(r, t, at < json.n && json.p[at] == ':',
		    arena, &b, err);
		at = tok->end;
	}
	buf_add(&b, json.p + at, json.n - at);
	if (st == STATUS_OK && (st = buf_check(&b, err)) == STATUS_OK) {
		*out = (struct slice){ arena_copy(arena, b.p, b.n), b.n };
		if (out->p == NULL)
			st = error_nomem(err);
	}
	buf_release(&b);
	return st;
}

/* Every finding that covers text which has to go: what is private, and, the
 * first time, what the policy's guards marked. */
static enum status
output_findings(struct redactor *r, const struct item_detail *d, bool first,
    struct arena *arena, struct finding **out, size_t *n, struct error *err)
{
	size_t nown, i, marked = first ? d->nfindings : 0;
	const struct finding *f;
	struct finding *own, *all;
	enum status st;

	if ((st = find_private(r, d->item.output, d->item.output_is_string,
	    arena, &own, &nown, err)) != STATUS_OK)
		return st;
	all = arena_alloc(arena, (nown + marked + 1) * sizeof(*all));
	if (all == NULL)
		return error_nomem(err);
	for (i = *n = 0; i < nown + marked; i++) {
		f = i < nown ? &own[i] : &d->findings[i - nown];
		if (f->redact == REDACT_OFF || f->on.p != NULL ||
		    f->start >= f->end || f->end > d->item.output.n)
			continue;
		all[*n] = *f;
		all[(*n)++].redact = REDACT_LABEL;
	}
	*out = all;
	return STATUS_OK;
}

/* Moves every finding to its place in the new output. */
static void
findings_move(struct item_detail *d, const struct redacted *done)
{
	struct finding *f;
	size_t i;

	for (i = 0; i < d->nfindings; i++) {
		f = &d->findings[i];
		if (f->on.p != NULL)
			continue;
		f->start = redact_place(done, f->start, false);
		f->end = redact_place(done, f->end, true);
	}
}

/* It marks places of the output as it was. */
static void
evidence_drop(struct item_detail *d)
{
	size_t i;

	for (i = 0; i < d->ndecisions; i++)
		d->decisions[i].evidence = SLICE_NONE;
}

static enum status
redact_output(struct redactor *r, struct item_detail *d, struct arena *arena,
    struct error *err)
{
	struct redact_text of = { .is_string = d->item.output_is_string,
	    .keys_too = true };
	struct redacted done;
	struct finding *all = NULL;
	enum status st;
	size_t n = 0;
	int i;

	for (i = 0; i < PASSES_MAX; i++) {
		of.text = d->item.output;
		if ((st = output_findings(r, d, i == 0, arena, &all, &n, err)) !=
		    STATUS_OK || n == 0)
			return st;
		if ((st = redact_apply(&of, all, n, arena, &done, err)) !=
		    STATUS_OK)
			return st;
		d->item.output = done.text;
		findings_move(d, &done);
		evidence_drop(d);
	}
	return STATUS_OK;
}

static enum status
redact_said(struct redactor *r, struct item_detail *d, struct arena *arena,
    struct error *err)
{
	struct item_decision *x;
	enum status st;
	size_t i;

	for (i = 0; i < d->ndecisions; i++) {
		x = &d->decisions[i];
		if ((st = redactor_text(r, x->reason, arena, &x->reason, err)) !=
		    STATUS_OK ||
		    (st = redactor_text(r, x->note, arena, &x->note, err)) !=
		    STATUS_OK ||
		    (st = redactor_text(r, x->output, arena, &x->output, err)) !=
		    STATUS_OK)
			return st;
	}
	for (i = 0; i < d->nfindings; i++)
		if ((st = redactor_text(r, d->findings[i].message, arena,
		    &d->findings[i].message, err)) != STATUS_OK ||
		    (st = redactor_text(r, d->findings[i].pointer, arena,
		    &d->findings[i].pointer, err)) != STATUS_OK)
			return st;
	return STATUS_OK;
}

enum status
redactor_detail(struct redactor *r, struct item_detail *d, struct arena *arena,
    struct error *err)
{
	struct item *item = &d->item;
	struct slice *const json[] = {
		&item->messages, &item->context, &item->metadata, &item->tools
	};
	enum status st;
	size_t i;

	st = redact_output(r, d, arena, err);
	for (i = 0; i < sizeof(json) / sizeof(json[0]) && st == STATUS_OK; i++)
		st = redactor_json(r, *json[i], arena, json[i], err);
	if (st != STATUS_OK ||
	    (st = redactor_text(r, d->release, arena, &d->release, err)) !=
	    STATUS_OK)
		return st;
	if ((d->row.snippet = snippet_make(item->output, arena)).p == NULL)
		return error_nomem(err);
	return redact_said(r, d, arena, err);
}
