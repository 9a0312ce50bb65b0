#include "core/shape/unknown.h"

#include "core/base/near.h"
#include "core/base/utf8.h"
#include "core/json/value.h"
#include "core/shape/answer.h"

static uint32_t
first_of(const struct json *d, uint32_t t, const char *key)
{
	uint32_t list = t == JSON_NONE ? JSON_NONE : json_get_kind(d, t, key,
	    TOKEN_ARRAY);

	return list == JSON_NONE || d->tok[list].count == 0 ||
	    json_kind(d, list + 1) != TOKEN_OBJECT ? JSON_NONE : list + 1;
}

/* Does it begin so? */
static bool
begins(const struct reading *r, enum shape_key key, const char *with)
{
	size_t n = strlen(with);
	struct slice raw;

	if (!reading_has(r, key, TOKEN_STRING))
		return false;
	raw = json_raw(r->d, r->at[key]);
	return raw.n > n + 1 && memcmp(raw.p + 1, with, n) == 0;
}

static bool
is_chunk(const struct reading *r)
{
	uint32_t choice = first_of(r->d, r->root, "choices");

	return reading_is(r, KEY_object, "chat.completion.chunk") ||
	    (choice != JSON_NONE && json_get_value(r->d, choice, "delta") !=
	    JSON_NONE);
}

/* A piece of a message or a step of OpenAI's Assistants. */
static bool
is_delta(const struct reading *r)
{
	return reading_is(r, KEY_object, "thread.message.delta") ||
	    reading_is(r, KEY_object, "thread.run.step.delta");
}

/* Bedrock's ConverseStream. */
static bool
is_block(const struct reading *r)
{
	static const char *const keys[] = { "messageStart",
	    "contentBlockStart", "contentBlockDelta", "contentBlockStop",
	    "messageStop" };
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (json_get_kind(r->d, r->root, keys[i], TOKEN_OBJECT) !=
		    JSON_NONE)
			return true;
	return false;
}

static bool
is_event(const struct reading *r)
{
	return begins(r, KEY_type, "response.") ||
	    begins(r, KEY_type, "content_block_") ||
	    reading_is(r, KEY_type, "message_start") ||
	    reading_is(r, KEY_type, "message_delta") ||
	    reading_is(r, KEY_type, "message_stop") ||
	    begins(r, KEY_type, "content-") || is_delta(r) || is_block(r) ||
	    reading_is(r, KEY_type, "message-start") ||
	    reading_is(r, KEY_type, "message-end");
}

/* What a tool gave back, in the AI SDK's UI message stream. */
bool
shape_is_ui_result(const struct reading *r)
{
	return reading_is(r, KEY_type, "tool-output-available") &&
	    json_get(r->d, r->root, "toolCallId") != JSON_NONE;
}

static bool
is_ag_ui_event(const struct reading *r)
{
	static const char *const with[] = { "TEXT_MESSAGE_", "TOOL_CALL_",
	    "RUN_", "STEP_", "THINKING_", "STATE_", "MESSAGES_" };
	static const char *const keys[] = { "messageId", "toolCallId", "runId",
	    "stepName", "snapshot", "messages", "delta" };
	size_t i, k;

	for (i = 0; i < sizeof(with) / sizeof(with[0]); i++)
		for (k = 0; k < sizeof(keys) / sizeof(keys[0]); k++)
			if (begins(r, KEY_type, with[i]) && json_get(r->d,
			    r->root, keys[k]) != JSON_NONE)
				return true;
	return false;
}

