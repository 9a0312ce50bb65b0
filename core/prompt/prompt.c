#include "core/prompt/prompt.h"

#include "core/base/titles.h"
#include "core/json/value.h"
#include "core/json/write.h"
#include "core/prompt/canonical.h"
#include "core/prompt/template.h"

static const char *const roles[] = {
	"system", "developer", "user", "assistant"
};

static bool
role_known(struct slice role)
{
	size_t i;

	for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (slice_is(role, roles[i]))
			return true;
	return false;
}

static enum status
check_message(const struct prompt_body *b, size_t i, struct error *err)
{
	const struct prompt_message *m = &b->messages[i];
	enum status st;

	if (!b->chat)
		return template_check(m->content, err);
	if (!role_known(m->role))
		return error_set(err, STATUS_INVALID, "message %zu: role %.*s: "
		    "system, developer, user or assistant is wanted", i + 1,
		    m->role.n > 40 ? 40 : (int)m->role.n, m->role.p);
	if ((st = template_check(m->content, err)) != STATUS_OK)
		return error_prefix(err, "message %zu", i + 1);
	return st;
}

static enum status
check(const struct prompt_body *b, struct error *err)
{
	size_t i, bytes = 0;
	enum status st;

	if (b->n > PROMPT_MESSAGES_MAX)
		return error_set(err, STATUS_LIMIT, "%zu messages, where %d are "
		    "the most", b->n, PROMPT_MESSAGES_MAX);
	for (i = 0; i < b->n; i++) {
		if (b->messages[i].content.n > PROMPT_BYTES_MAX)
			return error_set(err, STATUS_LIMIT, "over %zu bytes",
			    PROMPT_BYTES_MAX);
		if ((st = check_message(b, i, err)) != STATUS_OK)
			return st;
		bytes += b->messages[i].content.n;
	}
	return bytes > 0 ? STATUS_OK : error_set(err, STATUS_INVALID,
	    "no text in it");
}

static enum status
write_bytes(struct prompt_body *b, struct arena *arena, struct error *err)
{
	struct buf out = BUF_INIT;
	struct writer w = WRITER(&out, WRITE_CANONICAL);
	struct hasher *hasher;
	enum status st;
	size_t i;

	write_object(&w, NULL);
	write_raw(&w, "config", b->config);
	if (!b->chat) {
		write_text(&w, "text", b->messages[0].content);
	} else {
		write_array(&w, "messages");
		for (i = 0; i < b->n; i++) {
			write_object(&w, NULL);
			write_text(&w, "content", b->messages[i].content);
			write_text(&w, "role", b->messages[i].role);
			write_end(&w);
		}
		write_end(&w);
	}
	write_end(&w);
	if ((st = buf_check(&out, err)) == STATUS_OK &&
	    out.n > PROMPT_BYTES_MAX)
		st = error_set(err, STATUS_LIMIT, "%zu bytes, where %zu are the "
		    "most", out.n, PROMPT_BYTES_MAX);
	if (st == STATUS_OK) {
		b->bytes = (struct slice){ arena_copy(arena, out.p, out.n),
		    out.n };
		st = b->bytes.p == NULL ? error_nomem(err) :
		    hasher_new(&hasher, err);
	}
	if (st == STATUS_OK) {
		hash_bytes(hasher, b->bytes, &b->sha256);
		hasher_free(hasher);
	}
	buf_release(&out);
	return st;
}

/* Most prompts have few. */
static enum status
room_for_variable(struct prompt_body *b, struct arena *arena, struct error *err)
{
	size_t n = b->nvariables, cap = n == 0 ? 8 : 2 * n;
	struct slice *grown;

	if (n == PROMPT_VARIABLES_MAX)
		return error_set(err, STATUS_LIMIT, "over %d variables",
		    PROMPT_VARIABLES_MAX);
	if (n != 0 && (n < 8 || (n & (n - 1)) != 0))
		return STATUS_OK;	/* full at 8, 16, 32, ... */
	if ((grown = arena_alloc(arena, cap * sizeof(*grown))) == NULL)
		return error_nomem(err);
	if (n > 0)
		memcpy(grown, b->variables, n * sizeof(*grown));
	b->variables = grown;
	return STATUS_OK;
}

static enum status
add_variables(struct prompt_body *b, struct slice rest, struct titles *seen,
    struct arena *arena, struct error *err)
{
	struct template_part part;
	const char *name;
	enum status st;
	bool fresh;

