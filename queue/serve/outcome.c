#include "queue/serve/outcome.h"

#include <math.h>

#include "core/json/value.h"
#include "core/json/write.h"
#include "core/wire/request_write.h"
#include "queue/serve/attempt.h"
#include "queue/serve/calls.h"
#include "queue/serve/committer.h"
#include "queue/serve/conn.h"
#include "queue/serve/reply.h"
#include "queue/serve/window.h"
#include "queue/serve/server.h"

#define STORE_AGAIN_MS	500
#define RECORD_BESIDE	512	/* bytes of a record beside request and answer, mostly */
#define FOUND_BESIDE	"found beside the output"

/* An answer that holds nothing, as a filter of the API itself would have made it. */
static void
refused_json(struct writer *w, enum wire_api api)
{
	write_object(w, "response");
	if (api == WIRE_CHAT) {
		write_word(w, "object", "chat.completion");
		write_array(w, "choices");
		write_object(w, NULL);
		write_int(w, "index", 0);
		write_object(w, "message");
		write_word(w, "role", "assistant");
		write_null(w, "content");
		write_end(w);
		write_word(w, "finish_reason", "content_filter");
		write_end(w);
	} else if (api == WIRE_RESPONSES) {
		write_word(w, "object", "response");
		write_word(w, "status", "incomplete");
		write_object(w, "incomplete_details");
		write_word(w, "reason", "content_filter");
		write_end(w);
		write_array(w, "output");
	} else {
		write_word(w, "type", "message");
		write_word(w, "role", "assistant");
		write_word(w, "stop_reason", "refusal");
		write_array(w, "content");
	}
	write_end(w);
	write_end(w);
}

/* What the attempts took together. */
static void
usage_json(struct writer *w, const struct gateway_call *g)
{
	const struct attempt *a = &g->attempt[g->nattempts - 1];
	double usd = 0;
	size_t i;

	write_object(w, "usage");
	write_count(w, "input_tokens", a->usage.input);
	write_count(w, "output_tokens", a->usage.output);
	write_end(w);
	for (i = 0; i < g->nattempts; i++)
		if (g->attempt[i].usage.input >= 0)
			usd += attempt_usd(&g->attempt[i]);
	if (!isnan(usd))
		write_double(w, "cost_usd", usd);
	write_double(w, "latency_ms", (double)(a->ended_ms - a->asked_ms));
}

/* The request as the service saw it, and what stood for what. */
static enum status
placeholders_keep(struct gateway_call *g, struct writer *w, struct error *err)
{
	const struct wire_change change = { .max_tokens = -1,
	    .stream = g->request.stream, .texts = g->replaced };
	struct buf b = BUF_INIT;
	enum status st;
	size_t i;

	buf_clear(&g->restored);
	g->misplaced = false;
	if (g->answer.n > 0 && (st = placeholders_json(&g->placeholders,
	    buf_slice(&g->answer), &g->restored, &g->misplaced, err)) !=
	    STATUS_OK)
		return st;
	if (g->misplaced) {
		write_array(w, "guards");
		write_object(w, NULL);
		write_word(w, "name", "placeholder");
		write_word(w, "result", "fail");
		write_word(w, "severity", "high");
		write_word(w, "message", "what stands for a value of the input "
		    "came back in a URL, a link, code or a tool's name");
		write_end(w);
		write_end(w);
	}
	write_array(w, "placeholders");
	for (i = 0; i < g->placeholders.n; i++) {
		write_object(w, NULL);
		write_text(w, "token", g->placeholders.v[i].token);
		write_text(w, "value", g->placeholders.v[i].value);
		write_end(w);
	}
	write_end(w);
	st = wire_request_write(&b, &g->request, &change, err);
	if (st == STATUS_OK)
		write_raw(w, "request", buf_slice(&b));
	buf_release(&b);
	return st;
}

