#include "queue/export/format.h"

#include "core/json/value.h"
#include "core/json/write.h"
#include "core/shape/call.h"
#include "queue/export/tools.h"
#include "queue/export/turn.h"
#include "queue/review/item_json.h"

static const char *
jsonl_row(struct buf *b, const struct export_row *r, struct arena *arena)
{
	struct writer w = WRITER(b, WRITE_SHOWN);

	(void)arena;
	item_labelled_json(&w, r->d);
	return NULL;
}

static bool
value_is_one_of(const struct json *d, uint32_t t, const char *const *words)
{
	if (t == JSON_NONE || json_kind(d, t) != TOKEN_STRING)
		return false;
	while (*words != NULL && !json_string_is(d, t, *words))
		words++;
	return *words != NULL;
}

static bool
has_string(const struct json *d, uint32_t object, const char *key)
{
	uint32_t t = json_get(d, object, key);

	return t != JSON_NONE && json_kind(d, t) == TOKEN_STRING;
}

/* OpenAI's form: [{"id","type":"function","function":{"name","arguments"}}],
 * the arguments as text. */
static bool
calls_are_known(const struct json *d, uint32_t calls)
{
	static const char *const types[] = { "function", NULL };
	uint32_t t, function;

	if (json_kind(d, calls) != TOKEN_ARRAY || d->tok[calls].count == 0)
		return false;
	for (t = json_first(d, calls); t != JSON_NONE;
	    t = json_next(d, calls, t)) {
		if (json_kind(d, t) != TOKEN_OBJECT || !has_string(d, t, "id") ||
		    !value_is_one_of(d, json_get(d, t, "type"), types))
			return false;
		function = json_get(d, t, "function");
		if (function == JSON_NONE ||
		    json_kind(d, function) != TOKEN_OBJECT ||
		    !has_string(d, function, "name") ||
		    !has_string(d, function, "arguments"))
			return false;
	}
	return true;
}

/* A text, or a list of parts that OpenAI's form has. */
static bool
content_is_known(const struct json *d, uint32_t content)
{
	static const char *const types[] = {
		"text", "image_url", "input_audio", "file", "refusal", NULL
	};
	uint32_t t;

	if (json_kind(d, content) == TOKEN_STRING)
		return true;
	if (json_kind(d, content) != TOKEN_ARRAY || d->tok[content].count == 0)
		return false;
	for (t = json_first(d, content); t != JSON_NONE;
	    t = json_next(d, content, t))
		if (json_kind(d, t) != TOKEN_OBJECT ||
		    !value_is_one_of(d, json_get(d, t, "type"), types))
			return false;
	return true;
}

static const char *
message_fits(const struct json *d, uint32_t m)
{
	static const char *const roles[] = {
		"system", "developer", "user", "assistant", "tool", NULL
	};
	uint32_t content, calls;

	if (json_kind(d, m) != TOKEN_OBJECT)
		return "a message is not an object";
	if (!value_is_one_of(d, json_get(d, m, "role"), roles))
		return "a message has an unknown role";
	if (json_string_is(d, json_get(d, m, "role"), "tool") &&
	    !has_string(d, m, "tool_call_id"))
		return "a tool's answer does not name the call";
	calls = json_get_value(d, m, "tool_calls");
	if (calls != JSON_NONE && !calls_are_known(d, calls))
		return "a message calls a tool in an unknown form";
	content = json_get_value(d, m, "content");
	if (content == JSON_NONE)
		return calls == JSON_NONE ? "a message has no content" : NULL;
	return content_is_known(d, content) ? NULL :
	    "a message has content of an unknown form";
}

static bool
is_answer(const struct json *d, uint32_t message)
{
	uint32_t role = json_get(d, message, "role");

	return role != JSON_NONE && json_string_is(d, role, "assistant");
}

