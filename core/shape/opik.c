/* A trace or span of Opik's (comet-ml/opik, its export): known by the scores that
 * people and judges gave it. */
#include "core/json/value.h"
#include "core/json/write.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"
#include "core/shape/traced.h"
#include "core/shape/unknown.h"
#include "core/shape/usage.h"

static bool
opik_marks(const struct reading *r)
{
	return reading_has(r, KEY_feedback_scores, TOKEN_ARRAY) &&
	    r->at[KEY_output] != JSON_NONE;
}

/* What is neither a guard's result nor a confidence goes into the metadata. */
static struct slice
scores_read(struct reading *r, struct item *item)
{
	const struct json *d = r->d;
	uint32_t all = json_get_kind(d, r->root, "feedback_scores",
	    TOKEN_ARRAY), t;
	struct evaluation e = { .yes_no = false };
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);

	write_object(&w, NULL);
	for (t = all == JSON_NONE ? JSON_NONE : json_first(d, all);
	    t != JSON_NONE; t = json_next(d, all, t)) {
		if (json_kind(d, t) != TOKEN_OBJECT)
			continue;
		e.name = part_string(r, d, t, "name");
		e.label = part_string(r, d, t, "category_name");
		e.message = part_string(r, d, t, "reason");
		e.score = part_number(d, t, "value");
		if (!part_evaluation(r, item, &e, "opik") ||
		    json_get_value(d, t, "value") == JSON_NONE)
			continue;
		write_name(&w, json_raw(d, json_get(d, t, "name")));
		write_raw(&w, NULL, json_raw(d, json_get(d, t, "value")));
	}
	if (write_is_empty(&w)) {
		buf_release(&b);
		return SLICE_NONE;
	}
	write_end(&w);
	return part_keep_json(r, &b);
}

static enum status
opik_read(struct reading *r)
{
	const struct json *d = r->d;
	int64_t to = part_time_utc(r, d, r->root, "end_time");
	uint32_t output = json_get_value(d, r->root, "output");
	struct slice add[3][2];
	struct item base, *item;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK)
		return st;
	/* Those that were taken once can still be shown. */
	if (!r->joined && reading_is(r, KEY_type, "tool"))
		return reading_refuse(r, r->root, "%s", shape_step);
	if (output == JSON_NONE)
		return reading_refuse(r, r->root, "a trace without \"output\"");
	if ((item = part_item(r, &base)) == NULL)
		return r->err->code;
	traced_returned(r, output, item);
	item->id = part_string(r, d, r->root, "id");
	item->model = part_string(r, d, r->root, "model");
	if (item->messages.p == NULL)
		item->messages = traced_given(r, json_get_value(d, r->root, "input"));
	part_usage(d, json_get_value(d, r->root, "usage"), item);
	part_amount(&item->cost_usd, part_number(d, r->root,
	    "total_estimated_cost"));
	item->created_ms = part_time_utc(r, d, r->root, "start_time");
	if (item->created_ms >= 0 && to >= item->created_ms)
		item->latency_ms = (double)(to - item->created_ms);
	add[0][0] = SLICE("name");
	add[0][1] = part_json(d, r->root, "name", TOKEN_STRING);
	add[1][0] = SLICE("tags");
	add[1][1] = part_json(d, r->root, "tags", TOKEN_ARRAY);
	add[2][0] = SLICE("scores");
	add[2][1] = scores_read(r, item);
	item->metadata = part_metadata(r, d, json_get_value(d, r->root,
	    "metadata"), (const struct slice (*)[2])add, 3);
	return STATUS_OK;
}

const struct shape shape_opik = {
	.name = "opik",
	.marks = opik_marks,
	.by = { KEY_feedback_scores, KEY_COUNT },
	.mark = "an array feedback_scores, output",
	.read = opik_read,
	.hints = { KEY_feedback_scores, KEY_start_time, KEY_COUNT }
};
