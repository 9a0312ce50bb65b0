#include "queue/ingest/joiner.h"

#include <stdlib.h>

#include "core/json/value.h"
#include "core/json/write.h"
#include "queue/ingest/joiner_agent.h"
#include "queue/ingest/joiner_args.h"
#include "queue/ingest/joiner_chat.h"
#include "queue/ingest/joiner_events.h"
#include "queue/ingest/joiner_graph.h"
#include "queue/ingest/joiner_piece.h"
#include "queue/ingest/joiner_text.h"
#include "queue/ingest/joiner_whole.h"

#define CHOICES_MAX	128u
#define PARTS_MAX	4096u	/* blocks or calls of one choice */

/* A block: strings as the inside of their quotes. */
struct joiner_part {
	struct buf	begin;		/* as it began, raw: an object */
	struct buf	text, more;
};

/* Members of a chat's pieces of which the last counts, whichever has it. */
static const char *const extras[] = { "citations", "search_results",
    "prompt_filter_results" };
#define EXTRAS	(sizeof(extras) / sizeof(extras[0]))

struct joiner_choice {
	bool		used;
	struct chat_joiner chat;
	struct buf	text;		/* Ollama's: inside of a string */
	struct buf	parts;		/* Gemini's, raw, with commas between */
	struct args_joiner args;
	struct buf	last;		/* Gemini's candidate, as it was last */
	struct buf	reason;		/* raw */
	struct joiner_part *part;
	size_t		nparts;
};

enum joiner_kind { NOTHING, CHAT, COMPLETION, MESSAGE, CANDIDATES, LINES };

struct joiner {
	enum joiner_kind kind;
	bool		 broken;	/* a piece could not be read */
	bool		 named;		/* the head has an id */
	struct event_joiner events;
	struct whole_joiner whole;
	struct agent_joiner agent;
	struct graph_joiner graph;
	struct text_joiner text;
	struct json	 d;
	struct buf	 head;		/* the first piece, or message_start's */
	struct buf	 last;		/* the last one */
	struct buf	 usage;		/* raw */
	struct buf	 extra[EXTRAS];	/* raw */
	struct joiner_choice choice[CHOICES_MAX];
	size_t		 bytes;
};

struct joiner *
joiner_new(void)
{
	return calloc(1, sizeof(struct joiner));
}

static void
part_release(struct joiner_part *p)
{
	buf_release(&p->begin);
	buf_release(&p->text);
	buf_release(&p->more);
}

static void
choice_release(struct joiner_choice *c)
{
	size_t i;

	for (i = 0; i < c->nparts; i++)
		part_release(&c->part[i]);
	free(c->part);
	chat_joiner_release(&c->chat);
	buf_release(&c->text);
	buf_release(&c->parts);
	args_joiner_release(&c->args);
	buf_release(&c->last);
	buf_release(&c->reason);
	memset(c, 0, sizeof(*c));
}

static void
joiner_clear(struct joiner *j)
{
	size_t i;

	for (i = 0; i < CHOICES_MAX; i++)
		if (j->choice[i].used)
			choice_release(&j->choice[i]);
	buf_clear(&j->head);
	buf_clear(&j->last);
	buf_clear(&j->usage);
	for (i = 0; i < EXTRAS; i++)
		buf_clear(&j->extra[i]);
	j->kind = NOTHING;
	j->named = false;
	j->broken = j->events.broken = false;
	j->bytes = 0;
}

void
joiner_free(struct joiner *j)
{
	size_t i;

	if (j == NULL)
		return;
	joiner_clear(j);
	buf_release(&j->head);
	buf_release(&j->last);
	buf_release(&j->usage);
	for (i = 0; i < EXTRAS; i++)
		buf_release(&j->extra[i]);
	event_joiner_release(&j->events);
	agent_joiner_release(&j->agent);
	graph_joiner_release(&j->graph);
	text_joiner_release(&j->text);
	whole_joiner_release(&j->whole);
	json_release(&j->d);
	free(j);
}

static void
inside_add(struct joiner *j, struct buf *b, uint32_t string)
{
	struct slice raw;

	if (string == JSON_NONE || j->bytes > PIECE_BYTES_MAX)
		return;
	raw = json_raw(&j->d, string);
	buf_add(b, raw.p + 1, raw.n - 2);
	j->bytes += raw.n;
}

