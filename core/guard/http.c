/*
 * Guard kind "http": asks a guard service.  A shape is how one kind of service
 * is asked and how it answers (http_shape.c); the transport is handed in
 * (guard_outside).  A service that is down, slow or answers something else is an
 * error, never a pass.
 */
#include <stdlib.h>
#include <strings.h>

#include "core/base/utf8.h"
#include "core/guard/http_generic.h"
#include "core/guard/http_shape.h"
#include "core/guard/http_verdict.h"

extern const struct guard_kind guard_http;

#define HTTP_TIMEOUT_MS	2000
#define HTTP_RETRIES	2
#define HTTP_IN_FLIGHT	8

static const char *
string_option(const struct guard_config *c, const char *name,
    const char *otherwise)
{
	const struct option_value *v = guard_option(c, name);

	return v->set ? v->string : otherwise;
}

static enum status
http_numbers(const struct guard_config *c, struct guard_request *r,
    struct error *err)
{
	size_t timeout = HTTP_TIMEOUT_MS, retries = HTTP_RETRIES;
	size_t in_flight = HTTP_IN_FLIGHT;
	enum status st;

	if ((st = guard_option_size(c, "timeout_ms", 1, &timeout, err)) !=
	    STATUS_OK ||
	    (st = guard_option_size(c, "retries", 0, &retries, err)) !=
	    STATUS_OK ||
	    (st = guard_option_size(c, "in_flight", 1, &in_flight, err)) !=
	    STATUS_OK)
		return st;
	if (timeout > 600000 || retries > 10 || in_flight > GUARD_IN_FLIGHT_MAX)
		return error_set(err, STATUS_INVALID, "timeout_ms goes up to "
		    "600000, retries to 10, in_flight to %d",
		    GUARD_IN_FLIGHT_MAX);
	r->timeout_ms = (long)timeout;
	r->retries = (int)retries;
	r->in_flight = (int)in_flight;
	return STATUS_OK;
}

/* Where a proxy is, or "env": as the variables of the environment say. */
static enum status
http_proxy(const struct guard_config *c, struct guard_request *r,
    struct error *err)
{
	static const char *const begins[] = {
		"http://", "https://", "socks5://", "socks5h://"
	};
	size_t i;

	r->proxy = string_option(c, "proxy", NULL);
	if (r->proxy == NULL || strcmp(r->proxy, "env") == 0)
		return STATUS_OK;
	for (i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (strncmp(r->proxy, begins[i], strlen(begins[i])) == 0 &&
		    r->proxy[strlen(begins[i])] != '\0')
			return STATUS_OK;
	return error_set(err, STATUS_INVALID, "proxy: neither env nor an address "
	    "that begins with http://, https://, socks5:// or socks5h://");
}

static enum status
http_words(const struct guard_config *c, const char *name, bool generic,
    struct http_words *w, struct error *err)
{
	const struct option_value *v = guard_option(c, name);

	if (!v->set)
		return STATUS_OK;
	if (!generic)
		return error_set(err, STATUS_INVALID, "%s: only the shape "
		    "generic has it, the others know which answers fail", name);
	if (v->nlist == 0)
		return error_set(err, STATUS_INVALID, "%s: names no value",
		    name);
	w->v = v->list;
	w->n = v->nlist;
	return STATUS_OK;
}

static enum status
http_polarity(const struct guard_config *c, struct http_guard *g,
    struct error *err)
{
	bool generic = g->shape->read == http_generic_read;
	enum status st;
	size_t i, k;

