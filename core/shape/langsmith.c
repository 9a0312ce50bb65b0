/* A run of LangSmith's (langsmith-sdk, schemas.py: Run), as its API and its bulk
 * export have it. */
#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"
#include "core/shape/traced.h"
#include "core/shape/unknown.h"
#include "core/shape/usage.h"

static bool
langsmith_marks(const struct reading *r)
{
	return reading_has(r, KEY_run_type, TOKEN_STRING) &&
	    r->at[KEY_start_time] != JSON_NONE && (r->at[KEY_outputs] !=
	    JSON_NONE || r->at[KEY_inputs] != JSON_NONE || r->at[KEY_error] !=
	    JSON_NONE);
}

/* What the run's `extra` says of the model and the tools. */
static uint32_t
extra_read(struct reading *r, struct item *item)
{
	const struct json *d = r->d;
	uint32_t extra = json_get_kind(d, r->root, "extra", TOKEN_OBJECT), t;
	uint32_t own;

	if (extra == JSON_NONE)
		return JSON_NONE;
	if ((t = json_get_kind(d, extra, "invocation_params", TOKEN_OBJECT)) !=
	    JSON_NONE) {
		item->model = part_string(r, d, t, "model");
		if (item->model.p == NULL)
			item->model = part_string(r, d, t, "model_name");
		item->tools = part_json(d, t, "tools", TOKEN_ARRAY);
	}
	own = json_get_kind(d, extra, "metadata", TOKEN_OBJECT);
	if (own != JSON_NONE && item->model.p == NULL)
		item->model = part_string(r, d, own, "ls_model_name");
	return own;
}

static void
common_read(struct reading *r, struct item *item)
{
	const struct json *d = r->d;
	int64_t to = part_time_utc(r, d, r->root, "end_time");
	uint32_t own = extra_read(r, item);
	const struct slice add[][2] = {
		{ SLICE("name"), part_json(d, r->root, "name", TOKEN_STRING) },
		{ SLICE("run_type"), part_json(d, r->root, "run_type",
		    TOKEN_STRING) },
		{ SLICE("tags"), part_json(d, r->root, "tags", TOKEN_ARRAY) },
		{ SLICE("feedback_stats"), part_json(d, r->root,
		    "feedback_stats", TOKEN_OBJECT) }
	};

	item->id = part_string(r, d, r->root, "id");
	part_usage(d, r->root, item);
	part_amount(&item->cost_usd, part_number(d, r->root, "total_cost"));
	item->created_ms = part_time_utc(r, d, r->root, "start_time");
	if (item->created_ms >= 0 && to >= item->created_ms)
		item->latency_ms = (double)(to - item->created_ms);
	if (item->messages.p == NULL)
		item->messages = traced_given(r, json_get_value(d, r->root, "inputs"));
	item->metadata = part_metadata(r, d, own, add, 4);
}

/* Not the run of a model or of what leads to one. */
static bool
is_step(const struct reading *r)
{
	static const char *const types[] = { "tool", "retriever", "embedding",
	    "prompt", "parser" };
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (reading_is(r, KEY_run_type, types[i]))
			return true;
	return false;
}

static enum status
langsmith_read(struct reading *r)
{
	const struct json *d = r->d;
	uint32_t outputs = json_get_value(d, r->root, "outputs");
	uint32_t error = json_get_value(d, r->root, "error");
	struct slice why = part_error(r, d, error);
	struct item base, *item;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK)
		return st;
	/* Those that were taken once can still be shown. */
	if (!r->joined && is_step(r))
		return reading_refuse(r, r->root, "%s", shape_step);
	if (outputs == JSON_NONE || (json_kind(d, outputs) == TOKEN_OBJECT &&
	    d->tok[outputs].count == 0))
		return why.p != NULL ? reading_refuse(r, error,
		    "the run failed: %.*s", SLICE_ARG(why)) :
		    reading_refuse(r, r->root, "a run without \"outputs\"");
	if ((item = part_item(r, &base)) == NULL)
		return r->err->code;
	traced_returned(r, outputs, item);
	common_read(r, item);
	if (why.p != NULL)
		part_fault(r, item, error, FAULT_BROKEN, "the run failed: "
		    "%.*s", SLICE_ARG(why));
	return STATUS_OK;
}

const struct shape shape_langsmith = {
	.name = "langsmith",
	.marks = langsmith_marks,
	.by = { KEY_run_type, KEY_COUNT },
	.mark = "a text run_type, start_time, inputs or outputs",
	.read = langsmith_read,
	.hints = { KEY_run_type, KEY_inputs, KEY_outputs, KEY_dotted_order,
	    KEY_COUNT }
};
