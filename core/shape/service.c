/*
 * What smaller services and frameworks answer, each known by a few keys and read by
 * the paths at which it has what all have: one row each.
 *
 * Sources: Cloudflare Workers AI, Dify (chat-messages), Baidu's ERNIE, Tencent's
 * Hunyuan (its SDK, v20230901), MiniMax, Reka (reka-api), SGLang (/generate), Meta's
 * Llama API (llama-api-client) and Llama Stack (llama-stack-client), Bedrock's
 * RetrieveAndGenerate, OpenAI's Assistants and Realtime, LangChain's and Pydantic
 * AI's dumps of a message, the AI SDK's UIMessage, generateText and generateObject,
 * Haystack's generators, Claude Code and Gemini CLI (--output-format json), LlamaIndex's
 * and CrewAI's results, Semantic Kernel's messages, OpenAI's transcriptions, RunPod's
 * vLLM worker.
 */
#include <stdio.h>

#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/body.h"
#include "core/shape/gather.h"
#include "core/shape/openai_chat.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"
#include "core/shape/usage.h"

/* A path is keys and numbers of elements with dots between them; of what a service
 * needs "PATH=TEXT" must be that text. */
struct answer_form {
	const char	*need[3];
	const char	*answer;	/* a text, parts, or a message */
	const char	*id, *model, *usage, *reason, *sources, *created;
	const char	*cost, *latency;	/* numbers: USD, ms */
	const char	*each;		/* of the answer's elements: the path in them */
	bool		 value;		/* the answer is what it is, no text */
	unsigned	 since;		/* as in struct shape */
};

