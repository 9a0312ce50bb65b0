#include "core/shape/shape.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

#include "core/base/arena.h"
#include "core/json/value.h"
#include "core/shape/shapes.h"
#include "core/shape/unknown.h"

/* Marks are looked for in this order; the native shape has none. */
static const struct shape *const shapes[] = {
	&shape_openai_chat,
	&shape_openai_completions,
	&shape_openai_responses,
	&shape_openai_batch,
	&shape_anthropic,
	&shape_anthropic_batch,
	&shape_gemini,
	&shape_gemini_batch,
	&shape_gemini_interaction,
	&shape_bedrock_converse,
	&shape_bedrock_invoke,
	&shape_bedrock_batch,
	&shape_bedrock_log,
	&shape_cohere,
	&shape_ollama,
	&shape_llamacpp,
	&shape_tgi,
	&shape_dashscope,
	&shape_litellm,
	&shape_otlp,
	&shape_otlp_logs,
	&shape_otlp_log,
	&shape_otlp_span,
	&shape_langfuse,
	&shape_langsmith,
	&shape_opik,
	&shape_replicate,
	&shape_exchange,
	&shape_agent_inbox,
	&shape_langchain,
	&shape_langchain_result,
	&shape_interrupt,
	&shape_claude_hook,
	&shape_acp,
	&shape_chat_output,
	&shape_service,
	&shape_haystack,
	&shape_native
};

#define SHAPES	(sizeof(shapes) / sizeof(shapes[0]))
_Static_assert(SHAPES <= 64, "a bit each in reading.maybe");
_Static_assert(KEY_COUNT < 255, "a byte each in slots");

const struct shape *
shape_find(struct slice name)
{
	size_t i;

	for (i = 0; i < SHAPES && name.n > 0; i++)
		if (shapes[i]->name[0] == name.p[0] &&
		    slice_is(name, shapes[i]->name))
			return shapes[i];
	return NULL;
}

const char *
shape_name(size_t i)
{
	return i < SHAPES ? shapes[i]->name : NULL;
}

/* The known keys, hashed once. */
static const struct slice key_names[] = {
#define X(name) { #name, sizeof(#name) - 1 },
	SHAPE_KEYS(X)
#undef X
};

const char *
shape_key_name(enum shape_key key)
{
	return key_names[key].p;
}

#define SLOTS	512u
static uint8_t slots[SLOTS];		/* the key's number + 1; 0: none */
static uint64_t key_shapes[KEY_COUNT];	/* whose `by` has it, a bit each */
static pthread_once_t slots_once = PTHREAD_ONCE_INIT;

static inline unsigned
key_slot(const char *p, size_t n)
{
	const unsigned char *u = (const unsigned char *)p;

	return (unsigned)n * 31u + u[0] * 7u + u[n - 1] * 13u + u[n / 2] * 3u;
}

static void
slots_fill(void)
{
	unsigned i, k, slot;

	for (i = 0; i < KEY_COUNT; i++) {
		slot = key_slot(key_names[i].p, key_names[i].n);
		while (slots[slot % SLOTS] != 0)
			slot++;
		slots[slot % SLOTS] = (uint8_t)(i + 1);
	}
	for (i = 0; i < SHAPES; i++)
		for (k = 0; shapes[i]->marks != NULL && shapes[i]->by[k] !=
		    KEY_COUNT; k++)
			key_shapes[shapes[i]->by[k]] |= (uint64_t)1 << i;
}

static unsigned
key_find(const char *p, size_t n)
{
	unsigned slot, i;

	if (n == 0)
		return KEY_COUNT;
	for (slot = key_slot(p, n); (i = slots[slot % SLOTS]) != 0; slot++)
		if (key_names[i - 1].n == n &&
		    memcmp(key_names[i - 1].p, p, n) == 0)
			return i - 1;
	return KEY_COUNT;
}

static unsigned
key_find_escaped(const struct json *d, uint32_t t)
{
	unsigned i;

	for (i = 0; i < KEY_COUNT; i++)
		if (json_string_is(d, t, key_names[i].p))
			return i;
	return KEY_COUNT;
}

