/*
 * POST /v1/chat/completions, /v1/responses, /v1/messages: what is asked for, and
 * GET /v1/models: what may be asked for.
 */
#include "queue/serve/gateway.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/json/write.h"
#include "queue/serve/attempt.h"
#include "queue/serve/conn.h"
#include "queue/serve/endpoint.h"
#include "queue/serve/gateway_prompt.h"
#include "queue/serve/outcome.h"
#include "queue/serve/reply.h"
#include "queue/serve/server.h"
#include "queue/serve/window.h"

#define BEAT_MS		10000	/* a comment, so that no proxy gives up */
#define PAUSED_MS	20	/* between looks whether the client reads on */
#define JSON_KEPT	1024u	/* tokens of a request, for the next */
#define TOKENS_DEFAULT	4096	/* of an answer, where a limit needs a number */

/* What it was parsed with serves the next one, unless that is much. */
static void
request_release(struct gateway_call *g)
{
	struct server *s = g->server;

	if (g->request.d.cap > 0 && g->request.d.cap <= JSON_KEPT &&
	    s->njson < JSON_SPARE) {
		s->json[s->njson++] = g->request.d;
		g->request.d = (struct json)JSON_INIT;
	}
	wire_request_release(&g->request);
}

/* One that is over, or a new one; NULL: no memory. */
static struct gateway_call *
gateway_new(struct server *s)
{
	struct gateway_call *g = s->gateway_spare;

	if (g == NULL)
		return calloc(1, sizeof(*g));
	s->gateway_spare = g->next;
	s->ngateway_spare--;
	*g = (struct gateway_call){ .next = NULL };
	return g;
}

static void
gateway_keep(struct server *s, struct gateway_call *g)
{
	if (s->ngateway_spare >= s->spare.most) {
		free(g);
		return;
	}
	g->next = s->gateway_spare;
	s->gateway_spare = g;
	s->ngateway_spare++;
}

void
gateways_release(struct server *s)
{
	struct gateway_call *g;

	while ((g = s->gateway_spare) != NULL) {
		s->gateway_spare = g->next;
		free(g);
	}
	s->ngateway_spare = 0;
}

void
gateway_free(struct gateway_call *g)
{
	struct service *v;
	struct bufs *bufs;

	if (g == NULL)
		return;
	v = g->server->service;
	bufs = &g->server->spare.bufs;
	if (g->next != NULL)
		g->next->prev = g->prev;
	else
		g->server->gateways_end = g->prev;
	*g->prev = g->next;
	if (g->http != NULL)
		http_call_cancel(g->http);
	if (g->upstream != NULL)
		upstream_left(v->upstreams, g->upstream, UPSTREAM_NEITHER,
		    g->server->now_ms);
	if (g->full)
		v->full--;
	budget_allowed(v->budgets, g->call->key, &g->reserved, false);
	if (g->budgeted && !g->settled)
		budget_settle(v->budgets, g->call->key, &g->reserved,
		    g->charged_tokens, g->charged_usd);
	request_release(g);
	window_free(g);
	attempt_stream_end(g);
	sse_release(&g->sse);
	bufs_give(bufs, &g->body);
	bufs_give(bufs, &g->answer);
	bufs_give(bufs, &g->restored);
	bufs_give(bufs, &g->record);
	gateway_keep(g->server, g);
}

void
gateway_slim(struct gateway_call *g)
{
	struct bufs *bufs = &g->server->spare.bufs;
	struct call *c = g->call;

	window_free(g);
	attempt_stream_end(g);
	sse_release(&g->sse);
	sse_init(&g->sse, ANSWER_MAX);
	bufs_give(bufs, &g->body);
	bufs_give(bufs, &g->answer);
	bufs_give(bufs, &g->restored);
	request_release(g);
	bufs_give(bufs, &c->out);
	/* What is stored has its own copy of it. */
	g->server->service->bodies -= c->body.n;
	bufs_give(bufs, &c->body);
}