/* Elements of an array, behind those that are there. */
static void
elements_add(struct joiner *j, struct buf *b, uint32_t array)
{
	uint32_t t;

	for (t = array == JSON_NONE ? JSON_NONE : json_first(&j->d, array);
	    t != JSON_NONE && j->bytes <= PIECE_BYTES_MAX;
	    t = json_next(&j->d, array, t)) {
		if (b->n > 0)
			buf_putc(b, ',');
		buf_add_slice(b, json_raw(&j->d, t));
		j->bytes += json_raw(&j->d, t).n;
	}
}

static void
raw_set(struct joiner *j, struct buf *b, uint32_t t)
{
	if (t == JSON_NONE || json_kind(&j->d, t) == TOKEN_NULL)
		return;
	buf_clear(b);
	buf_add_slice(b, json_raw(&j->d, t));
}

static struct joiner_choice *
choice_at(struct joiner *j, uint32_t object, const char *key)
{
	uint32_t t = json_get_kind(&j->d, object, key, TOKEN_NUMBER);
	struct joiner_choice *c;
	int64_t i = 0;

	if (t != JSON_NONE && (!json_int64(&j->d, t, &i) || i < 0 ||
	    i >= CHOICES_MAX))
		return NULL;
	c = &j->choice[i];
	c->used = true;
	return c;
}

/* NULL: there are too many, or no memory. */
static struct joiner_part *
part_at(struct joiner *j, struct joiner_choice *c, uint32_t object)
{
	uint32_t t = json_get_kind(&j->d, object, "index", TOKEN_NUMBER);
	struct joiner_part *grown;
	int64_t i = 0;

	if (t != JSON_NONE && (!json_int64(&j->d, t, &i) || i < 0 ||
	    i >= PARTS_MAX))
		return NULL;
	if ((size_t)i >= c->nparts) {
		grown = realloc(c->part, ((size_t)i + 1) * sizeof(*grown));
		if (grown == NULL)
			return NULL;
		memset(grown + c->nparts, 0, ((size_t)i + 1 - c->nparts) *
		    sizeof(*grown));
		c->part = grown;
		c->nparts = (size_t)i + 1;
	}
	return &c->part[i];
}

/* What Azure tells of the prompt comes first, without a name. */
static void
head_name(struct joiner *j)
{
	uint32_t id = json_get_kind(&j->d, 0, "id", TOKEN_STRING);

	if (j->named || id == JSON_NONE || json_raw(&j->d, id).n <= 2)
		return;
	raw_set(j, &j->head, 0);
	j->named = true;
}

static void
chat_add(struct joiner *j)
{
	const struct json *d = &j->d;
	uint32_t all = json_get_kind(d, 0, "choices", TOKEN_ARRAY), t;
	struct joiner_choice *c;
	size_t i;

	head_name(j);
	for (t = all == JSON_NONE ? JSON_NONE : json_first(d, all);
	    t != JSON_NONE; t = json_next(d, all, t)) {
		if (json_kind(d, t) != TOKEN_OBJECT ||
		    (c = choice_at(j, t, "index")) == NULL)
			continue;
		if (j->bytes <= PIECE_BYTES_MAX)
			j->bytes += chat_joiner_add(&c->chat, d, t, j->kind ==
			    CHAT);
		raw_set(j, &c->reason, json_get(d, t, "finish_reason"));
	}
	for (i = 0; i < EXTRAS; i++)
		raw_set(j, &j->extra[i], json_get_kind(d, 0, extras[i],
		    TOKEN_ARRAY));
	raw_set(j, &j->usage, json_get_kind(d, json_get_kind(d, 0, "x_groq",
	    TOKEN_OBJECT), "usage", TOKEN_OBJECT));
	raw_set(j, &j->usage, json_get_kind(d, 0, "usage", TOKEN_OBJECT));
}

static void
reason_write(struct writer *w, const char *name, const struct buf *reason)
{
	if (reason->n > 0)
		write_raw(w, name, buf_slice(reason));
	else
		write_word(w, name, "incomplete");
}

static void
chat_choice_write(struct writer *w, const struct joiner *j, size_t i)
{
	const struct joiner_choice *c = &j->choice[i];

	write_object(w, NULL);
	write_uint(w, "index", i);
	chat_joiner_write(&c->chat, w, j->kind == CHAT);
	reason_write(w, "finish_reason", &c->reason);
	write_end(w);
}