void
reading_keys(struct reading *r, uint32_t root)
{
	const struct json *d = r->d;
	struct slice raw;
	unsigned key;
	uint64_t maybe = 0;
	uint32_t t;

	(void)pthread_once(&slots_once, slots_fill);
	memset(r->at, 0xff, sizeof(r->at));
	r->root = root;
	for (t = json_first(d, root); t != JSON_NONE; t = json_next(d, root, t)) {
		raw = json_raw(d, t);
		key = d->tok[t].escaped ? key_find_escaped(d, t) :
		    key_find(raw.p + 1, raw.n - 2);
		if (key < KEY_COUNT) {
			r->at[key] = t + 1;
			maybe |= key_shapes[key];
		}
	}
	r->maybe = maybe;
}

bool
reading_is(const struct reading *r, enum shape_key key, const char *s)
{
	return reading_has(r, key, TOKEN_STRING) &&
	    json_string_is(r->d, r->at[key], s);
}

bool
reading_has(const struct reading *r, enum shape_key key, enum json_kind kind)
{
	return r->at[key] != JSON_NONE && json_kind(r->d, r->at[key]) == kind;
}

enum status
reading_refuse(struct reading *r, uint32_t t, const char *fmt, ...)
{
	char why[sizeof(r->err->text) - 32];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	if (t == JSON_NONE)
		return error_set(r->err, STATUS_INVALID, "%s", why);
	return error_set(r->err, STATUS_INVALID, "byte %u: %s",
	    (unsigned)r->d->tok[t].start, why);
}

struct item *
reading_item(struct reading *r)
{
	struct item *grown, *item;
	size_t cap;

	if (r->n == r->cap) {
		cap = r->cap == 0 ? 1 : r->cap * 2;
		grown = arena_alloc(r->reader->arena, cap * sizeof(*grown));
		if (grown == NULL) {
			(void)error_nomem(r->err);
			return NULL;
		}
		if (r->n > 0)
			memcpy(grown, r->item, r->n * sizeof(*grown));
		r->item = grown;
		r->cap = cap;
	}
	item = &r->item[r->n++];
	memset(item, 0, sizeof(*item));
	item->input_tokens = item->output_tokens = item->created_ms = -1;
	item->cost_usd = item->latency_ms = -1;
	item->input = r->input;
	item->mapping = r->mapping;
	return item;
}

enum status
reading_text(struct reading *r, uint32_t t, const char *key, struct slice *out)
{
	if (json_kind(r->d, t) != TOKEN_STRING)
		return reading_refuse(r, t, "%s is not a string", key);
	*out = json_text(r->d, t, r->reader->arena);
	return out->p == NULL ? error_nomem(r->err) : STATUS_OK;
}

const struct shape *
shape_nearest(const struct reading *r)
{
	const struct shape *best = NULL;
	size_t i, k, hits, most = 0;

	for (i = 0; i < SHAPES; i++) {
		hits = 0;
		for (k = 0; shapes[i]->hints[k] != KEY_COUNT; k++)
			hits += r->at[shapes[i]->hints[k]] != JSON_NONE;
		if (hits > most) {
			most = hits;
			best = shapes[i];
		}
	}
	return best;
}

const struct shape *
shape_of(const struct reading *r)
{
	uint64_t maybe = r->maybe;
	size_t i;

	for (; maybe != 0; maybe &= maybe - 1) {
		i = (size_t)__builtin_ctzll(maybe);
		if (shapes[i]->since <= r->mapping && shapes[i]->marks(r))
			return shapes[i];
	}
	if (r->at[KEY_output] != JSON_NONE)
		return &shape_native;
	/* It has no key of its own: only asked once nobody else knows it. */
	return shape_haystack.since <= r->mapping && shape_haystack.marks(r) ?
	    &shape_haystack : NULL;
}