/* The request and its response as one record (handrail-record.5). */
static enum status
record_make(struct gateway_call *g, struct error *err)
{
	const struct attempt *a = g->nattempts == 0 ? NULL :
	    &g->attempt[g->nattempts - 1];
	struct writer w = WRITER(&g->record, WRITE_KEPT);
	enum status st;

	buf_clear(&g->record);
	(void)buf_reserve(&g->record, g->request.body.n + g->answer.n +
	    RECORD_BESIDE);
	write_object(&w, NULL);
	write_word(&w, "id", g->id);
	write_word(&w, "queue", g->gateway->queue->name);
	if (g->prompt.p != NULL)
		write_text(&w, "prompt", g->prompt);
	if (a != NULL)
		usage_json(&w, g);
	write_object(&w, "metadata");
	write_word(&w, "gateway", g->gateway->name);
	write_word(&w, "key", g->call->key->name);
	if (a != NULL) {
		write_word(&w, "tier", a->model->name);
		write_int(&w, "attempts", (int64_t)g->nattempts);
		write_bool(&w, "usage_estimated", a->usage.estimated);
		if (a->fault == ATTEMPT_LEFT)
			write_bool(&w, "left", true);
	}
	if (g->refusal != NULL)
		write_word(&w, "input_refused", g->refusal);
	/* They may hold what no service sees. */
	if (g->variables.p != NULL && g->placeholders.n == 0)
		write_raw(&w, "variables", g->variables);
	write_end(&w);
	if (g->placeholders.n > 0 && (st = placeholders_keep(g, &w, err)) !=
	    STATUS_OK)
		return st;
	if (g->placeholders.n == 0)
		write_raw(&w, "request", g->request.body);
	if (g->refusal != NULL)
		refused_json(&w, g->api);
	else
		write_raw(&w, "response", buf_slice(&g->answer));
	write_end(&w);
	return buf_check(&g->record, err);
}

/* What is released of one choice. */
static void
choice_judged(struct gateway_call *g, const struct judged_item *j)
{
	struct wire_choice *to;

	if (j->verdict.route > g->route)
		g->route = j->verdict.route;
	if (g->gateway->next != CONDITION_NONE &&
	    j->verdict.conditions[g->gateway->next] == EXPR_TRUE)
		g->escalates = true;
	if (g->nchoices == g->choices_most)
		return;
	to = &g->choice[g->nchoices++];
	*to = (struct wire_choice){ .withheld = !j->verdict.released,
	    .changed = j->verdict.released &&
	    !slice_eq(j->verdict.release, j->item.output),
	    .text = j->verdict.release,
	    .is_string = j->item.output_is_string };
}

/* Is there something in a text that is no part of the item's output? */
static enum status
text_judge(struct judge_scratch *scratch, struct call *c,
    const struct item *item, const struct wire_text *t, bool *found)
{
	const struct slice text = buf_slice(&t->text);
	struct judge_request r = { .item = item, .edit = &text,
	    .what = JUDGE_FINDINGS };
	const struct judged_item *j;
	enum status st;

	st = judge_record(scratch, &r, &c->arena, &j, &c->err);
	*found = st == STATUS_OK && (j->verdict.nfindings > 0 ||
	    j->verdict.errors > 0);
	return st;
}

/* Does one of the strings of a JSON output hold the text? */
static bool
strings_hold(struct slice output, struct slice text, struct arena *arena)
{
	struct json d = JSON_INIT;
	struct json_error why;
	struct slice s;
	bool held = false;
	uint32_t i;

	if (json_parse(&d, output, JSON_DEPTH_MAX, JSON_NUL_ALLOWED, &why) !=
	    STATUS_OK)
		return false;
	for (i = 0; i < d.n && !held; i++) {
		if (json_kind(&d, i) != TOKEN_STRING)
			continue;
		s = json_text(&d, i, arena);
		held = s.p != NULL && slice_find(s, text) != NULL;
	}
	json_release(&d);
	return held;
}

/* It goes out too, and the item's output does not hold it: thoughts, results of the
 * service's own tools, whatever is not known. */
static bool
is_beside(struct gateway_call *g, const struct wire_text *t,
    const struct item *item)
{
	const struct slice text = buf_slice(&t->text);

	if (text.n == 0 || t->kind == WIRE_TOOL_NAME ||
	    t->kind == WIRE_ARGUMENTS || t->kind == WIRE_BYTES)
		return false;
	if (t->kind != WIRE_TEXT)
		return !slice_eq(item->output, text);
	return item->output_is_string ? slice_find(item->output, text) == NULL :
	    !strings_hold(item->output, text, &g->call->arena);
}

