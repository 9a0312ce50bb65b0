/*
 * LangChain 1's human-in-the-loop middleware (docs.langchain.com, Human-in-the-
 * loop): actions that wait for {"decisions":[...]}, as many and in their order.
 */
#include "core/json/equal.h"
#include "core/base/arena.h"
#include "core/json/value.h"
#include "core/json/write.h"
#include "core/shape/interrupt.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"

static bool
langchain_marks(const struct reading *r)
{
	return reading_has(r, KEY_action_requests, TOKEN_ARRAY) ||
	    (r->at[KEY_value] != JSON_NONE && json_get_kind(r->d,
	    interrupt_request(r->d, r->root), "action_requests",
	    TOKEN_ARRAY) != JSON_NONE);
}

/* The output is the action; of several, all of them. */
static enum status
langchain_read(struct reading *r)
{
	const struct json *d = r->d;
	uint32_t asks = interrupt_request(d, r->root), t;
	uint32_t all = json_get_kind(d, asks, "action_requests", TOKEN_ARRAY);
	struct slice add[2][2];
	struct item base, *item;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK)
		return st;
	if (all == JSON_NONE || d->tok[all].count == 0)
		return reading_refuse(r, r->root, "no action_requests");
	for (t = json_first(d, all); t != JSON_NONE; t = json_next(d, all, t))
		if (json_get_kind(d, t, "name", TOKEN_STRING) == JSON_NONE)
			return reading_refuse(r, t, "an action without a name");
	if ((item = part_item(r, &base)) == NULL)
		return r->err->code;
	item->id = part_string(r, d, r->root, "id");
	item->output = json_raw(d, d->tok[all].count == 1 ? all + 1 : all);
	add[0][0] = SLICE("action");
	add[0][1] = part_json(d, all + 1, "name", TOKEN_STRING);
	add[1][0] = SLICE("review_configs");
	add[1][1] = part_json(d, asks, "review_configs", TOKEN_ARRAY);
	item->metadata = part_metadata(r, d, json_get_value(d, r->root,
	    "metadata"), (const struct slice (*)[2])add, 2);
	return STATUS_OK;
}

/* An action's arguments; an early build wrote another name. */
static struct slice
action_args(const struct json *d, uint32_t action)
{
	struct slice args = part_json(d, action, "args", TOKEN_OBJECT);

	return args.p != NULL ? args : part_json(d, action, "arguments",
	    TOKEN_OBJECT);
}

/* Does the review config of that action list the decision?  Without one all
 * are allowed. */
static bool
allowed(const struct answer *a, uint32_t action, const char *decision)
{
	const struct json *d = &a->record;
	uint32_t all = json_get_kind(d, interrupt_request(d, 0),
	    "review_configs", TOKEN_ARRAY), t, list;
	struct slice name = part_json(&a->output, action, "name", TOKEN_STRING);

	for (t = all == JSON_NONE ? JSON_NONE : json_first(d, all);
	    t != JSON_NONE; t = json_next(d, all, t)) {
		if (!slice_eq(part_json(d, t, "action_name", TOKEN_STRING),
		    name) || (list = json_get_kind(d, t, "allowed_decisions",
		    TOKEN_ARRAY)) == JSON_NONE)
			continue;
		for (t = json_first(d, list); t != JSON_NONE;
		    t = json_next(d, list, t))
			if (json_kind(d, t) == TOKEN_STRING &&
			    json_string_is(d, t, decision))
				return true;
		return false;
	}
	return true;
}

static enum status
forbidden(struct answer *a, uint32_t action, const char *decision,
    struct error *err)
{
	struct slice name = json_text(&a->output, json_get(&a->output, action,
	    "name"), &a->arena);

	return error_set(err, STATUS_CONFLICT, "the request does not allow %s "
	    "of %.*s (allowed_decisions)", decision, SLICE_ARG(name));
}

static enum status
answer_edit(struct answer *a, uint32_t action, uint32_t edited,
    struct writer *w, struct error *err)
{
	const struct json *e = &a->edited;
	struct slice name = part_json(e, edited, "name", TOKEN_STRING);
	struct slice args = action_args(e, edited);

	if (!allowed(a, action, "edit"))
		return forbidden(a, action, "edit", err);
	if (name.p == NULL || args.p == NULL)
		return error_set(err, STATUS_INVALID, "the edited action is not "
		    "{\"name\": text, \"args\": object}");
	write_word(w, "type", "edit");
	write_object(w, "edited_action");
	write_raw(w, "name", name);
	write_raw(w, "args", args);
	write_end(w);
	return STATUS_OK;
}

static enum status
answer_reject(struct answer *a, uint32_t action, struct writer *w,
    struct error *err)
{
	if (!allowed(a, action, "reject"))
		return forbidden(a, action, "reject", err);
	write_word(w, "type", "reject");
	if (a->text.n > 0)
		write_text(w, "message", a->text);
	return STATUS_OK;
}

/* One decision; an action that the edit left as it was is approved. */
static enum status
answer_action(struct answer *a, uint32_t action, uint32_t edited,
    struct writer *w, struct error *err)
{
	bool nomem = false;

	if (a->decision == SHAPE_REJECT)
		return answer_reject(a, action, w, err);
	if (a->decision == SHAPE_EDIT && !value_equal(&a->output, action,
	    &a->edited, edited, &a->arena, &nomem))
		return nomem ? error_nomem(err) : answer_edit(a, action, edited,
		    w, err);
	if (!allowed(a, action, "approve"))
		return forbidden(a, action, "approve", err);
	write_word(w, "type", "approve");
	return STATUS_OK;
}

static enum status
langchain_answer(struct answer *a, struct error *err)
{
	const struct json *d = &a->output, *e = &a->edited;
	bool many = json_kind(d, 0) == TOKEN_ARRAY;
	bool edit = a->decision == SHAPE_EDIT;
	uint32_t t = many ? json_first(d, 0) : 0, u = 0;
	struct writer w = WRITER(a->out, WRITE_KEPT);
	enum status st = STATUS_OK;

	if (edit && many) {
		if (json_kind(e, 0) != TOKEN_ARRAY ||
		    e->tok[0].count != d->tok[0].count)
			return error_set(err, STATUS_INVALID, "the edited "
			    "actions are not an array of %u",
			    (unsigned)d->tok[0].count);
		u = json_first(e, 0);
	}
	write_object(&w, NULL);
	write_array(&w, "decisions");
	while (t != JSON_NONE && st == STATUS_OK) {
		write_object(&w, NULL);
		st = answer_action(a, t, u, &w, err);
		write_end(&w);
		t = many ? json_next(d, 0, t) : JSON_NONE;
		u = many && edit ? json_next(e, 0, u) : 0;
	}
	write_end(&w);
	write_end(&w);
	return st;
}

const struct shape shape_langchain = {
	.name = "langchain",
	.in_array = true,
	.marks = langchain_marks,
	.by = { KEY_action_requests, KEY_value, KEY_COUNT },
	.mark = "an array action_requests",
	.read = langchain_read,
	.answer = langchain_answer,
	.hints = { KEY_action_requests, KEY_review_configs, KEY_COUNT }
};