/* What others' answers stand under: beside an output, whose record is it? */
static const char *
foreign_key(const struct reading *r)
{
	static const enum shape_key keys[] = { KEY_choices, KEY_candidates,
	    KEY_generations, KEY_assessments };
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (r->at[keys[i]] != JSON_NONE)
			return key_names[keys[i]].p;
	return reading_has(r, KEY_message, TOKEN_OBJECT) ? "message" : NULL;
}

/* Is the output the record's own, and not another program's? */
static enum status
native_is_own(struct reading *r)
{
	const char *foreign = r->joined ? NULL : foreign_key(r);

	if (shape_is_verdict(r) || (!r->joined && shape_is_ui_result(r)))
		return shape_unknown(r);
	return foreign == NULL ? STATUS_OK : reading_refuse(r, r->root,
	    "\"output\" beside \"%s\", which is another program's: --format "
	    "native takes the output", foreign);
}

enum status
shape_read(struct reading *r, const struct shape *shape)
{
	const struct shape *own = shape_of(r);
	size_t i, from = r->n;
	enum status st;

	if (shape == NULL && own == &shape_native && (st = native_is_own(r)) !=
	    STATUS_OK)
		return st;
	if (shape == NULL)
		shape = own;
	if (shape == NULL)
		return shape_unknown(r);
	if (r->element && !shape->in_array)
		return reading_refuse(r, 0, "an array of records that come one "
		    "a line (jq -c '.[]' makes lines of it)");
	if ((st = shape->read(r)) != STATUS_OK)
		return st;
	if (r->failed)	/* for want of memory, unless it says why itself */
		return error_set(r->err, STATUS_NOMEM, "out of memory");
	for (i = from; i < r->n; i++) {
		if (r->item[i].shape != NULL)
			continue;
		r->item[i].shape = shape->name;
		r->item[i].forced = shape != own;
	}
	return STATUS_OK;
}

/* Asked of every item: nearly always the name is a shape's own. */
static const struct shape *
shape_named(const char *name)
{
	size_t i;

	for (i = 0; i < SHAPES; i++)
		if (shapes[i]->name == name)
			return shapes[i];
	return shape_find(slice_of(name));
}

bool
shape_answers(const char *name)
{
	const struct shape *shape = shape_named(name);

	return shape != NULL && shape->answer != NULL;
}

bool
shape_heeds_0(const char *name)
{
	const struct shape *shape = shape_named(name);

	return shape != NULL && shape->heeds_0;
}

/* Into *d, told as the reason of an error. */
static enum status
answer_parse(struct json *d, struct slice text, const char *what,
    struct error *err)
{
	struct json_error why;
	enum status st = json_parse(d, text, JSON_DEPTH_MAX, 0, &why);

	if (st == STATUS_NOMEM)
		return error_nomem(err);
	return st == STATUS_OK ? st : error_set(err, STATUS_INVALID,
	    "%s is not JSON: byte %zu: %s", what, why.offset, why.reason);
}

enum status
shape_release(const struct item *item, enum shape_decision decision,
    struct slice text, struct buf *out, struct error *err)
{
	const struct shape *shape = shape_find(slice_of(item->shape));
	struct answer a = { .decision = decision, .text = text, .out = out };
	enum status st;

	if (shape == NULL || shape->answer == NULL)
		return error_set(err, STATUS_INVALID,
		    "a record of this shape expects no answer");
	if (decision == SHAPE_ACCEPT && !slice_eq(text, item->output))
		a.decision = SHAPE_EDIT;
	if ((st = answer_parse(&a.record, item->record, "the record", err)) ==
	    STATUS_OK && (st = answer_parse(&a.output, item->output,
	    "the output", err)) == STATUS_OK && a.decision == SHAPE_EDIT)
		st = answer_parse(&a.edited, text, "the edited action", err);
	if (st == STATUS_OK && (st = shape->answer(&a, err)) == STATUS_OK)
		st = buf_check(out, err);
	json_release(&a.record);
	json_release(&a.output);
	json_release(&a.edited);
	arena_release(&a.arena);
	return st;
}