static void
chat_end(struct joiner *j, struct writer *w)
{
	static const char *const but[] = { "object", "choices", "usage",
	    "obfuscation", "citations", "search_results",
	    "prompt_filter_results", NULL };
	size_t i;

	piece_members(w, buf_slice(&j->head), but);
	write_word(w, "object", j->kind == CHAT ? "chat.completion" :
	    "text_completion");
	write_array(w, "choices");
	for (i = 0; i < CHOICES_MAX; i++)
		if (j->choice[i].used)
			chat_choice_write(w, j, i);
	write_end(w);
	for (i = 0; i < EXTRAS; i++)
		if (j->extra[i].n > 0)
			write_raw(w, extras[i], buf_slice(&j->extra[i]));
	if (j->usage.n > 0)
		write_raw(w, "usage", buf_slice(&j->usage));
}

/* Anthropic's: a block begins, grows, and the message ends. */
static void
delta_add(struct joiner *j, struct joiner_part *p, uint32_t delta)
{
	const struct json *d = &j->d;
	uint32_t t;

	inside_add(j, &p->text, json_get_kind(d, delta, "text", TOKEN_STRING));
	inside_add(j, &p->text, json_get_kind(d, delta, "partial_json",
	    TOKEN_STRING));
	if ((t = json_get_kind(d, delta, "citation", TOKEN_OBJECT)) == JSON_NONE)
		return;
	if (p->more.n > 0)
		buf_putc(&p->more, ',');
	buf_add_slice(&p->more, json_raw(d, t));
}

static void
message_add(struct joiner *j)
{
	const struct json *d = &j->d;
	struct joiner_choice *c = &j->choice[0];
	struct joiner_part *p;
	uint32_t t;

	c->used = true;
	if (json_get_is(d, 0, "type", "message_start")) {
		buf_clear(&j->head);
		if ((t = json_get_kind(d, 0, "message", TOKEN_OBJECT)) != JSON_NONE) {
			buf_add_slice(&j->head, json_raw(d, t));
			raw_set(j, &j->usage, json_get_kind(d, t, "usage",
			    TOKEN_OBJECT));
		}
	} else if (json_get_is(d, 0, "type", "content_block_start")) {
		if ((p = part_at(j, c, 0)) != NULL)
			raw_set(j, &p->begin, json_get_kind(d, 0, "content_block",
			    TOKEN_OBJECT));
	} else if (json_get_is(d, 0, "type", "content_block_delta")) {
		if ((p = part_at(j, c, 0)) != NULL)
			delta_add(j, p, json_get_kind(d, 0, "delta", TOKEN_OBJECT));
	} else if (json_get_is(d, 0, "type", "message_delta")) {
		t = json_get_kind(d, 0, "delta", TOKEN_OBJECT);
		raw_set(j, &c->reason, json_get_kind(d, t, "stop_reason",
		    TOKEN_STRING));
		raw_set(j, &j->last, json_get_kind(d, 0, "usage", TOKEN_OBJECT));
	}
}

static void
block_write(struct writer *w, const struct joiner_part *p)
{
	static const char *const text_but[] = { "text", "citations", NULL };
	static const char *const call_but[] = { "input", NULL };
	static const char *const none[] = { NULL };
	struct buf decoded = BUF_INIT;
	struct json inner = JSON_INIT;
	struct json_error why;
	bool text;

	if (p->begin.n == 0)
		return;
	text = memmem(p->begin.p, p->begin.n, "\"text\"", 6) != NULL &&
	    memmem(p->begin.p, p->begin.n, "tool_use", 8) == NULL;
	write_object(w, NULL);
	piece_members(w, buf_slice(&p->begin), text ? text_but :
	    p->text.n > 0 ? call_but : none);
	if (text) {
		piece_write(w, "text", "\"\"", &p->text);
		if (p->more.n > 0)
			piece_write(w, "citations", "[]", &p->more);
	} else if (p->text.n > 0) {
		json_decode(buf_slice(&p->text), &decoded);
		if (json_parse(&inner, buf_slice(&decoded), JSON_DEPTH_MAX - 4,
		    0, &why) == STATUS_OK)
			write_raw(w, "input", buf_slice(&decoded));
		else
			piece_write(w, "input", "\"\"", &p->text);
	}
	write_end(w);
	json_release(&inner);
	buf_release(&decoded);
}