	while (template_next(&rest, &part)) {
		if (part.name.p == NULL)
			continue;
		if ((name = arena_str(arena, part.name)) == NULL)
			return error_nomem(err);
		if ((st = titles_add(seen, 0, name, (uint32_t)b->nvariables,
		    &fresh, err)) != STATUS_OK)
			return st;
		if (!fresh)
			continue;
		if ((st = room_for_variable(b, arena, err)) != STATUS_OK)
			return st;
		b->variables[b->nvariables++] = slice_of(name);
	}
	return STATUS_OK;
}

static enum status
find_variables(struct prompt_body *b, struct arena *arena, struct error *err)
{
	struct titles seen = TITLES_INIT;
	enum status st = STATUS_OK;
	size_t i;

	b->nvariables = 0;
	b->variables = NULL;
	for (i = 0; i < b->n && st == STATUS_OK; i++)
		st = add_variables(b, b->messages[i].content, &seen, arena, err);
	titles_release(&seen);
	return st;
}

enum status
prompt_make(struct prompt_body *b, struct arena *arena, struct error *err)
{
	enum status st;

	if (b->config.p == NULL)
		b->config = SLICE("{}");
	if ((st = check(b, err)) != STATUS_OK ||
	    (st = find_variables(b, arena, err)) != STATUS_OK)
		return st;
	return write_bytes(b, arena, err);
}

/* A member that must be a text. */
static enum status
get_text(const struct json *d, uint32_t t, const char *key, struct slice *out,
    struct arena *arena, struct error *err)
{
	uint32_t v = json_get(d, t, key);

	if (v == JSON_NONE || json_kind(d, v) != TOKEN_STRING)
		return error_set(err, STATUS_INVALID, "%s: a text is wanted",
		    key);
	*out = value_string(d, v, arena);
	return out->p == NULL ? error_nomem(err) : STATUS_OK;
}

/* Nothing that is there is left out without a word. */
static enum status
only_keys(const struct json *d, uint32_t object, const char *const keys[3],
    struct error *err)
{
	struct slice raw;
	uint32_t k;
	size_t i;

	for (k = json_first(d, object); k != JSON_NONE;
	    k = json_next(d, object, k)) {
		for (i = 0; i < 3; i++)
			if (keys[i] != NULL && json_string_is(d, k, keys[i]))
				break;
		if (i < 3)
			continue;
		raw = json_raw(d, k);
		return error_set(err, STATUS_INVALID, "key %.*s is not taken",
		    raw.n > 40 ? 40 : (int)raw.n, raw.p);
	}
	return STATUS_OK;
}

static enum status
get_message(struct prompt_message *m, const struct json *d, uint32_t t,
    const char *ignored, struct arena *arena, struct error *err)
{
	const char *const keys[3] = { "role", "content", ignored };
	enum status st;

	if (json_kind(d, t) != TOKEN_OBJECT)
		return error_set(err, STATUS_INVALID, "an object with role and "
		    "content is wanted");
	if ((st = only_keys(d, t, keys, err)) != STATUS_OK ||
	    (st = get_text(d, t, "role", &m->role, arena, err)) != STATUS_OK)
		return st;
	return get_text(d, t, "content", &m->content, arena, err);
}

enum status
prompt_messages(struct prompt_body *b, const struct json *d, uint32_t array,
    const char *ignored, struct arena *arena, struct error *err)
{
	size_t i = 0;
	uint32_t t;

	b->chat = true;
	b->n = d->tok[array].count;
	if (b->n > PROMPT_MESSAGES_MAX)
		return error_set(err, STATUS_LIMIT, "%zu messages, where %d are "
		    "the most", b->n, PROMPT_MESSAGES_MAX);
	b->messages = arena_zalloc(arena, (b->n + 1) * sizeof(*b->messages));
	if (b->messages == NULL)
		return error_nomem(err);
	for (t = json_first(d, array); t != JSON_NONE; t = json_next(d, array, t))
		if (get_message(&b->messages[i++], d, t, ignored, arena, err) !=
		    STATUS_OK)
			return error_prefix(err, "message %zu", i);
	return STATUS_OK;
}

enum status
prompt_config(struct prompt_body *b, const struct json *d, uint32_t object,
    struct arena *arena, struct error *err)
{
	struct buf out = BUF_INIT;
	enum status st;

	if (json_kind(d, object) != TOKEN_OBJECT)
		return error_set(err, STATUS_INVALID, "config: an object is "
		    "wanted");
	if ((st = canonical_json(&out, d, object, arena, err)) == STATUS_OK) {
		b->config = (struct slice){ arena_copy(arena, out.p, out.n),
		    out.n };
		if (b->config.p == NULL)
			st = error_nomem(err);
	} else
		st = error_prefix(err, "config");
	buf_release(&out);
	return st;
}