/* Others may use the shorter words too. */
static bool
is_ui_event(const struct reading *r)
{
	static const char *const types[] = { "text-start", "text-delta",
	    "text-end", "reasoning-start", "reasoning-delta",
	    "reasoning-end", "tool-input-start", "tool-input-delta",
	    "tool-input-available", "tool-input-error",
	    "tool-output-available", "tool-output-error",
	    "tool-output-denied", "tool-approval-request", "source-url",
	    "source-document", "start-step", "finish-step",
	    "message-metadata" };
	static const struct {
		const char	*type, *key;
	} words[] = {
		{ "start", "messageId" }, { "start", "messageMetadata" },
		{ "finish", "finishReason" }, { "finish", "messageMetadata" },
		{ "error", "errorText" }, { "file", "mediaType" },
		{ "abort", "reason" }
	};
	size_t i;

	if (!reading_has(r, KEY_type, TOKEN_STRING) ||
	    r->at[KEY_content] != JSON_NONE)
		return false;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (reading_is(r, KEY_type, types[i]))
			return true;
	if (r->d->tok[r->root].count == 1)
		return reading_is(r, KEY_type, "start") ||
		    reading_is(r, KEY_type, "finish") ||
		    reading_is(r, KEY_type, "abort");
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (reading_is(r, KEY_type, words[i].type) && json_get(r->d,
		    r->root, words[i].key) != JSON_NONE)
			return true;
	return begins(r, KEY_type, "data-") && r->at[KEY_data] != JSON_NONE;
}

static bool
is_embedding(const struct reading *r)
{
	uint32_t data = first_of(r->d, r->root, "data");

	uint32_t made = first_of(r->d, r->root, "predictions");

	return reading_has(r, KEY_embedding, TOKEN_ARRAY) ||
	    (made != JSON_NONE && json_get_value(r->d, made, "embeddings") !=
	    JSON_NONE) ||
	    reading_has(r, KEY_embedding, TOKEN_OBJECT) ||
	    r->at[KEY_embeddings] != JSON_NONE ||
	    reading_is(r, KEY_object, "embedding") || (data != JSON_NONE &&
	    json_get_value(r->d, data, "embedding") != JSON_NONE);
}

static bool
is_image(const struct reading *r)
{
	uint32_t data = first_of(r->d, r->root, "data");

	uint32_t made = first_of(r->d, r->root, "predictions");

	return (made != JSON_NONE && json_get_value(r->d, made,
	    "bytesBase64Encoded") != JSON_NONE) ||
	    (data != JSON_NONE && (json_get(r->d, data, "b64_json") !=
	    JSON_NONE || json_get(r->d, data, "revised_prompt") != JSON_NONE ||
	    json_get(r->d, data, "url") != JSON_NONE)) ||
	    first_of(r->d, r->root, "artifacts") != JSON_NONE ||
	    json_get_kind(r->d, r->root, "images", TOKEN_ARRAY) != JSON_NONE;
}

static bool
is_moderation(const struct reading *r)
{
	uint32_t result = first_of(r->d, r->root, "results");

	return (result != JSON_NONE && (json_get(r->d, result, "flagged") !=
	    JSON_NONE || json_get(r->d, result, "categories") != JSON_NONE)) ||
	    json_get_kind(r->d, r->root, "categoriesAnalysis", TOKEN_ARRAY) !=
	    JSON_NONE;
}

static bool
is_ranking(const struct reading *r)
{
	uint32_t result = first_of(r->d, r->root, "results");

	return result != JSON_NONE && (json_get(r->d, result,
	    "relevance_score") != JSON_NONE || json_get(r->d, result,
	    "relevanceScore") != JSON_NONE);
}

static bool
is_list(const struct reading *r)
{
	return reading_is(r, KEY_object, "list") &&
	    reading_has(r, KEY_data, TOKEN_ARRAY);
}

/* Gemini's own are named by the list that they are in. */
static bool
is_resource(const struct reading *r)
{
	static const char *const lists[] = { "cachedContents/", "files/",
	    "models/", "tunedModels/", "batches/", "operations/" };
	uint32_t name = json_get_kind(r->d, r->root, "name", TOKEN_STRING);
	struct slice raw;
	size_t i, n;

	if (name == JSON_NONE)
		return false;
	raw = json_raw(r->d, name);
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		n = strlen(lists[i]);
		if (raw.n > n + 2 && memcmp(raw.p + 1, lists[i], n) == 0)
			return true;
	}
	return false;
}