static void
message_end(struct joiner *j, struct writer *w)
{
	static const char *const but[] = { "content", "stop_reason", "usage",
	    NULL };
	const struct joiner_choice *c = &j->choice[0];
	size_t i;

	if (j->head.n == 0)
		write_word(w, "type", "message");
	piece_members(w, buf_slice(&j->head), but);
	write_array(w, "content");
	for (i = 0; i < c->nparts; i++)
		block_write(w, &c->part[i]);
	write_end(w);
	reason_write(w, "stop_reason", &c->reason);
	if (j->usage.n + j->last.n > 0)
		piece_merge(w, "usage", buf_slice(&j->last),
		    buf_slice(&j->usage));
}

static void
parts_add(struct joiner *j, struct joiner_choice *c, uint32_t parts)
{
	const struct json *d = &j->d;
	uint32_t t;

	for (t = parts == JSON_NONE ? JSON_NONE : json_first(d, parts);
	    t != JSON_NONE && j->bytes <= PIECE_BYTES_MAX;
	    t = json_next(d, parts, t)) {
		if (json_kind(d, t) == TOKEN_OBJECT &&
		    args_joiner_add(&c->args, d, t, &c->parts))
			continue;
		if (c->parts.n > 0)
			buf_putc(&c->parts, ',');
		buf_add_slice(&c->parts, json_raw(d, t));
		j->bytes += json_raw(d, t).n;
	}
}

static void
candidates_add(struct joiner *j)
{
	const struct json *d = &j->d;
	uint32_t all = json_get_kind(d, 0, "candidates", TOKEN_ARRAY), t;
	struct joiner_choice *c;

	for (t = all == JSON_NONE ? JSON_NONE : json_first(d, all);
	    t != JSON_NONE; t = json_next(d, all, t)) {
		if (json_kind(d, t) != TOKEN_OBJECT ||
		    (c = choice_at(j, t, "index")) == NULL)
			continue;
		parts_add(j, c, json_get_kind(d, json_get_kind(d, t, "content",
		    TOKEN_OBJECT), "parts", TOKEN_ARRAY));
		raw_set(j, &c->last, t);
		raw_set(j, &c->reason, json_get(d, t, "finish_reason"));
		raw_set(j, &c->reason, json_get(d, t, "finishReason"));
	}
	buf_clear(&j->last);
	buf_add_slice(&j->last, json_raw(d, 0));
}

static void
candidates_end(struct joiner *j, struct writer *w)
{
	static const char *const but[] = { "candidates", NULL };
	static const char *const own[] = { "content", "finishReason",
	    "finish_reason", NULL };
	struct joiner_choice *c;

	piece_members(w, buf_slice(&j->last), but);
	write_array(w, "candidates");
	for (c = j->choice; c < j->choice + CHOICES_MAX; c++) {
		if (!c->used)
			continue;
		args_joiner_end(&c->args, &c->parts);
		write_object(w, NULL);
		piece_members(w, buf_slice(&c->last), own);
		write_object(w, "content");
		write_word(w, "role", "model");
		piece_write(w, "parts", "[]", &c->parts);
		write_end(w);
		reason_write(w, "finishReason", &c->reason);
		write_end(w);
	}
	write_end(w);
}

/* Ollama's: text and calls grow, all else is in the last line. */
static void
line_add(struct joiner *j)
{
	const struct json *d = &j->d;
	uint32_t message = json_get_kind(d, 0, "message", TOKEN_OBJECT);
	struct joiner_choice *c = &j->choice[0];

	c->used = true;
	inside_add(j, &c->text, message == JSON_NONE ? json_get_kind(d, 0, "response",
	    TOKEN_STRING) : json_get_kind(d, message, "content", TOKEN_STRING));
	elements_add(j, &c->parts, json_get_kind(d, message, "tool_calls",
	    TOKEN_ARRAY));
	buf_clear(&j->last);
	buf_add_slice(&j->last, json_raw(d, 0));
}

