#include "core/suite/service_provider.h"

#include <math.h>

#include "core/json/value.h"
#include "core/suite/provider.h"

#define WEBHOOK_MS	5000
#define SERVICE_MS	60000

/* How providers of one kind are named, and where they are where nothing is said. */
static const struct service_kind {
	const char	*assertion, *prefix, *model;
	const char	*base, *path;	/* of the URL; path NULL: the model's name */
	const char	*base_name;	/* of the config */
	const char	*token_env, *base_env;
} kinds[] = {
	{ "moderation", "openai:moderation", "omni-moderation-latest",
	    "https://api.openai.com/v1", "/moderations", "apiBaseUrl",
	    "OPENAI_API_KEY", "OPENAI_BASE_URL" },
	{ "classifier", "huggingface:text-classification", NULL,
	    "https://router.huggingface.co/hf-inference/models/", NULL,
	    "apiEndpoint", "HF_TOKEN", NULL }
};

static const struct service_kind *
kind_of(const struct assertion *a)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].assertion, a->row->name) == 0)
			return &kinds[i];
	return NULL;
}

/* What is behind the prefix and its colon, or the default; NULL: not of the kind. */
static const char *
model_of(const struct service_kind *k, const char *id)
{
	size_t n = strlen(k->prefix);

	if (id == NULL || strncmp(id, k->prefix, n) != 0)
		return NULL;
	return id[n] == ':' && id[n + 1] != '\0' ? id + n + 1 :
	    id[n] == '\0' ? k->model : NULL;
}

static bool
config_known(const struct json *j, uint32_t config,
    const struct service_kind *k)
{
	uint32_t m;

	if (config == JSON_NONE)
		return true;
	if (json_kind(j, config) != TOKEN_OBJECT)
		return false;
	for (m = json_first(j, config); m != JSON_NONE;
	    m = json_next(j, config, m))
		if (json_kind(j, m + 1) != TOKEN_STRING ||
		    (!json_string_is(j, m, k->base_name) &&
		    !json_string_is(j, m, "apiKeyEnvar")))
			return false;
	return true;
}

static enum status
kind_fill(struct suite_reading *r, const struct json *j, uint32_t config,
    const struct service_kind *k, struct suite_endpoint *e, struct error *err)
{
	const char *base = config == JSON_NONE ? NULL : suite_text(r, j, config,
	    k->base_name);
	const char *env = config == JSON_NONE ? NULL : suite_text(r, j, config,
	    "apiKeyEnvar");
	const char *path = k->path != NULL ? k->path : e->model;

	e->token_env = env == NULL ? k->token_env : env;
	e->base_path = k->path;
	e->base_env = base == NULL ? k->base_env : NULL;
	e->url = base != NULL && k->path == NULL ? base : arena_printf(r->arena,
	    "%s%s", base == NULL ? k->base : base, path).p;
	return e->url == NULL ? error_nomem(err) : STATUS_OK;
}

static enum status
named(struct suite_reading *r, const struct json *j, uint32_t p,
    const char *where, const struct service_kind *k, struct suite_endpoint *e,
    bool *taken, struct error *err)
{
	bool object = p != JSON_NONE && json_kind(j, p) == TOKEN_OBJECT;
	uint32_t config = object ? json_get_value(j, p, "config") : JSON_NONE;
	const char *id = k->model == NULL ? NULL : k->prefix;

	if (object)
		id = suite_text(r, j, p, "id");
	else if (p != JSON_NONE)
		id = json_kind(j, p) != TOKEN_STRING ? NULL :
		    arena_str(r->arena, json_text(j, p, r->arena));
	e->model = model_of(k, id);
	*taken = e->model != NULL && config_known(j, config, k);
	if (!*taken)
		return suite_skip(r, err, "%s: %s: provider %.200s cannot be "
		    "asked from here: %s%s can, with %s and apiKeyEnvar in its "
		    "config", where, k->assertion, id == NULL ? "(none)" : id,
		    k->prefix, k->model == NULL ? ":MODEL" : "", k->base_name);
	e->name = id;
	if (config != JSON_NONE) {
		e->config = json_raw(j, config);
		e->config.p = arena_copy(r->arena, e->config.p, e->config.n);
		if (e->config.p == NULL)
			return error_nomem(err);
	}
	return kind_fill(r, j, config, k, e, err);
}

static enum status
webhook(struct suite_reading *r, const char *where, const struct assertion *a,
    struct suite_endpoint *e, bool *taken, struct error *err)
{
	e->url = e->name = arena_str(r->arena, a->text);
	e->timeout_ms = WEBHOOK_MS;
	if (e->url == NULL)
		return error_nomem(err);
	*taken = strncmp(e->url, "http://", 7) == 0 ||
	    strncmp(e->url, "https://", 8) == 0;
	return *taken ? STATUS_OK : suite_skip(r, err, "%s: webhook: a value "
	    "that begins with http:// or https:// is wanted", where);
}

enum status
service_provider(struct suite_reading *r, const struct json *j, uint32_t p,
    const char *where, const struct assertion *a, size_t *endpoint, bool *taken,
    struct error *err)
{
	struct suite_endpoint e = { .kind = ENDPOINT_SERVICE, .usd_in = NAN,
	    .usd_out = NAN, .in_flight = 4, .retries = 3,
	    .timeout_ms = SERVICE_MS, .token_optional = true };
	const struct service_kind *k = kind_of(a);
	bool same = false;
	enum status st;

	st = k == NULL ? webhook(r, where, a, &e, taken, err) :
	    named(r, j, p, where, k, &e, taken, err);
	if (st != STATUS_OK || !*taken)
		return st;
	if ((st = provider_find(r, &e, endpoint, &same, err)) != STATUS_OK ||
	    same)
		return st;
	return suite_endpoint_add(r, &e, endpoint, err);
}