/* Objects of APIs that are no answers. */
static bool
is_thing(const struct reading *r)
{
	static const char *const objects[] = { "file", "model", "batch",
	    "fine_tuning.job", "thread", "thread.run", "assistant",
	    "vector_store", "conversation", "response.deleted",
	    "vector_store.search_results.page", "response.input_tokens" };
	size_t i;

	for (i = 0; i < sizeof(objects) / sizeof(objects[0]); i++)
		if (reading_is(r, KEY_object, objects[i]))
			return true;
	return reading_is(r, KEY_type, "message_batch") ||
	    begins(r, KEY_object, "thread.") || is_resource(r);
}

static bool
is_count(const struct reading *r)
{
	return (json_get(r->d, r->root, "input_tokens") != JSON_NONE ||
	    json_get(r->d, r->root, "totalTokens") != JSON_NONE ||
	    json_get(r->d, r->root, "total_tokens") != JSON_NONE ||
	    json_get(r->d, r->root, "inputTokens") != JSON_NONE) &&
	    r->d->tok[r->root].count <= 4;
}

/* Mistral's OCR, Upstage's document parsing. */
static bool
is_document(const struct reading *r)
{
	uint32_t page = first_of(r->d, r->root, "pages");

	return (page != JSON_NONE && json_get_kind(r->d, page, "markdown",
	    TOKEN_STRING) != JSON_NONE) || (reading_has(r, KEY_content,
	    TOKEN_OBJECT) && json_get_kind(r->d, r->root, "elements",
	    TOKEN_ARRAY) != JSON_NONE);
}

/* Of a text, cut up. */
static bool
is_tokens(const struct reading *r)
{
	uint32_t t = json_get_kind(r->d, r->root, "tokens", TOKEN_ARRAY);

	return t != JSON_NONE && (r->d->tok[r->root].count == 1 ||
	    json_get(r->d, r->root, "token_strings") != JSON_NONE ||
	    json_get(r->d, r->root, "count") != JSON_NONE);
}

/* Gemini's live answers come in pieces over a socket. */
static bool
is_live(const struct reading *r)
{
	return json_get_kind(r->d, r->root, "serverContent", TOKEN_OBJECT) !=
	    JSON_NONE;
}

static bool
is_class(const struct reading *r)
{
	return (json_get_kind(r->d, r->root, "label", TOKEN_STRING) !=
	    JSON_NONE && json_get(r->d, r->root, "score") != JSON_NONE) ||
	    json_get_kind(r->d, r->root, "classifications", TOKEN_ARRAY) !=
	    JSON_NONE ||
	    (json_get_kind(r->d, r->root, "labels", TOKEN_ARRAY) != JSON_NONE &&
	    json_get_kind(r->d, r->root, "scores", TOKEN_ARRAY) != JSON_NONE);
}

static bool
is_retrieval(const struct reading *r)
{
	return json_get_kind(r->d, r->root, "retrievalResults", TOKEN_ARRAY) !=
	    JSON_NONE;
}

/* A message of someone else than the model. */
static bool
is_asked(const struct reading *r)
{
	if (reading_is(r, KEY_kind, "request"))		/* Pydantic AI's */
		return json_get_kind(r->d, r->root, "parts", TOKEN_ARRAY) !=
		    JSON_NONE;
	if (reading_has(r, KEY_message, TOKEN_OBJECT) && reading_is(r, KEY_type,
	    "user"))					/* Claude Code's */
		return json_get_is(r->d, r->at[KEY_message], "role", "user");
	return (reading_is(r, KEY_role, "user") ||
	    reading_is(r, KEY_role, "system") || reading_is(r, KEY_role,
	    "developer") || reading_is(r, KEY_role, "tool")) &&
	    (r->at[KEY_content] != JSON_NONE || json_get(r->d, r->root,
	    "parts") != JSON_NONE);
}