static const struct answer_form services[] = {
	{ .need = { "result.tool_calls.0", "success" }, .answer = "result",
	    .usage = "result.usage" },
	{ .need = { "result.response", "success" }, .answer = "result.response",
	    .usage = "result.usage" },
	{ .need = { "answer", "message_id" }, .answer = "answer",
	    .id = "message_id", .usage = "metadata.usage",
	    .reason = "finish_reason",
	    .sources = "metadata.retriever_resources", .created = "created_at" },
	{ .need = { "result", "need_clear_history" }, .answer = "result",
	    .id = "id", .model = "model", .usage = "usage",
	    .reason = "finish_reason", .sources = "search_info.search_results",
	    .created = "created" },
	{ .need = { "text", "meta_info" }, .answer = "text",
	    .id = "meta_info.id", .model = "model", .usage = "meta_info",
	    .reason = "meta_info.finish_reason.type" },
	{ .need = { "base_resp", "function_call.name" },
	    .answer = "function_call", .id = "id", .model = "model",
	    .usage = "usage", .reason = "choices.0.finish_reason",
	    .created = "created", .since = MAPPING_CALLS },
	{ .need = { "reply", "base_resp" }, .answer = "reply", .id = "id",
	    .model = "model", .usage = "usage",
	    .reason = "choices.0.finish_reason", .created = "created" },
	{ .need = { "responses.0.message.content" },
	    .answer = "responses.0.message", .id = "id", .model = "model",
	    .usage = "usage", .reason = "responses.0.finish_reason" },
	{ .need = { "Response.Choices.0.Message.Content" },
	    .answer = "Response.Choices.0.Message.Content", .id = "Response.Id",
	    .usage = "Response.Usage",
	    .reason = "Response.Choices.0.FinishReason",
	    .sources = "Response.SearchInfo.SearchResults",
	    .created = "Response.Created" },
	{ .need = { "completion_message.content" },
	    .answer = "completion_message", .id = "id", .model = "model",
	    .usage = "metrics", .reason = "completion_message.stop_reason" },
	{ .need = { "output_message.content" }, .answer = "output_message",
	    .id = "turn_id", .model = "model", .usage = "usage",
	    .reason = "output_message.stop_reason", .created = "started_at" },
	{ .need = { "output.text", "sessionId" }, .answer = "output.text",
	    .sources = "citations" },
	{ .need = { "object=thread.message", "role=assistant", "content" },
	    .answer = "content", .id = "id", .model = "assistant_id",
	    .reason = "incomplete_details.reason", .created = "created_at" },
	{ .need = { "object=thread.run", "status=requires_action",
	    "required_action.submit_tool_outputs.tool_calls.0" },
	    .answer = "required_action.submit_tool_outputs", .id = "id",
	    .model = "model", .usage = "usage", .reason = "status",
	    .created = "created_at", .since = MAPPING_CALLS },
	{ .need = { "type=response.done", "response.output" },
	    .answer = "response.output", .id = "response.id",
	    .usage = "response.usage", .reason = "response.status" },
	{ .need = { "object=realtime.response", "output" }, .answer = "output",
	    .id = "id", .usage = "usage", .reason = "status" },
	{ .need = { "type=constructor", "kwargs.content" }, .answer = "kwargs",
	    .id = "kwargs.id", .model = "kwargs.response_metadata.model_name",
	    .usage = "kwargs.usage_metadata",
	    .reason = "kwargs.response_metadata.finish_reason" },
	{ .need = { "type=ai", "data.content" }, .answer = "data",
	    .id = "data.id", .model = "data.response_metadata.model_name",
	    .usage = "data.usage_metadata",
	    .reason = "data.response_metadata.finish_reason" },
	{ .need = { "type=ai", "content" }, .answer = "", .id = "id",
	    .model = "response_metadata.model_name", .usage = "usage_metadata",
	    .reason = "response_metadata.finish_reason" },
	{ .need = { "type=AIMessage", "content" }, .answer = "", .id = "id",
	    .model = "response_metadata.model_name", .usage = "usage_metadata",
	    .reason = "response_metadata.finish_reason" },
	{ .need = { "generations.0.0.text" }, .answer = "generations.0.0.text",
	    .model = "llm_output.model_name", .usage = "llm_output.token_usage",
	    .reason = "generations.0.0.generation_info.finish_reason" },
	{ .need = { "kind=response", "parts" }, .answer = "parts",
	    .id = "provider_response_id", .model = "model_name",
	    .usage = "usage", .reason = "finish_reason", .created = "timestamp" },
	{ .need = { "role=assistant", "parts" }, .answer = "parts", .id = "id",
	    .model = "metadata.model", .usage = "metadata.usage",
	    .reason = "metadata.finishReason" },
	{ .need = { "role=assistant", "content" }, .answer = "", .id = "id",
	    .model = "model", .usage = "usage", .reason = "finish_reason",
	    .created = "created_at" },
	{ .need = { "text", "finishReason", "usage" }, .answer = "text",
	    .id = "response.id", .model = "response.modelId", .usage = "usage",
	    .reason = "finishReason", .sources = "sources",
	    .created = "response.timestamp" },
	{ .need = { "replies.0._content" }, .answer = "replies.0._content",
	    .model = "replies.0._meta.model", .usage = "replies.0._meta.usage",
	    .reason = "replies.0._meta.finish_reason",
	    .since = MAPPING_FILES },
	{ .need = { "replies.0.content", "replies.0.role" },
	    .answer = "replies.0.content", .model = "replies.0.meta.model",
	    .usage = "replies.0.meta.usage",
	    .reason = "replies.0.meta.finish_reason", .since = MAPPING_FILES },
	{ .need = { "replies.0", "meta.0" }, .answer = "replies.0",
	    .model = "meta.0.model", .usage = "meta.0.usage",
	    .reason = "meta.0.finish_reason", .since = MAPPING_FILES },
	{ .need = { "type=result", "session_id", "result" },
	    .answer = "result", .id = "uuid", .usage = "usage",
	    .reason = "stop_reason", .cost = "total_cost_usd",
	    .latency = "duration_ms", .since = MAPPING_FILES },
	{ .need = { "response", "stats.models" }, .answer = "response",
	    .id = "session_id", .since = MAPPING_FILES },
	{ .need = { "response", "source_nodes" }, .answer = "response",
	    .sources = "source_nodes", .since = MAPPING_FILES },
	{ .need = { "message.blocks.0", "message.role=assistant" },
	    .answer = "message.blocks", .model = "raw.model",
	    .usage = "raw.usage", .id = "raw.id", .since = MAPPING_FILES },
	{ .need = { "raw", "tasks_output" }, .answer = "raw",
	    .usage = "token_usage", .since = MAPPING_FILES },
	{ .need = { "raw", "agent", "expected_output" }, .answer = "raw",
	    .since = MAPPING_FILES },
	{ .need = { "role=assistant", "items.0", "content_type" },
	    .answer = "items", .id = "metadata.id", .model = "ai_model_id",
	    .usage = "metadata.usage", .reason = "finish_reason",
	    .since = MAPPING_FILES },
	{ .need = { "Role.Label=assistant", "Items.0.Text" },
	    .answer = "Items.0.Text", .id = "Metadata.Id", .model = "ModelId",
	    .reason = "Metadata.FinishReason", .since = MAPPING_FILES },
	{ .need = { "object", "finishReason", "usage" }, .answer = "object",
	    .id = "response.id", .model = "response.modelId", .usage = "usage",
	    .reason = "finishReason", .created = "response.timestamp",
	    .value = true, .since = MAPPING_FILES },
	{ .need = { "text", "segments" }, .answer = "text", .usage = "usage",
	    .since = MAPPING_FILES },
	{ .need = { "text", "task=transcribe" }, .answer = "text",
	    .usage = "usage", .since = MAPPING_FILES },
	{ .need = { "text", "usage.type=tokens" }, .answer = "text",
	    .usage = "usage", .since = MAPPING_FILES },
	{ .need = { "text", "usage.type=duration" }, .answer = "text",
	    .since = MAPPING_FILES },
	{ .need = { "output.0.choices.0.tokens", "delayTime" },
	    .answer = "output", .each = "choices.0.tokens", .id = "id",
	    .usage = "output.0.usage", .latency = "executionTime",
	    .since = MAPPING_FILES },
	{ .need = { "message.content", "message.role=assistant" },
	    .answer = "message", .id = "id", .model = "model", .usage = "usage",
	    .reason = "finishReason", .created = "created_at" }
};

