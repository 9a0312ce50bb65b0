#include "core/shape/body.h"

#include "core/base/arena.h"
#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/anthropic.h"
#include "core/shape/bodies.h"
#include "core/shape/openai_chat.h"
#include "core/shape/openai_responses.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/usage.h"

static bool
is_chat(const struct json *d, uint32_t body)
{
	return json_get_kind(d, body, "choices", TOKEN_ARRAY) != JSON_NONE;
}

static bool
is_response(const struct json *d, uint32_t body)
{
	return json_get_kind(d, body, "output", TOKEN_ARRAY) != JSON_NONE;
}

static bool
is_message(const struct json *d, uint32_t body)
{
	return json_get_is(d, body, "type", "message") &&
	    json_get_kind(d, body, "content", TOKEN_ARRAY) != JSON_NONE;
}

static const struct body chat = { is_chat, openai_chat_body };
static const struct body response = { is_response, openai_responses_body };
static const struct body message = { is_message, anthropic_body };

static const struct body *const bodies[] = { &chat, &response, &message,
    &body_gemini, &body_converse, &body_cohere, &body_ollama, &body_llamacpp,
    &body_tgi, &body_dashscope, &body_invoke };

static const struct body *
body_find(const struct json *d, uint32_t t)
{
	size_t i;

	if (json_kind(d, t) != TOKEN_OBJECT)
		return NULL;
	for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		if (bodies[i]->is(d, t))
			return bodies[i];
	return NULL;
}

bool
body_known(const struct reading *r, uint32_t body)
{
	return body_find(r->d, body) != NULL;
}

enum status
body_read(struct reading *r, uint32_t body, const struct item *base,
    bool *known)
{
	const struct body *b = body_find(r->d, body);

	*known = b != NULL;
	return b == NULL ? STATUS_OK : b->read(r, body, base);
}

enum status
body_read_known(struct reading *r, uint32_t body, const struct item *base,
    const char *what)
{
	bool known;
	enum status st = body_read(r, body, base, &known);
	uint32_t error;
	struct slice why;

	if (st != STATUS_OK || known)
		return st;
	error = json_kind(r->d, body) == TOKEN_OBJECT ?
	    json_get_value(r->d, body, "error") : JSON_NONE;
	why = part_error(r, r->d, error);
	return why.p != NULL ? reading_refuse(r, error,
	    "the request failed: %.*s", SLICE_ARG(why)) :
	    reading_refuse(r, body, "%s is of no known shape", what);
}

enum status
body_alone(struct reading *r, body_fn *read)
{
	struct item base;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK)
		return st;
	base.messages = part_json(r->d, r->root, "messages", TOKEN_ARRAY);
	base.tools = part_json(r->d, r->root, "tools", TOKEN_ARRAY);
	return read(r, r->root, &base);
}

static const char *
name_there(const struct json *d, uint32_t object, const char *const *names)
{
	for (; *names != NULL; names++)
		if (json_get_value(d, object, *names) != JSON_NONE)
			return *names;
	return NULL;
}

uint32_t
body_common(struct reading *r, uint32_t body, const struct body_names *names,
    struct item *item)
{
	const struct json *d = r->d;
	const char *id = name_there(d, body, names->id);
	const char *model = name_there(d, body, names->model);
	const char *created = name_there(d, body, names->created);
	const char *usage = name_there(d, body, names->usage);
	uint32_t t = JSON_NONE;

	if (item->id.p == NULL && id != NULL)
		item->id = part_string(r, d, body, id);
	if (item->model.p == NULL && model != NULL)
		item->model = part_string(r, d, body, model);
	if (item->created_ms < 0 && created != NULL)
		item->created_ms = part_time(r, d, body, created);
	if (usage != NULL)
		t = json_get_kind(d, body, usage, TOKEN_OBJECT);
	part_usage(d, t, item);
	return t;
}

void
body_choice_id(struct reading *r, struct item *item, uint32_t index,
    uint32_t choices)
{
	if (choices < 2 || item->id.n == 0)
		return;
	item->id = arena_printf(r->reader->arena, "%.*s#%u",
	    SLICE_ARG(item->id), (unsigned)index + 1);
	r->failed |= item->id.p == NULL;
}

void
body_metadata(struct reading *r, uint32_t body, struct slice finish_reason,
    uint32_t usage, struct item *item)
{
	const struct slice add[][2] = {
		{ SLICE("finish_reason"), finish_reason },
		{ SLICE("cached_tokens"), part_cached(r->d, usage) },
		{ SLICE("reasoning_tokens"), part_reasoned(r->d, usage) }
	};

	part_metadata_join(r, item, json_get_value(r->d, body, "metadata"),
	    add, 3);
}