/* Of the system, for several ids at once. */
static enum status
chance_take(struct server *s, unsigned char out[16], struct error *err)
{
	enum status st;

	if (s->nchance < 16) {
		st = store_random(s->chance, sizeof(s->chance), err);
		if (st != STATUS_OK)
			return st;
		s->nchance = sizeof(s->chance);
	}
	s->nchance -= 16;
	memcpy(out, s->chance + s->nchance, 16);
	return STATUS_OK;
}

/* RFC 9562, version 7: the time, then chance. */
static enum status
id_make(struct server *s, char id[GATEWAY_ID], struct error *err)
{
	static const char digits[] = "0123456789abcdef";
	struct timespec t;
	unsigned char b[16];
	uint64_t ms;
	enum status st;
	char *to;
	int i;

	if ((st = chance_take(s, b, err)) != STATUS_OK)
		return st;
	(void)clock_gettime(CLOCK_REALTIME, &t);
	ms = (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
	for (i = 0; i < 6; i++)
		b[i] = (unsigned char)(ms >> (40 - 8 * i));
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x70);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	memcpy(id, "call-", 5);
	for (i = 0, to = id + 5; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*to++ = '-';
		*to++ = digits[b[i] >> 4];
		*to++ = digits[b[i] & 15];
	}
	*to = '\0';
	return STATUS_OK;
}

static bool
key_may_gateway(const struct service_key *k, const char *name)
{
	size_t i;

	for (i = 0; i < k->ngateways; i++)
		if (strcmp(k->gateways[i], name) == 0)
			return true;
	return k->ngateways == 0;
}

static bool
key_may_region(const struct service_key *k, const struct gateway *g)
{
	const char *region;
	size_t i, r;

	for (i = 0; i < g->nmodels && k->nregions > 0; i++) {
		region = g->models[i]->upstream->region;
		for (r = 0; r < k->nregions; r++)
			if (region != NULL && strcmp(region, k->regions[r]) == 0)
				break;
		if (r == k->nregions)
			return false;
	}
	return true;
}

/* The gateway of the key whose prompt the request names; *other is a second one. */
static const struct gateway *
gateway_of_prompt(struct gateway_call *g, const struct gateway **other)
{
	const struct service_policy *p = &g->call->policy->service;
	const struct gateway *found = NULL;
	size_t i;

	for (i = 0; i < p->ngateways; i++) {
		if (!key_may_gateway(g->call->key, p->gateways[i].name) ||
		    !gateway_prompt_is(&p->gateways[i], g->request.model))
			continue;
		if (found != NULL)
			*other = &p->gateways[i];
		else
			found = &p->gateways[i];
	}
	if (found != NULL)
		g->named = g->request.model;
	return found;
}

/* The gateway that the request names; NULL after an error. */
static const struct gateway *
gateway_find(struct gateway_call *g)
{
	const struct call *c = g->call;
	const struct gateway *found = policy_gateway(c->policy,
	    g->request.model), *other = NULL;
	bool anthropic;

	if (found == NULL)
		found = gateway_of_prompt(g, &other);
	if (other != NULL) {
		(void)reply_error(g, 404, "model_not_found", "the gateways %s "
		    "and %s both have that prompt: ask for one of them",
		    found->name, other->name);
		return NULL;
	}
	if (found == NULL || !key_may_gateway(c->key, found->name)) {
		(void)reply_error(g, 404, "model_not_found", "the model that is "
		    "asked for is no gateway that the key %s may use; "
		    "/v1/models lists them", c->key->name);
		return NULL;
	}
	anthropic = found->models[0]->upstream->shape == UPSTREAM_ANTHROPIC;
	if (anthropic != (g->api == WIRE_MESSAGES)) {
		(void)reply_error(g, 404, "unsupported_endpoint", "the gateway "
		    "%s serves %s: nothing is translated between APIs",
		    found->name, anthropic ? "/v1/messages" :
		    "/v1/chat/completions and /v1/responses");
		return NULL;
	}
	if (!key_may_region(c->key, found)) {
		(void)reply_error(g, 403, "region_not_allowed", "the gateway %s "
		    "asks models outside the regions of the key %s",
		    found->name, c->key->name);
		return NULL;
	}
	return found;
}

