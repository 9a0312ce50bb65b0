/*
 * What a pipeline of Haystack's gave back (haystack, core/pipeline/pipeline.py: run();
 * dataclasses/chat_message.py and answer.py): the outputs of its components by their
 * names, {"llm":{"replies":[..],"meta":[..]},"retriever":{"documents":[..]}}.
 */
#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/asked.h"
#include "core/shape/body.h"
#include "core/shape/gather.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"
#include "core/shape/usage.h"

static uint32_t
either(const struct json *d, uint32_t object, const char *name,
    const char *older)
{
	uint32_t t = json_get_value(d, object, name);

	return t != JSON_NONE ? t : json_get_value(d, object, older);
}

/* An answer as it stands, or as default_to_dict() writes one. */
static uint32_t
answer_of(const struct json *d, uint32_t t)
{
	uint32_t inner = json_get_kind(d, t, "init_parameters", TOKEN_OBJECT);

	return inner == JSON_NONE ? t : inner;
}

static bool
is_reply(const struct json *d, uint32_t t)
{
	return json_kind(d, t) == TOKEN_STRING || (json_kind(d, t) ==
	    TOKEN_OBJECT && either(d, t, "content", "_content") != JSON_NONE);
}

static bool
is_answer(const struct json *d, uint32_t t)
{
	return json_get_kind(d, answer_of(d, t), "data", TOKEN_STRING) !=
	    JSON_NONE;
}

/* The list of a component that answers; JSON_NONE: it does not. */
static uint32_t
list_of(const struct json *d, uint32_t component)
{
	uint32_t list = json_get_kind(d, component, "replies", TOKEN_ARRAY);

	if (list != JSON_NONE && d->tok[list].count > 0 && is_reply(d,
	    list + 1))
		return list;
	list = json_get_kind(d, component, "answers", TOKEN_ARRAY);
	return list != JSON_NONE && d->tok[list].count > 0 && is_answer(d,
	    list + 1) ? list : JSON_NONE;
}

/* The last one: those before it are asked for by who debugs. */
static uint32_t
component_of(const struct reading *r)
{
	const struct json *d = r->d;
	uint32_t t, found = JSON_NONE;

	for (t = json_first(d, r->root); t != JSON_NONE;
	    t = json_next(d, r->root, t))
		if (json_kind(d, t + 1) == TOKEN_OBJECT && list_of(d, t + 1) !=
		    JSON_NONE)
			found = t + 1;
	return found;
}

/* What the others found, and what was asked. */
static void
others_read(struct reading *r, struct gather *g, struct item *item)
{
	const struct json *d = r->d;
	uint32_t t, prompt;

	for (t = json_first(d, r->root); t != JSON_NONE;
	    t = json_next(d, r->root, t)) {
		if (json_kind(d, t + 1) != TOKEN_OBJECT)
			continue;
		gather_sources(g, json_get_kind(d, t + 1, "documents",
		    TOKEN_ARRAY));
		prompt = json_get_value(d, t + 1, "prompt");
		if (prompt == JSON_NONE)
			continue;
		if (json_kind(d, prompt) == TOKEN_STRING)
			item->messages = part_asked(r, json_raw(d, prompt));
		else if (json_kind(d, prompt) == TOKEN_ARRAY)
			item->messages = asked_messages(r, d, prompt);
	}
}

static void
meta_read(struct reading *r, uint32_t meta, struct item *item)
{
	const struct json *d = r->d;
	uint32_t usage = json_get_kind(d, meta, "usage", TOKEN_OBJECT);

	item->id = part_string(r, d, meta, "id");
	item->model = part_string(r, d, meta, "model");
	part_usage(d, usage, item);
	item->stop = meta == JSON_NONE ? STOP_UNKNOWN : part_stop(r, d, meta);
	body_metadata(r, r->root, meta == JSON_NONE ? SLICE_NONE : part_json(d,
	    meta, "finish_reason", TOKEN_STRING), usage, item);
}

/* A text, a message, or an answer with its documents. */
static void
reply_read(struct reading *r, uint32_t reply, uint32_t meta, struct item *item)
{
	const struct json *d = r->d;
	uint32_t t = reply, answer;
	struct gather g;

	gather_begin(&g, r, d);
	if (json_kind(d, reply) == TOKEN_OBJECT && is_answer(d, reply)) {
		answer = answer_of(d, reply);
		t = json_get(d, answer, "data");
		meta = json_get_kind(d, answer, "meta", TOKEN_OBJECT);
		gather_sources(&g, json_get_kind(d, answer, "documents",
		    TOKEN_ARRAY));
	} else if (json_kind(d, reply) == TOKEN_OBJECT) {
		t = either(d, reply, "content", "_content");
		meta = either(d, reply, "meta", "_meta");
	}
	if (meta != JSON_NONE && json_kind(d, meta) != TOKEN_OBJECT)
		meta = JSON_NONE;
	gather_content(&g, t);
	others_read(r, &g, item);
	meta_read(r, meta, item);
	gather_end(&g, item);
}

static bool
haystack_marks(const struct reading *r)
{
	return component_of(r) != JSON_NONE;
}

static enum status
haystack_read(struct reading *r)
{
	const struct json *d = r->d;
	uint32_t component = component_of(r), list, metas, t, i = 0;
	struct item base, *item;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK)
		return st;
	if (component == JSON_NONE)
		return reading_refuse(r, r->root, "no component with \"replies\" "
		    "or \"answers\"");
	list = list_of(d, component);
	metas = json_get_kind(d, component, "meta", TOKEN_ARRAY);
	if (d->tok[list].count > PARTS_MAX)
		return reading_refuse(r, list, "over %d replies", PARTS_MAX);
	for (t = json_first(d, list); t != JSON_NONE;
	    t = json_next(d, list, t), i++) {
		if (!is_reply(d, t) && !is_answer(d, t))
			return reading_refuse(r, t, "a reply without a text");
		if ((item = part_item(r, &base)) == NULL)
			return r->err->code;
		reply_read(r, t, metas == JSON_NONE ? JSON_NONE : json_at(d,
		    metas, i), item);
		body_choice_id(r, item, i, d->tok[list].count);
	}
	return STATUS_OK;
}

const struct shape shape_haystack = {
	.name = "haystack",
	.marks = haystack_marks,
	.by = { KEY_COUNT },		/* the components' names are anyone's */
	.since = MAPPING_WRAPPED,
	.mark = "an object within with an array replies, or answers",
	.read = haystack_read,
	.hints = { KEY_COUNT }
};
