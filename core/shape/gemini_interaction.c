/* Google's Interactions API (googleapis/python-genai, interactions): an answer in
 * steps, or in outputs as it was first. */
#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/body.h"
#include "core/shape/gather.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"

static bool
interaction_marks(const struct reading *r)
{
	return reading_is(r, KEY_object, "interaction");
}

static uint32_t
steps_of(const struct json *d, uint32_t body)
{
	uint32_t t = json_get_kind(d, body, "steps", TOKEN_ARRAY);

	return t != JSON_NONE ? t : json_get_kind(d, body, "outputs",
	    TOKEN_ARRAY);
}

/* What the model says stands within its step; what the user said is no answer. */
static void
step_gather(struct gather *g, uint32_t step)
{
	uint32_t content = json_get_value(g->d, step, "content");

	if (json_get_is(g->d, step, "type", "user_input"))
		return;
	if (!json_get_is(g->d, step, "type", "model_output"))
		gather_content(g, step);
	else if (content != JSON_NONE)
		gather_content(g, content);
}

static void
stop_read(struct reading *r, const struct gather *g, struct item *item)
{
	const struct json *d = r->d;

	if (json_get_is(d, r->root, "status", "incomplete"))
		item->stop = STOP_LENGTH;
	else if (g->calls > 0)
		item->stop = STOP_TOOL;
	else if (json_get_is(d, r->root, "status", "completed"))
		item->stop = STOP_END;
}

static void
fault_read(struct reading *r, struct item *item)
{
	uint32_t error = json_get_value(r->d, r->root, "error");
	struct slice why = part_error(r, r->d, error);
	const char *is = "";
	enum item_fault fault = part_status(r, r->d, r->root, &is);

	if (fault == FAULT_UNDONE)
		part_fault(r, item, r->root, fault, "the interaction %s: give it "
		    "again when it is completed", is);
	else if (fault != FAULT_NONE)
		part_fault(r, item, r->root, fault, "the interaction %s%s%.*s",
		    is, why.p == NULL ? "" : ": ", SLICE_ARG(why));
}

static enum status
interaction_read(struct reading *r)
{
	static const struct body_names names = {
		.id = { "id" }, .model = { "model", "agent" },
		.created = { "created" }, .usage = { "usage" }
	};
	const struct json *d = r->d;
	uint32_t steps = steps_of(d, r->root), t, usage;
	struct item base, *item;
	struct gather g;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK)
		return st;
	if ((item = part_item(r, &base)) == NULL)
		return r->err->code;
	usage = body_common(r, r->root, &names, item);
	gather_begin(&g, r, d);
	for (t = steps == JSON_NONE ? JSON_NONE : json_first(d, steps);
	    t != JSON_NONE; t = json_next(d, steps, t))
		if (json_kind(d, t) == TOKEN_OBJECT)
			step_gather(&g, t);
	stop_read(r, &g, item);
	gather_end(&g, item);
	fault_read(r, item);
	body_metadata(r, r->root, SLICE_NONE, usage, item);
	return STATUS_OK;
}

const struct shape shape_gemini_interaction = {
	.name = "gemini-interaction",
	.marks = interaction_marks,
	.by = { KEY_object, KEY_COUNT },
	.mark = "object is interaction",
	.read = interaction_read,
	.hints = { KEY_object, KEY_status, KEY_usage, KEY_COUNT }
};