/* The most that the models may cost for so many tokens. */
static double
usd_most(const struct gateway *g, int64_t in, int64_t out)
{
	double most = 0, usd;
	size_t i;

	for (i = 0; i < g->nmodels; i++) {
		usd = ((double)in * fmax(g->models[i]->in_usd, 0) + (double)out *
		    fmax(g->models[i]->out_usd, 0)) / 1e6;
		most = fmax(most, usd);
	}
	return most;
}

/* Sets aside what the call may take; false after an error. */
static bool
budget_take(struct server *s, struct gateway_call *g)
{
	const struct service_key *k = g->call->key;
	bool limited = k->tokens_day > 0 || k->request_tokens > 0 ||
	    k->usd_month >= 0;
	int64_t in = (int64_t)g->request.body.n / 3 + 1, out;
	struct call *c = g->call;
	enum status st;

	g->max_tokens = g->request.max_tokens;
	if (limited && g->max_tokens < 0) {
		g->max_tokens = TOKENS_DEFAULT;
		if (k->request_tokens > 0 && (int64_t)k->request_tokens - in <
		    TOKENS_DEFAULT)
			g->max_tokens = (int64_t)k->request_tokens > in ?
			    (int64_t)k->request_tokens - in : 1;
	}
	out = (limited ? g->max_tokens : 0) * g->request.choices;
	st = budget_reserve(s->service->budgets, s->session->store, k, in + out,
	    usd_most(g->gateway, in, out), (int64_t)time(NULL) * 1000,
	    &g->reserved, &c->err);
	g->budgeted = st == STATUS_OK;
	if (st == STATUS_DENIED) {
		(void)reply_error(g, 429, "budget_exceeded", "%s", c->err.text);
		c->final = true;
	} else if (st != STATUS_OK) {
		(void)call_fail_status(c, st, &c->err);
	}
	return st == STATUS_OK;
}

/* Is there something to ask of the input before a model is? */
static bool
input_asks(const struct gateway *g)
{
	size_t i;

	for (i = 0; i < g->queue->nguards; i++)
		if (g->queue->guards[i]->on_input)
			return true;
	return g->refuse != CONDITION_NONE;
}

/* The texts of the request as messages, for guards. */
static enum status
input_messages(struct gateway_call *g, struct slice *out, struct error *err)
{
	struct call *c = g->call;
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	enum status st;
	size_t i;

	if ((st = wire_request_texts(&g->request, &c->arena, &g->texts,
	    &g->ntexts, err)) != STATUS_OK)
		return st;
	write_array(&w, NULL);
	for (i = 0; i < g->ntexts; i++) {
		write_object(&w, NULL);
		write_text(&w, "content", g->texts[i]);
		write_end(&w);
	}
	write_end(&w);
	if ((st = buf_check(&b, err)) == STATUS_OK) {
		*out = (struct slice){ arena_copy(&c->arena, b.p, b.n), b.n };
		if (out->p == NULL)
			st = error_nomem(err);
	}
	buf_release(&b);
	return st;
}

/* Guards that may not be passed by where they could not run. */
static const char *
input_errored(const struct verdict *v)
{
	size_t i;

	for (i = 0; i < v->nguard_errors; i++)
		if (!v->guard_errors[i].fail_open)
			return v->guard_errors[i].guard;
	return NULL;
}

