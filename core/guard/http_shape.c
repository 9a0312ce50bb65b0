/*
 * The shapes of guard services: Presidio's POST /analyze, OpenAI's POST
 * /v1/moderations, LiteLLM's generic guardrail API, a Guardrails server's POST
 * /guards/NAME/validate, LLM Guard's POST /analyze/output and /analyze/prompt,
 * Llama Guard as a chat model, and any JSON answer read by JSON pointers.
 */
#include "core/guard/http_shape.h"

#include <stdlib.h>
#include <strings.h>

#include "core/base/arena.h"
#include "core/guard/http_generic.h"

#define LLAMA_TOKENS	100	/* of an answer: all categories have room */

enum status
http_unexpected(const char *what, struct error *err)
{
	return error_set(err, STATUS_IO, "the answer is not of its shape: %s",
	    what);
}

enum status
http_add(struct reply *a, const char *kind, json_int_t start, json_int_t end,
    double score, const char *message, struct error *err)
{
	struct finding *f;
	size_t from, to;

	/* The last that there is room for says that there are more. */
	if (a->added > FINDINGS_MAX)
		return STATUS_OK;
	a->added++;
	if (start < 0 || end < start || (size_t)end > a->points)
		return http_unexpected("a span outside the text", err);
	from = utf8_byte(&a->cursor, (size_t)start);
	to = utf8_byte(&a->cursor, (size_t)end);
	if ((f = finding_add(a->run, kind, from, to, "%s", message)) == NULL)
		return finding_stop(a->run, err);
	/* The kind lives in the answer: the verdict outlives it. */
	f->kind = (struct slice){ arena_str(a->run->arena, slice_of(kind)),
	    strlen(kind) };
	if (f->kind.p == NULL)
		return error_nomem(err);
	if (!isnan(score))
		f->score = score < 0 ? 0 : score > 1 ? 1 : score;
	return STATUS_OK;
}

enum status
http_add_whole(struct reply *a, const char *kind, double score,
    const char *message, struct error *err)
{
	return http_add(a, kind, 0, (json_int_t)a->points, score, message, err);
}

static json_t *
presidio_ask(const struct http_guard *g, const struct guard_run *r)
{
	return json_pack("{s:s%, s:s}", "text", r->text.p, r->text.n,
	    "language", g->language);
}