/* The number that stands for an element, or the key's text; JSON_NONE: none. */
static uint32_t
step_down(const struct json *d, uint32_t t, const char *key)
{
	uint32_t e;

	if (json_kind(d, t) == TOKEN_OBJECT)
		return json_get_value(d, t, key);
	if (json_kind(d, t) != TOKEN_ARRAY || strcmp(key, "0") != 0)
		return JSON_NONE;
	e = json_first(d, t);
	return e == JSON_NONE || json_kind(d, e) == TOKEN_NULL ? JSON_NONE : e;
}

/* Up to its end or a '='. */
static uint32_t
at_path(const struct json *d, uint32_t t, const char *path)
{
	char key[32];
	size_t n;

	for (; path != NULL && *path != '\0' && *path != '='; path += n) {
		path += *path == '.';
		n = strcspn(path, ".=");
		if (n >= sizeof(key))
			return JSON_NONE;
		memcpy(key, path, n);
		key[n] = '\0';
		if ((t = step_down(d, t, key)) == JSON_NONE)
			return JSON_NONE;
	}
	return path == NULL ? JSON_NONE : t;
}

static bool
service_is(const struct json *d, uint32_t body, const struct answer_form *s)
{
	const char *is;
	uint32_t t;
	size_t i;

	for (i = 0; i < 3 && s->need[i] != NULL; i++) {
		if ((t = at_path(d, body, s->need[i])) == JSON_NONE)
			return false;
		is = strchr(s->need[i], '=');
		if (is != NULL && (json_kind(d, t) != TOKEN_STRING ||
		    !json_string_is(d, t, is + 1)))
			return false;
	}
	return true;
}

static const struct answer_form *
service_of(const struct reading *r)
{
	const struct json *d = r->d;
	const struct answer_form *s;
	uint32_t body = r->root;
	size_t i;

	for (i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
		s = &services[i];
		/* An output of one's own is what counts. */
		if (s->since <= r->mapping && service_is(d, body, s) &&
		    (json_get(d, body, "output") == JSON_NONE ||
		    strncmp(s->answer, "output", 6) == 0))
			return s;
	}
	return NULL;
}

