#include "core/wire/responses_events.h"

#include <stdio.h>

#include "core/json/value.h"
#include "core/json/write.h"
#include "core/wire/events.h"
#include "core/wire/patch.h"
#include "core/wire/responses_gather.h"

/* Events on their way: each has its number. */
struct response_told {
	struct buf		*out;
	struct buf		 b;
	struct writer		 w;
	const struct json	*d;
	int64_t			 number;
	/* Of the events of an item. */
	struct slice		 id;		/* raw */
	int64_t			 item;
	const char		*index_name;	/* of its part; NULL: of none */
	int64_t			 part;
};

static void
begin(struct response_told *g, const char *type, bool of_item)
{
	buf_clear(&g->b);
	g->w = WRITER(&g->b, WRITE_KEPT);
	write_object(&g->w, NULL);
	write_word(&g->w, "type", type);
	write_int(&g->w, "sequence_number", g->number++);
	if (!of_item)
		return;
	write_raw(&g->w, "item_id", g->id);
	write_int(&g->w, "output_index", g->item);
	if (g->index_name != NULL)
		write_int(&g->w, g->index_name, g->part);
}

static void
end(struct response_told *g, const char *type)
{
	write_end(&g->w);
	g->out->failed |= g->b.failed;
	events_add(g->out, type, buf_slice(&g->b));
}

/* The response as it was when nothing of it had come. */
static void
begun(struct response_told *g, const char *type)
{
	static const struct wire_member not_yet[] = {
		{ "output", { "[]", 2 } }, { "status", { "\"in_progress\"", 13 } },
		{ "incomplete_details", { "null", 4 } },
		{ "usage", { "null", 4 } }, { "output_text", { NULL, 0 } }
	};
	struct wire_member m[sizeof(not_yet) / sizeof(not_yet[0])];
	size_t i, n = 0;

	for (i = 0; i < sizeof(not_yet) / sizeof(not_yet[0]); i++)
		if (json_get(g->d, 0, not_yet[i].name) != JSON_NONE)
			m[n++] = not_yet[i];
	begin(g, type, false);
	write_object(&g->w, "response");
	members_write(&g->w, g->d, 0, NULL, m, n);
	write_end(&g->w);
	end(g, type);
}

#define TYPE_MAX	80u

/* response.STEM.WHAT */
static const char *
type_of(char type[TYPE_MAX], const struct response_text *r, const char *what)
{
	(void)snprintf(type, TYPE_MAX, "response.%s.%s", r->stem, what);
	return type;
}

static void
text_events(struct response_told *g, const struct response_text *r, uint32_t t,
    uint32_t logprobs)
{
	char type[TYPE_MAX];
	bool empty = json_string_is(g->d, t, "");

	if (!empty) {
		begin(g, type_of(type, r, "delta"), true);
		write_raw(&g->w, "delta", json_raw(g->d, t));
		if (r->kind == WIRE_TEXT)
			write_raw(&g->w, "logprobs", logprobs == JSON_NONE ?
			    SLICE("[]") : json_raw(g->d, logprobs));
		end(g, type);
	}
	begin(g, type_of(type, r, "done"), true);
	write_raw(&g->w, r->member, json_raw(g->d, t));
	if (r->kind == WIRE_TEXT)
		write_raw(&g->w, "logprobs", logprobs == JSON_NONE ?
		    SLICE("[]") : json_raw(g->d, logprobs));
	end(g, type);
}

static void
part_event(struct response_told *g, const char *type, uint32_t part, bool empty)
{
	const struct wire_member none[] = { { "text", SLICE("\"\"") },
		{ "refusal", SLICE("\"\"") }, { "annotations", SLICE("[]") },
		{ "logprobs", SLICE("[]") } };
	struct wire_member m[4];
	size_t i, n = 0;

	for (i = 0; i < 4 && empty; i++)
		if (json_get_value(g->d, part, none[i].name) != JSON_NONE)
			m[n++] = none[i];
	begin(g, type, true);
	write_object(&g->w, "part");
	members_write(&g->w, g->d, part, NULL, m, n);
	write_end(&g->w);
	end(g, type);
}

static const struct response_text *
text_of_part(const struct response_told *g, const char *list, uint32_t part,
    bool thought)
{
	const struct response_text *r;

	for (r = response_texts; r->stem != NULL; r++)
		if (r->list != NULL && strcmp(r->list, list) == 0 && (r->kind ==
		    WIRE_REASONING) == thought && json_get_kind(g->d, part,
		    r->member, TOKEN_STRING) != JSON_NONE)
			return r;
	return NULL;
}

