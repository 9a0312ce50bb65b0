#include "core/wire/told.h"

#include "core/json/value.h"

/* Strings of a delta that are sent whole, as often as they are. */
static const char *const whole_names[] = { "role", "id", "type", "format",
	"object", "model", "call_id", "item_id", "status", "index",
	"obfuscation", NULL };
/* Those in which there is nothing to read. */
static const char *const byte_names[] = { "data", "signature",
	"encrypted_content", "thought_signature", "url", "b64_json",
	"partial_image_b64", NULL };

static const struct {
	const char	*name;
	enum wire_kind	 kind;
} kinds[] = {
	{ "content", WIRE_TEXT }, { "refusal", WIRE_REFUSAL },
	/* Of audio: beside a content it is no part of the item's output. */
	{ "transcript", WIRE_OTHER },
	{ "reasoning_content", WIRE_REASONING },
	{ "reasoning", WIRE_REASONING }, { "thinking", WIRE_REASONING },
	{ "reasoning_details", WIRE_REASONING },
	{ "thinking_blocks", WIRE_REASONING },
	{ "name", WIRE_TOOL_NAME }, { "arguments", WIRE_ARGUMENTS },
	{ "input", WIRE_ARGUMENTS }, { "code", WIRE_ARGUMENTS }
};

bool
told_is_one_of(const struct json *d, uint32_t t, const char *const *names)
{
	struct slice raw = json_raw(d, t);
	size_t n = raw.n - 2;

	for (; *names != NULL; names++)
		if (d->tok[t].escaped ? json_string_is(d, t, *names) :
		    (*names)[0] == raw.p[1] && strlen(*names) == n &&
		    memcmp(*names, raw.p + 1, n) == 0)
			return true;
	return false;
}

bool
told_is_whole(const struct json *d, uint32_t key)
{
	return told_is_one_of(d, key, whole_names);
}

enum wire_kind
told_kind(const struct json *d, uint32_t key, const struct told *at)
{
	size_t i;

	if (told_is_one_of(d, key, byte_names))
		return WIRE_BYTES;
	/* Whatever a thought is made of. */
	if (at->kind == WIRE_REASONING)
		return WIRE_REASONING;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (json_string_is(d, key, kinds[i].name))
			return kinds[i].kind;
	return at->kind;
}

void
told_strings(struct wire_stream *s, uint32_t t, const struct told *at)
{
	const struct json *d = &s->d;
	bool object = json_kind(d, t) == TOKEN_OBJECT;
	struct told in = *at;
	uint32_t e, text;

	if (json_kind(d, t) == TOKEN_STRING && !json_string_is(d, t, "")) {
		text = gather_text(s, at->kind, at->choice, at->part);
		gather_add(s, text, t);
		if (text != TEXT_NONE)
			s->text[text].ended = true;
	}
	if (!object && json_kind(d, t) != TOKEN_ARRAY)
		return;
	for (e = json_first(d, t); e != JSON_NONE; e = json_next(d, t, e)) {
		if (object && told_is_whole(d, e))
			continue;
		in.kind = object ? told_kind(d, e, at) : at->kind;
		told_strings(s, object ? e + 1 : e, &in);
	}
}
