#include "queue/serve/window.h"

#include <ctype.h>
#include <stdlib.h>

#include "core/base/utf8.h"
#include "core/judge/redact.h"
#include "queue/serve/conn.h"
#include "queue/serve/server.h"

#define HELD_MAX	((size_t)64 << 10)	/* bytes, then the stream is cut */
#define EVENTS_HELD_MAX	((size_t)4 << 20)	/* bytes of events */
#define LOOK_BYTES	64	/* that came since the last look, before the next */
#define TAIL_BYTES	((size_t)16 << 10)	/* that a look goes back before what
						 * is out */

enum status
window_begin(struct gateway_call *g, struct error *err)
{
	wire_window_free(g->window);
	g->window = NULL;
	g->looked = 0;
	if (g->gateway->stream != GATEWAY_WINDOW || !g->request.stream ||
	    g->request.json_asked)
		return STATUS_OK;
	g->window_release = (struct wire_release){
		.cut_usage = !g->request.usage_asked,
		.cut_logprobs = g->gateway->wants_logprobs &&
		    !g->request.logprobs_asked
	};
	g->window = wire_window_new(g->api, &g->window_release);
	return g->window == NULL ? error_nomem(err) : STATUS_OK;
}

enum status
window_event(struct gateway_call *g, const struct sse_event *e, struct error *err)
{
	return g->window == NULL ? STATUS_OK :
	    wire_window_event(g->window, g->stream, e, err);
}

/* JSON, or code in a fence: only the whole says what it is. */
static bool
is_held_whole(const struct wire_text *t)
{
	const char *p = t->text.p, *end = p + t->text.n;

	while (p < end && isspace((unsigned char)*p))
		p++;
	return t->kind == WIRE_ARGUMENTS || t->kind == WIRE_OTHER ||
	    (p < end && (strchr("{[\"", *p) != NULL ||
	    (*p == '`' && (end - p < 3 || memcmp(p, "```", 3) == 0))));
}

