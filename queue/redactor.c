#include "queue/redactor.h"

#include <stdlib.h>

#include "core/text.h"

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
	return f->on.p == NULL && f->severity >= SEVERITY_LOW &&
	    (strcmp(f->guard, "pii") == 0 || strcmp(f->guard, "secrets") == 0);
}

enum status
redactor_text(struct redactor *r, struct slice text, struct arena *arena,
    struct slice *out, struct error *err)
{
	struct item item = {
		.id = SLICE("redact"), .queue = SLICE(ITEM_QUEUE),
		.output = text, .output_is_string = true, .input_tokens = -1,
		.output_tokens = -1, .cost_usd = -1, .latency_ms = -1,
		.created_ms = -1
	};
	struct verdict v;
	enum status st;
	size_t i, n = 0;

	*out = text;
	if (text.p == NULL || text.n == 0)
		return STATUS_OK;
	if ((st = judge_item(r->judge, &item, arena, &v, err)) != STATUS_OK)
		return st;
	if (v.nguard_errors > 0)
		return error_set(err, STATUS_LIMIT, "--redact: guard %s could "
		    "not run: %.*s", v.guard_errors[0].guard,
		    SLICE_ARG(v.guard_errors[0].message));
	for (i = 0; i < v.nfindings; i++)
		if (is_private(&v.findings[i])) {
			v.findings[n] = v.findings[i];
			v.findings[n++].redact = REDACT_LABEL;
		}
	return redact_apply(text, v.findings, n, SLICE_NONE, arena, out, err);
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

enum status
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

static enum status
redact_decision(struct redactor *r, struct detail_decision *x,
    struct arena *arena, struct error *err)
{
	enum status st;

	if ((st = redactor_text(r, x->reason, arena, &x->reason, err)) !=
	    STATUS_OK ||
	    (st = redactor_text(r, x->note, arena, &x->note, err)) != STATUS_OK)
		return st;
	return redactor_text(r, x->output, arena, &x->output, err);
}

enum status
redactor_detail(struct redactor *r, struct detail *d, struct arena *arena,
    struct error *err)
{
	struct item *item = &d->item;
	enum status st;
	size_t i;

	st = item->output_is_string ?
	    redactor_text(r, item->output, arena, &item->output, err) :
	    redactor_json(r, item->output, arena, &item->output, err);
	if (st != STATUS_OK ||
	    (st = redactor_json(r, item->messages, arena, &item->messages,
	    err)) != STATUS_OK ||
	    (st = redactor_json(r, item->context, arena, &item->context, err)) !=
	    STATUS_OK ||
	    (st = redactor_json(r, item->metadata, arena, &item->metadata,
	    err)) != STATUS_OK ||
	    (st = redactor_text(r, d->row.snippet, arena, &d->row.snippet,
	    err)) != STATUS_OK ||
	    (st = redactor_text(r, d->release, arena, &d->release, err)) !=
	    STATUS_OK)
		return st;
	for (i = 0; i < d->ndecisions; i++)
		if ((st = redact_decision(r, &d->decisions[i], arena, err)) !=
		    STATUS_OK)
			return st;
	return STATUS_OK;
}
