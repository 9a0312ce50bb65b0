#include "core/protocol/asked.h"

#include <assert.h>
#include <stdlib.h>

#include "core/json/value.h"

struct asked_text *
asked_add(struct asked *a, uint32_t token, bool covers)
{
	struct asked_text *v, *t;
	size_t cap = a->cap == 0 ? 8 : 2 * a->cap;

	if (a->failed || a->n == ASKED_TEXTS_MAX) {
		/* What is left out could not be answered for. */
		a->unread = true;
		return NULL;
	}
	if (a->n == a->cap) {
		if ((v = arena_alloc(a->arena, cap * sizeof(*v))) == NULL) {
			a->failed = true;
			return NULL;
		}
		if (a->n > 0)
			memcpy(v, a->v, a->n * sizeof(*v));
		a->v = v;
		a->cap = cap;
	}
	t = &a->v[a->n++];
	*t = (struct asked_text){ .token = token, .covers = covers,
	    .of = a->inputs,
	    .is_string = json_kind(&a->json, token) == TOKEN_STRING };
	t->text = t->is_string ? value_string(&a->json, token, a->arena) :
	    json_raw(&a->json, token);
	a->failed |= t->text.p == NULL;
	return t;
}

/* Blanks and ends of lines alone: not what is merely hidden. */
static bool
is_empty(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n && strchr(" \t\r\n", s.p[i]) != NULL; i++)
		;
	return i == s.n;
}

/* A message of the user with this text: what guards of inputs look at. */
static struct slice
message_of(struct arena *arena, const struct asked_text *t)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	struct slice out = SLICE_NONE;

	write_array(&w, NULL);
	write_object(&w, NULL);
	write_word(&w, "role", "user");
	write_text(&w, "content", t->text);
	write_end(&w);
	write_end(&w);
	if (!b.failed)
		out = (struct slice){ arena_copy(arena, b.p, b.n), b.n };
	buf_release(&b);
	return out;
}

/* What conditions may ask about: the protocol, the side, and what came along. */
static struct slice
metadata_of(const struct asked *a)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	struct slice out = SLICE_NONE;
	static const char *const names[] = { "request", "params" };
	size_t i;

	write_object(&w, NULL);
	write_word(&w, "protocol", a->protocol);
	write_word(&w, "side", a->response ? "response" : "request");
	for (i = 0; i < 2; i++)
		if (a->about[i].p != NULL)
			write_raw(&w, names[i], a->about[i]);
	write_end(&w);
	if (!b.failed)
		out = (struct slice){ arena_copy(a->arena, b.p, b.n), b.n };
	buf_release(&b);
	return out;
}

static void
fate_set(struct asked_text *t, const struct verdict *v)
{
	t->verdict = v;
	t->fate = FATE_BLOCK;
	if (v->route != ROUTE_APPROVE)
		return;
	if (v->release.p == t->text.p)
		t->fate = FATE_PASS;
	else if (t->covers) {
		t->fate = FATE_COVER;
		t->covered = v->release;
	}
}

static enum status
text_judge(const struct asked *a, struct judge_scratch *scratch,
    struct asked_text *t, struct slice metadata, struct error *err)
{
	struct item item = {
		.id = SLICE("call"), .queue = a->queue, .model = a->model,
		.output = t->text, .output_is_string = t->is_string,
		.messages = a->messages, .metadata = metadata,
		.input_tokens = -1, .output_tokens = -1, .cost_usd = -1,
		.latency_ms = -1, .created_ms = -1
	};
	const struct judge_request r = { .item = &item, .queue = a->queue };
	const struct judged_item *j;
	enum status st;

	if (!a->response) {
		item.messages = message_of(a->arena, t);
		if (item.messages.p == NULL)
			return error_nomem(err);
	}
	if ((st = judge_record(scratch, &r, a->arena, &j, err)) == STATUS_OK)
		fate_set(t, &j->verdict);
	return st;
}

