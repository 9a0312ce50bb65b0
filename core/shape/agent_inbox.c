/*
 * LangGraph's agent-inbox interrupts (langchain-ai/agent-inbox, README): an action
 * that waits for {"type":"accept"|"edit"|"response"|"ignore"}.
 */
#include "core/shape/parts.h"
#include "core/json/value.h"
#include "core/json/write.h"
#include "core/shape/interrupt.h"
#include "core/shape/part_value.h"
#include "core/shape/shapes.h"

static bool
inbox_marks(const struct reading *r)
{
	return reading_has(r, KEY_action_request, TOKEN_OBJECT) ||
	    (r->at[KEY_value] != JSON_NONE && json_get_kind(r->d,
	    interrupt_request(r->d, r->root), "action_request",
	    TOKEN_OBJECT) != JSON_NONE);
}

static enum status
inbox_read(struct reading *r)
{
	const struct json *d = r->d;
	uint32_t asks = interrupt_request(d, r->root);
	uint32_t action = json_get_kind(d, asks, "action_request",
	    TOKEN_OBJECT);
	struct slice about = part_json(d, asks, "description", TOKEN_STRING);
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	struct slice add[2][2];
	struct item base, *item;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK)
		return st;
	if (action == JSON_NONE || json_get_kind(d, action, "action",
	    TOKEN_STRING) == JSON_NONE)
		return reading_refuse(r, r->root, "an action_request without "
		    "\"action\"");
	if ((item = part_item(r, &base)) == NULL)
		return r->err->code;
	item->id = part_string(r, d, r->root, "id");
	item->output = json_raw(d, action);
	if (item->context.p == NULL && about.p != NULL) {
		write_array(&w, NULL);
		write_object(&w, NULL);
		write_word(&w, "title", "description");
		write_raw(&w, "text", about);
		write_end(&w);
		write_end(&w);
		item->context = part_keep(r, &b);
	}
	add[0][0] = SLICE("action");
	add[0][1] = part_json(d, action, "action", TOKEN_STRING);
	add[1][0] = SLICE("config");
	add[1][1] = part_json(d, asks, "config", TOKEN_OBJECT);
	item->metadata = part_metadata(r, d, json_get_value(d, r->root,
	    "metadata"), (const struct slice (*)[2])add, 2);
	return STATUS_OK;
}

/* What the request's config does not rule out. */
static bool
allowed(const struct answer *a, const char *what)
{
	uint32_t config = json_get_kind(&a->record,
	    interrupt_request(&a->record, 0), "config", TOKEN_OBJECT);

	return config == JSON_NONE || json_get_kind(&a->record, config, what,
	    TOKEN_FALSE) == JSON_NONE;
}

static enum status
answer_accept(struct answer *a, struct writer *w, struct error *err)
{
	if (!allowed(a, "allow_accept"))
		return error_set(err, STATUS_CONFLICT,
		    "the request does not allow accept (allow_accept)");
	write_word(w, "type", "accept");
	write_raw(w, "args", json_raw(&a->output, 0));
	return STATUS_OK;
}

static enum status
answer_edit(struct answer *a, struct writer *w, struct error *err)
{
	const struct json *e = &a->edited;
	struct slice action = part_json(e, 0, "action", TOKEN_STRING);
	struct slice args = part_json(e, 0, "args", TOKEN_OBJECT);

	if (!allowed(a, "allow_edit"))
		return error_set(err, STATUS_CONFLICT,
		    "the request does not allow edit (allow_edit)");
	if (action.p == NULL || args.p == NULL)
		return error_set(err, STATUS_INVALID, "the edited action is not "
		    "{\"action\": text, \"args\": object}");
	write_word(w, "type", "edit");
	write_object(w, "args");
	write_raw(w, "action", action);
	write_raw(w, "args", args);
	write_end(w);
	return STATUS_OK;
}

/* A reason is a response; without one, or where none may be sent, the request
 * is ignored. */
static enum status
answer_reject(struct answer *a, struct writer *w, struct error *err)
{
	if (a->text.n > 0 && allowed(a, "allow_respond")) {
		write_word(w, "type", "response");
		write_text(w, "args", a->text);
		return STATUS_OK;
	}
	if (!allowed(a, "allow_ignore"))
		return error_set(err, STATUS_CONFLICT, "%s",
		    allowed(a, "allow_respond") ? "the request does not allow "
		    "ignore (allow_ignore): give a reason, it is the response" :
		    "the request allows neither response nor ignore");
	write_word(w, "type", "ignore");
	write_null(w, "args");
	return STATUS_OK;
}

static enum status
inbox_answer(struct answer *a, struct error *err)
{
	struct writer w = WRITER(a->out, WRITE_KEPT);
	enum status st;

	write_array(&w, NULL);
	write_object(&w, NULL);
	if (a->decision == SHAPE_ACCEPT)
		st = answer_accept(a, &w, err);
	else if (a->decision == SHAPE_EDIT)
		st = answer_edit(a, &w, err);
	else
		st = answer_reject(a, &w, err);
	write_end(&w);
	write_end(&w);
	return st;
}

const struct shape shape_agent_inbox = {
	.name = "agent-inbox",
	.in_array = true,
	.marks = inbox_marks,
	.by = { KEY_action_request, KEY_value, KEY_COUNT },
	.mark = "an object action_request",
	.read = inbox_read,
	.answer = inbox_answer,
	.hints = { KEY_action_request, KEY_config, KEY_COUNT }
};