static void
part_events(struct response_told *g, const char *list, uint32_t part, bool thought)
{
	bool summary = strcmp(list, "summary") == 0;
	const struct response_text *r = text_of_part(g, list, part, thought);

	part_event(g, summary ? "response.reasoning_summary_part.added" :
	    "response.content_part.added", part, true);
	if (r != NULL)
		text_events(g, r, json_get_kind(g->d, part, r->member,
		    TOKEN_STRING), json_get_kind(g->d, part, "logprobs",
		    TOKEN_ARRAY));
	part_event(g, summary ? "response.reasoning_summary_part.done" :
	    "response.content_part.done", part, false);
}

static void
list_events(struct response_told *g, uint32_t item, const char *list,
    const char *index_name)
{
	uint32_t parts = json_get_kind(g->d, item, list, TOKEN_ARRAY), t;
	bool thought = json_get_is(g->d, item, "type", "reasoning");

	if (parts == JSON_NONE)
		return;
	g->index_name = index_name;
	g->part = 0;
	for (t = json_first(g->d, parts); t != JSON_NONE;
	    t = json_next(g->d, parts, t), g->part++)
		if (json_kind(g->d, t) == TOKEN_OBJECT)
			part_events(g, list, t, thought);
	g->index_name = NULL;
}

/* Which of the texts are the item's own, by its type. */
static const struct {
	const char	*type, *stem;
} owners[] = {
	{ "function_call", "function_call_arguments" },
	{ "mcp_call", "mcp_call_arguments" },
	{ "custom_tool_call", "custom_tool_call_input" },
	{ "code_interpreter_call", "code_interpreter_call_code" }
};

static const struct response_text *
text_of_item(const struct response_told *g, uint32_t item)
{
	const struct response_text *r;
	size_t i;

	for (i = 0; i < sizeof(owners) / sizeof(owners[0]); i++)
		for (r = response_texts; r->stem != NULL; r++)
			if (json_get_is(g->d, item, "type", owners[i].type) &&
			    strcmp(r->stem, owners[i].stem) == 0 &&
			    json_get_kind(g->d, item, r->member,
			    TOKEN_STRING) != JSON_NONE)
				return r;
	return NULL;
}

static void
item_event(struct response_told *g, const char *type, uint32_t item,
    const struct wire_member *m, size_t n)
{
	begin(g, type, false);
	write_int(&g->w, "output_index", g->item);
	write_object(&g->w, "item");
	members_write(&g->w, g->d, item, NULL, m, n);
	write_end(&g->w);
	end(g, type);
}

static void
item_events(struct response_told *g, uint32_t item)
{
	const struct json *d = g->d;
	const struct response_text *r = text_of_item(g, item);
	uint32_t id = json_get_kind(d, item, "id", TOKEN_STRING);
	struct wire_member m[4];
	size_t n = 0;

	g->id = id == JSON_NONE ? SLICE("\"\"") : json_raw(d, id);
	if (json_get_kind(d, item, "content", TOKEN_ARRAY) != JSON_NONE)
		m[n++] = (struct wire_member){ "content", SLICE("[]") };
	if (json_get_kind(d, item, "summary", TOKEN_ARRAY) != JSON_NONE)
		m[n++] = (struct wire_member){ "summary", SLICE("[]") };
	if (json_get_kind(d, item, "status", TOKEN_STRING) != JSON_NONE)
		m[n++] = (struct wire_member){ "status",
		    SLICE("\"in_progress\"") };
	if (r != NULL)
		m[n++] = (struct wire_member){ r->member, SLICE("\"\"") };
	item_event(g, "response.output_item.added", item, m, n);
	list_events(g, item, "summary", "summary_index");
	list_events(g, item, "content", "content_index");
	if (r != NULL)
		text_events(g, r, json_get_kind(d, item, r->member,
		    TOKEN_STRING), JSON_NONE);
	item_event(g, "response.output_item.done", item, NULL, 0);
}

static const char *
last_type(const struct json *d)
{
	return json_get_is(d, 0, "status", "incomplete") ?
	    "response.incomplete" : json_get_is(d, 0, "status", "failed") ?
	    "response.failed" : json_get_is(d, 0, "status", "cancelled") ?
	    "response.cancelled" : "response.completed";
}

void
responses_events(struct buf *out, const struct json *d)
{
	struct response_told g = { .out = out, .b = BUF_INIT, .d = d };
	uint32_t output = json_get_kind(d, 0, "output", TOKEN_ARRAY), t;

	begun(&g, "response.created");
	begun(&g, "response.in_progress");
	for (t = output == JSON_NONE ? JSON_NONE : json_first(d, output);
	    t != JSON_NONE; t = json_next(d, output, t), g.item++)
		if (json_kind(d, t) == TOKEN_OBJECT)
			item_events(&g, t);
	begin(&g, last_type(d), false);
	write_raw(&g.w, "response", json_raw(d, 0));
	end(&g, last_type(d));
	buf_release(&g.b);
}