/* {"messages":[...],"config":{...}}, or the array alone. */
static enum status
get_chat(struct prompt_body *b, const struct json *d, struct arena *arena,
    struct error *err)
{
	const char *const keys[3] = { "messages", "config", NULL };
	uint32_t messages = 0, config;
	enum status st;

	if (json_kind(d, 0) == TOKEN_OBJECT) {
		messages = json_get(d, 0, "messages");
		config = json_get_value(d, 0, "config");
		if ((st = only_keys(d, 0, keys, err)) != STATUS_OK ||
		    (config != JSON_NONE && (st = prompt_config(b, d, config,
		    arena, err)) != STATUS_OK))
			return st;
	}
	if (messages == JSON_NONE || json_kind(d, messages) != TOKEN_ARRAY)
		return error_set(err, STATUS_INVALID, "an array of messages, each "
		    "{\"role\", \"content\"}, is wanted");
	return prompt_messages(b, d, messages, NULL, arena, err);
}

static enum status
parse_json(struct json *d, struct slice text, struct error *err)
{
	struct json_error why;
	enum status st = json_parse(d, text, JSON_DEPTH_MAX, 0, &why);

	if (st == STATUS_NOMEM)
		return error_nomem(err);
	return st == STATUS_OK ? st : error_set(err, STATUS_INVALID, "not JSON "
	    "at byte %zu: %s", why.offset, why.reason);
}

enum status
prompt_parse(struct prompt_body *b, struct slice text, bool chat,
    struct arena *arena, struct error *err)
{
	struct json d = JSON_INIT;
	enum status st;

	if (text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
		text = (struct slice){ text.p + 3, text.n - 3 };
	if (text.n > 2 * PROMPT_BYTES_MAX)
		return error_set(err, STATUS_LIMIT, "over %zu bytes",
		    PROMPT_BYTES_MAX);
	if (chat) {
		if ((st = parse_json(&d, text, err)) == STATUS_OK)
			st = get_chat(b, &d, arena, err);
	} else {
		b->chat = false;
		b->n = 1;
		b->messages = arena_zalloc(arena, sizeof(*b->messages));
		st = b->messages == NULL ? error_nomem(err) : STATUS_OK;
		if (st == STATUS_OK)
			b->messages[0].content = text;
	}
	if (st == STATUS_OK)
		st = prompt_make(b, arena, err);
	json_release(&d);
	return st;
}

bool
prompt_looks_chat(struct slice text)
{
	struct json d = JSON_INIT;
	struct json_error why;
	uint32_t list = JSON_NONE, first;
	bool chat;

	if (json_parse(&d, text, JSON_DEPTH_MAX, 0, &why) == STATUS_OK)
		list = json_kind(&d, 0) == TOKEN_ARRAY ? 0 :
		    json_get(&d, 0, "messages");
	first = list == JSON_NONE ? JSON_NONE : json_at(&d, list, 0);
	chat = first != JSON_NONE && json_get(&d, first, "role") != JSON_NONE;
	json_release(&d);
	return chat;
}

enum status
prompt_read(struct prompt_body *b, struct slice bytes, struct arena *arena,
    struct error *err)
{
	struct json d = JSON_INIT;
	uint32_t config, text;
	enum status st;

	*b = (struct prompt_body){ 0 };
	if ((st = parse_json(&d, bytes, err)) != STATUS_OK)
		goto out;
	config = json_get(&d, 0, "config");
	text = json_get(&d, 0, "text");
	if (config == JSON_NONE || d.tok[0].count != 2)
		st = error_set(err, STATUS_INVALID, "not a prompt");
	else if ((st = prompt_config(b, &d, config, arena, err)) != STATUS_OK)
		;
	else if (text == JSON_NONE)
		st = get_chat(b, &d, arena, err);
	else {
		b->n = 1;
		b->messages = arena_zalloc(arena, sizeof(*b->messages));
		st = b->messages == NULL ? error_nomem(err) : get_text(&d, 0,
		    "text", &b->messages[0].content, arena, err);
	}
	if (st == STATUS_OK)
		st = prompt_make(b, arena, err);
	if (st == STATUS_OK && !slice_eq(b->bytes, bytes))
		st = error_set(err, STATUS_INVALID, "not in its one form");
out:
	json_release(&d);
	return st;
}

void
prompt_about(struct buf *out, struct slice note, struct slice tags)
{
	struct writer w = WRITER(out, WRITE_CANONICAL);

	write_object(&w, NULL);
	write_text(&w, "note", note);
	write_raw(&w, "tags", tags);
	write_end(&w);
}