/* The last place of `open` that no `shut` follows, or SIZE_MAX. */
static size_t
unfinished(struct slice text, struct slice open, struct slice shut)
{
	struct slice rest = text;
	const char *at, *last = NULL;

	while ((at = slice_find(rest, open)) != NULL) {
		last = at;
		rest.n -= (size_t)(at - rest.p) + open.n;
		rest.p = at + open.n;
	}
	return last == NULL || slice_find(rest, shut) != NULL ? SIZE_MAX :
	    (size_t)(last - text.p);
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * Where what could still become part of a find begins: `window` code points
 * before the end, the beginning of the last word, a key or a tag that is open.
 */
static size_t
held_from(struct slice text, size_t window)
{
	size_t n = text.n, word = text.n;

	while (n > 0 && window > 0) {
		n--;
		if (((unsigned char)text.p[n] & 0xc0) != 0x80)
			window--;
	}
	while (word > 0 && !isspace((unsigned char)text.p[word - 1]))
		word--;
	n = least(n, word);
	n = least(n, unfinished(text, SLICE("-----BEGIN"), SLICE("-----END")));
	n = least(n, unfinished(text, SLICE("<!--"), SLICE("-->")));
	return least(n, unfinished(text, SLICE("<"), SLICE(">")));
}

/* One look at the texts, in the loop's arena for looks. */
struct window_look {
	struct gateway_call *g;
	struct wire_passage *passage;
	size_t		 n;
	bool		 whole;		/* nothing more comes: all may go out */
};

/* The edits that cover what was found in a text from `base` on. */
static enum status
passage_edits(struct arena *arena, struct slice text, bool is_string, size_t base,
    const struct verdict *v, struct slice key, struct wire_passage *to,
    struct error *err)
{
	const struct redact_text what = { .text = text, .is_string = is_string,
	    .key = key };
	struct wire_edit *e;
	struct redacted r;
	enum status st;
	size_t i;

	st = redact_apply(&what, v->findings, v->nfindings, arena, &r, err);
	if (st != STATUS_OK || r.nedits == 0)
		return st;
	if ((e = arena_alloc(arena, r.nedits * sizeof(*e))) == NULL)
		return error_nomem(err);
	for (i = 0; i < r.nedits; i++)
		e[i] = (struct wire_edit){ base + r.edit[i].start,
		    base + r.edit[i].end, { r.text.p + r.edit[i].at,
		    r.edit[i].n } };
	to->edit = e;
	to->n = r.nedits;
	/* What is covered in part waits until all of it is there. */
	for (i = 0; i < r.nedits; i++)
		if (e[i].end > to->upto)
			to->upto = least(to->upto, e[i].start);
	return STATUS_OK;
}

/* What is found and not covered waits for the rules: where the first of it begins,
 * or SIZE_MAX. */
static size_t
uncovered_from(const struct verdict *v)
{
	size_t i, n = SIZE_MAX;

	for (i = 0; i < v->nfindings; i++)
		if (v->findings[i].redact == REDACT_OFF &&
		    v->findings[i].on.p == NULL)
			n = least(n, v->findings[i].start);
	return n;
}

static size_t
after(size_t base, size_t n)
{
	return n == SIZE_MAX ? n : base + n;
}

/* Judges one text, from a while before what is out on. */
static enum status
text_look(struct judge_scratch *scratch, struct call *c, struct window_look *l,
    const struct wire_text *t, size_t i)
{
	const size_t sent = wire_window_sent(l->g->window, i);
	size_t base = sent > TAIL_BYTES ? sent - TAIL_BYTES : 0;
	const struct item item = { .id = slice_of(l->g->id),
	    .queue = slice_of(l->g->gateway->queue->name),
	    .input_tokens = -1, .output_tokens = -1, .cost_usd = -1,
	    .latency_ms = -1, .created_ms = -1,
	    .output_is_string = t->kind != WIRE_ARGUMENTS };
	struct wire_passage *to = &l->passage[i];
	const struct judged_item *j;
	struct judge_request r = { .item = &item };
	struct slice text;
	enum status st;

	while (base > 0 && ((unsigned char)t->text.p[base] & 0xc0) == 0x80)
		base--;
	text = (struct slice){ t->text.p + base, t->text.n - base };
	r.edit = &text;
	if ((st = judge_record(scratch, &r, &l->g->server->look, &j, &c->err)) != STATUS_OK)
		return st;
	if (l->whole || t->ended)
		to->upto = t->text.n;
	else
		to->upto = base + held_from(text, l->g->gateway->window);
	if (!l->whole)
		to->upto = least(to->upto, after(base, uncovered_from(&j->verdict)));
	if (!l->whole && is_held_whole(t) && to->upto < t->text.n)
		to->upto = 0;
	if (!l->whole && j->verdict.errors > 0)
		to->upto = least(to->upto, sent);
	return passage_edits(&l->g->server->look, text, item.output_is_string, base, &j->verdict,
	    store_key(l->g->server->session->store), to, &c->err);
}

static void
texts_look(struct judge_scratch *scratch, struct call *c)
{
	struct gateway_call *g = c->gateway;
	struct window_look *l = g->look;
	const struct wire_text *t = wire_stream_texts(g->stream, &l->n);
	size_t i;

	l->passage = arena_zalloc(&g->server->look, (l->n + 1) * sizeof(*l->passage));
	if (l->passage == NULL) {
		c->st = error_nomem(&c->err);
		return;
	}
	for (i = 0; i < l->n && c->st == STATUS_OK; i++)
		c->st = text_look(scratch, c, l, &t[i], i);
}

/* The passages of all texts as they are now. */
static enum status
look(struct server *s, struct gateway_call *g, struct window_look *l)
{
	struct call *c = g->call;

	l->g = g;
	g->look = l;
	arena_reset(&s->look);
	c->judge = texts_look;
	judge_bench_run(&s->bench, c);
	g->look = NULL;
	return c->st;
}

/* Bytes of the texts so far; *held of them are not out. */
static size_t
texts_bytes(const struct gateway_call *g, size_t *held)
{
	const struct wire_text *t;
	size_t i, n, bytes = 0, sent = 0;

	t = wire_stream_texts(g->stream, &n);
	for (i = 0; i < n; i++) {
		bytes += t[i].text.n;
		sent += least(wire_window_sent(g->window, i), t[i].text.n);
	}
	*held = bytes - sent;
	return bytes;
}

static void
client_pause(struct gateway_call *g)
{
	g->paused = true;
	g->server->gateway_due_ms = g->server->now_ms + 1;
	http_call_pause(g->http, true);
}

/* What is out of `out` goes to the client. */
static void
pass(struct gateway_call *g)
{
	struct call *c = g->call;

	if (c->out.n == 0 || c->conn == NULL)
		return;
	c->status = 200;
	c->type = "text/event-stream";
	g->sent = true;
	if (!conn_stream(c->conn, c, buf_slice(&c->out)) && !g->paused)
		client_pause(g);
	buf_clear(&c->out);
	c->status = 0;
	c->beat_ms = g->server->now_ms;
	conn_resume(c->conn);
}

bool
window_flow(struct server *s, struct gateway_call *g)
{
	struct window_look l = { .whole = false };
	struct call *c = g->call;
	size_t bytes, held;
	enum status st;

	if (g->window == NULL || g->cut)
		return !g->cut;
	bytes = texts_bytes(g, &held);
	if (bytes < g->looked + LOOK_BYTES)
		return true;
	g->looked = bytes;
	if ((st = look(s, g, &l)) == STATUS_OK)
		st = wire_window_out(g->window, g->stream, l.passage, l.n, false,
		    &c->out, &c->err);
	bytes = texts_bytes(g, &held);
	/* Not a word is out yet: what comes before it waits, so that an answer which
	 * is withheld at once gets the fallback. */
	if (st == STATUS_OK && (g->sent || held < bytes))
		pass(g);
	g->cut = st != STATUS_OK || held > HELD_MAX ||
	    wire_window_held(g->window) > EVENTS_HELD_MAX;
	return !g->cut;
}

enum status
window_end(struct gateway_call *g, bool released, struct error *err)
{
	struct window_look l = { .whole = true };
	struct call *c = g->call;
	enum status st = STATUS_CONFLICT;

	buf_clear(&c->out);
	if (released && !g->cut) {
		st = look(g->server, g, &l);
		if (st == STATUS_OK)
			st = wire_window_out(g->window, g->stream, l.passage, l.n,
			    true, &c->out, err);
	}
	if (st == STATUS_CONFLICT) {
		error_clear(err);
		buf_clear(&c->out);
		st = wire_window_cut(g->window, g->stream, &c->out, err);
	}
	return st;
}

int64_t
window_sent(const struct gateway_call *g)
{
	const struct wire_text *t;
	int64_t points = 0;
	size_t i, n, sent;

	if (g->window == NULL || g->stream == NULL)
		return 0;
	t = wire_stream_texts(g->stream, &n);
	for (i = 0; i < n; i++) {
		sent = wire_window_sent(g->window, i);
		points += (int64_t)utf8_count(t[i].text.p,
		    least(sent, t[i].text.n));
	}
	return points;
}

void
window_resume(struct gateway_call *g)
{
	if (!g->paused || g->http == NULL || g->call->conn == NULL ||
	    !conn_has_room(g->call->conn))
		return;
	g->paused = false;
	http_call_pause(g->http, false);
}
