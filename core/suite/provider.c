#include "core/suite/provider.h"

#include <math.h>

#include "core/json/value.h"
#include "core/json/write.h"

#define OPENAI_BASE	"https://api.openai.com/v1"
#define OPENAI_ENV	"OPENAI_API_KEY"
#define BASE_ENV	"OPENAI_BASE_URL"
#define CHAT_PATH	"/chat/completions"
#define MILLION		1e6

/* Of a provider's config: what is sent as it is, and what is known beside. */
static const char *const params[] = {
	"temperature", "max_tokens", "max_completion_tokens", "top_p", "seed",
	"stop", "frequency_penalty", "presence_penalty", "response_format",
	"tools", "tool_choice", "parallel_tool_calls", "reasoning_effort",
	"logprobs", "top_logprobs", "n", "user", "verbosity", "service_tier"
};
static const char *const known[] = {
	"apiBaseUrl", "apiKeyEnvar", "inputCost", "outputCost", "cost",
	"showThinking"
};

static bool
is_in(const struct json *j, uint32_t key, const char *const *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (json_string_is(j, key, v[i]))
			return true;
	return false;
}

/* The members that go into every request; *odd: one that is not known. */
static struct slice
params_read(struct suite_reading *r, const struct json *j, uint32_t config,
    struct slice *odd)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	struct slice out = SLICE_NONE;
	uint32_t m;

	write_object(&w, NULL);
	for (m = json_first(j, config); m != JSON_NONE;
	    m = json_next(j, config, m)) {
		if (is_in(j, m, params, sizeof(params) / sizeof(params[0]))) {
			write_name(&w, json_raw(j, m));
			write_raw(&w, NULL, json_raw(j, m + 1));
		} else if (!is_in(j, m, known, sizeof(known) /
		    sizeof(known[0])))
			*odd = json_raw(j, m);
	}
	write_end(&w);
	if (!b.failed)
		out = (struct slice){ arena_copy(r->arena, b.p, b.n), b.n };
	buf_release(&b);
	return out;
}

static double
price(const struct json *j, uint32_t config, const char *key)
{
	uint32_t t = json_get_value(j, config, key);

	if (t == JSON_NONE)
		t = json_get_value(j, config, "cost");
	return t != JSON_NONE && json_kind(j, t) == TOKEN_NUMBER ?
	    json_double(j, t) * MILLION : NAN;
}

static enum status
config_read(struct suite_reading *r, const struct json *j, uint32_t config,
    struct suite_endpoint *e, struct slice *odd, struct error *err)
{
	const char *base = suite_text(r, j, config, "apiBaseUrl");
	const char *env = suite_text(r, j, config, "apiKeyEnvar");

	if (base != NULL) {
		e->url = arena_printf(r->arena, "%s%s", base, CHAT_PATH).p;
		e->base_env = NULL;
	}
	if (env != NULL)
		e->token_env = env;
	e->usd_in = price(j, config, "inputCost");
	e->usd_out = price(j, config, "outputCost");
	e->params = params_read(r, j, config, odd);
	return e->params.p == NULL || e->url == NULL ? error_nomem(err) :
	    STATUS_OK;
}

/* The model of "openai:MODEL" and "openai:chat:MODEL"; NULL: neither. */
static const char *
model_of(const char *id)
{
	static const char *const others[] = {
		"responses:", "completion:", "embedding:", "embeddings:",
		"image:", "assistant:", "realtime:", "moderation:", "chatkit:",
		"codex", "agents:", "transcription:", "speech:", "video:"
	};
	size_t i;

	if (strncmp(id, "openai:", 7) != 0)
		return NULL;
	id += 7;
	if (strncmp(id, "chat:", 5) == 0)
		return id + 5;
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strncmp(id, others[i], strlen(others[i])) == 0)
			return NULL;
	return id;
}

static bool
known_already(const struct suite_reading *r, const char *name, size_t *n)
{
	for (*n = 0; *n < r->nendpoints; ++*n)
		if (strcmp(r->endpoints[*n].name, name) == 0)
			return true;
	return false;
}

static enum status
provider_make(struct suite_reading *r, const struct json *j, uint32_t config,
    const char *id, const char *where, struct suite_endpoint *e, bool *taken,
    struct error *err)
{
	struct slice odd = SLICE_NONE;
	enum status st = STATUS_OK;

	if (strcmp(id, "echo") == 0)
		e->kind = ENDPOINT_ECHO;
	else if ((e->model = model_of(id)) == NULL) {
		*taken = false;
		return suite_skip(r, err, "%s: provider %.200s cannot be asked "
		    "from here: openai:MODEL, openai:chat:MODEL and echo can "
		    "(apiBaseUrl names any service of that form)", where, id);
	}
	if (config != JSON_NONE && (st = config_read(r, j, config, e, &odd,
	    err)) == STATUS_OK && odd.p != NULL) {
		*taken = false;
		return suite_skip(r, err, "%s: provider %.200s: %.*s of its "
		    "config is not known", where, id, SLICE_ARG(odd));
	}
	return st;
}

enum status
provider_read(struct suite_reading *r, const struct json *j, uint32_t t,
    const char *where, size_t *endpoint, bool *taken, struct error *err)
{
	struct suite_endpoint e = { .url = OPENAI_BASE CHAT_PATH,
	    .token_env = OPENAI_ENV, .base_env = BASE_ENV, .usd_in = NAN,
	    .usd_out = NAN, .in_flight = 4, .retries = 3, .timeout_ms = 120000 };
	bool object = json_kind(j, t) == TOKEN_OBJECT;
	const char *id, *label = NULL;
	uint32_t config = JSON_NONE;
	enum status st;

	*taken = true;
	if (object) {
		id = suite_text(r, j, t, "id");
		label = suite_text(r, j, t, "label");
		config = json_get_value(j, t, "config");
	} else
		id = json_kind(j, t) == TOKEN_STRING ? arena_str(r->arena,
		    json_text(j, t, r->arena)) : NULL;
	if (id == NULL)
		return error_set(err, STATUS_INVALID,
		    "%s: a provider is a text, or has an id", where);
	if (config != JSON_NONE && json_kind(j, config) != TOKEN_OBJECT)
		return error_set(err, STATUS_INVALID,
		    "%s: provider %.200s: config is no object", where, id);
	e.name = label == NULL ? id : label;
	if (known_already(r, e.name, endpoint))
		return STATUS_OK;
	st = provider_make(r, j, config, id, where, &e, taken, err);
	return st == STATUS_OK && *taken ?
	    suite_endpoint_add(r, &e, endpoint, err) : st;
}