static void
line_end(struct joiner *j, struct writer *w)
{
	static const char *const but[] = { "message", "response", "done",
	    "done_reason", NULL };
	const struct joiner_choice *c = &j->choice[0];
	struct json_error why;
	bool message, done;

	if (json_parse(&j->d, buf_slice(&j->last), JSON_DEPTH_MAX,
	    JSON_LENIENT, &why) != STATUS_OK)
		return;
	message = json_get_kind(&j->d, 0, "message", TOKEN_OBJECT) != JSON_NONE;
	done = json_get_kind(&j->d, 0, "done", TOKEN_TRUE) != JSON_NONE;
	if (c->reason.n == 0 && json_get_kind(&j->d, 0, "done_reason",
	    TOKEN_STRING) != JSON_NONE)
		raw_set(j, &j->choice[0].reason, json_get(&j->d, 0,
		    "done_reason"));
	piece_members(w, buf_slice(&j->last), but);
	if (message) {
		write_object(w, "message");
		write_word(w, "role", "assistant");
		piece_write(w, "content", "\"\"", &c->text);
		if (c->parts.n > 0)
			piece_write(w, "tool_calls", "[]", &c->parts);
		write_end(w);
	} else {
		piece_write(w, "response", "\"\"", &c->text);
	}
	write_bool(w, "done", true);
	if (c->reason.n > 0)
		write_raw(w, "done_reason", buf_slice(&c->reason));
	else if (!done)
		write_word(w, "done_reason", "incomplete");
}

/* How the pieces of a kind are known, gathered and made into one. */
static const struct {
	void	(*add)(struct joiner *);
	void	(*end)(struct joiner *, struct writer *);
} kinds[] = {
	[CHAT] = { chat_add, chat_end },
	[COMPLETION] = { chat_add, chat_end },
	[MESSAGE] = { message_add, message_end },
	[CANDIDATES] = { candidates_add, candidates_end },
	[LINES] = { line_add, line_end }
};

static enum joiner_kind
choice_kind(const struct json *d)
{
	uint32_t all = json_get_kind(d, 0, "choices", TOKEN_ARRAY), first, delta;

	if (all == JSON_NONE)
		return NOTHING;
	if (d->tok[all].count == 0)	/* the usage, or Azure's filters */
		return json_get_is(d, 0, "object", "text_completion") ?
		    COMPLETION : CHAT;
	first = json_first(d, all);
	if ((delta = json_get_kind(d, first, "delta", TOKEN_OBJECT)) !=
	    JSON_NONE)
		return d->tok[delta].count > 0 || !json_get_is(d, 0, "object",
		    "text_completion") ? CHAT : COMPLETION;
	if (json_get_kind(d, first, "content_filter_results", TOKEN_OBJECT) !=
	    JSON_NONE && json_get(d, first, "message") == JSON_NONE &&
	    json_get(d, first, "text") == JSON_NONE)
		return CHAT;		/* Azure's, which come behind */
	return json_get_kind(d, first, "text", TOKEN_STRING) != JSON_NONE ?
	    COMPLETION : NOTHING;
}

