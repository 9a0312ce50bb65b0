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
#define WORD_MOST	4096	/* bytes that a look goes back for a word's beginning */
/* That a look goes back before what is out: further than words are read that say
 * what something is; where markup is read, further than that goes. */
#define TAIL_BYTES	((size_t)512)
#define TAIL_MARKUP	((size_t)8 << 10)
#define AGAIN_BYTES	256	/* of those, that were judged with what is before */

/* What went out of one text otherwise than it came, by its start. */
struct window_cover {
	struct wire_edit *edit;		/* marks in the call's arena */
	size_t		 n, cap;
};

void
window_free(struct gateway_call *g)
{
	size_t i;

	for (i = 0; i < g->ncovers; i++)
		free(g->cover[i].edit);
	free(g->cover);
	g->cover = NULL;
	g->ncovers = 0;
	wire_window_free(g->window);
	g->window = NULL;
}

enum status
window_begin(struct gateway_call *g, struct error *err)
{
	window_free(g);
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
	const uint64_t tops = 0x0101010101010101u * 0x80;
	size_t n = text.n, word = text.n;
	uint64_t x;

	/* Eight bytes of ASCII are eight code points. */
	while (n >= 8 && window >= 8) {
		memcpy(&x, text.p + n - 8, 8);
		if ((x & tops) != 0)
			break;
		n -= 8;
		window -= 8;
	}
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

/* What a look is at: a text, from some byte on. */
struct passage_look {
	const struct gateway_call *g;
	struct redact_text what;
	const struct wire_text *t;
	size_t		 nth, base;
	size_t		 sent;		/* of the text, out */
	bool		 whole;
};

/* Found where a look has just begun: what says what it is may lie before. */
static bool
is_seen_before(const struct passage_look *p, size_t start)
{
	return p->base > 0 && start < AGAIN_BYTES;
}

/* Is it part of what was covered as it went out? */
static bool
is_covered(const struct wire_edit *out, size_t n, const struct wire_edit *e)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (out[i].start < e->end && e->start < out[i].end)
			return true;
	return false;
}

/* A value of the input as it goes back into a text; p is NULL: no memory. */
static struct slice
value_mark(const struct placeholder *of, bool json, struct arena *arena)
{
	struct buf b = BUF_INIT;
	struct slice mark = of->value;

	if (!json)
		return mark;
	placeholders_escape(&b, of->value);
	mark = b.failed ? SLICE_NONE :
	    (struct slice){ arena_copy(arena, b.p, b.n), b.n };
	buf_release(&b);
	return mark;
}

/* Adds the values that go back into what is not out yet, but for those in what is
 * covered; one that may not go back waits for the rules. */
static enum status
values_back(const struct passage_look *p, struct wire_passage *to,
    struct wire_edit *e, size_t *n)
{
	const struct slice text = buf_slice(&p->t->text);
	const bool json = p->t->kind == WIRE_ARGUMENTS ||
	    placeholders_in_json(text);
	const size_t found = *n;
	struct placeholder_spot s = { .end = p->sent };

	while (placeholders_next(&p->g->placeholders, text, s.end, json, &s)) {
		e[*n] = (struct wire_edit){ .start = s.start, .end = s.end };
		if (is_covered(e, found, &e[*n]))
			continue;
		if (s.misplaced || p->t->kind == WIRE_TOOL_NAME) {
			if (!p->whole)
				to->upto = least(to->upto, s.start);
			continue;
		}
		e[*n].mark = value_mark(s.of, json, &p->g->server->look);
		if (e[(*n)++].mark.p == NULL)
			return STATUS_NOMEM;
	}
	return STATUS_OK;
}

static size_t
values_count(const struct passage_look *p)
{
	struct placeholder_spot s = { .end = p->sent };
	size_t n = 0;

	while (placeholders_next(&p->g->placeholders, buf_slice(&p->t->text),
	    s.end, true, &s))
		n++;
	return n;
}