static void
input_judge(struct judge_scratch *scratch, struct call *c)
{
	struct gateway_call *g = c->gateway;
	const struct gateway *p = g->gateway;
	const struct judged_item *j;
	struct item item = { .id = slice_of(g->id),
	    .queue = slice_of(p->queue->name), .prompt = g->prompt,
	    .input_tokens = -1,
	    .output_tokens = -1, .cost_usd = -1, .latency_ms = -1,
	    .created_ms = -1, .output_is_string = true, .silent = true };
	struct judge_request r = { .item = &item, .what = JUDGE_INPUT };

	if ((c->st = input_messages(g, &item.messages, &c->err)) != STATUS_OK ||
	    (c->st = judge_record(scratch, &r, &c->arena, &j, &c->err)) !=
	    STATUS_OK)
		return;
	g->refusal = input_errored(&j->verdict);
	if (g->refusal == NULL && p->refuse != CONDITION_NONE &&
	    (j->verdict.conditions[p->refuse] == EXPR_TRUE ||
	    j->verdict.conditions[p->refuse] == EXPR_ERROR))
		g->refusal = "refuse";
	c->st = placeholders_make(&g->placeholders, g->texts, g->ntexts,
	    j->verdict.findings, j->verdict.nfindings, &c->arena, &g->replaced,
	    &c->err);
}

static enum call_next
input_judged(struct server *s, struct call *c)
{
	if (c->st != STATUS_OK)
		return call_fail_status(c, c->st, &c->err);
	if (c->gateway->refusal != NULL)
		return outcome_judge(s, c->gateway);
	if (c->gateway->placeholders.n > 0 && c->gateway->request.previous)
		return reply_error(c->gateway, 400, "unsupported", "what the "
		    "input holds is replaced, and what it goes on from was "
		    "answered without that: send the conversation instead");
	return attempt_begin(s, c->gateway);
}

static enum call_next
gateway_call(struct server *s, struct call *c, enum wire_api api)
{
	struct gateway_call *g = gateway_new(s);

	if (g == NULL)
		return call_fail_status(c, STATUS_NOMEM, NULL);
	c->gateway = g;
	g->server = s;
	g->call = c;
	g->api = api;
	if (s->njson > 0)
		g->request.d = s->json[--s->njson];
	sse_init(&g->sse, ANSWER_MAX);
	/* The oldest first, who waits longest. */
	g->prev = s->gateways_end;
	*g->prev = g;
	s->gateways_end = &g->next;
	if (id_make(s, g->id, &c->err) != STATUS_OK)
		return call_fail_status(c, c->err.code, &c->err);
	if (wire_request_read(&g->request, api, buf_slice(&c->body), &c->arena,
	    &c->err) != STATUS_OK)
		return c->err.code != STATUS_INVALID ?
		    call_fail_status(c, c->err.code, &c->err) :
		    reply_error(g, 400, g->request.malformed ? "invalid_json" :
		    "invalid_request", "%s", c->err.text);
	if (g->request.background)
		return reply_error(g, 400, "unsupported", "background: a guarded "
		    "answer is given in the call that asks for it");
	if ((g->gateway = gateway_find(g)) == NULL ||
	    !gateway_prompt_apply(s, g) || !budget_take(s, g))
		return CALL_ANSWERED;
	g->deadline_ms = s->now_ms + g->gateway->deadline_ms;
	c->field[c->nfields++] = (struct call_field){ "x-handrail-id",
	    slice_of(g->id) };
	if (!input_asks(g->gateway))
		return attempt_begin(s, g);
	c->judge = input_judge;
	c->then = input_judged;
	return CALL_JUDGE;
}

enum call_next
chat_post(struct server *s, struct call *c)
{
	return gateway_call(s, c, WIRE_CHAT);
}

enum call_next
responses_post(struct server *s, struct call *c)
{
	return gateway_call(s, c, WIRE_RESPONSES);
}

enum call_next
messages_post(struct server *s, struct call *c)
{
	return gateway_call(s, c, WIRE_MESSAGES);
}

/* One model of the list. */
static void
model_json(struct writer *w, const struct gateway *g, bool anthropic)
{
	write_object(w, NULL);
	if (anthropic) {
		write_word(w, "type", "model");
		write_word(w, "id", g->name);
		write_word(w, "display_name", g->name);
		write_time(w, "created_at", 0);
	} else {
		write_word(w, "id", g->name);
		write_word(w, "object", "model");
		write_int(w, "created", 0);
		write_word(w, "owned_by", "handrail");
	}
	write_end(w);
}

