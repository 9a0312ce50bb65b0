/*
 * A native record whose output is a chat message, or a conversation that ends with
 * one, as loggers of one's own write it.
 */
#include "core/json/value.h"
#include "core/shape/lc.h"
#include "core/shape/native.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"
#include "core/shape/traced.h"

/* {"role":"assistant","content":..}, or a list that ends with it. */
static bool
is_said(const struct json *d, uint32_t t)
{
	uint32_t e, last = JSON_NONE;

	if (json_kind(d, t) == TOKEN_ARRAY) {
		for (e = json_first(d, t); e != JSON_NONE;
		    e = json_next(d, t, e))
			last = e;
		if (last == JSON_NONE)
			return false;
		t = last;
	}
	return json_kind(d, t) == TOKEN_OBJECT && json_get_is(d, t, "role",
	    "assistant") && (json_get(d, t, "content") != JSON_NONE ||
	    json_get(d, t, "tool_calls") != JSON_NONE);
}

/* LangChain's, as langserve gives it back. */
static bool
is_lc(const struct json *d, uint32_t t)
{
	struct lc_message m;

	return lc_answer(d, t) != JSON_NONE || (lc_message(d, t, &m) &&
	    lc_is_answer(&m));
}

static bool
output_marks(const struct reading *r)
{
	uint32_t t = r->at[KEY_output];

	if (r->mapping >= MAPPING_STATES && is_lc(r->d, t))
		return true;
	if (json_kind(r->d, t) == TOKEN_ARRAY)
		return r->d->tok[t].count > 0 && json_kind(r->d, t + 1) ==
		    TOKEN_OBJECT && json_get(r->d, t + 1, "role") !=
		    JSON_NONE && is_said(r->d, t);
	return json_kind(r->d, t) == TOKEN_OBJECT && is_said(r->d, t);
}

static enum status
output_read(struct reading *r)
{
	struct item *item = reading_item(r);
	enum status st;

	if (item == NULL)
		return r->err->code;
	if (r->at[KEY_output] == JSON_NONE)
		return reading_refuse(r, r->root, "no \"output\"");
	if ((st = native_extras(r, item)) != STATUS_OK ||
	    (st = native_beside(r, item)) != STATUS_OK)
		return st;
	if (!traced_answer(r, r->d, r->at[KEY_output], item))
		part_output(r, r->d, r->at[KEY_output], item);
	return STATUS_OK;
}

const struct shape shape_chat_output = {
	.name = "chat-output",
	.marks = output_marks,
	.by = { KEY_output, KEY_COUNT },
	.mark = "output is a message of the assistant, or ends with one",
	.read = output_read,
	.hints = { KEY_COUNT }
};
