/* A Langfuse observation, with its scores where they were exported with it. */
#include <math.h>

#include "core/shape/parts.h"
#include "core/shape/shapes.h"
#include "core/text.h"

static bool
langfuse_marks(const struct reading *r)
{
	return r->at[KEY_traceId] != JSON_NONE &&
	    r->at[KEY_spanId] == JSON_NONE &&
	    reading_has(r, KEY_type, TOKEN_STRING) &&
	    r->at[KEY_startTime] != JSON_NONE;
}

/* Messages, a chat request that holds them, or a text from the user. */
static struct slice
input_messages(struct reading *r)
{
	const struct json *d = r->d;
	uint32_t t = json_get_value(d, r->root, "input"), e;
	struct buf b = BUF_INIT;

	if (t == JSON_NONE)
		return SLICE_NONE;
	if (json_kind(d, t) == TOKEN_OBJECT) {
		if ((e = part_get(d, t, "messages", TOKEN_ARRAY)) != JSON_NONE)
			t = e;
	}
	if (json_kind(d, t) == TOKEN_ARRAY) {
		e = json_first(d, t);
		if (e != JSON_NONE && part_get(d, e, "role", TOKEN_STRING) !=
		    JSON_NONE)
			return json_raw(d, t);
	}
	buf_puts(&b, "[{\"role\":\"user\",\"content\":");
	buf_add_slice(&b, json_raw(d, t));
	buf_puts(&b, "}]");
	return part_keep(r, &b);
}

/* A chat message is judged by its text. */
static void
output_read(struct reading *r, uint32_t t, struct item *item)
{
	const struct json *d = r->d;
	uint32_t content, calls;

	if (json_kind(d, t) == TOKEN_OBJECT) {
		content = part_get(d, t, "content", TOKEN_STRING);
		calls = part_get(d, t, "tool_calls", TOKEN_ARRAY);
		if (content != JSON_NONE && (calls == JSON_NONE ||
		    d->tok[calls].count == 0))
			t = content;
	}
	part_output(r, d, t, item);
}

static struct slice
prompt_name(struct reading *r)
{
	struct slice name = part_string(r, r->d, r->root, "promptName");
	int64_t version = part_count(r->d, r->root, "promptVersion");

	if (name.p == NULL || version < 0)
		return name;
	name = arena_printf(r->reader->arena, "%.*s@%lld", SLICE_ARG(name),
	    (long long)version);
	r->failed |= name.p == NULL;
	return name;
}

static struct slice
score_label(struct reading *r, uint32_t score)
{
	struct slice label = part_string(r, r->d, score, "stringValue");

	if (label.p == NULL)
		label = part_string(r, r->d, score, "value");
	if (part_is(r->d, score, "dataType", "NUMERIC") ||
	    part_is(r->d, score, "dataType", "BOOLEAN"))
		return SLICE_NONE;
	return label;
}

/* What is neither a guard's result nor a confidence goes into the metadata. */
static void
scores_read(struct reading *r, struct item *item, struct buf *more)
{
	const struct json *d = r->d;
	uint32_t scores = part_get(d, r->root, "scores", TOKEN_ARRAY), t, v;
	struct evaluation e;

	if (scores == JSON_NONE)
		return;
	for (t = json_first(d, scores); t != JSON_NONE;
	    t = json_next(d, scores, t)) {
		e = (struct evaluation){
			.name = part_string(r, d, t, "name"),
			.label = score_label(r, t),
			.message = part_string(r, d, t, "comment"),
			.score = part_number(d, t, "value"),
			.yes_no = part_is(d, t, "dataType", "BOOLEAN")
		};
		v = json_get_value(d, t, "value");
		if (!part_evaluation(r, item, &e, "langfuse") || v == JSON_NONE)
			continue;
		buf_putc(more, more->n == 0 ? '{' : ',');
		buf_add_slice(more, json_raw(d, json_get(d, t, "name")));
		buf_putc(more, ':');
		buf_add_slice(more, json_raw(d, v));
	}
	if (more->n > 0)
		buf_putc(more, '}');
}

static void
numbers_read(struct reading *r, struct item *item)
{
	const struct json *d = r->d;
	uint32_t usage = part_get(d, r->root, "usageDetails", TOKEN_OBJECT);
	uint32_t cost = part_get(d, r->root, "costDetails", TOKEN_OBJECT);
	int64_t to = part_time(r, d, r->root, "endTime");

	if (usage == JSON_NONE)
		usage = part_get(d, r->root, "usage", TOKEN_OBJECT);
	if (usage != JSON_NONE) {
		item->input_tokens = part_count(d, usage, "input");
		item->output_tokens = part_count(d, usage, "output");
	}
	part_amount(&item->cost_usd, part_number(d, r->root,
	    "calculatedTotalCost"));
	if (cost != JSON_NONE)
		part_amount(&item->cost_usd, part_number(d, cost, "total"));
	item->created_ms = part_time(r, d, r->root, "startTime");
	part_amount(&item->latency_ms, part_number(d, r->root, "latency") *
	    1000);
	if (item->created_ms >= 0 && to >= item->created_ms)
		item->latency_ms = (double)(to - item->created_ms);
}

static enum status
langfuse_read(struct reading *r)
{
	const struct json *d = r->d;
	uint32_t t = json_get_value(d, r->root, "output");
	struct buf more = BUF_INIT;
	struct slice add[3][2];
	struct item base, *item;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK)
		return st;
	if (t == JSON_NONE)
		return reading_refuse(r, r->root, "an observation without "
		    "\"output\"");
	if ((item = part_item(r, &base)) == NULL)
		return r->err->code;
	output_read(r, t, item);
	item->id = part_string(r, d, r->root, "id");
	item->model = part_string(r, d, r->root, "model");
	item->prompt = prompt_name(r);
	item->messages = input_messages(r);
	numbers_read(r, item);
	scores_read(r, item, &more);
	add[0][0] = SLICE("level");
	add[0][1] = part_json(d, r->root, "level", TOKEN_STRING);
	add[1][0] = SLICE("name");
	add[1][1] = part_json(d, r->root, "name", TOKEN_STRING);
	add[2][0] = SLICE("scores");
	add[2][1] = more.n > 0 ? part_keep_json(r, &more) : SLICE_NONE;
	item->metadata = part_metadata(r, d, part_get(d, r->root, "metadata",
	    TOKEN_OBJECT), (const struct slice (*)[2])add, 3);
	return STATUS_OK;
}

const struct shape shape_langfuse = {
	.name = "langfuse",
	.marks = langfuse_marks,
	.read = langfuse_read,
	.hints = { KEY_traceId, KEY_type, KEY_startTime, KEY_endTime,
	    KEY_COUNT }
};
