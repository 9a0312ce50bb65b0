#include "core/suite/provider.h"

#include <math.h>

#include "core/json/value.h"
#include "core/json/write.h"
#include "core/suite/request.h"

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

enum status
provider_find(struct suite_reading *r, struct suite_endpoint *e, size_t *at,
    bool *same, struct error *err)
{
	const char *base = e->name;
	int n = 1;

	for (*at = 0; *at < r->nendpoints; ++*at) {
		if (strcmp(r->endpoints[*at].name, e->name) != 0)
			continue;
		if (e->config.p == NULL || slice_eq(e->config,
		    r->endpoints[*at].config)) {
			*same = true;
			return STATUS_OK;
		}
		e->name = arena_printf(r->arena, "%s#%d", base, ++n).p;
		if (e->name == NULL)
			return error_nomem(err);
		*at = (size_t)-1;
	}
	*same = false;
	return STATUS_OK;
}

static bool
is_url(const char *id)
{
	return strncmp(id, "http://", 7) == 0 || strncmp(id, "https://", 8) == 0;
}

/* A request of one's own making: the provider "http", or a URL in its place. */
static enum status
http_make(struct suite_reading *r, const struct json *j, uint32_t config,
    const char *id, const char *where, struct suite_endpoint *e, bool *taken,
    struct error *err)
{
	const char *url, *why;
	struct slice odd;
	enum status st;

	e->kind = ENDPOINT_HTTP;
	e->token_env = e->base_env = NULL;
	if ((st = request_read(r, j, config, &e->request, &url, &odd, &why,
	    err)) != STATUS_OK)
		return st;
	e->url = url != NULL ? url : id;
	*taken = odd.p == NULL && is_url(e->url);
	if (odd.p != NULL)
		return suite_skip(r, err, "%s: provider %.200s: %.*s of its "
		    "config is not known%s%s", where, id, SLICE_ARG(odd),
		    why == NULL ? "" : ": ", why == NULL ? "" : why);
	return *taken ? STATUS_OK : suite_skip(r, err, "%s: provider %.200s: "
	    "url: http:// or https:// is wanted", where, id);
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
	else if (strcmp(id, "http") == 0 || strcmp(id, "https") == 0 ||
	    is_url(id))
		return http_make(r, j, config, id, where, e, taken, err);
	else if ((e->model = model_of(id)) == NULL) {
		*taken = false;
		return suite_skip(r, err, "%s: provider %.200s cannot be asked "
		    "from here: openai:MODEL, openai:chat:MODEL, http and echo "
		    "can (apiBaseUrl names any service of OpenAI's form)",
		    where, id);
	}
	if (config != JSON_NONE && (st = config_read(r, j, config, e, &odd,
	    err)) == STATUS_OK && odd.p != NULL) {
		*taken = false;
		return suite_skip(r, err, "%s: provider %.200s: %.*s of its "
		    "config is not known", where, id, SLICE_ARG(odd));
	}
	return st;
}

/* Beside the config; a delay changes no answer. */
static struct slice
odd_member(const struct json *j, uint32_t t)
{
	static const char *const names[] = { "id", "label", "config", "delay" };
	uint32_t m;

	for (m = json_first(j, t); m != JSON_NONE; m = json_next(j, t, m))
		if (!is_in(j, m, names, sizeof(names) / sizeof(names[0])))
			return json_raw(j, m);
	return SLICE_NONE;
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
	struct slice odd;
	enum status st;
	bool same = false;

	*taken = true;
	if (object) {
		if ((odd = odd_member(j, t)).p != NULL) {
			*taken = false;
			return suite_skip(r, err, "%s: a provider's %.*s is not "
			    "known", where, SLICE_ARG(odd));
		}
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
	if (config != JSON_NONE) {
		e.config = json_raw(j, config);
		e.config.p = arena_copy(r->arena, e.config.p, e.config.n);
		if (e.config.p == NULL)
			return error_nomem(err);
	}
	if ((st = provider_find(r, &e, endpoint, &same, err)) != STATUS_OK || same)
		return st;
	st = provider_make(r, j, config, id, where, &e, taken, err);
	return st == STATUS_OK && *taken ?
	    suite_endpoint_add(r, &e, endpoint, err) : st;
}
