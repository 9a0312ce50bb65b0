/*
 * Is there an answer at all, why did the model stop, and what went wrong: the
 * same questions of every shape.
 */
#include "core/shape/answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

#include "core/base/arena.h"
#include "core/base/text.h"
#include "core/json/value.h"
#include "core/shape/part_kind.h"
#include "core/shape/part_value.h"

/* Where a message's answer may stand, and where a text part's. */
static const char *const message_keys[] = { "content", "parts", "text",
    "refusal", "tool_calls", "function_call", "audio", "images", NULL };
static const char *const text_keys[] = { "text", "content", "refusal", NULL };

static bool
string_says(struct reading *r, const struct json *d, uint32_t t)
{
	struct slice raw = json_raw(d, t);
	struct buf decoded;
	bool says;

	raw = (struct slice){ raw.p + 1, raw.n - 2 };
	if (d->tok[t].escaped == 0)
		return !text_blank(raw);
	decoded = part_buf(r);
	json_decode(raw, &decoded);
	says = decoded.failed || !text_blank(buf_slice(&decoded));
	r->failed |= decoded.failed;
	part_give(r, &decoded);
	return says;
}

static bool
keys_say(struct reading *r, const struct json *d, uint32_t object,
    const char *const *keys)
{
	uint32_t t;

	for (; *keys != NULL; keys++)
		if ((t = json_get_value(d, object, *keys)) != JSON_NONE &&
		    part_says(r, d, t))
			return true;
	return false;
}

bool
part_message_says(struct reading *r, const struct json *d, uint32_t message)
{
	return keys_say(r, d, message, message_keys);
}

static bool
object_says(struct reading *r, const struct json *d, uint32_t object)
{
	uint32_t t;
	enum part_kind kind;

	if (json_get_kind(d, object, "role", TOKEN_STRING) != JSON_NONE ||
	    json_get_is(d, object, "type", "message"))
		return part_message_says(r, d, object);
	if (json_get_kind(d, object, "type", TOKEN_STRING) != JSON_NONE) {
		kind = part_kind(d, object, r->mapping);
		if (kind == PART_THOUGHT || kind == PART_HOSTED ||
		    kind == PART_MEDIA || kind == PART_FILE)
			return false;
		if (kind == PART_TEXT || kind == PART_REFUSAL)
			return keys_say(r, d, object, text_keys);
	}
	/* A whole response, or one of its choices, that came as an output. */
	if ((t = json_get_kind(d, object, "choices", TOKEN_ARRAY)) !=
	    JSON_NONE || (json_get(d, object, "finish_reason") != JSON_NONE &&
	    (t = json_get_kind(d, object, "message", TOKEN_OBJECT)) !=
	    JSON_NONE))
		return part_says(r, d, t);
	for (t = json_first(d, object); t != JSON_NONE;
	    t = json_next(d, object, t))
		if (part_says(r, d, t + 1))
			return true;
	return false;
}

bool
part_says(struct reading *r, const struct json *d, uint32_t t)
{
	uint32_t e;

	switch (json_kind(d, t)) {
	case TOKEN_NULL:
		return false;
	case TOKEN_FALSE: case TOKEN_TRUE: case TOKEN_NUMBER:
		return true;
	case TOKEN_STRING:
		return string_says(r, d, t);
	case TOKEN_OBJECT:
		return object_says(r, d, t);
	case TOKEN_ARRAY:
		break;
	}
	for (e = json_first(d, t); e != JSON_NONE; e = json_next(d, t, e))
		if (part_says(r, d, e))
			return true;
	return false;
}

enum stop
part_stop(struct reading *r, const struct json *d, uint32_t object)
{
	static const char *const keys[] = { "finish_reason", "finishReason",
	    "stop_reason", "stopReason", "done_reason", NULL };
	const char *const *key;
	enum stop stop;
	uint32_t t;

	for (key = keys; *key != NULL; key++)
		if ((stop = stop_from(part_string(r, d, object, *key))) !=
		    STOP_UNKNOWN)
			return stop;
	if ((t = json_get_kind(d, object, "response_metadata", TOKEN_OBJECT)) !=
	    JSON_NONE)
		return part_stop(r, d, t);
	t = json_get_kind(d, object, "choices", TOKEN_ARRAY);
	if (t == JSON_NONE || d->tok[t].count != 1 ||
	    json_kind(d, t + 1) != TOKEN_OBJECT)
		return STOP_UNKNOWN;
	return part_stop(r, d, t + 1);
}