/* Claude Code's, beside the answers. */
static bool
is_run_event(const struct reading *r)
{
	return reading_is(r, KEY_type, "system") && json_get_kind(r->d, r->root,
	    "subtype", TOKEN_STRING) != JSON_NONE;
}

static bool
is_run_failed(const struct reading *r)
{
	return reading_is(r, KEY_type, "result") && json_get_kind(r->d, r->root,
	    "num_turns", TOKEN_NUMBER) != JSON_NONE &&
	    r->at[KEY_result] == JSON_NONE;
}

/* Bedrock's ApplyGuardrail, which judges a text that it was given. */
bool
shape_is_verdict(const struct reading *r)
{
	return reading_has(r, KEY_assessments, TOKEN_ARRAY) &&
	    json_get_kind(r->d, r->root, "action", TOKEN_STRING) != JSON_NONE;
}

/* Ends with what the assistant said. */
static bool
is_conversation(const struct reading *r)
{
	uint32_t all = r->at[KEY_messages], t, last = JSON_NONE;

	if (!reading_has(r, KEY_messages, TOKEN_ARRAY) ||
	    r->at[KEY_response] != JSON_NONE)
		return false;
	for (t = json_first(r->d, all); t != JSON_NONE;
	    t = json_next(r->d, all, t))
		last = t;
	return last != JSON_NONE && json_kind(r->d, last) == TOKEN_OBJECT &&
	    json_get_is(r->d, last, "role", "assistant");
}

static bool
is_request(const struct reading *r)
{
	return ((reading_has(r, KEY_messages, TOKEN_ARRAY) &&
	    r->d->tok[r->at[KEY_messages]].count > 0) || reading_has(r,
	    KEY_input, TOKEN_ARRAY) || json_get_kind(r->d, r->root, "contents",
	    TOKEN_ARRAY) != JSON_NONE || (reading_has(r, KEY_custom_id,
	    TOKEN_STRING) && (reading_has(r, KEY_body, TOKEN_OBJECT) ||
	    reading_has(r, KEY_params, TOKEN_OBJECT)))) &&
	    r->at[KEY_response] == JSON_NONE;
}

static const struct {
	bool		(*is)(const struct reading *);
	const char	*what;
} named[] = {
	{ is_chunk, "a piece of a stream (chat.completion.chunk): give the "
	    "server-sent events as they came, which are joined, or the whole "
	    "response" },
	{ is_event, "an event of a stream: give the server-sent events as they "
	    "came, which are joined, or the whole response" },
	{ is_ui_event, "an event of a UI message stream, which is not "
	    "joined: record the message itself (role, parts), as onFinish has "
	    "it" },
	{ is_ag_ui_event, "an event of AG-UI's stream, which is not joined: "
	    "record the message itself (role, content)" },
	{ is_embedding, "an embedding: it has no output to judge" },
	{ is_image, "an image response: it has no text to judge" },
	{ is_moderation, "a moderation response: it has no output to judge" },
	{ is_ranking, "a ranking of documents: it has no output to judge" },
	{ is_list, "a list of an API: jq -c '.data[]' makes a line of each "
	    "record in it" },
	{ is_retrieval, "documents that were found: they are no output to "
	    "judge" },
	{ is_class, "a classification: it has no output to judge" },
	{ is_count, "a count of tokens: it has no output to judge" },
	{ is_document, "a document that was read, and no answer of a model" },
	{ is_tokens, "tokens of a text: they are no output to judge" },
	{ is_live, "a piece of a live session: record the whole turn" },
	{ is_asked, "a message to the model, not its answer" },
	{ is_run_event, "an event of an agent's run, not its answer" },
	{ is_run_failed, "the result of an agent's run that ended without an "
	    "answer" },
	{ is_thing, "an object of an API that is no answer of a model: it has "
	    "no output to judge" },
	{ shape_is_verdict, "the verdict of a guardrail: it has no output to "
	    "judge" },
	{ is_conversation, "a conversation: jq -c '.output = "
	    ".messages[-1].content | .messages |= .[:-1]' makes its last message "
	    "the output" },
	{ is_request, "a request without its response" }
};

