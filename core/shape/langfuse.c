/*
 * A Langfuse observation, with its scores where they were exported with it: as
 * the API has it (langfuse-js, Observation and ObservationV2), as the export to
 * a blob storage writes it (langfuse-docs, blob-storage-export-fields.mdx), and as
 * the Python SDK's objects name their fields.
 */
#include <math.h>

#include "core/base/arena.h"
#include "core/json/value.h"
#include "core/json/write.h"
#include "core/shape/answer.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/request.h"
#include "core/shape/shapes.h"
#include "core/shape/traced.h"
#include "core/shape/unknown.h"
#include "core/shape/usage.h"

enum langfuse_key { MODEL, PROMPT_NAME, PROMPT_VERSION, START, END, USAGE, COST, TOTAL,
    STRING_VALUE, DATA_TYPE, STATUS };

static const char *const spellings[][5] = {
	[MODEL] = { "model", "providedModelName", "provided_model_name" },
	[PROMPT_NAME] = { "promptName", "prompt_name" },
	[PROMPT_VERSION] = { "promptVersion", "prompt_version" },
	[START] = { "startTime", "start_time", "timestamp" },
	[END] = { "endTime", "end_time" },
	[USAGE] = { "usageDetails", "usage_details", "usage" },
	[COST] = { "costDetails", "cost_details" },
	[TOTAL] = { "calculatedTotalCost", "calculated_total_cost", "totalCost",
	    "total_cost" },
	[STRING_VALUE] = { "stringValue", "string_value" },
	[DATA_TYPE] = { "dataType", "data_type" },
	[STATUS] = { "statusMessage", "status_message" }
};

/* The spelling that the object has, or the first one. */
static const char *
spelled(const struct json *d, uint32_t object, enum langfuse_key key)
{
	const char *const *name;

	for (name = spellings[key]; *name != NULL; name++)
		if (json_get_value(d, object, *name) != JSON_NONE)
			return *name;
	return spellings[key][0];
}

/* Others have a trace_id, a start_time and a type too: here it is one of these. */
static bool
has_type(const struct reading *r)
{
	static const char *const types[] = { "SPAN", "GENERATION", "EVENT",
	    "AGENT", "TOOL", "CHAIN", "RETRIEVER", "EVALUATOR", "EMBEDDING",
	    "GUARDRAIL" };
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (reading_is(r, KEY_type, types[i]))
			return true;
	return false;
}

static bool
langfuse_marks(const struct reading *r)
{
	/* A whole trace has neither of these, but what it belongs to. */
	if (r->at[KEY_timestamp] != JSON_NONE && r->at[KEY_sessionId] !=
	    JSON_NONE)
		return r->at[KEY_output] != JSON_NONE;
	if (r->at[KEY_traceId] != JSON_NONE)
		return r->at[KEY_spanId] == JSON_NONE &&
		    reading_has(r, KEY_type, TOKEN_STRING) &&
		    r->at[KEY_startTime] != JSON_NONE;
	return r->at[KEY_trace_id] != JSON_NONE &&
	    r->at[KEY_span_id] == JSON_NONE &&
	    r->at[KEY_start_time] != JSON_NONE && has_type(r);
}

static int64_t
time_read(struct reading *r, enum langfuse_key key)
{
	return part_time_utc(r, r->d, r->root, spelled(r->d, r->root, key));
}

/* Absent also where it is empty. */
static struct slice
name_read(struct reading *r, enum langfuse_key key)
{
	struct slice s = part_string(r, r->d, r->root, spelled(r->d, r->root,
	    key));

	return s.n == 0 ? SLICE_NONE : s;
}

static struct slice
prompt_name(struct reading *r)
{
	struct slice name = name_read(r, PROMPT_NAME);
	int64_t version = part_count(r->d, r->root, spelled(r->d, r->root,
	    PROMPT_VERSION));

	if (name.p == NULL || version < 0)
		return name;
	name = arena_printf(r->reader->arena, "%.*s@%lld", SLICE_ARG(name),
	    (long long)version);
	r->failed |= name.p == NULL;
	return name;
}

static struct slice
score_label(struct reading *r, const struct json *d, uint32_t score,
    const char *type)
{
	struct slice label = part_string(r, d, score, spelled(d, score,
	    STRING_VALUE));

	if (label.p == NULL)
		label = part_string(r, d, score, "value");
	if (json_get_is(d, score, type, "NUMERIC") ||
	    json_get_is(d, score, type, "BOOLEAN"))
		return SLICE_NONE;
	return label;
}

/* What is neither a guard's result nor a confidence goes into the metadata. */
static void
scores_read(struct reading *r, const struct json *d, uint32_t scores,
    struct item *item, struct writer *w)
{
	struct evaluation e;
	const char *type;
	uint32_t t, v;

	for (t = scores == JSON_NONE ? JSON_NONE : json_first(d, scores);
	    t != JSON_NONE; t = json_next(d, scores, t)) {
		if (json_kind(d, t) != TOKEN_OBJECT)
			continue;
		type = spelled(d, t, DATA_TYPE);
		e = (struct evaluation){
			.name = part_string(r, d, t, "name"),
			.label = score_label(r, d, t, type),
			.message = part_string(r, d, t, "comment"),
			.score = part_number(d, t, "value"),
			.yes_no = json_get_is(d, t, type, "BOOLEAN")
		};
		v = json_get_value(d, t, "value");
		if (!part_evaluation(r, item, &e, "langfuse") || v == JSON_NONE)
			continue;
		write_name(w, json_raw(d, json_get(d, t, "name")));
		write_raw(w, NULL, json_raw(d, v));
	}
}

