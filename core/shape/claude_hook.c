/*
 * What Claude Code asks a hook before it uses a tool (docs.claude.com, Claude Code,
 * "Hooks reference": PreToolUse, PermissionRequest), answered in hookSpecificOutput.
 */
#include "core/json/equal.h"
#include "core/json/value.h"
#include "core/json/write.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"

#define PERMISSION	"PermissionRequest"

static bool
hook_marks(const struct reading *r)
{
	return (reading_is(r, KEY_hook_event_name, "PreToolUse") ||
	    reading_is(r, KEY_hook_event_name, PERMISSION)) &&
	    reading_has(r, KEY_tool_name, TOKEN_STRING) &&
	    reading_has(r, KEY_tool_input, TOKEN_OBJECT);
}

static struct slice
action_write(struct reading *r, struct slice name, struct slice input)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);

	write_object(&w, NULL);
	write_raw(&w, "tool_name", name);
	write_raw(&w, "tool_input", input);
	write_end(&w);
	return part_keep(r, &b);
}

static enum status
hook_read(struct reading *r)
{
	const struct json *d = r->d;
	struct slice name = part_json(d, r->root, "tool_name", TOKEN_STRING);
	struct slice input = part_json(d, r->root, "tool_input", TOKEN_OBJECT);
	const struct slice add[][2] = {
		{ SLICE("action"), name },
		{ SLICE("session_id"), part_json(d, r->root, "session_id",
		    TOKEN_STRING) },
		{ SLICE("cwd"), part_json(d, r->root, "cwd", TOKEN_STRING) },
		{ SLICE("permission_mode"), part_json(d, r->root,
		    "permission_mode", TOKEN_STRING) }
	};
	struct item base, *item;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK)
		return st;
	if (name.p == NULL || input.p == NULL)
		return reading_refuse(r, r->root, "no \"tool_name\" or no "
		    "\"tool_input\"");
	if ((item = part_item(r, &base)) == NULL)
		return r->err->code;
	item->id = part_string(r, d, r->root, "tool_use_id");
	item->output = action_write(r, name, input);
	item->stop = STOP_TOOL;
	item->metadata = part_metadata(r, d, json_get_value(d, r->root,
	    "metadata"), add, 4);
	return STATUS_OK;
}

/* The input that was edited; another tool cannot be put in its place. */
static enum status
edited_input(struct answer *a, struct slice *input, struct error *err)
{
	bool nomem = false;
	uint32_t is, was;

	*input = part_json(&a->edited, 0, "tool_input", TOKEN_OBJECT);
	is = json_get_kind(&a->edited, 0, "tool_name", TOKEN_STRING);
	was = json_get_kind(&a->output, 0, "tool_name", TOKEN_STRING);
	if (input->p != NULL && is != JSON_NONE && was != JSON_NONE &&
	    value_equal(&a->edited, is, &a->output, was, &a->arena, &nomem))
		return STATUS_OK;
	return nomem ? error_nomem(err) : error_set(err, STATUS_INVALID,
	    "the edited action is not {\"tool_name\": the same, "
	    "\"tool_input\": object}");
}

static void
permission_write(struct writer *w, bool deny, struct slice reason,
    struct slice input)
{
	write_object(w, "decision");
	write_word(w, "behavior", deny ? "deny" : "allow");
	if (input.p != NULL)
		write_raw(w, "updatedInput", input);
	if (deny && reason.n > 0)
		write_text(w, "message", reason);
	write_end(w);
}

static enum status
hook_answer(struct answer *a, struct error *err)
{
	struct writer w = WRITER(a->out, WRITE_KEPT);
	bool permission = json_get_is(&a->record, 0, "hook_event_name",
	    PERMISSION);
	bool deny = a->decision == SHAPE_REJECT;
	struct slice input = SLICE_NONE;
	enum status st;

	if (a->decision == SHAPE_EDIT &&
	    (st = edited_input(a, &input, err)) != STATUS_OK)
		return st;
	write_object(&w, NULL);
	write_object(&w, "hookSpecificOutput");
	write_word(&w, "hookEventName", permission ? PERMISSION : "PreToolUse");
	if (permission) {
		permission_write(&w, deny, a->text, input);
	} else {
		write_word(&w, "permissionDecision", deny ? "deny" : "allow");
		if (deny && a->text.n > 0)
			write_text(&w, "permissionDecisionReason", a->text);
		if (input.p != NULL)
			write_raw(&w, "updatedInput", input);
	}
	write_end(&w);
	write_end(&w);
	return STATUS_OK;
}

const struct shape shape_claude_hook = {
	.name = "claude-hook",
	.in_array = true,
	.marks = hook_marks,
	.by = { KEY_hook_event_name, KEY_COUNT },
	.mark = "hook_event_name is PreToolUse or PermissionRequest, tool_name, "
	    "tool_input",
	.read = hook_read,
	.answer = hook_answer,
	.heeds_0 = true,	/* after another it goes on as if nothing was said */
	.hints = { KEY_hook_event_name, KEY_tool_name, KEY_tool_input,
	    KEY_COUNT }
};
