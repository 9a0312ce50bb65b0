#include "core/wire/request.h"

#include "core/json/value.h"
#include "core/wire/api.h"
#include "core/wire/strings.h"

#define TOKENS_MAX	((int64_t)1 << 40)	/* more is a mistake */

/* NULL counts as not given wherever the APIs let it. */
static bool
absent(const struct json *d, uint32_t t)
{
	return t == JSON_NONE || json_kind(d, t) == TOKEN_NULL;
}

static enum status
wrong(struct error *err, const char *member, const char *must)
{
	return error_set(err, STATUS_INVALID, "%s: must be %s", member, must);
}

static enum status
read_bool(const struct json *d, const char *member, bool *value,
    struct error *err)
{
	uint32_t t = json_get(d, 0, member);

	*value = false;
	if (absent(d, t))
		return STATUS_OK;
	if (json_kind(d, t) != TOKEN_TRUE && json_kind(d, t) != TOKEN_FALSE)
		return wrong(err, member, "true or false");
	*value = json_kind(d, t) == TOKEN_TRUE;
	return STATUS_OK;
}

/* Stays as it is where it is not given. */
static enum status
read_count(const struct json *d, const char *member, int64_t low, int64_t high,
    int64_t *value, struct error *err)
{
	uint32_t t = json_get(d, 0, member);
	int64_t n;

	if (absent(d, t))
		return STATUS_OK;
	if (json_kind(d, t) != TOKEN_NUMBER || !json_int64(d, t, &n) ||
	    n < low || n > high)
		return error_set(err, STATUS_INVALID, "%s: must be a whole "
		    "number from %lld to %lld", member, (long long)low,
		    (long long)high);
	*value = n;
	return STATUS_OK;
}

static enum status
read_string(const struct json *d, uint32_t t, struct arena *a, struct slice *s,
    struct error *err)
{
	*s = json_text(d, t, a);
	return s->p == NULL ? error_nomem(err) : STATUS_OK;
}

static enum status
read_model(struct wire_request *r, struct arena *a, struct error *err)
{
	uint32_t t = json_get_kind(&r->d, 0, "model", TOKEN_STRING);

	if (t == JSON_NONE || json_string_is(&r->d, t, ""))
		return wrong(err, "model", "a name");
	return read_string(&r->d, t, a, &r->model, err);
}

/* Whom the call is for, as far as it says. */
static enum status
read_unit(struct wire_request *r, struct arena *a, struct error *err)
{
	const struct json *d = &r->d;
	uint32_t t = json_get_kind(d, 0, "safety_identifier", TOKEN_STRING);

	if (t == JSON_NONE)
		t = json_get_kind(d, 0, "user", TOKEN_STRING);
	if (t == JSON_NONE)
		t = json_get_kind(d, json_get_kind(d, 0, "metadata",
		    TOKEN_OBJECT), "user_id", TOKEN_STRING);
	if (t == JSON_NONE || json_string_is(d, t, ""))
		return STATUS_OK;
	return read_string(d, t, a, &r->unit, err);
}

/* A prompt with an id is one that the upstream keeps. */
static enum status
read_variables(struct wire_request *r, struct error *err)
{
	const struct json *d = &r->d;
	uint32_t prompt = json_get(d, 0, "prompt"), t;

	if (absent(d, prompt) || !absent(d, json_get_kind(d, prompt, "id",
	    TOKEN_STRING)))
		return STATUS_OK;
	if (json_kind(d, prompt) != TOKEN_OBJECT)
		return wrong(err, "prompt", "an object with \"variables\"");
	t = json_get(d, prompt, "variables");
	if (t != JSON_NONE && json_kind(d, t) != TOKEN_OBJECT)
		return wrong(err, "prompt.variables", "an object");
	r->variables = t == JSON_NONE ? SLICE("{}") : json_raw(d, t);
	return STATUS_OK;
}

static enum status
check_messages(struct wire_request *r, const struct wire_asks *asks,
    struct error *err)
{
	uint32_t t = json_get(&r->d, 0, asks->messages);