/* The observation's own, and those that stood in a file of theirs. */
static struct slice
all_scores(struct reading *r, struct item *item)
{
	struct json *inner = &r->reader->inner;
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	struct json_error why;
	enum status st;

	write_object(&w, NULL);
	scores_read(r, r->d, json_get_kind(r->d, r->root, "scores",
	    TOKEN_ARRAY), item, &w);
	if (item->input.n > 0 && item->input.p[0] == '[') {
		st = json_parse(inner, item->input, JSON_DEPTH_MAX, 0, &why);
		r->failed |= st == STATUS_NOMEM;
		if (st == STATUS_OK)
			scores_read(r, inner, 0, item, &w);
	}
	if (write_is_empty(&w)) {
		buf_release(&b);
		return SLICE_NONE;
	}
	write_end(&w);
	return part_keep_json(r, &b);
}

static void
numbers_read(struct reading *r, struct item *item)
{
	const struct json *d = r->d;
	uint32_t usage = json_get_kind(d, r->root, spelled(d, r->root, USAGE),
	    TOKEN_OBJECT);
	uint32_t cost = json_get_kind(d, r->root, spelled(d, r->root, COST),
	    TOKEN_OBJECT);
	int64_t to = time_read(r, END);

	part_usage(d, usage, item);
	part_amount(&item->cost_usd, part_number(d, r->root, spelled(d,
	    r->root, TOTAL)));
	if (cost != JSON_NONE)
		part_amount(&item->cost_usd, part_number(d, cost, "total"));
	item->created_ms = time_read(r, START);
	part_amount(&item->latency_ms, part_number(d, r->root, "latency") *
	    1000);
	if (item->created_ms >= 0 && to >= item->created_ms)
		item->latency_ms = (double)(to - item->created_ms);
}

static struct slice
failure(struct reading *r)
{
	struct slice why = name_read(r, STATUS);

	return why.p != NULL ? why : SLICE("level ERROR");
}

/* The reason stands with the output or, by some, in the metadata. */
static void
stop_read(struct reading *r, struct item *item)
{
	uint32_t metadata = json_get_kind(r->d, r->root, "metadata",
	    TOKEN_OBJECT);

	if (item->stop == STOP_UNKNOWN && metadata != JSON_NONE)
		item->stop = part_stop(r, r->d, metadata);
	if (json_get_is(r->d, r->root, "level", "ERROR"))
		part_fault(r, item, r->root, FAULT_BROKEN, "the call failed: "
		    "%.*s", SLICE_ARG(failure(r)));
}

static enum status
output_missing(struct reading *r)
{
	return json_get_is(r->d, r->root, "level", "ERROR") ?
	    reading_refuse(r, r->root, "the call failed: %.*s",
	    SLICE_ARG(failure(r))) :
	    reading_refuse(r, r->root, "an observation without \"output\"");
}

/* What a tool or a retriever found, a vector. */
static bool
is_step(const struct reading *r)
{
	return reading_is(r, KEY_type, "RETRIEVER") || reading_is(r, KEY_type,
	    "TOOL") || reading_is(r, KEY_type, "EMBEDDING");
}

static enum status
langfuse_read(struct reading *r)
{
	const struct json *d = r->d;
	uint32_t t = json_get_value(d, r->root, "output");
	struct slice add[6][2];
	struct item base, *item;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK)
		return st;
	/* Those that were taken once can still be shown. */
	if (!r->joined && is_step(r))
		return reading_refuse(r, r->root, "%s", shape_step);
	/* Where nothing is set, the export has an empty text. */
	if (t == JSON_NONE || (r->at[KEY_traceId] == JSON_NONE &&
	    json_get_is(d, r->root, "output", "")))
		return output_missing(r);
	if ((st = part_inputs(r, part_string(r, d, r->root, "id"), &base)) !=
	    STATUS_OK)
		return st;
	if ((item = part_item(r, &base)) == NULL)
		return r->err->code;
	traced_output(r, t, item);
	stop_read(r, item);
	item->id = part_string(r, d, r->root, "id");
	item->model = name_read(r, MODEL);
	item->prompt = prompt_name(r);
	if (item->messages.p == NULL)
		item->messages = traced_input(r, json_get_value(d, r->root,
		    "input"));
	numbers_read(r, item);
	add[0][0] = SLICE("level");
	add[0][1] = part_json(d, r->root, "level", TOKEN_STRING);
	add[1][0] = SLICE("name");
	add[1][1] = part_json(d, r->root, "name", TOKEN_STRING);
	add[2][0] = SLICE("scores");
	add[2][1] = all_scores(r, item);
	add[3][0] = SLICE("tags");
	add[3][1] = part_json(d, r->root, "tags", TOKEN_ARRAY);
	add[4][0] = SLICE("sessionId");
	add[4][1] = part_json(d, r->root, "sessionId", TOKEN_STRING);
	add[5][0] = SLICE("userId");
	add[5][1] = part_json(d, r->root, "userId", TOKEN_STRING);
	item->metadata = part_metadata(r, d, json_get_value(d, r->root,
	    "metadata"), (const struct slice (*)[2])add, 6);
	return STATUS_OK;
}

const struct shape shape_langfuse = {
	.name = "langfuse",
	.marks = langfuse_marks,
	.by = { KEY_traceId, KEY_trace_id, KEY_sessionId, KEY_COUNT },
	.mark = "traceId, startTime, a text type",
	.read = langfuse_read,
	.hints = { KEY_traceId, KEY_type, KEY_startTime, KEY_endTime,
	    KEY_start_time, KEY_COUNT }
};