static void
write_message(struct writer *w, const struct json *d, uint32_t m, bool weigh)
{
	write_object(w, NULL);
	write_inside(w, json_raw(d, m));
	if (weigh && json_get(d, m, "weight") == JSON_NONE)
		write_int(w, "weight", 0);
	write_end(w);
}

/*
 * The conversation's messages, into an array.  With `answers` its earlier answers
 * are counted and get the weight 0: only the one that was judged is to be learnt
 * from.
 */
static const char *
write_messages(struct writer *w, struct slice messages, size_t *answers)
{
	struct json d = JSON_INIT;
	struct json_error why;
	const char *skip = NULL;
	bool answer;
	uint32_t t;

	if (messages.p == NULL)
		return "no messages";
	if (json_parse(&d, messages, JSON_DEPTH_MAX, 0, &why) != STATUS_OK ||
	    json_kind(&d, 0) != TOKEN_ARRAY || d.tok[0].count == 0)
		skip = "no messages";
	for (t = skip == NULL ? json_first(&d, 0) : JSON_NONE;
	    t != JSON_NONE; t = json_next(&d, 0, t)) {
		answer = answers != NULL && is_answer(&d, t);
		if ((skip = message_fits(&d, t)) == NULL)
			write_message(w, &d, t, answer);
		else if (turn_write(w, &d, t, answer ? 0 : -1))
			skip = NULL;
		else
			break;
		if (answer)
			++*answers;
	}
	json_release(&d);
	return skip;
}

/*
 * Is it to be written as calls?  Sets *skip where it holds what a chat has no form
 * for.  JSON that calls nothing is what a native record's model wrote; in other
 * shapes it is parts that are no text.
 */
static bool
is_called(const struct export_row *r, struct slice text, const char **skip)
{
	const struct item *item = &r->d->item;
	enum call_form form;

	*skip = NULL;
	if (item->output_is_string || text.n == 0 || (text.p[0] != '[' &&
	    text.p[0] != '{'))
		return false;
	form = call_form(text);
	if (form == CALL_UNKNOWN)
		*skip = "the answer calls a tool in an unknown form";
	else if (form == CALL_NONE && strcmp(item->shape, "native") != 0)
		*skip = "the answer has parts that are no text";
	return form == CALL_KNOWN;
}

/* weight -1: none. */
static const char *
write_assistant(struct writer *w, const struct export_row *r,
    struct slice text, int weight)
{
	const char *skip;
	bool called = is_called(r, text, &skip);

	if (skip != NULL)
		return skip;
	write_object(w, NULL);
	write_word(w, "role", "assistant");
	if (called)
		call_write(w, text);
	else
		write_text(w, "content", text);
	if (weight >= 0)
		write_int(w, "weight", weight);
	write_end(w);
	return NULL;
}

/* An array of that one message. */
static const char *
write_answer(struct writer *w, const char *name, const struct export_row *r,
    struct slice text)
{
	const char *skip;

	write_array(w, name);
	if ((skip = write_assistant(w, r, text, -1)) != NULL)
		return skip;
	write_end(w);
	return NULL;
}

static const char *
sft_row(struct buf *b, const struct export_row *r, struct arena *arena)
{
	struct writer w = WRITER(b, WRITE_SHOWN);
	const char *skip;
	size_t answers = 0;

	(void)arena;
	if (r->final.p == NULL)
		return "not accepted or edited";
	write_object(&w, NULL);
	write_array(&w, "messages");
	if ((skip = write_messages(&w, r->d->item.messages, &answers)) != NULL)
		return skip;
	skip = write_assistant(&w, r, r->final, answers > 0 ? 1 : -1);
	if (skip != NULL)
		return skip;
	write_end(&w);
	call_tools_write(&w, r->d->item.tools);
	write_end(&w);
	return NULL;
}

/* Only an edit that changed something is a pair. */
static const char *
pair_fits(const struct export_row *r)
{
	if (!slice_is(r->last->decision, "edit"))
		return "not edited";
	return slice_eq(r->final, r->d->item.output) ?
	    "the edit changed nothing" : NULL;
}