static int
token_order(const void *x, const void *y)
{
	uint32_t a = ((const struct asked_text *)x)->token;
	uint32_t b = ((const struct asked_text *)y)->token;

	return a < b ? -1 : a > b;
}

enum status
asked_judge(struct asked *a, struct judge_scratch *scratch, struct error *err)
{
	struct slice metadata = metadata_of(a);
	enum status st = STATUS_OK;
	size_t i;

	if (metadata.p == NULL || a->failed)
		return error_nomem(err);
	if (a->judged)
		return STATUS_OK;
	if (a->n > 1)
		qsort(a->v, a->n, sizeof(*a->v), token_order);
	for (i = 0; i < a->n && st == STATUS_OK; i++)
		if (!is_empty(a->v[i].text))
			st = text_judge(a, scratch, &a->v[i], metadata, err);
	return st;
}

static size_t
texts_before(const struct asked *a, uint32_t of)
{
	size_t low = 0, high = a->n, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (a->v[mid].of < of)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void
asked_texts(const struct asked *a, uint32_t of, size_t *begin, size_t *end)
{
	*begin = texts_before(a, of);
	*end = texts_before(a, of + 1);
}

static enum fate
fate_of(const struct asked *a, size_t i, size_t end)
{
	enum fate worst = a->unread ? FATE_BLOCK : FATE_PASS;

	for (; i < end; i++)
		if (a->v[i].fate > worst)
			worst = a->v[i].fate;
	return worst;
}

enum fate
asked_fate(const struct asked *a)
{
	return fate_of(a, 0, a->n);
}

enum fate
asked_input_fate(const struct asked *a, uint32_t of)
{
	size_t begin, end;

	asked_texts(a, of, &begin, &end);
	return fate_of(a, begin, end);
}

static struct slice
verdict_why(struct arena *arena, const struct verdict *v)
{
	struct buf b = BUF_INIT;
	struct slice out;
	size_t i;

	buf_puts(&b, v->route == ROUTE_APPROVE ? "what was found has no place "
	    "where it could be covered" : v->rule);
	for (i = 0; i < v->nfailed; i++)
		buf_printf(&b, "%s%s", i == 0 ? " (" : ", ", v->failed[i]);
	if (v->nfailed > 0)
		buf_putc(&b, ')');
	out = b.failed ? SLICE_NONE :
	    (struct slice){ arena_str(arena, buf_slice(&b)), b.n };
	buf_release(&b);
	return out;
}

struct slice
asked_why(const struct asked *a)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		if (a->v[i].fate == FATE_BLOCK)
			return verdict_why(a->arena, a->v[i].verdict);
	return a->unread ? SLICE("guard error: a part that is no text, such as "
	    "an image") : SLICE_NONE;
}

void
asked_write(const struct asked *a, struct writer *w, const char *name,
    uint32_t token)
{
	const struct json_token *value = &a->json.tok[token], *t;
	struct buf b = BUF_INIT;
	struct writer covered = WRITER(&b, WRITE_SHOWN);
	uint32_t at = value->start;
	size_t i;

	for (i = 0; i < a->n; i++) {
		t = &a->json.tok[a->v[i].token];
		if (a->v[i].fate != FATE_COVER || t->start < at ||
		    t->end > value->end)
			continue;
		buf_add(&b, a->json.text + at, t->start - at);
		covered.comma = false;
		if (a->v[i].is_string)
			write_text(&covered, NULL, a->v[i].covered);
		else
			write_raw(&covered, NULL, a->v[i].covered);
		at = t->end;
	}
	buf_add(&b, a->json.text + at, value->end - at);
	w->b->failed |= b.failed;
	write_raw(w, name, buf_slice(&b));
	buf_release(&b);
}

enum status
asked_answer_size(size_t n, struct error *err)
{
	return n <= ASKED_ANSWER_MAX ? STATUS_OK : error_set(err, STATUS_INVALID,
	    "the answer would be over 64 MiB");
}

void
asked_release(struct asked *a)
{
	json_release(&a->json);
}
