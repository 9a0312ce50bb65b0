/* A prediction of Replicate's (replicate.com/docs, HTTP API: predictions.get). */
#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"

static bool
replicate_marks(const struct reading *r)
{
	return reading_has(r, KEY_version, TOKEN_STRING) &&
	    reading_has(r, KEY_status, TOKEN_STRING) &&
	    reading_has(r, KEY_input, TOKEN_OBJECT) &&
	    (r->at[KEY_urls] != JSON_NONE || r->at[KEY_logs] != JSON_NONE);
}

/* A model that streams gives its text in pieces. */
static bool
pieces_join(struct reading *r, uint32_t list, struct item *item)
{
	const struct json *d = r->d;
	struct buf text = BUF_INIT, decoded = BUF_INIT;
	uint32_t t;

	for (t = json_first(d, list); t != JSON_NONE; t = json_next(d, list, t))
		if (json_kind(d, t) != TOKEN_STRING)
			return false;
	for (t = json_first(d, list); t != JSON_NONE; t = json_next(d, list, t))
		part_inside(&text, json_raw(d, t));
	json_decode(buf_slice(&text), &decoded);
	r->failed |= text.failed;
	buf_release(&text);
	item->output_is_string = true;
	item->output = part_keep(r, &decoded);
	return true;
}

static enum status
output_missing(struct reading *r)
{
	uint32_t error = json_get_value(r->d, r->root, "error");
	struct slice why = part_error(r, r->d, error);
	const char *is = "has no output";

	if (why.p != NULL)
		return reading_refuse(r, error, "there is no output: %.*s",
		    SLICE_ARG(why));
	(void)part_status(r, r->d, r->root, &is);
	return reading_refuse(r, r->root, "the prediction %s", is);
}

static enum status
replicate_read(struct reading *r)
{
	const struct json *d = r->d;
	uint32_t output = json_get_value(d, r->root, "output");
	uint32_t input = json_get_kind(d, r->root, "input", TOKEN_OBJECT), t;
	uint32_t metrics = json_get_kind(d, r->root, "metrics", TOKEN_OBJECT);
	const char *is = "";
	struct item base, *item;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK)
		return st;
	if (output == JSON_NONE || part_status(r, d, r->root, &is) ==
	    FAULT_UNDONE)
		return output_missing(r);
	if ((item = part_item(r, &base)) == NULL)
		return r->err->code;
	if (json_kind(d, output) != TOKEN_ARRAY ||
	    !pieces_join(r, output, item))
		part_output(r, d, output, item);
	item->id = part_string(r, d, r->root, "id");
	item->model = part_string(r, d, r->root, "model");
	item->created_ms = part_time(r, d, r->root, "created_at");
	t = input == JSON_NONE ? JSON_NONE : json_get_kind(d, input, "prompt",
	    TOKEN_STRING);
	if (t != JSON_NONE)
		item->messages = part_asked(r, json_raw(d, t));
	if (metrics != JSON_NONE) {
		part_amount(&item->latency_ms, part_number(d, metrics,
		    "predict_time") * 1000);
		item->input_tokens = part_count(d, metrics,
		    "input_token_count");
		item->output_tokens = part_count(d, metrics,
		    "output_token_count");
	}
	return STATUS_OK;
}

const struct shape shape_replicate = {
	.name = "replicate",
	.marks = replicate_marks,
	.by = { KEY_version, KEY_COUNT },
	.mark = "texts version and status, an object input, urls or logs",
	.read = replicate_read,
	.hints = { KEY_version, KEY_urls, KEY_logs, KEY_status, KEY_COUNT }
};