static const char *
dpo_row(struct buf *b, const struct export_row *r, struct arena *arena)
{
	struct writer w = WRITER(b, WRITE_SHOWN);
	const char *skip;

	(void)arena;
	if ((skip = pair_fits(r)) != NULL)
		return skip;
	write_object(&w, NULL);
	write_array(&w, "prompt");
	if ((skip = write_messages(&w, r->d->item.messages, NULL)) != NULL)
		return skip;
	write_end(&w);
	if ((skip = write_answer(&w, "chosen", r, r->final)) != NULL ||
	    (skip = write_answer(&w, "rejected", r, r->d->item.output)) !=
	    NULL)
		return skip;
	call_tools_write(&w, r->d->item.tools);
	write_end(&w);
	return NULL;
}

static const char *
dpo_openai_row(struct buf *b, const struct export_row *r, struct arena *arena)
{
	struct writer w = WRITER(b, WRITE_SHOWN);
	const char *skip;

	(void)arena;
	if ((skip = pair_fits(r)) != NULL)
		return skip;
	write_object(&w, NULL);
	write_object(&w, "input");
	write_array(&w, "messages");
	if ((skip = write_messages(&w, r->d->item.messages, NULL)) != NULL)
		return skip;
	write_end(&w);
	call_tools_write(&w, r->d->item.tools);
	write_end(&w);
	if ((skip = write_answer(&w, "preferred_output", r, r->final)) !=
	    NULL || (skip = write_answer(&w, "non_preferred_output", r,
	    r->d->item.output)) != NULL)
		return skip;
	write_end(&w);
	return NULL;
}

static const char *
kto_row(struct buf *b, const struct export_row *r, struct arena *arena)
{
	struct writer w = WRITER(b, WRITE_SHOWN);
	bool accepted = slice_is(r->last->decision, "accept");
	const char *skip;

	(void)arena;
	if (slice_is(r->last->decision, "edit"))
		return "an edit is a pair: dpo takes it";
	if (!accepted && !slice_is(r->last->decision, "reject"))
		return "not accepted or rejected";
	write_object(&w, NULL);
	write_array(&w, "prompt");
	if ((skip = write_messages(&w, r->d->item.messages, NULL)) != NULL)
		return skip;
	write_end(&w);
	skip = write_answer(&w, "completion", r, r->d->item.output);
	if (skip != NULL)
		return skip;
	write_bool(&w, "label", accepted);
	call_tools_write(&w, r->d->item.tools);
	write_end(&w);
	return NULL;
}

#define JSON_LINES	.extension = "jsonl", .eol = "\n"
#define JSON_ARRAY	.extension = "json", .eol = "", .array = true, \
	.between = ",\n"

const struct export_format export_formats[] = {
	{ .name = "jsonl", JSON_LINES, .undone = true, .row = jsonl_row },
	{ .name = "sft", JSON_LINES, .row = sft_row },
	{ .name = "dpo", JSON_LINES, .row = dpo_row },
	{ .name = "dpo-openai", JSON_LINES, .row = dpo_openai_row },
	{ .name = "kto", JSON_LINES, .row = kto_row },
	{ .name = "csv", .extension = "csv", .eol = "\r\n",
	    .head = EXPORT_CSV_HEAD, .head_besides = EXPORT_CSV_HEAD_BESIDES,
	    .row = export_csv_row },
	{ .name = "labelstudio", JSON_ARRAY, .tail = "\n]\n",
	    .row = export_labelstudio_row },
	{ .name = "argilla", JSON_ARRAY, .member = "items", .tail = "\n]}\n",
	    .row = export_argilla_row },
	{ .name = NULL }
};

const struct export_format *
export_format_find(const char *name)
{
	const struct export_format *f;

	for (f = export_formats; f->name != NULL; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}