enum call_next
models_get(struct server *s, struct call *c)
{
	const struct service_policy *p = &c->policy->service;
	struct writer w = WRITER(&c->out, WRITE_SHOWN);
	bool anthropic = c->anthropic_version.p != NULL;
	const char *first = NULL, *last = NULL;
	size_t i;

	(void)s;
	write_object(&w, NULL);
	if (!anthropic)
		write_word(&w, "object", "list");
	write_array(&w, "data");
	for (i = 0; i < p->ngateways; i++) {
		if (!key_may_gateway(c->key, p->gateways[i].name) ||
		    !key_may_region(c->key, &p->gateways[i]))
			continue;
		last = p->gateways[i].name;
		first = first == NULL ? last : first;
		model_json(&w, &p->gateways[i], anthropic);
	}
	write_end(&w);
	if (anthropic) {
		write_bool(&w, "has_more", false);
		write_text(&w, "first_id", slice_of(first));
		write_text(&w, "last_id", slice_of(last));
	}
	write_end(&w);
	write_line(&w);
	c->status = 200;
	return CALL_ANSWERED;
}

void
gateway_left(struct server *s, struct call *c)
{
	struct gateway_call *g = c->gateway;

	/* What is still to be stored is tried again when it is due, not at once. */
	if (!g->storing)
		server_next(s, c, attempt_left(s, g));
}

/* Says that there is more to come, to proxies that count the silence. */
static void
beat(struct server *s, struct gateway_call *g)
{
	struct call *c = g->call;
	struct buf b = BUF_INIT;

	if (c->conn == NULL || !g->request.stream || c->status != 0)
		return;
	if (c->beat_ms == 0)
		c->beat_ms = c->begun_ns / 1000000;
	if (s->now_ms - c->beat_ms < BEAT_MS)
		return;
	c->beat_ms = s->now_ms;
	sse_comment(&b, SLICE("wait"));
	if (!c->streaming) {
		c->status = 200;
		c->type = "text/event-stream";
	}
	if (!b.failed)
		(void)conn_stream(c->conn, c, buf_slice(&b));
	c->status = 0;
	buf_release(&b);
	conn_resume(c->conn);
}

int
gateways_timeout(const struct server *s, int ms)
{
	int64_t left = s->gateway_due_ms == 0 ? ms :
	    s->gateway_due_ms - server_ns() / 1000000;
	int http = http_calls_timeout(s->http);

	if (left < ms)
		ms = left < 0 ? 0 : (int)left;
	return http != -1 && http < ms ? http : ms;
}

/* Asks what is due, and gives the moment of the next; 0: none. */
static int64_t
gateways_due(struct server *s)
{
	struct gateway_call *g, *next;
	int64_t due = 0;

	for (g = s->gateways; g != NULL; g = next) {
		next = g->next;
		if (g->call->step == CALL_UPSTREAM && g->due_ms != 0 &&
		    (s->now_ms >= g->due_ms || g->full)) {
			g->due_ms = 0;
			server_next(s, g->call, attempt_due(s, g));
			continue;	/* it may be gone */
		}
		beat(s, g);
		window_resume(g);
		if (g->paused)
			due = s->now_ms + PAUSED_MS;
		if (g->due_ms != 0 && (due == 0 || g->due_ms < due))
			due = g->due_ms;
	}
	return due;
}

void
gateways_ask(struct server *s)
{
	if (http_calls_timeout(s->http) == 0)
		http_calls_due(s->http);
}

void
gateways_tick(struct server *s)
{
	int64_t due;

	gateways_ask(s);
	if (s->gateways == NULL)
		s->gateway_due_ms = 0;
	if (s->gateways == NULL ||
	    (s->gateway_due_ms != 0 && s->now_ms < s->gateway_due_ms))
		return;
	s->gateway_due_ms = 0;
	s->places_wanted = false;	/* who still does says so */
	due = gateways_due(s);
	/* Comments are looked for once a second. */
	if (s->gateways != NULL && s->gateway_due_ms == 0)
		s->gateway_due_ms = due != 0 && due < s->now_ms + 1000 ? due :
		    s->now_ms + 1000;
}