/* What goes out beside the items' outputs. */
static enum status
others_judge(struct judge_scratch *scratch, struct call *c,
    const struct judged_item *first)
{
	struct gateway_call *g = c->gateway;
	const struct wire_text *t;
	const struct judged_item *j;
	enum status st = STATUS_OK;
	size_t i, k, n = 0;
	bool found;

	t = g->stream == NULL ? NULL : wire_stream_texts(g->stream, &n);
	for (i = 0; i < n && st == STATUS_OK; i++) {
		if (t[i].choice >= g->nchoices)
			continue;
		for (j = first, k = 0; k < t[i].choice && j->next != NULL; k++)
			j = j->next;
		if (!is_beside(g, &t[i], &j->item))
			continue;
		st = text_judge(scratch, c, &j->item, &t[i], &found);
		if (found && t[i].kind == WIRE_REASONING)
			g->choice[t[i].choice].cut_reasoning = true;
		else if (found)
			g->choice[t[i].choice].withheld = true;
	}
	return st;
}

/* What the client does not get is not approved either: somebody looks at it. */
static enum status
item_flag(struct call *c, struct ingest_item *i, struct error *err)
{
	struct verdict *v = arena_alloc(&c->arena, sizeof(*v));
	const struct queue_policy *q = c->gateway->gateway->queue;

	if (v == NULL)
		return error_nomem(err);
	*v = *i->link.verdict;
	v->route = ROUTE_FLAG;
	v->rule = FOUND_BESIDE;
	v->suggest = NULL;
	v->sampled = v->released = false;
	v->release = slice_of(q->fallback);
	i->link.verdict = v;
	if (c->gateway->route < ROUTE_FLAG)
		c->gateway->route = ROUTE_FLAG;
	return STATUS_OK;
}

/* How much of an answer was out that is cut. */
static enum status
item_sent(struct call *c, struct ingest_item *i, int64_t sent, struct error *err)
{
	struct item *item = arena_alloc(&c->arena, sizeof(*item));

	if (item == NULL)
		return error_nomem(err);
	*item = *i->link.item;
	item->sent = sent;
	i->link.item = item;
	return STATUS_OK;
}

/* The items as they are stored: what becomes of them is what the client gets. */
static enum status
items_settle(struct call *c, const struct judged_item *first)
{
	struct gateway_call *g = c->gateway;
	struct ingest_item *at;
	enum status st;
	int64_t sent;
	size_t i;

	st = ingest_items_new(first, &c->arena, &c->items, &c->nitems, &c->err);
	for (i = 0; i < c->nitems && i < g->nchoices && st == STATUS_OK; i++) {
		at = &c->items[i];
		if (g->choice[i].withheld && at->link.verdict->released)
			st = item_flag(c, at, &c->err);
		sent = g->sent ? window_sent(g, (uint32_t)i) : 0;
		if (st == STATUS_OK && sent > 0 && !at->link.verdict->released)
			st = item_sent(c, at, sent, &c->err);
	}
	return st;
}

static void
answer_judge(struct judge_scratch *scratch, struct call *c)
{
	struct gateway_call *g = c->gateway;
	const struct judged_item *first = NULL, *j;

	g->nchoices = 0;
	g->route = ROUTE_APPROVE;
	g->escalates = false;
	if ((c->st = record_make(g, &c->err)) != STATUS_OK)
		return;
	c->request = (struct judge_request){ .record = buf_slice(&g->record),
	    .format = "exchange", .what = JUDGE_GATEWAY,
	    .known = { &g->request.d, g->stream == NULL ? NULL :
	    wire_stream_json(g->stream) } };
	c->st = judge_record(scratch, &c->request, &c->arena, &first, &c->err);
	if (c->st != STATUS_OK)
		return;
	g->choices_most = 0;
	for (j = first; j != NULL && g->choices_most < WIRE_CHOICES_MAX;
	    j = j->next)
		g->choices_most++;
	g->choice = arena_alloc(&c->arena, g->choices_most *
	    sizeof(*g->choice));
	if (g->choice == NULL) {
		c->st = error_nomem(&c->err);
		return;
	}
	for (j = first; j != NULL; j = j->next)
		choice_judged(g, j);
	if ((c->st = others_judge(scratch, c, first)) == STATUS_OK)
		c->st = items_settle(c, first);
}