static enum status
presidio_read(struct reply *a, struct error *err)
{
	const char *kind;
	json_int_t start, end;
	double score;
	enum status st;
	json_t *x;
	size_t i;

	if (!json_is_array(a->root))
		return http_unexpected("an array is wanted", err);
	json_array_foreach(a->root, i, x) {
		if (json_unpack(x, "{s:s, s:I, s:I, s:F}", "entity_type", &kind,
		    "start", &start, "end", &end, "score", &score) != 0)
			return http_unexpected("entity_type, start, end and "
			    "score are wanted", err);
		if ((st = http_add(a, kind, start, end, score,
		    "found by the service", err)) != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

static json_t *
moderations_ask(const struct http_guard *g, const struct guard_run *r)
{
	return json_pack("{s:s%, s:s}", "input", r->text.p, r->text.n,
	    "model", g->model);
}

static enum status
moderations_read(struct reply *a, struct error *err)
{
	json_t *result = json_array_get(json_object_get(a->root, "results"), 0);
	json_t *flagged = json_object_get(result, "flagged");
	json_t *scores = json_object_get(result, "category_scores");
	json_t *on, *score;
	const char *category;
	enum status st;
	size_t n = 0;

	if (!json_is_boolean(flagged))
		return http_unexpected("results[0].flagged is wanted", err);
	json_object_foreach(json_object_get(result, "categories"), category, on) {
		if (!json_is_true(on))
			continue;
		score = json_object_get(scores, category);
		n++;
		if ((st = http_add_whole(a, category, json_is_number(score) ?
		    json_number_value(score) : (double)NAN,
		    "flagged by the service", err)) != STATUS_OK)
			return st;
	}
	if (json_is_true(flagged) && n == 0)
		return http_add_whole(a, "flagged", (double)NAN,
		    "flagged by the service", err);
	return STATUS_OK;
}

static json_t *
litellm_ask(const struct http_guard *g, const struct guard_run *r)
{
	return json_pack("{s:[s%], s:{}, s:s}", "texts", r->text.p,
	    r->text.n, "request_data", "input_type", g->on_input ? "request" : "response");
}

static enum status
litellm_read(struct reply *a, struct error *err)
{
	const char *action = json_string_value(json_object_get(a->root,
	    "action"));
	const char *why = json_string_value(json_object_get(a->root,
	    "blocked_reason"));

	if (action == NULL)
		return http_unexpected("action is wanted", err);
	if (strcmp(action, "NONE") == 0)
		return STATUS_OK;
	if (strcmp(action, "BLOCKED") == 0)
		return http_add_whole(a, "blocked", (double)NAN, why == NULL ?
		    "blocked by the service" : why, err);
	if (strcmp(action, "GUARDRAIL_INTERVENED") == 0)
		return http_add_whole(a, "intervened", (double)NAN,
		    "the service would have changed it", err);
	return http_unexpected("action is none of NONE, BLOCKED and "
	    "GUARDRAIL_INTERVENED", err);
}

/* A Guardrails server validates what it takes for a model's output. */
static json_t *
guardrails_ask(const struct http_guard *g, const struct guard_run *r)
{
	(void)g;
	return json_pack("{s:s%}", "llmOutput", r->text.p, r->text.n);
}

/* One validator that failed: at its spans, where all of them are in the text. */
static enum status
guardrails_summary(struct reply *a, json_t *summary, struct error *err)
{
	json_t *spans = json_object_get(summary, "errorSpans"), *x;
	const char *name = "failed", *why = "failed by the service";
	json_int_t start, end;
	enum status st;
	size_t i;

	(void)json_unpack(summary, "{s?s, s?s}", "validatorName", &name,
	    "failureReason", &why);
	json_array_foreach(spans, i, x)
		if (json_unpack(x, "{s:I, s:I}", "start", &start, "end",
		    &end) != 0 || start < 0 || end <= start ||
		    (size_t)end > a->points)
			spans = NULL;
	if (json_array_size(spans) == 0)
		return http_add_whole(a, name, (double)NAN, why, err);
	json_array_foreach(spans, i, x) {
		(void)json_unpack(x, "{s:I, s:I}", "start", &start, "end",
		    &end);
		if ((st = http_add(a, name, start, end, (double)NAN, why,
		    err)) != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

/* What it has mended is not what goes out. */
static enum status
guardrails_passed(struct reply *a, const char *error, struct error *err)
{
	const char *raw, *validated;

	if (error != NULL)
		return error_set(err, STATUS_IO, "the service could not "
		    "validate: %s", error);
	if (json_unpack(a->root, "{s:s, s:s}", "rawLlmOutput", &raw,
	    "validatedOutput", &validated) != 0 ||
	    strcmp(raw, validated) == 0)
		return STATUS_OK;
	return http_add_whole(a, "intervened", (double)NAN,
	    "the service would have changed it", err);
}

static enum status
guardrails_read(struct reply *a, struct error *err)
{
	json_t *passed = json_object_get(a->root, "validationPassed");
	json_t *summaries = json_object_get(a->root, "validationSummaries"), *x;
	const char *error = json_string_value(json_object_get(a->root,
	    "error"));
	const char *said;
	enum status st;
	size_t i, n = 0;

	if (error != NULL && *error == '\0')
		error = NULL;
	if (!json_is_boolean(passed))
		return http_unexpected("validationPassed is wanted", err);
	if (json_is_true(passed))
		return guardrails_passed(a, error, err);
	json_array_foreach(summaries, i, x) {
		said = json_string_value(json_object_get(x, "validatorStatus"));
		if (said == NULL || strcmp(said, "fail") != 0)
			continue;
		n++;
		if ((st = guardrails_summary(a, x, err)) != STATUS_OK)
			return st;
	}
	return n > 0 ? STATUS_OK : http_add_whole(a, "failed", (double)NAN,
	    error == NULL ? "failed by the service" : error, err);
}

/* A message's text; of several parts the first that is one.  NULL: none. */
static json_t *
message_text(json_t *message)
{
	json_t *content = json_object_get(message, "content"), *part, *text;
	size_t i;

	if (json_is_string(content))
		return content;
	json_array_foreach(content, i, part) {
		text = json_object_get(part, "text");
		if (json_is_string(text))
			return text;
	}
	return NULL;
}

/* What the user said last before the output, to be freed; NULL: nothing. */
static json_t *
last_prompt(const struct guard_run *r)
{
	struct slice s = r->item == NULL ? SLICE_NONE : r->item->messages;
	json_t *messages, *text, *found = NULL, *m;
	const char *role;
	size_t i;

	if (s.p == NULL)
		return NULL;
	messages = json_loadb(s.p, s.n, JSON_ALLOW_NUL, NULL);
	json_array_foreach(messages, i, m) {
		role = json_string_value(json_object_get(m, "role"));
		if (role != NULL && strcmp(role, "user") == 0 &&
		    (text = message_text(m)) != NULL)
			found = text;
	}
	json_incref(found);
	json_decref(messages);
	return found;
}

static json_t *
llm_guard_ask(const struct http_guard *g, const struct guard_run *r)
{
	json_t *prompt;

	if (g->on_input)
		return json_pack("{s:s%}", "prompt", r->text.p, r->text.n);
	if ((prompt = last_prompt(r)) == NULL)
		prompt = json_string("");
	return json_pack("{s:o, s:s%}", "prompt", prompt, "output",
	    r->text.p, r->text.n);
}

static enum status
llm_guard_read(struct reply *a, struct error *err)
{
	json_t *valid = json_object_get(a->root, "is_valid"), *score;
	const char *scanner;
	enum status st;
	size_t n = 0;

	if (!json_is_boolean(valid))
		return http_unexpected("is_valid is wanted", err);
	if (json_is_true(valid))
		return STATUS_OK;
	json_object_foreach(json_object_get(a->root, "scanners"), scanner,
	    score) {
		if (!(json_number_value(score) > 0))
			continue;
		n++;
		if ((st = http_add_whole(a, scanner, json_number_value(score),
		    "found by the scanner", err)) != STATUS_OK)
			return st;
	}
	return n > 0 ? STATUS_OK : http_add_whole(a, "flagged", (double)NAN,
	    "flagged by the service", err);
}

/* It judges the last message of a conversation that begins with the user. */
static json_t *
llama_guard_ask(const struct http_guard *g, const struct guard_run *r)
{
	json_t *prompt = g->on_input ? NULL : last_prompt(r), *messages;

	messages = prompt == NULL ?
	    json_pack("[{s:s, s:s%}]", "role", "user", "content", r->text.p,
	    r->text.n) :
	    json_pack("[{s:s, s:o}, {s:s, s:s%}]", "role", "user", "content",
	    prompt, "role", "assistant", "content", r->text.p, r->text.n);
	return json_pack("{s:s, s:o, s:i, s:i}", "model",
	    g->model, "messages", messages, "temperature", 0, "max_tokens",
	    LLAMA_TOKENS);
}

/* The categories of Llama Guard 3 and 4, by their numbers. */
static const char *
hazard_name(const char *code)
{
	static const char *const names[] = {
		"violent crimes", "non-violent crimes", "sex-related crimes",
		"child sexual exploitation", "defamation", "specialized advice",
		"privacy", "intellectual property", "indiscriminate weapons",
		"hate", "suicide and self-harm", "sexual content", "elections",
		"code interpreter abuse"
	};
	char *end;
	unsigned long n = strtoul(code + 1, &end, 10);

	return (*code == 'S' || *code == 's') && *end == '\0' && n > 0 &&
	    n <= sizeof(names) / sizeof(names[0]) ? names[n - 1] :
	    "unsafe by the policy of the service";
}

/* "S1,S10", in what follows "unsafe". */
static enum status
llama_categories(struct reply *a, const char *p, struct error *err)
{
	static const char between[] = " \t\r\n,";
	char code[32];
	enum status st;
	size_t len, n = 0;

	for (p += strspn(p, between); *p != '\0';
	    p += len, p += strspn(p, between)) {
		len = strcspn(p, between);
		if (len >= sizeof(code))
			continue;
		memcpy(code, p, len);
		code[len] = '\0';
		n++;
		if ((st = http_add_whole(a, code, (double)NAN,
		    hazard_name(code), err)) != STATUS_OK)
			return st;
	}
	return n > 0 ? STATUS_OK : http_add_whole(a, "unsafe", (double)NAN,
	    "unsafe by the policy of the service", err);
}

static enum status
llama_guard_read(struct reply *a, struct error *err)
{
	json_t *choice = json_array_get(json_object_get(a->root, "choices"), 0);
	const char *said = json_string_value(json_object_get(
	    json_object_get(choice, "message"), "content"));
	size_t n;

	if (said == NULL)
		return http_unexpected("choices[0].message.content is wanted",
		    err);
	said += strspn(said, " \t\r\n");
	n = strcspn(said, " \t\r\n,");
	if (n == 6 && strncasecmp(said, "unsafe", n) == 0)
		return llama_categories(a, said + n, err);
	if (n == 4 && strncasecmp(said, "safe", n) == 0 &&
	    said[n + strspn(said + n, " \t\r\n")] == '\0')
		return STATUS_OK;
	return http_unexpected("it begins with neither safe nor unsafe", err);
}

const struct http_shape http_shapes[] = {
	{ "presidio", NULL, presidio_ask, presidio_read },
	{ "openai-moderation", "omni-moderation-latest", moderations_ask,
	    moderations_read },
	{ "litellm", NULL, litellm_ask, litellm_read },
	{ "guardrails-ai", NULL, guardrails_ask, guardrails_read },
	{ "llm-guard", NULL, llm_guard_ask, llm_guard_read },
	{ "llama-guard", "meta-llama/Llama-Guard-3-8B", llama_guard_ask,
	    llama_guard_read },
	{ "generic", NULL, http_generic_ask, http_generic_read }
};
