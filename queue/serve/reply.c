#include "queue/serve/reply.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/json/parse.h"
#include "core/wire/errors.h"
#include "queue/release/release.h"
#include "queue/serve/outcome.h"
#include "queue/serve/window.h"
#include "queue/serve/item.h"
#include "queue/serve/server.h"

#define PASSED_MAX	((size_t)64 << 10)	/* bytes of a service's own error */

enum call_next
reply_error(struct gateway_call *g, int status, const char *code,
    const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return call_fail(g->call, status, code, "%s", text);
}

static void
field_add(struct call *c, const char *name, const char *value)
{
	if (c->nfields < CALL_FIELDS)
		c->field[c->nfields++] = (struct call_field){ name,
		    slice_of(value) };
}

/* Another text of a choice, with the input's values back in it. */
static enum status
choice_restore(struct gateway_call *g, struct wire_choice *to, struct error *err)
{
	struct arena *arena = &g->call->arena;
	struct buf b = BUF_INIT;
	enum status st = STATUS_OK;
	bool ignored;

	if (!to->changed)
		return STATUS_OK;
	if (to->is_string)
		placeholders_text(&g->placeholders, to->text, &b);
	else
		st = placeholders_json(&g->placeholders, to->text, &b, &ignored,
		    err);
	if (st == STATUS_OK)
		st = buf_check(&b, err);
	if (st == STATUS_OK) {
		to->text = (struct slice){ arena_copy(arena, b.p, b.n), b.n };
		if (to->text.p == NULL)
			st = error_nomem(err);
	}
	buf_release(&b);
	return st;
}

/* The answer as it goes out, but for what is withheld. */
static enum status
answer_restored(struct gateway_call *g, struct slice *answer, struct error *err)
{
	enum status st = STATUS_OK;
	size_t i;

	*answer = buf_slice(&g->answer);
	if (g->placeholders.n == 0)
		return STATUS_OK;
	*answer = buf_slice(&g->restored);
	for (i = 0; i < g->nchoices && st == STATUS_OK; i++)
		st = choice_restore(g, &g->choice[i], err);
	return st;
}

/* The answer, as each choice is released. */
static enum call_next
answer_write(struct gateway_call *g)
{
	const struct attempt *a = &g->attempt[g->nattempts - 1];
	struct call *c = g->call;
	const struct wire_release r = {
		.choice = g->choice, .n = g->nchoices,
		.cut_usage = g->request.stream && !g->request.usage_asked,
		.cut_logprobs = g->gateway->wants_logprobs &&
		    !g->request.logprobs_asked,
		.fallback = slice_of(g->gateway->queue->fallback),
		.usage = a->usage.estimated ? &a->usage : NULL
	};
	struct slice answer;
	enum status st;

	field_add(c, "x-handrail-route", route_name(g->route));
	field_add(c, "x-handrail-model", a->model->name);
	buf_clear(&c->out);
	if (g->sent)
		st = window_end(g, g->route == ROUTE_APPROVE, &c->err);
	else if ((st = answer_restored(g, &answer, &c->err)) == STATUS_OK)
		st = g->request.stream ? wire_release_events(&c->out, g->api,
		    answer, &r, &c->err) : wire_release_write(&c->out, g->api,
		    answer, &r, &c->err);
	if (st == STATUS_OK)
		st = buf_check(&c->out, &c->err);
	if (st == STATUS_INVALID)
		return reply_error(g, 502, "upstream_error",
		    "the model's answer cannot be released in parts");
	if (st != STATUS_OK)
		return call_fail_status(c, st, &c->err);
	c->status = 200;
	c->piece = g->request.stream;
	c->type = g->request.stream ? "text/event-stream" : NULL;
	return CALL_ANSWERED;
}

static enum call_next
answer_blocked(struct gateway_call *g, const char *why)
{
	field_add(g->call, "x-handrail-route", route_name(g->route));
	return reply_error(g, 400, "content_filter", "%s", why);
}

/* What people decided of one choice: out as they said, or withheld. */
static enum status
choice_decided(struct server *s, struct call *c, size_t i, bool *settled)
{
	struct wire_choice *to = &c->gateway->choice[i];
	struct release r;
	enum status st;

	*settled = true;
	if (!to->withheld || c->items[i].link.verdict->released)
		return STATUS_OK;
	error_clear(&c->err);
	st = release_last(s->session, c->keys[i], &r, &c->err);
	if (st == STATUS_NOT_FOUND && c->err.code == STATUS_OK) {
		*settled = false;
		return STATUS_OK;
	}
	if (st != STATUS_OK)
		return st;
	*settled = slice_is(r.state, "accepted") || slice_is(r.state, "edited") ||
	    slice_is(r.state, "rejected");
	if (slice_is(r.state, "rejected") || !*settled || r.text.p == NULL)
		return STATUS_OK;
	to->text.p = arena_copy(&c->arena, r.text.p, r.text.n);
	to->text.n = r.text.n;
	if (to->text.p == NULL)
		return error_nomem(&c->err);
	to->withheld = false;
	to->changed = !slice_eq(to->text, c->items[i].judged->item.output);
	return STATUS_OK;
}