	r->messages = !absent(&r->d, t) && !json_string_is(&r->d, t, "") &&
	    (json_kind(&r->d, t) != TOKEN_ARRAY || r->d.tok[t].count > 0);
	if (absent(&r->d, t))
		return r->variables.p != NULL || asks->may_be_empty ?
		    STATUS_OK : wrong(err, asks->messages, "an array");
	if (json_kind(&r->d, t) == TOKEN_ARRAY || (asks->may_be_string &&
	    json_kind(&r->d, t) == TOKEN_STRING))
		return STATUS_OK;
	return wrong(err, asks->messages, asks->may_be_string ?
	    "a string or an array" : "an array");
}

static enum status
read_numbers(struct wire_request *r, const struct wire_asks *asks,
    struct error *err)
{
	const char *const *name;
	enum status st;

	r->max_tokens = -1;
	r->choices = 1;
	for (name = asks->max_tokens; *name != NULL && r->max_tokens < 0; name++)
		if ((st = read_count(&r->d, *name, 0, TOKENS_MAX,
		    &r->max_tokens, err)) != STATUS_OK)
			return st;
	return asks->has_choices ? read_count(&r->d, "n", 1, WIRE_CHOICES_MAX,
	    &r->choices, err) : STATUS_OK;
}

static enum status
read_members(struct wire_request *r, struct arena *a, struct error *err)
{
	const struct wire_asks *asks = &wire_row(r->api)->asks;
	const struct json *d = &r->d;
	uint32_t tools;
	enum status st;

	if ((st = read_model(r, a, err)) != STATUS_OK ||
	    (st = read_bool(d, "stream", &r->stream, err)) != STATUS_OK ||
	    (st = read_bool(d, "background", &r->background, err)) !=
	    STATUS_OK ||
	    (st = read_numbers(r, asks, err)) != STATUS_OK ||
	    (st = read_variables(r, err)) != STATUS_OK ||
	    (st = check_messages(r, asks, err)) != STATUS_OK ||
	    (st = read_unit(r, a, err)) != STATUS_OK)
		return st;
	tools = json_get_kind(d, 0, "tools", TOKEN_ARRAY);
	if (tools == JSON_NONE || d->tok[tools].count == 0)
		tools = json_get_kind(d, 0, "functions", TOKEN_ARRAY);
	r->tools = tools != JSON_NONE && d->tok[tools].count > 0;
	r->previous = !absent(d, json_get(d, 0, "previous_response_id")) ||
	    !absent(d, json_get(d, 0, "conversation"));
	r->usage_asked = asks->usage(d);
	r->logprobs_asked = asks->logprobs(d);
	r->json_asked = asks->json(d);
	return STATUS_OK;
}

enum status
wire_request_read(struct wire_request *r, enum wire_api api, struct slice body,
    struct arena *a, struct error *err)
{
	struct json d = r->d;
	struct json_error why;
	enum status st;

	memset(r, 0, sizeof(*r));
	r->d = d;
	r->api = api;
	r->body = body;
	st = json_parse(&r->d, body, JSON_DEPTH_MAX, 0, &why);
	if (st == STATUS_NOMEM)
		return error_nomem(err);
	r->malformed = st != STATUS_OK;
	if (r->malformed)
		return error_set(err, st, "byte %zu: %s", why.offset,
		    why.reason);
	if (json_kind(&r->d, 0) != TOKEN_OBJECT)
		return error_set(err, STATUS_INVALID, "must be a JSON object");
	return read_members(r, a, err);
}

void
wire_request_release(struct wire_request *r)
{
	json_release(&r->d);
	memset(r, 0, sizeof(*r));
}

enum status
wire_request_texts(const struct wire_request *r, struct arena *a,
    struct slice **texts, size_t *n, struct error *err)
{
	struct strings found = { .d = &r->d };
	enum status st = strings_find(&found, &wire_row(r->api)->asks, err);
	size_t i;

	*texts = NULL;
	*n = 0;
	if (st == STATUS_OK && found.n > 0 && (*texts = arena_alloc(a,
	    found.n * sizeof(**texts))) == NULL)
		st = error_nomem(err);
	for (i = 0; i < found.n && st == STATUS_OK; i++)
		if (((*texts)[i] = json_text(&r->d, found.t[i], a)).p == NULL)
			st = error_nomem(err);
	if (st == STATUS_OK)
		*n = found.n;
	strings_release(&found);
	return st;
}