const char shape_step[] = "a step on the way to an answer, such as a tool's or a "
    "retriever's: what it found is no output";

/* How the reason of a record of no known shape begins. */
static const char unknown[] = "no \"output\" and no known shape";

bool
shape_is_unknown(const char *reason)
{
	const char *why = strncmp(reason, "byte ", 5) == 0 ? strstr(reason,
	    ": ") : NULL;
	size_t i;

	if (why == NULL)
		return false;
	why += 2;
	for (i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (strcmp(why, named[i].what) == 0)
			return true;
	return strcmp(why, shape_step) == 0 || strncmp(why, unknown, sizeof(unknown) - 1) == 0;
}

static const char *
name_of(const struct reading *r)
{
	size_t i;

	for (i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (named[i].is(r))
			return named[i].what;
	return NULL;
}

/* Of a run of OpenAI's Assistants, of Tencent's response. */
static uint32_t
error_within(const struct reading *r)
{
	if (reading_is(r, KEY_object, "thread.run"))
		return json_get_kind(r->d, r->root, "last_error", TOKEN_OBJECT);
	return reading_has(r, KEY_Response, TOKEN_OBJECT) ? json_get_kind(r->d,
	    r->at[KEY_Response], "Error", TOKEN_OBJECT) : JSON_NONE;
}

/* An error of an API, whose message it is best to show. */
static struct slice
error_named(struct reading *r)
{
	static const enum shape_key keys[] = { KEY_error, KEY_errors, KEY_Error,
	    KEY_detail, KEY_Output };
	struct slice why;
	uint32_t t;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		/* An AWS error is an object; a text is an answer's key mistyped. */
		if ((t = r->at[keys[i]]) == JSON_NONE ||
		    (keys[i] == KEY_Output && reading_has(r, KEY_Output,
		    TOKEN_STRING)))
			continue;
		if (json_kind(r->d, t) == TOKEN_ARRAY && json_first(r->d, t) !=
		    JSON_NONE)
			t = json_first(r->d, t);
		if ((why = part_error(r, r->d, t)).n > 0)
			return why;
	}
	return SLICE_NONE;
}

static struct slice
api_error(struct reading *r)
{
	struct slice why = error_named(r);
	uint32_t t;

	if (why.n > 0)
		return why;
	/* {"message":"...","code":"..."}, and no more than that. */
	if (reading_has(r, KEY_message, TOKEN_STRING) &&
	    (r->d->tok[r->root].count <= 2 || reading_is(r, KEY_object,
	    "error") || r->at[KEY___type] != JSON_NONE || json_get(r->d,
	    r->root, "code") != JSON_NONE))
		return part_error(r, r->d, r->root);
	if ((t = error_within(r)) != JSON_NONE)
		return part_error(r, r->d, t);
	if (part_base_error(r, &why))
		return why;
	return r->at[KEY_errorCode] != JSON_NONE ? part_error(r, r->d,
	    r->root) : SLICE_NONE;
}

/* Where pairs of question and answer have it under a name of their own. */
static const char *
renamed(const struct reading *r)
{
	static const struct {
		enum shape_key	 key;
		const char	*name;
	} keys[] = {
		{ KEY_completion, "completion" }, { KEY_answer, "answer" },
		{ KEY_response, "response" }, { KEY_text, "text" },
		{ KEY_reply, "reply" }, { KEY_prediction, "prediction" },
		{ KEY_generation, "generation" }, { KEY_content, "content" },
		{ KEY_result, "result" }, { KEY_message, "message" },
		{ KEY_outputs, "outputs" }
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (reading_has(r, keys[i].key, TOKEN_STRING))
			return keys[i].name;
	return NULL;
}

#define KEYS_TOLD	8	/* of an unknown record, in its error */
#define KEY_TOLD	40	/* bytes of one */

static void
keys_tell(const struct reading *r, struct buf *keys)
{
	struct utf8_cursor cursor;
	struct slice raw;
	unsigned n = 0;
	uint32_t t;

	for (t = json_first(r->d, r->root); t != JSON_NONE && n < KEYS_TOLD;
	    t = json_next(r->d, r->root, t), n++) {
		raw = json_raw(r->d, t);
		raw = (struct slice){ raw.p + 1, raw.n - 2 };
		cursor = (struct utf8_cursor){ raw, 0, 0 };
		if (raw.n > KEY_TOLD)
			raw.n = utf8_byte(&cursor, KEY_TOLD / 4);
		buf_printf(keys, "%s%.*s", n == 0 ? "" : ", ", SLICE_ARG(raw));
	}
	if (n == 0)
		buf_puts(keys, "none");
	else if (t != JSON_NONE)
		buf_puts(keys, ", ...");
}

static const char *
output_name(void *arg, size_t i)
{
	(void)arg;
	return i == 0 ? "output" : NULL;
}

/* A key that is nearly "output": "ouput", "out". */
static const char *
mistyped(const struct reading *r, char key[KEY_TOLD + 1])
{
	char hint[NEAR_TEXT];
	struct slice raw;
	uint32_t t;

	for (t = json_first(r->d, r->root); t != JSON_NONE;
	    t = json_next(r->d, r->root, t)) {
		raw = json_raw(r->d, t);
		if (raw.n < 3 || raw.n - 2 > KEY_TOLD)
			continue;
		memcpy(key, raw.p + 1, raw.n - 2);
		key[raw.n - 2] = '\0';
		if (strspn(key, "abcdefghijklmnopqrstuvwxyz"
		    "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == raw.n - 2 &&
		    near_hint(hint, slice_of(key), output_name, NULL)[0] != '\0')
			return key;
	}
	return NULL;
}

/* Does the word stand in the text? */
static bool
names(const char *text, const char *word)
{
	size_t n = strlen(word);
	const char *at = text;

	for (; (at = strstr(at, word)) != NULL; at += n)
		if ((at == text || strchr(" .", at[-1]) != NULL) &&
		    strchr(" ,.[", at[n]) != NULL)
			return true;
	return false;
}

/* The nearest shape, its marks, and which of their keys are not there. */
static void
nearest_tell(const struct reading *r, struct buf *b)
{
	const struct shape *near = shape_nearest(r);
	const char *key, *sep = "; missing: ";
	size_t i;

	if (near == NULL)
		return;
	buf_printf(b, "; nearest is %s (%s)", near->name, near->mark);
	for (i = 0; near->hints[i] != KEY_COUNT; i++) {
		key = shape_key_name(near->hints[i]);
		if (r->at[near->hints[i]] != JSON_NONE ||
		    !names(near->mark, key))
			continue;
		buf_printf(b, "%s%s", sep, key);
		sep = ", ";
	}
}

enum status
shape_unknown(struct reading *r)
{
	const char *what = name_of(r), *key, *is;
	char typed[KEY_TOLD + 1];
	struct slice why = api_error(r);
	struct buf b = BUF_INIT;

	if (why.p != NULL)
		return reading_refuse(r, r->root, "an API error: %.*s",
		    SLICE_ARG(why));
	if (what != NULL)
		return reading_refuse(r, r->root, "%s", what);
	if (part_status(r, r->d, r->root, &is) != FAULT_NONE)
		return reading_refuse(r, r->root, "there is no answer: its "
		    "status says that it %s", is);
	buf_printf(&b, "%s: its keys are ", unknown);
	keys_tell(r, &b);
	if ((key = renamed(r)) != NULL || (key = mistyped(r, typed)) != NULL)
		buf_printf(&b, "; if \"%s\" is the output: jq -c "
		    "'.output = .%s'", key, key);
	else
		nearest_tell(r, &b);
	(void)reading_refuse(r, r->root, "%s", buf_str(&b));
	buf_release(&b);
	return r->err->code;
}