static struct slice
text_at(struct reading *r, uint32_t body, const char *path)
{
	uint32_t t = at_path(r->d, body, path);

	return t == JSON_NONE || json_kind(r->d, t) != TOKEN_STRING ?
	    SLICE_NONE : part_text(r, r->d, t);
}

static int64_t
time_at(struct reading *r, uint32_t body, const char *path)
{
	const char *key = path == NULL ? NULL : strrchr(path, '.');
	char holder[32];
	uint32_t t = body;

	if (key != NULL) {
		(void)snprintf(holder, sizeof(holder), "%.*s", (int)(key - path),
		    path);
		t = at_path(r->d, body, holder);
	}
	return path == NULL || t == JSON_NONE || json_kind(r->d, t) !=
	    TOKEN_OBJECT ? -1 : part_time_utc(r, r->d, t, key == NULL ? path :
	    key + 1);
}

static void
amount_at(const struct json *d, uint32_t t, double *to)
{
	if (t != JSON_NONE && json_kind(d, t) == TOKEN_NUMBER)
		part_amount(to, json_double(d, t));
}

/* Meta's Llama API counts in a list: {"metric":"num_prompt_tokens","value":3} */
static void
metrics_read(const struct json *d, uint32_t list, struct item *item)
{
	uint32_t t;

	for (t = json_first(d, list); t != JSON_NONE;
	    t = json_next(d, list, t)) {
		if (json_kind(d, t) != TOKEN_OBJECT)
			continue;
		if (json_get_is(d, t, "metric", "num_prompt_tokens"))
			item->input_tokens = part_count(d, t, "value");
		else if (json_get_is(d, t, "metric", "num_completion_tokens"))
			item->output_tokens = part_count(d, t, "value");
	}
}

/* An item of a list of Realtime's holds its parts. */
static void
list_gather(struct gather *g, uint32_t list)
{
	uint32_t t, content;

	for (t = json_first(g->d, list); t != JSON_NONE;
	    t = json_next(g->d, list, t)) {
		content = json_kind(g->d, t) == TOKEN_OBJECT &&
		    json_get_is(g->d, t, "type", "message") ?
		    json_get_value(g->d, t, "content") : JSON_NONE;
		gather_content(g, content == JSON_NONE ? t : content);
	}
}

static void
each_gather(struct gather *g, uint32_t list, const char *path)
{
	uint32_t t, at;

	for (t = json_first(g->d, list); t != JSON_NONE;
	    t = json_next(g->d, list, t))
		if ((at = at_path(g->d, t, path)) != JSON_NONE)
			gather_content(g, at);
}

static void
answer_read(struct reading *r, uint32_t body, const struct answer_form *s,
    struct item *item)
{
	const struct json *d = r->d;
	uint32_t t = at_path(d, body, s->answer);
	uint32_t sources = at_path(d, body, s->sources);
	struct gather g;

	if (s->value) {
		part_output(r, d, t, item);
		return;
	}
	if (json_kind(d, t) == TOKEN_OBJECT && (json_get(d, t, "content") !=
	    JSON_NONE || json_get(d, t, "tool_calls") != JSON_NONE)) {
		openai_message(r, d, t, item);
		return;
	}
	gather_begin(&g, r, d);
	if (json_kind(d, t) == TOKEN_OBJECT && json_get(d, t, "arguments") !=
	    JSON_NONE)
		gather_calls(&g, t);
	else if (json_kind(d, t) == TOKEN_ARRAY && s->each != NULL)
		each_gather(&g, t, s->each);
	else if (json_kind(d, t) == TOKEN_ARRAY)
		list_gather(&g, t);
	else
		gather_content(&g, t);
	if (sources != JSON_NONE)
		gather_sources(&g, sources);
	gather_end(&g, item);
}

/* Realtime's says how it ended beside what came of it until then. */
static void
realtime_status(struct reading *r, const struct answer_form *s,
    struct item *item)
{
	const struct json *d = r->d;
	uint32_t t, details, error = JSON_NONE;
	enum item_fault fault;
	struct slice why;
	const char *is;

