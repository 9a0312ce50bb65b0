#include "core/shape/lc.h"

#include "core/json/value.h"
#include "core/json/write.h"
#include "core/shape/answer.h"
#include "core/shape/openai_chat.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/usage.h"

static const struct {
	const char	*type, *role;
} types[] = {
	{ "human", "user" }, { "HumanMessage", "user" },
	{ "HumanMessageChunk", "user" },
	{ "ai", "assistant" }, { "AIMessage", "assistant" },
	{ "AIMessageChunk", "assistant" },
	{ "system", "system" }, { "SystemMessage", "system" },
	{ "SystemMessageChunk", "system" },
	{ "tool", "tool" }, { "ToolMessage", "tool" },
	{ "ToolMessageChunk", "tool" },
	{ "function", "function" }, { "FunctionMessage", "function" },
	{ "chat", NULL }, { "ChatMessage", NULL }
};

uint32_t
lc_kwargs(const struct json *d, uint32_t t)
{
	uint32_t inner;

	if (json_kind(d, t) == TOKEN_OBJECT && json_get(d, t, "lc") !=
	    JSON_NONE && (inner = json_get_kind(d, t, "kwargs",
	    TOKEN_OBJECT)) != JSON_NONE)
		return inner;
	return t;
}

/* The text that says what kind of message it is; of one that is serialised the class,
 * which is the last of its id. */
static uint32_t
type_of(const struct json *d, uint32_t t, uint32_t data)
{
	uint32_t id = json_get_kind(d, t, "id", TOKEN_ARRAY), e, last = JSON_NONE;

	if (t == data || id == JSON_NONE)
		return json_get_kind(d, t, "type", TOKEN_STRING);
	for (e = json_first(d, id); e != JSON_NONE; e = json_next(d, id, e))
		last = e;
	return last != JSON_NONE && json_kind(d, last) == TOKEN_STRING ? last :
	    JSON_NONE;
}

bool
lc_message(const struct json *d, uint32_t t, struct lc_message *m)
{
	uint32_t type, inner;
	size_t i;

	if (json_kind(d, t) != TOKEN_OBJECT)
		return false;
	m->data = lc_kwargs(d, t);
	type = type_of(d, t, m->data);
	if (type == JSON_NONE)
		return false;
	if (m->data == t && (inner = json_get_kind(d, t, "data",
	    TOKEN_OBJECT)) != JSON_NONE)
		m->data = inner;
	if (m->data == t && json_get(d, t, "role") != JSON_NONE)
		return false;
	if (json_get(d, m->data, "content") == JSON_NONE &&
	    json_get(d, m->data, "tool_calls") == JSON_NONE)
		return false;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (json_string_is(d, type, types[i].type)) {
			m->role = types[i].role;
			return true;
		}
	}
	return false;
}

bool
lc_is_answer(const struct lc_message *m)
{
	return m->role != NULL && strcmp(m->role, "assistant") == 0;
}

uint32_t
lc_answer(const struct json *d, uint32_t list)
{
	uint32_t e, last = JSON_NONE;
	struct lc_message m;

	if (list == JSON_NONE || json_kind(d, list) != TOKEN_ARRAY)
		return JSON_NONE;
	for (e = json_first(d, list); e != JSON_NONE;
	    e = json_next(d, list, e)) {
		if (!lc_message(d, e, &m))
			return JSON_NONE;
		if (lc_is_answer(&m))
			last = e;
	}
	return last;
}

void
lc_read(struct reading *r, const struct json *d, uint32_t message,
    struct item *item)
{
	struct lc_message m;
	uint32_t about, usage;

	if (!lc_message(d, message, &m))
		return;
	openai_message(r, d, m.data, item);
	item->stop = part_stop(r, d, m.data);
	if (item->id.p == NULL)
		item->id = part_string(r, d, m.data, "id");
	about = json_get_kind(d, m.data, "response_metadata", TOKEN_OBJECT);
	if (item->model.p == NULL && about != JSON_NONE) {
		item->model = part_string(r, d, about, "model_name");
		if (item->model.p == NULL)
			item->model = part_string(r, d, about, "model");
	}
	usage = json_get_kind(d, m.data, "usage_metadata", TOKEN_OBJECT);
	part_usage(d, usage, item);
}

static const char *const document_words[] = { "page_content", "pageContent",
    NULL };

static uint32_t
text_of(const struct json *d, uint32_t object, const char *const *names)
{
	uint32_t t;

	for (; object != JSON_NONE && *names != NULL; names++)
		if ((t = json_get_kind(d, object, *names, TOKEN_STRING)) !=
		    JSON_NONE)
			return t;
	return JSON_NONE;
}

/* What it is called, by whom. */
static const struct {
	const char	*answer, *documents, *question;
} chains[] = {
	{ "answer", "context", "input" },
	{ "answer", "source_documents", "question" },
	{ "result", "source_documents", "query" },
	{ "output_text", "input_documents", "question" }
};

/* Documents that were found, or none where it says what was asked. */
static bool
are_documents(const struct json *d, uint32_t list, uint32_t question)
{
	uint32_t first;

	if (list == JSON_NONE)
		return false;
	if (d->tok[list].count == 0)
		return question != JSON_NONE;
	first = lc_kwargs(d, list + 1);
	return json_kind(d, first) == TOKEN_OBJECT && text_of(d, first,
	    document_words) != JSON_NONE;
}

bool
lc_chain(const struct json *d, uint32_t object, struct lc_chain *c)
{
	size_t i;

	if (json_kind(d, object) != TOKEN_OBJECT)
		return false;
	for (i = 0; i < sizeof(chains) / sizeof(chains[0]); i++) {
		c->answer = json_get_value(d, object, chains[i].answer);
		c->documents = json_get_kind(d, object, chains[i].documents,
		    TOKEN_ARRAY);
		c->question = json_get_kind(d, object, chains[i].question,
		    TOKEN_STRING);
		if (c->answer != JSON_NONE && are_documents(d, c->documents,
		    c->question))
			return true;
	}
	return false;
}

struct slice
lc_documents(struct reading *r, const struct json *d, uint32_t list)
{
	static const char *const titles[] = { "title", "file_name", "name",
	    NULL };
	static const char *const addresses[] = { "source", "url", "link",
	    NULL };
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	uint32_t e, data, about, text, t;

	if (list == JSON_NONE || json_kind(d, list) != TOKEN_ARRAY)
		return SLICE_NONE;
	write_array(&w, NULL);
	for (e = json_first(d, list); e != JSON_NONE;
	    e = json_next(d, list, e)) {
		data = lc_kwargs(d, e);
		text = json_kind(d, data) != TOKEN_OBJECT ? JSON_NONE :
		    text_of(d, data, document_words);
		if (text == JSON_NONE) {
			buf_release(&b);
			return SLICE_NONE;
		}
		about = json_get_kind(d, data, "metadata", TOKEN_OBJECT);
		write_object(&w, NULL);
		if ((t = text_of(d, about, titles)) != JSON_NONE)
			write_raw(&w, "title", json_raw(d, t));
		if ((t = text_of(d, about, addresses)) != JSON_NONE)
			write_raw(&w, "url", json_raw(d, t));
		write_raw(&w, "text", json_raw(d, text));
		write_end(&w);
	}
	write_end(&w);
	return part_keep(r, &b);
}
