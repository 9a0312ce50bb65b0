/* The answers of the table of service_forms.c. */
#include <math.h>
#include <stdio.h>

#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/asked.h"
#include "core/shape/body.h"
#include "core/shape/gather.h"
#include "core/shape/logprobs.h"
#include "core/shape/openai_chat.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/service_form.h"
#include "core/shape/shapes.h"
#include "core/shape/usage.h"

/* An output of one's own is what counts; where it is a text there is no other. */
static const struct answer_form *
service_of(const struct reading *r)
{
	bool own = r->at[KEY_output] != JSON_NONE;
	const struct answer_form *f;
	size_t i;

	if (own && json_kind(r->d, r->at[KEY_output]) == TOKEN_STRING)
		return NULL;
	for (i = 0; i < service_nforms; i++) {
		f = &service_forms[i];
		if (own && f->key != KEY_output)
			return NULL;
		if (r->at[f->key] != JSON_NONE && f->since <= r->mapping &&
		    form_is(r, r->root, f))
			return f;
	}
	return NULL;
}

static struct slice
text_at(struct reading *r, uint32_t body, const char *path)
{
	uint32_t t = form_path(r->d, body, path);

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
		t = form_path(r->d, body, holder);
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

/* Gemini CLI's: what each model of the run took, under its name. */
static void
models_read(struct reading *r, uint32_t models, struct item *item)
{
	const struct json *d = r->d;
	int64_t n;
	uint32_t t, tokens;

	if (json_kind(d, models) != TOKEN_OBJECT)
		return;
	for (t = json_first(d, models); t != JSON_NONE;
	    t = json_next(d, models, t)) {
		if (item->model.p == NULL)
			item->model = part_text(r, d, t);
		tokens = json_get_kind(d, t + 1, "tokens", TOKEN_OBJECT);
		if ((n = part_count(d, tokens, "prompt")) >= 0)
			item->input_tokens = n + (item->input_tokens < 0 ? 0 :
			    item->input_tokens);
		if ((n = part_count(d, tokens, "candidates")) >= 0)
			item->output_tokens = n + (item->output_tokens < 0 ? 0 :
			    item->output_tokens);
	}
}

/* A text, or the first of several that are told of by their names. */
static void
model_read(struct reading *r, uint32_t t, struct item *item)
{
	uint32_t first;

	if (t != JSON_NONE && json_kind(r->d, t) == TOKEN_OBJECT && (first =
	    json_first(r->d, t)) != JSON_NONE)
		t = first;
	item->model = part_text(r, r->d, t);
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
		if ((at = form_path(g->d, t, path)) != JSON_NONE)
			gather_content(g, at);
}

/* A message by itself, which may call. */
static bool
is_message(const struct json *d, uint32_t t, const struct answer_form *f)
{
	return json_kind(d, t) == TOKEN_OBJECT && f->calls == NULL &&
	    (json_get(d, t, "content") != JSON_NONE || json_get(d, t,
	    "tool_calls") != JSON_NONE);
}

/* What is said at t, with the calls beside it; `of` is the answer's own. */
static void
answer_read(struct reading *r, uint32_t of, const struct answer_form *f,
    struct item *item)
{
	const struct json *d = r->d;
	uint32_t t = form_path(d, of, f->answer);
	uint32_t calls = form_path(d, of, f->calls);
	uint32_t sources = form_path(d, r->root, f->sources);
	struct gather g;

	if (f->value && t != JSON_NONE) {
		part_output(r, d, t, item);
		return;
	}
	if (t != JSON_NONE && is_message(d, t, f)) {
		openai_message(r, d, t, item);
		return;
	}
	gather_begin(&g, r, d);
	if (t != JSON_NONE && json_kind(d, t) == TOKEN_OBJECT && json_get(d, t,
	    "arguments") != JSON_NONE)
		gather_calls(&g, t);
	else if (t != JSON_NONE && json_kind(d, t) == TOKEN_ARRAY &&
	    f->each != NULL)
		each_gather(&g, t, f->each);
	else if (t != JSON_NONE && json_kind(d, t) == TOKEN_ARRAY)
		list_gather(&g, t);
	else if (t != JSON_NONE)
		gather_content(&g, t);
	gather_calls(&g, calls);
	gather_sources(&g, sources);
	gather_end(&g, item);
}

/* Whisper's segments tell the mean of their tokens each. */
static void
segments_read(struct reading *r, uint32_t list, struct item *item)
{
	struct logprobs sum = { 0, 0 };
	const struct json *d = r->d;
	uint32_t t, tokens;
	double mean;
	size_t n;

	for (t = json_first(d, list); t != JSON_NONE;
	    t = json_next(d, list, t)) {
		if (json_kind(d, t) != TOKEN_OBJECT || isnan(mean =
		    part_number(d, t, "avg_logprob")) || mean > 0)
			continue;
		tokens = json_get_kind(d, t, "tokens", TOKEN_ARRAY);
		n = tokens == JSON_NONE || d->tok[tokens].count == 0 ? 1 :
		    d->tok[tokens].count;
		sum.sum += mean * (double)n;
		sum.n += n;
	}
	logprobs_confidence(&sum, item, "logprobs");
}

static enum status
sure_read(struct reading *r, uint32_t of, const struct answer_form *f,
    struct item *item)
{
	uint32_t t = form_path(r->d, of, f->sure);
	double value;

	if (t == JSON_NONE || item->has_confidence)
		return STATUS_OK;
	if (json_kind(r->d, t) == TOKEN_NUMBER) {
		value = json_double(r->d, t);
		item->has_confidence = value >= 0 && value <= 1;
		if (item->has_confidence) {
			item->confidence = value;
			item->confidence_source = SLICE("service");
		}
		return STATUS_OK;
	}
	if (json_kind(r->d, t) != TOKEN_ARRAY)
		return STATUS_OK;
	if (strcmp(f->sure, "segments") != 0)
		return logprobs_tokens(r, item, t);
	segments_read(r, t, item);
	return STATUS_OK;
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
	t = strchr(s->reason, '.') == NULL ? r->root : form_path(d, r->root,
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

/* What was asked, as a text or as messages, of which the last may be the answer. */
static struct slice
asked_read(struct reading *r, const struct answer_form *f)
{
	const struct json *d = r->d;
	uint32_t t = form_path(d, r->root, f->asked), last;

	if (t == JSON_NONE)
		return SLICE_NONE;
	if (json_kind(d, t) == TOKEN_STRING)
		return part_asked(r, json_raw(d, t));
	if (json_kind(d, t) != TOKEN_ARRAY)
		return SLICE_NONE;
	last = form_path(d, t, "-1");
	return last != JSON_NONE && json_kind(d, last) == TOKEN_OBJECT &&
	    json_get_is(d, last, "role", "assistant") ? asked_before(r, d, t,
	    last) : asked_messages(r, d, t);
}

/* What the whole record says; what is set already stays. */
static void
common_read(struct reading *r, const struct answer_form *f, struct item *item)
{
	const struct json *d = r->d;
	uint32_t usage = form_path(d, r->root, f->usage);

	if (f->model != NULL && f->model == f->usage)
		models_read(r, usage, item);
	else
		model_read(r, form_path(d, r->root, f->model), item);
	item->id = text_at(r, r->root, f->id);
	item->created_ms = time_at(r, r->root, f->created);
	amount_at(d, form_path(d, r->root, f->cost), &item->cost_usd);
	amount_at(d, form_path(d, r->root, f->latency), &item->latency_ms);
	if (usage != JSON_NONE && json_kind(d, usage) == TOKEN_ARRAY)
		metrics_read(d, usage, item);
	else if (f->model != f->usage)
		part_usage(d, usage, item);
	item->messages = asked_read(r, f);
}

/* One answer, of which `of` is what it is read from. */
static enum status
one_read(struct reading *r, uint32_t of, const struct answer_form *f,
    const struct item *base, uint32_t i, uint32_t n)
{
	const struct json *d = r->d;
	uint32_t reason = form_path(d, of, f->reason);
	struct item *item;
	enum status st;

	if (f->body)
		return body_read_known(r, form_path(d, of, f->answer), base,
		    "the answer");
	if ((item = part_item(r, base)) == NULL)
		return r->err->code;
	item->stop = stop_from(text_at(r, of, f->reason));
	answer_read(r, of, f, item);
	if ((st = sure_read(r, of, f, item)) != STATUS_OK)
		return st;
	realtime_status(r, f, item);
	body_metadata(r, r->root, reason == JSON_NONE || json_kind(d, reason) !=
	    TOKEN_STRING ? SLICE_NONE : json_raw(d, reason), form_path(d,
	    r->root, f->usage), item);
	body_choice_id(r, item, i, n);
	return STATUS_OK;
}

static enum status
list_read(struct reading *r, const struct answer_form *f,
    const struct item *base)
{
	const struct json *d = r->d;
	uint32_t list = form_path(d, r->root, f->list), t, i = 0;
	enum status st = STATUS_OK;

	if (json_kind(d, list) != TOKEN_ARRAY)
		return reading_refuse(r, list, "no list of answers");
	if (d->tok[list].count > PARTS_MAX)
		return reading_refuse(r, list, "over %d answers", PARTS_MAX);
	for (t = json_first(d, list); st == STATUS_OK && t != JSON_NONE;
	    t = json_next(d, list, t), i++)
		st = one_read(r, t, f, base, i, d->tok[list].count);
	return st;
}

/* A run that failed, or one that is not done. */
static enum status
undone(struct reading *r, const struct answer_form *f)
{
	static const char *const states[] = { "submitted", "working", "queued",
	    "processing" };
	static const char *const ends[] = { "failed", "canceled", "rejected",
	    "error" };
	const struct json *d = r->d;
	uint32_t t = form_path(d, r->root, "result.status.state|status"), why;
	size_t i;

	if (!f->status || t == JSON_NONE || json_kind(d, t) != TOKEN_STRING)
		return STATUS_OK;
	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (json_string_is(d, t, states[i]))
			return reading_refuse(r, t, "the answer is still being "
			    "made (%s): give it again when it is complete",
			    states[i]);
	why = form_path(d, r->root, "error|result.status.message.parts.0.text");
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (json_string_is(d, t, ends[i]))
			return reading_refuse(r, t, "the request was not "
			    "answered (%s)%s%.*s", ends[i], why == JSON_NONE ?
			    "" : ": ", SLICE_ARG(part_text(r, d, why)));
	return STATUS_OK;
}

/* What bears the marks, and is no answer all the same. */
static enum status
refuse(struct reading *r, const struct answer_form *f)
{
	const struct json *d = r->d;
	struct slice why;
	uint32_t replies;

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
	    strncmp(f->answer, "replies", 7) == 0)
		return reading_refuse(r, replies, "several replies: jq -c "
		    "'.replies[]|{replies:[.]}' makes a line of each");
	return undone(r, f);
}

static enum status
service_read(struct reading *r)
{
	const struct answer_form *f = service_of(r);
	struct item base;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK)
		return st;
	if (f == NULL)
		return reading_refuse(r, r->root, "no answer of a known "
		    "service");
	if ((st = refuse(r, f)) != STATUS_OK)
		return st;
	common_read(r, f, &base);
	return f->list != NULL ? list_read(r, f, &base) :
	    one_read(r, r->root, f, &base, 0, 1);
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
	    KEY_response, KEY_delayTime, KEY_base_resp, KEY_results,
	    KEY_content, KEY_last_message, KEY_messages, KEY_jsonrpc,
	    KEY_predictions, KEY_data, KEY_choices, KEY_generation,
	    KEY_outputs, KEY_audio_url, KEY_chatResponse, KEY_final_result,
	    KEY_orchestration_result, KEY_aiMessage, KEY_text_output,
	    KEY_textResponse, KEY_summary_text, KEY_translation_text,
	    KEY_final_output, KEY_flowOutputEvent, KEY_summary,
	    KEY_combinedPhrases, KEY_COUNT },
	.mark = "a message of the assistant, or the answer of one of the services "
	    "of handrail-record.5",
	.read = service_read,
	.hints = { KEY_role, KEY_content, KEY_COUNT }
};