static int
edit_order(const void *a, const void *b)
{
	const struct wire_edit *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

/* The edits that are out stay as they are; the ones of what was found now come
 * behind them, with the values of the input that go back.  One of those that begins
 * in what is out is in conflict with that. */
static enum status
passage_edits(const struct passage_look *p, const struct verdict *v,
    struct wire_passage *to, struct error *err)
{
	struct arena *arena = &p->g->server->look;
	const struct window_cover *cover = p->nth < p->g->ncovers ?
	    &p->g->cover[p->nth] : NULL;
	const size_t out = cover == NULL ? 0 : cover->n;
	const size_t values = values_count(p);
	struct wire_edit *e;
	struct redacted r;
	enum status st;
	size_t i, n = out;

	st = redact_apply(&p->what, v->findings, v->nfindings, arena, &r, err);
	if (st != STATUS_OK || out + r.nedits + values == 0)
		return st;
	e = arena_alloc(arena, (out + r.nedits + values + 1) * sizeof(*e));
	if (e == NULL)
		return error_nomem(err);
	if (out > 0)
		memcpy(e, cover->edit, out * sizeof(*e));
	for (i = 0; i < r.nedits; i++) {
		e[n] = (struct wire_edit){ p->base + r.edit[i].start,
		    p->base + r.edit[i].end, { r.text.p + r.edit[i].at,
		    r.edit[i].n } };
		if (!is_seen_before(p, r.edit[i].start) &&
		    !is_covered(e, out, &e[n]))
			n++;
	}
	if (values > 0) {
		if (values_back(p, to, e, &n) != STATUS_OK)
			return error_nomem(err);
		qsort(e + out, n - out, sizeof(*e), edit_order);
	}
	to->edit = e;
	to->n = n;
	/* What is covered in part waits until all of it is there. */
	for (i = out; i < n; i++)
		if (e[i].end > to->upto)
			to->upto = least(to->upto, e[i].start);
	return STATUS_OK;
}

/* What is found and not covered waits for the rules: where the first of it begins,
 * or SIZE_MAX. */
static size_t
uncovered_from(const struct passage_look *p, const struct verdict *v)
{
	size_t i, n = SIZE_MAX;

	for (i = 0; i < v->nfindings; i++)
		if (v->findings[i].redact == REDACT_OFF &&
		    v->findings[i].on.p == NULL &&
		    !is_seen_before(p, v->findings[i].start))
			n = least(n, v->findings[i].start);
	return n;
}

static size_t
after(size_t base, size_t n)
{
	return n == SIZE_MAX ? n : base + n;
}

/* How far a look goes back. */
static size_t
tail_bytes(const struct queue_policy *q)
{
	size_t i;

	for (i = 0; i < q->nguards; i++)
		if (q->guards[i]->kind->hides)
			return TAIL_MARKUP;
	return TAIL_BYTES;
}

/* Where a look begins: a while before what is out, and not within a word. */
static size_t
look_base(const struct gateway_call *g, const struct wire_text *t, size_t sent)
{
	const size_t tail = tail_bytes(g->gateway->queue);
	size_t base = sent > tail ? sent - tail : 0;
	size_t most = base > WORD_MOST ? base - WORD_MOST : 0;

	while (base > most && !isspace((unsigned char)t->text.p[base - 1]))
		base--;
	while (base > 0 && ((unsigned char)t->text.p[base] & 0xc0) == 0x80)
		base--;
	return base;
}

/* How far a text may go out after what was found in it. */
static size_t
text_upto(const struct window_look *l, const struct wire_text *t,
    const struct passage_look *p, const struct verdict *v)
{
	size_t upto;

	if (l->whole)
		return t->text.n;
	upto = t->ended ? t->text.n : p->base + held_from(p->what.text,
	    l->g->gateway->window);
	upto = least(upto, after(p->base, uncovered_from(p, v)));
	if (is_held_whole(t) && upto < t->text.n)
		upto = 0;
	return v->errors > 0 ? least(upto, p->sent) : upto;
}

/* Judges one text from there on. */
static enum status
text_look(struct judge_scratch *scratch, struct call *c, struct window_look *l,
    const struct wire_text *t, size_t i)
{
	const size_t sent = wire_window_sent(l->g->window, i);
	const size_t base = look_base(l->g, t, sent);
	const struct item item = { .id = slice_of(l->g->id),
	    .queue = slice_of(l->g->gateway->queue->name),
	    .input_tokens = -1, .output_tokens = -1, .cost_usd = -1,
	    .latency_ms = -1, .created_ms = -1,
	    .output_is_string = t->kind != WIRE_ARGUMENTS };
	const struct passage_look p = { .g = l->g, .t = t, .nth = i,
	    .base = base, .sent = sent, .whole = l->whole, .what = {
		.text = { t->text.p + base, t->text.n - base },
		.is_string = item.output_is_string,
		.key = store_key(l->g->server->session->store) } };
	struct judge_request r = { .item = &item, .edit = &p.what.text,
	    .what = JUDGE_FINDINGS };
	struct wire_passage *to = &l->passage[i];
	const struct judged_item *j;
	enum status st;

	st = judge_record(scratch, &r, &l->g->server->look, &j, &c->err);
	if (st != STATUS_OK)
		return st;
	to->upto = text_upto(l, t, &p, &j->verdict);
	return passage_edits(&p, &j->verdict, to, &c->err);
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

static bool
cover_add(struct window_cover *to, struct arena *arena, const struct wire_edit *e)
{
	size_t cap = to->cap == 0 ? 8 : to->cap * 2;
	struct wire_edit *more;

	if (to->n == to->cap) {
		if ((more = realloc(to->edit, cap * sizeof(*more))) == NULL)
			return false;
		to->edit = more;
		to->cap = cap;
	}
	to->edit[to->n] = *e;
	to->edit[to->n].mark.p = arena_copy(arena, e->mark.p, e->mark.n);
	return to->edit[to->n++].mark.p != NULL || e->mark.n == 0;
}

/* Keeps the edits that went out; later looks begin behind them. */
static enum status
covers_keep(struct gateway_call *g, const struct window_look *l)
{
	struct window_cover *cover;
	const struct wire_passage *p;
	size_t i, e;

	if (l->n > g->ncovers) {
		cover = realloc(g->cover, l->n * sizeof(*cover));
		if (cover == NULL)
			return error_nomem(&g->call->err);
		memset(cover + g->ncovers, 0, (l->n - g->ncovers) *
		    sizeof(*cover));
		g->cover = cover;
		g->ncovers = l->n;
	}
	for (i = 0; i < l->n; i++) {
		p = &l->passage[i];
		for (e = g->cover[i].n; e < p->n && p->edit[e].start <
		    wire_window_sent(g->window, i); e++)
			if (!cover_add(&g->cover[i], &g->call->arena,
			    &p->edit[e]))
				return error_nomem(&g->call->err);
	}
	return STATUS_OK;
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
	if (st == STATUS_OK)
		st = covers_keep(g, &l);
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
window_sent(const struct gateway_call *g, uint32_t choice)
{
	const struct wire_text *t;
	int64_t points = 0;
	size_t i, n, sent;

	if (g->window == NULL || g->stream == NULL)
		return 0;
	t = wire_stream_texts(g->stream, &n);
	for (i = 0; i < n; i++) {
		if (t[i].choice != choice)
			continue;
		sent = wire_window_sent(g->window, i);
		points += (int64_t)utf8_count(t[i].text.p,
		    least(sent, t[i].text.n));
	}
	return points;
}

int64_t
window_sequence(const struct gateway_call *g)
{
	return g->window == NULL ? 0 : wire_window_sequence(g->window);
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