/* The condition `next` says that it is not good enough, and there is another. */
static bool
is_passed_on(const struct server *s, const struct gateway_call *g)
{
	return g->escalates && g->nattempts > 0 && !g->sent &&
	    g->attempt[g->nattempts - 1].fault != ATTEMPT_LEFT &&
	    attempt_can_escalate(g) && s->now_ms < g->deadline_ms;
}

static enum call_next
answer_judged(struct server *s, struct call *c)
{
	struct gateway_call *g = c->gateway;
	struct attempt *a = g->nattempts == 0 ? NULL :
	    &g->attempt[g->nattempts - 1];
	bool left = a != NULL && a->fault == ATTEMPT_LEFT;
	size_t i;

	if (c->st == STATUS_INVALID && a != NULL && !left && !g->sent)
		return attempt_unusable(s, g);
	if (c->st == STATUS_INVALID)		/* not a word came */
		c->nitems = 0;
	else if (c->st != STATUS_OK)
		return call_fail_status(c, c->st, &c->err);
	if (is_passed_on(s, g)) {
		c->nitems = 0;
		return attempt_escalate(s, g);
	}
	if (a != NULL && strcmp(a->state, "asked") == 0)
		a->state = left ? "left" : "answered";
	for (i = 0; i < c->nitems; i++)
		s->metrics.routes[c->items[i].link.verdict->route]++;
	return outcome_store(s, g);
}

enum call_next
outcome_judge(struct server *s, struct gateway_call *g)
{
	struct call *c = g->call;

	if (g->refusal == NULL && g->answer.n == 0) {
		if (g->nattempts > 0)
			g->attempt[g->nattempts - 1].state = "left";
		return outcome_store(s, g);
	}
	bufs_take(&s->spare.bufs, &g->record);
	c->judge = answer_judge;
	c->then = answer_judged;
	return CALL_JUDGE;
}

/* The client gets what the call holds, which goes on without it until it is stored. */
static void
client_send(struct server *s, struct call *c)
{
	struct conn *conn = c->conn;

	c->conn = NULL;
	if (c->piece)
		(void)conn_stream(conn, c, buf_slice(&c->out));
	if (c->streaming)
		conn_stream_end(conn);
	else
		conn_answer(conn, c);
	conn_flush(conn);		/* what follows is not its client's to wait for */
	metrics_answer(&s->metrics, c, server_ns());
	c->begun_ns = 0;		/* counted */
	server_detach(s, c);
	conn_resume(conn);
}

static void
client_tell(struct server *s, struct call *c)
{
	if (c->conn == NULL)
		return;
	(void)call_fail(c, 503, "store_error", "the answer could not be logged "
	    "within the gateway's deadline, and nothing is given unlogged");
	c->final = true;		/* it was paid for, and is stored later */
	client_send(s, c);
}

/* It is not lost: the store will open again. */
static enum call_next
store_again(struct server *s, struct gateway_call *g)
{
	g->storing = true;
	if (s->now_ms >= g->deadline_ms)
		client_tell(s, g->call);
	g->due_ms = s->now_ms + STORE_AGAIN_MS;
	if (s->gateway_due_ms == 0 || g->due_ms < s->gateway_due_ms)
		s->gateway_due_ms = g->due_ms;
	return CALL_UPSTREAM;
}

static enum call_next
outcome_stored(struct server *s, struct call *c)
{
	struct gateway_call *g = c->gateway;

	if (c->st == STATUS_OK) {
		calls_stored(g);
		g->storing = false;
		if (c->conn == NULL && c->status == 0)
			c->status = 499;
		return g->answered || c->conn == NULL ? CALL_ANSWERED :
		    reply_released(s, g);
	}
	return store_again(s, g);
}

enum call_next
outcome_store(struct server *s, struct gateway_call *g)
{
	struct call *c = g->call;

	/* It is tried by one for all (server.c); here it is looked whether it was. */
	if (g->storing && committer_failing(s->service->committer) != STATUS_OK)
		return store_again(s, g);
	g->last = true;
	c->write = calls_add;
	c->then = outcome_stored;
	if (c->conn != NULL && !g->storing &&
	    c->policy->service.log == LOG_AFTER && !reply_waits(g)) {
		if (!g->answered)
			(void)reply_released(s, g);
		g->answered = true;
		client_send(s, c);
		gateway_slim(g);
	}
	return CALL_STORE;
}