/* A code is a text or a number; where there is none, the kind of error. */
static struct slice
error_code(struct reading *r, const struct json *d, uint32_t error)
{
	static const char *const keys[] = { "code", "error_code", "status",
	    "status_code", "type", "error_class", "errorCode", "Code", "__type",
	    NULL };
	const char *const *key;
	struct slice s;
	uint32_t t;

	for (key = keys; *key != NULL; key++) {
		if ((t = json_get_value(d, error, *key)) == JSON_NONE)
			continue;
		s = json_kind(d, t) == TOKEN_NUMBER ? json_raw(d, t) :
		    part_text(r, d, t);
		if (s.n > 0)
			return s;
	}
	return SLICE_NONE;
}

static struct slice
error_message(struct reading *r, const struct json *d, uint32_t error)
{
	static const char *const keys[] = { "message", "error_message",
	    "detail", "error", "errorMessage", "Message", "title", "msg",
	    "status_msg", NULL };
	const char *const *key;
	struct slice s;

	for (key = keys; *key != NULL; key++)
		if ((s = part_string(r, d, error, *key)).n > 0)
			return s;
	return SLICE_NONE;
}

struct slice
part_error(struct reading *r, const struct json *d, uint32_t error)
{
	struct slice code, message;
	uint32_t inner;

	if (error == JSON_NONE || json_kind(d, error) == TOKEN_FALSE ||
	    json_kind(d, error) == TOKEN_NUMBER || !part_says(r, d, error))
		return SLICE_NONE;
	if (json_kind(d, error) == TOKEN_STRING)
		return part_text(r, d, error);
	if (json_kind(d, error) != TOKEN_OBJECT)
		return json_raw(d, error);
	if ((inner = json_get_kind(d, error, "error", TOKEN_OBJECT)) !=
	    JSON_NONE)
		return part_error(r, d, inner);
	code = error_code(r, d, error);
	message = error_message(r, d, error);
	if (code.p == NULL && message.p == NULL)
		return json_raw(d, error);
	if (code.p == NULL || message.p == NULL)
		return code.p == NULL ? message : code;
	message = arena_printf(r->reader->arena, "%.*s: %.*s", SLICE_ARG(code),
	    SLICE_ARG(message));
	r->failed |= message.p == NULL;
	return message;
}

bool
part_base_error(struct reading *r, struct slice *why)
{
	uint32_t base = json_get_kind(r->d, r->root, "base_resp", TOKEN_OBJECT);

	if (base == JSON_NONE || part_count(r->d, base, "status_code") <= 0)
		return false;
	*why = part_error(r, r->d, base);
	return why->p != NULL;
}

#define FAULT_MAX	800	/* bytes reported of one */

void
part_fault(struct reading *r, struct item *item, uint32_t t,
    enum item_fault kind, const char *fmt, ...)
{
	char why[FAULT_MAX];
	va_list ap;

	if (item->fault != FAULT_NONE)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	item->fault = kind;
	item->fault_text = arena_printf(r->reader->arena, "byte %u: %s",
	    (unsigned)r->d->tok[t].start, why);
	r->failed |= item->fault_text.p == NULL;
	if (kind != FAULT_UNDONE)
		item->stop = STOP_ERROR;
}

/* What APIs call a request that is still on its way, or came to nothing. */
static const struct {
	const char	*status;
	enum item_fault	 fault;
	const char	*is;
} statuses[] = {
	{ "queued", FAULT_UNDONE, "is queued" },
	{ "pending", FAULT_UNDONE, "is queued" },
	{ "starting", FAULT_UNDONE, "is queued" },
	{ "in_progress", FAULT_UNDONE, "is still running" },
	{ "processing", FAULT_UNDONE, "is still running" },
	{ "running", FAULT_UNDONE, "is still running" },
	{ "cancelling", FAULT_UNDONE, "is still running" },
	{ "failed", FAULT_FAILED, "failed" },
	{ "failure", FAULT_FAILED, "failed" },
	{ "error", FAULT_FAILED, "failed" },
	{ "errored", FAULT_FAILED, "failed" },
	{ "cancelled", FAULT_FAILED, "was cancelled" },
	{ "canceled", FAULT_FAILED, "was cancelled" },
	{ "aborted", FAULT_FAILED, "was aborted" },
	{ "expired", FAULT_FAILED, "expired" }
};

enum item_fault
part_status(struct reading *r, const struct json *d, uint32_t object,
    const char **is)
{
	struct slice status = part_string(r, d, object, "status");
	size_t i;

	for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (status.n == strlen(statuses[i].status) &&
		    strncasecmp(status.p, statuses[i].status, status.n) == 0) {
			*is = statuses[i].is;
			return statuses[i].fault;
		}
	return FAULT_NONE;
}