/* Has a person decided on every choice? */
static enum call_next
wait_look(struct server *s, struct call *c)
{
	struct gateway_call *g = c->gateway;
	bool all = true, settled;
	enum status st;
	size_t i;

	for (i = 0; i < c->nitems && i < g->nchoices; i++) {
		if ((st = choice_decided(s, c, i, &settled)) != STATUS_OK)
			return call_fail_status(c, st, &c->err);
		all &= settled;
	}
	return all || c->last_look ? answer_write(g) : CALL_WAIT;
}

static enum call_next
wait_begin(struct server *s, struct gateway_call *g)
{
	struct call *c = g->call;
	enum status st;

	if ((st = items_find(s, c)) != STATUS_OK)
		return call_fail_status(c, st, &c->err);
	c->until_ms = s->now_ms + g->gateway->wait_ms;
	if (c->until_ms > g->deadline_ms)
		c->until_ms = g->deadline_ms;
	c->then = wait_look;
	return wait_look(s, c);
}

bool
reply_waits(const struct gateway_call *g)
{
	return !g->answered && !g->sent && g->refusal == NULL &&
	    g->route != ROUTE_APPROVE && g->gateway->on_flag == GATEWAY_WAIT;
}

enum call_next
reply_released(struct server *s, struct gateway_call *g)
{
	if (g->refusal != NULL)
		return answer_blocked(g, "the input is refused by this "
		    "service's policy");
	if (g->sent)
		return answer_write(g);
	if (g->route != ROUTE_APPROVE && g->gateway->on_flag == GATEWAY_BLOCK)
		return answer_blocked(g, "the answer is held back by this "
		    "service's policy");
	if (reply_waits(g))
		return wait_begin(s, g);
	return answer_write(g);
}

/* Seconds until then, at least one. */
static int64_t
seconds_until(const struct server *s, int64_t until_ms)
{
	int64_t left = (until_ms - s->now_ms + 999) / 1000;

	return left < 1 ? 1 : left;
}

/* The service's own words on what is wrong with the request, where it said it as
 * the API does. */
static bool
error_passes(const struct gateway_call *g, int status)
{
	struct json json = JSON_INIT;
	struct json_error why;
	bool well;

	if ((status != 400 && status != 413 && status != 422) ||
	    g->answer.n == 0 || g->answer.n > PASSED_MAX)
		return false;
	well = json_parse(&json, buf_slice(&g->answer), JSON_DEPTH_MAX, 0,
	    &why) == STATUS_OK && json.tok[0].type == TOKEN_OBJECT;
	json_release(&json);
	return well;
}

static void
error_pass(struct gateway_call *g, int status)
{
	struct call *c = g->call;

	buf_clear(&c->out);
	c->status = status;
	c->type = NULL;
	c->piece = c->streaming;
	if (c->piece)
		wire_error_pass(&c->out, g->api, buf_slice(&g->answer));
	else
		buf_add_slice(&c->out, buf_slice(&g->answer));
}

static void
failed_say(struct server *s, struct gateway_call *g)
{
	const struct attempt *a = &g->attempt[g->nattempts - 1];
	struct call *c = g->call;

	if (a->fault == ATTEMPT_LIMITED) {
		(void)reply_error(g, 429, "rate_limited", "the model's service "
		    "takes no more calls for now");
		c->retry_s = a->retry_after_s > 0 ? a->retry_after_s : 1;
	} else if (a->fault == ATTEMPT_TIMEOUT || s->now_ms >= g->deadline_ms) {
		(void)reply_error(g, 504, "upstream_timeout", "no model answered "
		    "within the gateway's deadline");
	} else if (a->fault == ATTEMPT_REFUSED && error_passes(g, a->status)) {
		error_pass(g, a->status);
	} else if (a->fault == ATTEMPT_REFUSED) {
		(void)reply_error(g, 502, "upstream_refused", "the model's "
		    "service refused the call with status %d", a->status);
	} else {
		(void)reply_error(g, 502, "upstream_error", "no model gave a "
		    "whole answer");
	}
}

enum call_next
reply_failed(struct server *s, struct gateway_call *g)
{
	failed_say(s, g);
	g->answered = true;
	g->call->nitems = 0;
	return outcome_store(s, g);
}

enum call_next
reply_broken(struct server *s, struct gateway_call *g)
{
	failed_say(s, g);
	g->answered = true;
	return outcome_judge(s, g);
}

enum call_next
reply_unavailable(struct server *s, struct gateway_call *g, bool cooling,
    int64_t until_ms)
{
	if (cooling)
		(void)reply_error(g, 429, "rate_limited", "the models of the "
		    "gateway take no more calls for now");
	else
		(void)reply_error(g, 503, "upstream_unavailable", "the models "
		    "of the gateway failed again and again, and are not asked "
		    "for a moment");
	g->call->retry_s = seconds_until(s, until_ms);
	if (g->nattempts == 0)
		return CALL_ANSWERED;
	g->answered = true;
	g->call->nitems = 0;
	return outcome_store(s, g);
}