	if ((st = http_words(c, "fails", generic, &g->fails, err)) !=
	    STATUS_OK ||
	    (st = http_words(c, "passes", generic, &g->passes, err)) !=
	    STATUS_OK)
		return st;
	for (i = 0; i < g->fails.n; i++)
		for (k = 0; k < g->passes.n; k++)
			if (strcasecmp(g->fails.v[i], g->passes.v[k]) == 0)
				return error_set(err, STATUS_INVALID, "passes: "
				    "\"%s\" is in fails too", g->passes.v[k]);
	if (generic && g->fails.n + g->passes.n == 0 &&
	    http_names_pass(g->result))
		g->doubt = "result: its name says that true is well, but true "
		    "fails; say which with fails = { \"false\" } or passes = "
		    "{ \"true\" }";
	return STATUS_OK;
}

static const char *
http_doubt(const void *compiled)
{
	const struct http_guard *g = compiled;

	return g->doubt;
}

static enum status
http_compile(const struct guard_config *c, void **out, struct error *err)
{
	const struct option_value *shape = guard_option(c, "shape");
	struct http_guard *g;
	enum status st;

	if ((g = calloc(1, sizeof(*g))) == NULL)
		return error_nomem(err);
	g->outside = c->outside;
	g->on_input = c->on_input;
	g->shape = &http_shapes[(size_t)shape->number];
	g->request.url = guard_option(c, "url")->string;
	g->request.token_env = string_option(c, "token_env", NULL);
	g->language = string_option(c, "language", "en");
	g->model = string_option(c, "model", g->shape->model);
	g->result = string_option(c, "result", "/result");
	g->score = string_option(c, "score", NULL);
	g->spans = string_option(c, "spans", NULL);
	st = http_numbers(c, &g->request, err);
	if (st == STATUS_OK)
		st = http_proxy(c, &g->request, err);
	if (st == STATUS_OK)
		st = http_polarity(c, g, err);
	if (st == STATUS_OK && strncmp(g->request.url, "http://", 7) != 0 &&
	    strncmp(g->request.url, "https://", 8) != 0)
		st = error_set(err, STATUS_INVALID, "url: begins neither with "
		    "http:// nor with https://");
	if (st != STATUS_OK) {
		free(g);
		return st;
	}
	*out = g;
	return STATUS_OK;
}

/* A key that is there twice could mean one thing here and another elsewhere. */
static enum status
read_answer(struct reply *a, const struct buf *body, struct error *err)
{
	json_error_t why;
	enum status st;

	a->root = json_loadb(buf_slice(body).p, body->n, JSON_DECODE_ANY |
	    JSON_REJECT_DUPLICATES, &why);
	if (a->root == NULL && json_error_code(&why) ==
	    json_error_duplicate_key)
		return error_set(err, STATUS_IO, "the answer has a key twice: %s",
		    why.text);
	if (a->root == NULL)
		return error_set(err, STATUS_IO, "the answer is not JSON: %s",
		    why.text);
	a->points = utf8_count(a->run->text.p, a->run->text.n);
	st = a->guard->shape->read(a, err);
	json_decref(a->root);
	return st;
}

static enum status
http_run(const void *compiled, struct guard_run *r, struct error *err)
{
	const struct http_guard *g = compiled;
	struct reply a = { .guard = g, .run = r, .cursor = { r->text, 0, 0 } };
	struct guard_request request = g->request;
	struct buf body = BUF_INIT;
	json_t *ask;
	char *text;
	enum status st;

	if (g->outside == NULL || g->outside->http == NULL)
		return error_set(err, STATUS_IO, "nothing here can ask %s",
		    g->request.url);
	ask = g->shape->ask(g, r);
	text = ask == NULL ? NULL : json_dumps(ask, JSON_COMPACT);
	json_decref(ask);
	if (text == NULL)
		return error_nomem(err);
	request.body = slice_of(text);
	st = g->outside->http(g->outside->arg, &request, &body, err);
	free(text);
	if (st == STATUS_OK && (st = buf_check(&body, err)) == STATUS_OK)
		st = read_answer(&a, &body, err);
	buf_release(&body);
	return st == STATUS_OK || st == STATUS_NOMEM ? st :
	    error_prefix(err, "%s", g->request.url);
}

static const struct option_row http_options[] = {
	{ "url", OPTION_STRING, NULL, true },
	{ "shape", OPTION_CHOICE, HTTP_SHAPE_NAMES, true },
	{ "timeout_ms", OPTION_NUMBER, NULL, false },
	{ "retries", OPTION_NUMBER, NULL, false },
	{ "in_flight", OPTION_NUMBER, NULL, false },
	{ "token_env", OPTION_STRING, NULL, false },
	{ "proxy", OPTION_STRING, NULL, false },
	{ "language", OPTION_STRING, NULL, false },
	{ "model", OPTION_STRING, NULL, false },
	{ "result", OPTION_STRING, NULL, false },
	{ "score", OPTION_STRING, NULL, false },
	{ "spans", OPTION_STRING, NULL, false },
	{ "fails", OPTION_LIST, NULL, false },
	{ "passes", OPTION_LIST, NULL, false },
	{ NULL, OPTION_STRING, NULL, false }
};

const struct guard_kind guard_http = {
	.name = "http",
	.options = http_options,
	.severity = SEVERITY_MEDIUM,
	.cost = 1000,
	.waits = true,
	.reads = READS_JOINED,
	.leaves = READS_JOINED,
	.compile = http_compile,
	.run = http_run,
	.doubt = http_doubt,
	.free = free
};