static enum joiner_kind
piece_kind(const struct json *d)
{
	static const char *const events[] = { "message_start",
	    "content_block_start", "content_block_delta",
	    "content_block_stop", "message_delta", "message_stop", "ping" };
	size_t i;

	if (json_kind(d, 0) != TOKEN_OBJECT)
		return NOTHING;
	for (i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (json_get_is(d, 0, "type", events[i]))
			return MESSAGE;
	if (json_get_kind(d, 0, "candidates", TOKEN_ARRAY) != JSON_NONE)
		return CANDIDATES;
	if (json_get_kind(d, 0, "done", TOKEN_TRUE) != JSON_NONE ||
	    json_get_kind(d, 0, "done", TOKEN_FALSE) != JSON_NONE)
		return LINES;
	return choice_kind(d);
}

/* Whatever it says: a piece is missing. */
static void
reasons_break(struct joiner *j)
{
	struct joiner_choice *c;

	for (c = j->choice; c < j->choice + CHOICES_MAX; c++) {
		if (!c->used)
			continue;
		buf_clear(&c->reason);
		buf_puts(&c->reason, "\"incomplete\"");
	}
}

/* Ends what is made of its pieces. */
static void
pieces_end(struct joiner *j, struct buf *out)
{
	struct writer w = WRITER(out, WRITE_KEPT);

	event_joiner_end(&j->events, out);
	if (j->kind == NOTHING) {
		j->broken = j->events.broken;
		return;
	}
	if (j->broken)
		reasons_break(j);
	write_object(&w, NULL);
	kinds[j->kind].end(j, &w);
	write_end(&w);
	buf_putc(out, '\n');
	joiner_clear(j);
}

void
joiner_end(struct joiner *j, struct buf *out)
{
	agent_joiner_end(&j->agent, out);
	whole_joiner_end(&j->whole, out);
	text_joiner_end(&j->text, out);
	graph_joiner_end(&j->graph, out);
	pieces_end(j, out);
	j->broken = j->events.broken = false;
}

/* Another response begins where its pieces name another id. */
static bool
is_another(struct joiner *j, enum joiner_kind kind)
{
	if (j->kind != kind)
		return j->kind != NOTHING;
	if (kind == MESSAGE)
		return json_get_is(&j->d, 0, "type", "message_start");
	if (kind == CANDIDATES)
		return !piece_same(&j->head, &j->d, 0, "responseId") ||
		    !piece_same(&j->head, &j->d, 0, "response_id");
	return kind != LINES && !piece_same(&j->head, &j->d, 0, "id");
}

static void
piece_take(struct joiner *j, struct slice piece, enum joiner_kind kind,
    struct buf *out)
{
	struct json_error why;

	if (is_another(j, kind)) {
		pieces_end(j, out);
		if (json_parse(&j->d, piece, JSON_DEPTH_MAX, JSON_LENIENT,
		    &why) != STATUS_OK)
			return;
	}
	if (j->kind == NOTHING)
		buf_add_slice(&j->head, piece);
	j->kind = kind;
	kinds[kind].add(j);
	if ((kind == MESSAGE && json_get_is(&j->d, 0, "type", "message_stop")) ||
	    (kind == LINES && json_get_kind(&j->d, 0, "done", TOKEN_TRUE) !=
	    JSON_NONE))
		pieces_end(j, out);
}

/* Nothing comes after it, while others may come among what is whole at last. */
static bool
is_error(const struct json *d)
{
	return json_kind(d, 0) != TOKEN_OBJECT || json_get_is(d, 0, "type",
	    "error") || json_get_value(d, 0, "error") != JSON_NONE;
}

/* What is no piece is a record of its own, on one line. */
static void
other_add(struct slice piece, struct buf *out)
{
	size_t at = out->n;

	if (piece.n == 0)
		return;
	buf_add_slice(out, piece);
	for (; !out->failed && at < out->n; at++)
		if (out->p[at] == '\n')
			out->p[at] = ' ';
	buf_putc(out, '\n');
}

/* What a graph's run streams beside its states says less than they do. */
static bool
graph_add(struct joiner *j, struct buf *out)
{
	if (event_joiner_is_run(&j->d))
		graph_joiner_end(&j->graph, out);
	if (j->graph.used && json_kind(&j->d, 0) == TOKEN_NULL)
		return true;		/* the event end */
	if (!graph_joiner_add(&j->graph, &j->d))
		return false;
	if (event_joiner_has_state(&j->events))
		graph_joiner_clear(&j->graph);
	return true;
}

/* One that was broken is of the answer that is told of next, and of no other. */
static bool
event_add(struct joiner *j, struct buf *out)
{
	if (agent_joiner_add(&j->agent, &j->d, out) ||
	    text_joiner_add(&j->text, &j->d, out) || graph_add(j, out))
		return true;
	if (whole_joiner_add(&j->whole, &j->d, out))
		j->events.broken &= j->events.kind != 0;
	else if (!event_joiner_add(&j->events, &j->d, out))
		return false;
	if (event_joiner_has_state(&j->events))
		graph_joiner_clear(&j->graph);
	if (j->kind == NOTHING)
		j->broken = j->events.broken;
	return true;
}

void
joiner_add(struct joiner *j, struct slice piece, struct buf *out)
{
	struct json_error why;
	enum joiner_kind kind;

	while (piece.n > 0 && strchr(" \t\r\n", piece.p[piece.n - 1]) != NULL)
		piece.n--;
	if (piece.n == 0)
		return;
	if (slice_is(piece, "[DONE]")) {
		joiner_end(j, out);
		return;
	}
	if (json_parse(&j->d, piece, JSON_DEPTH_MAX, JSON_LENIENT, &why) !=
	    STATUS_OK) {
		j->broken = j->events.broken = true;
		other_add(piece, out);
		return;
	}
	/* What is under way goes on, most of the time. */
	kind = j->kind == NOTHING ? NOTHING : piece_kind(&j->d);
	if (kind != NOTHING && kind == j->kind) {
		piece_take(j, piece, kind, out);
		return;
	}
	if (event_add(j, out))
		return;
	if (j->kind == NOTHING && json_get_is(&j->d, 0, "type", "ping"))
		return;
	if ((kind = piece_kind(&j->d)) != NOTHING) {
		piece_take(j, piece, kind, out);
		return;
	}
	if (is_error(&j->d))
		joiner_end(j, out);
	else
		pieces_end(j, out);
	other_add(piece, out);
}