	if (s->reason == NULL || strcmp(strrchr(s->reason, '.') == NULL ?
	    s->reason : strrchr(s->reason, '.') + 1, "status") != 0)
		return;
	t = strchr(s->reason, '.') == NULL ? r->root : at_path(d, r->root,
	    "response");
	details = json_get_kind(d, t, "status_details", TOKEN_OBJECT);
	if (details != JSON_NONE) {
		error = json_get_value(d, details, "error");
		if (json_get_is(d, t, "status", "incomplete"))
			item->stop = stop_from(part_string(r, d, details,
			    "reason"));
	}
	if ((fault = part_status(r, d, t, &is)) == FAULT_NONE)
		return;
	why = part_error(r, d, error);
	part_fault(r, item, t, fault == FAULT_UNDONE ? fault : FAULT_BROKEN,
	    "the response %s%s%.*s", is, why.p == NULL ? "" : ": ",
	    SLICE_ARG(why));
}

static enum status
service_read(struct reading *r)
{
	const struct json *d = r->d;
	const struct answer_form *s = service_of(r);
	uint32_t usage, reason, replies;
	struct item base, *item;
	struct slice why;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK)
		return st;
	if (s == NULL)
		return reading_refuse(r, r->root, "no answer of a known "
		    "service");
	/* MiniMax's; those that were taken once can still be shown. */
	if (!r->joined && part_base_error(r, &why))
		return reading_refuse(r, r->root, "an API error: %.*s",
		    SLICE_ARG(why));
	if (json_get_kind(d, r->root, "is_error", TOKEN_TRUE) != JSON_NONE &&
	    !r->joined)		/* Claude Code's */
		return reading_refuse(r, r->root, "the run failed: %.*s",
		    SLICE_ARG(part_string(r, d, r->root, "result")));
	replies = json_get_kind(d, r->root, "replies", TOKEN_ARRAY);
	if (replies != JSON_NONE && d->tok[replies].count > 1 &&
	    strncmp(s->answer, "replies", 7) == 0)
		return reading_refuse(r, replies, "several replies: jq -c "
		    "'.replies[]|{replies:[.]}' makes a line of each");
	if ((item = part_item(r, &base)) == NULL)
		return r->err->code;
	item->id = text_at(r, r->root, s->id);
	item->model = text_at(r, r->root, s->model);
	usage = at_path(d, r->root, s->usage);
	reason = at_path(d, r->root, s->reason);
	if (usage != JSON_NONE && json_kind(d, usage) == TOKEN_ARRAY)
		metrics_read(d, usage, item);
	else
		part_usage(d, usage, item);
	item->stop = stop_from(text_at(r, r->root, s->reason));
	item->created_ms = time_at(r, r->root, s->created);
	amount_at(d, at_path(d, r->root, s->cost), &item->cost_usd);
	amount_at(d, at_path(d, r->root, s->latency), &item->latency_ms);
	answer_read(r, r->root, s, item);
	realtime_status(r, s, item);
	body_metadata(r, r->root, reason == JSON_NONE || json_kind(d, reason) !=
	    TOKEN_STRING ? SLICE_NONE : json_raw(d, reason), usage, item);
	return STATUS_OK;
}

static bool
service_marks(const struct reading *r)
{
	return service_of(r) != NULL;
}

const struct shape shape_service = {
	.name = "service",
	.marks = service_marks,
	.by = { KEY_result, KEY_answer, KEY_text, KEY_reply, KEY_responses,
	    KEY_Response, KEY_completion_message, KEY_output_message,
	    KEY_sessionId, KEY_role, KEY_type, KEY_object, KEY_generations,
	    KEY_kind, KEY_message, KEY_replies, KEY_raw, KEY_items, KEY_Role,
	    KEY_response, KEY_delayTime, KEY_COUNT },
	.mark = "a message of the assistant, or the answer of one of the services "
	    "of handrail-record.5",
	.read = service_read,
	.hints = { KEY_role, KEY_content, KEY_COUNT }
};
