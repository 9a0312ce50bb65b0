/*
 * The Agent Client Protocol's session/request_permission (agentclientprotocol.com,
 * "Tool calls": requesting permission), answered by the option that is chosen.
 */
#include "core/base/arena.h"
#include "core/json/value.h"
#include "core/json/write.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"

static bool
acp_marks(const struct reading *r)
{
	return reading_has(r, KEY_jsonrpc, TOKEN_STRING) &&
	    reading_is(r, KEY_method, "session/request_permission") &&
	    reading_has(r, KEY_params, TOKEN_OBJECT);
}

/* A tool's call has an id of its own; else the request's within its session. */
static void
id_read(struct reading *r, uint32_t params, uint32_t call, struct item *item)
{
	const struct json *d = r->d;
	struct slice session = part_string(r, d, params, "sessionId");
	uint32_t t = json_get_value(d, r->root, "id");

	item->id = part_string(r, d, call, "toolCallId");
	if (item->id.n > 0 || t == JSON_NONE || session.n == 0)
		return;
	item->id = arena_printf(r->reader->arena, "%.*s:%.*s",
	    SLICE_ARG(session), SLICE_ARG(json_kind(d, t) == TOKEN_STRING ?
	    part_text(r, d, t) : json_raw(d, t)));
	r->failed |= item->id.p == NULL;
}

static struct slice
metadata_make(struct reading *r, uint32_t params, uint32_t call)
{
	const struct json *d = r->d;
	const struct slice add[][2] = {
		{ SLICE("action"), part_json(d, call, "title", TOKEN_STRING) },
		{ SLICE("kind"), part_json(d, call, "kind", TOKEN_STRING) },
		{ SLICE("session_id"), part_json(d, params, "sessionId",
		    TOKEN_STRING) },
		{ SLICE("options"), part_json(d, params, "options",
		    TOKEN_ARRAY) }
	};

	return part_metadata(r, d, json_get_value(d, r->root, "metadata"), add,
	    4);
}

static enum status
acp_read(struct reading *r)
{
	const struct json *d = r->d;
	uint32_t params = json_get_kind(d, r->root, "params", TOKEN_OBJECT);
	uint32_t call = params == JSON_NONE ? JSON_NONE : json_get_kind(d,
	    params, "toolCall", TOKEN_OBJECT);
	struct item base, *item;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK)
		return st;
	if (call == JSON_NONE || json_get_value(d, r->root, "id") == JSON_NONE)
		return reading_refuse(r, r->root, "a permission request "
		    "without \"id\" or \"params.toolCall\"");
	if ((item = part_item(r, &base)) == NULL)
		return r->err->code;
	id_read(r, params, call, item);
	item->output = json_raw(d, call);
	item->stop = STOP_TOOL;
	item->metadata = metadata_make(r, params, call);
	return STATUS_OK;
}

/* The id of the option of a kind, raw; absent: it is not offered. */
static struct slice
option_of(const struct json *d, const char *kind)
{
	uint32_t params = json_get_kind(d, 0, "params", TOKEN_OBJECT);
	uint32_t all = params == JSON_NONE ? JSON_NONE : json_get_kind(d,
	    params, "options", TOKEN_ARRAY), t;

	for (t = all == JSON_NONE ? JSON_NONE : json_first(d, all);
	    t != JSON_NONE; t = json_next(d, all, t))
		if (json_kind(d, t) == TOKEN_OBJECT &&
		    json_get_is(d, t, "kind", kind))
			return part_json(d, t, "optionId", TOKEN_STRING);
	return SLICE_NONE;
}

static enum status
acp_answer(struct answer *a, struct error *err)
{
	static const char *const kinds[2][2] = {
		{ "allow_once", "allow_always" },
		{ "reject_once", "reject_always" }
	};
	struct writer w = WRITER(a->out, WRITE_KEPT);
	bool reject = a->decision == SHAPE_REJECT;
	struct slice option = option_of(&a->record, kinds[reject][0]);

	if (a->decision == SHAPE_EDIT)
		return error_set(err, STATUS_CONFLICT, "the request does not "
		    "allow edit: a permission is given or not");
	if (option.p == NULL)
		option = option_of(&a->record, kinds[reject][1]);
	if (option.p == NULL && !reject)
		return error_set(err, STATUS_CONFLICT, "the request does not "
		    "allow accept (options)");
	write_object(&w, NULL);
	write_word(&w, "jsonrpc", "2.0");
	write_raw(&w, "id", json_raw(&a->record, json_get(&a->record, 0,
	    "id")));
	write_object(&w, "result");
	write_object(&w, "outcome");
	write_word(&w, "outcome", option.p == NULL ? "cancelled" : "selected");
	if (option.p != NULL)
		write_raw(&w, "optionId", option);
	write_end(&w);
	write_end(&w);
	write_end(&w);
	return STATUS_OK;
}

const struct shape shape_acp = {
	.name = "acp",
	.in_array = true,
	.marks = acp_marks,
	.by = { KEY_jsonrpc, KEY_COUNT },
	.mark = "method is session/request_permission, an object params",
	.read = acp_read,
	.answer = acp_answer,
	.hints = { KEY_jsonrpc, KEY_method, KEY_params, KEY_COUNT }
};
