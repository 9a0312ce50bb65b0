/*
 * Guard kind "http": asks a guard service.  A shape is how one kind of service
 * is asked and how it answers; the transport is handed in (guard_outside).  A
 * service that is down, slow or answers something else is an error, never a pass.
 *
 * Shapes: Presidio's POST /analyze, OpenAI's POST /v1/moderations, LiteLLM's
 * generic guardrail API, and any JSON answer read by JSON pointers (RFC 6901).
 */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/arena.h"
#include "core/base/utf8.h"
#include "core/guard/guard.h"

extern const struct guard_kind guard_http;

#define HTTP_TIMEOUT_MS	2000
#define HTTP_RETRIES	2
#define HTTP_IN_FLIGHT	8

struct http_guard {
	const struct guard_outside *outside;
	const struct http_shape	*shape;
	struct guard_request	 request;	/* without a body */
	const char		*result, *score, *spans, *language, *model;
	bool			 on_input;
};

/* One answer on its way into findings. */
struct reply {
	const struct http_guard	*guard;
	struct guard_run	*run;
	json_t			*root;
	struct utf8_cursor	 cursor;
};

struct http_shape {
	const char	*name;
	json_t		*(*ask)(const struct http_guard *, struct slice text);
	enum status	(*read)(struct reply *, struct error *);
};

static enum status
unexpected(const char *what, struct error *err)
{
	return error_set(err, STATUS_IO, "the answer is not of its shape: %s",
	    what);
}

/* A finding over a span of code points; a span outside the text is an error. */
static enum status
add_span(struct reply *a, const char *kind, json_int_t start, json_int_t end,
    double score, const char *message, struct error *err)
{
	size_t points = utf8_count(a->run->text.p, a->run->text.n);
	struct finding *f;
	size_t from, to;

	if (start < 0 || end < start || (size_t)end > points)
		return unexpected("a span outside the text", err);
	from = utf8_byte(&a->cursor, (size_t)start);
	to = utf8_byte(&a->cursor, (size_t)end);
	if ((f = finding_add(a->run, kind, from, to, "%s", message)) == NULL)
		return finding_stop(a->run, err);
	/* The kind lives in the answer: the verdict outlives it. */
	f->kind = (struct slice){ arena_str(a->run->arena, slice_of(kind)),
	    strlen(kind) };
	if (f->kind.p == NULL)
		return error_nomem(err);
	if (!isnan(score))
		f->score = score < 0 ? 0 : score > 1 ? 1 : score;
	return STATUS_OK;
}

static enum status
add_whole(struct reply *a, const char *kind, double score, const char *message,
    struct error *err)
{
	return add_span(a, kind, 0, (json_int_t)utf8_count(a->run->text.p,
	    a->run->text.n), score, message, err);
}

static json_t *
presidio_ask(const struct http_guard *g, struct slice text)
{
	return json_pack("{s:s%, s:s}", "text", text.p, text.n, "language",
	    g->language);
}

static enum status
presidio_read(struct reply *a, struct error *err)
{
	const char *kind;
	json_int_t start, end;
	double score;
	enum status st;
	json_t *x;
	size_t i;

	if (!json_is_array(a->root))
		return unexpected("an array is wanted", err);
	json_array_foreach(a->root, i, x) {
		if (json_unpack(x, "{s:s, s:I, s:I, s:F}", "entity_type", &kind,
		    "start", &start, "end", &end, "score", &score) != 0)
			return unexpected("entity_type, start, end and score "
			    "are wanted", err);
		if ((st = add_span(a, kind, start, end, score,
		    "found by the service", err)) != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

static json_t *
moderations_ask(const struct http_guard *g, struct slice text)
{
	return json_pack("{s:s%, s:s}", "input", text.p, text.n, "model",
	    g->model);
}

static enum status
moderations_read(struct reply *a, struct error *err)
{
	json_t *result = json_array_get(json_object_get(a->root, "results"), 0);
	json_t *flagged = json_object_get(result, "flagged");
	json_t *scores = json_object_get(result, "category_scores");
	json_t *on, *score;
	const char *category;
	enum status st;
	size_t n = 0;

	if (!json_is_boolean(flagged))
		return unexpected("results[0].flagged is wanted", err);
	json_object_foreach(json_object_get(result, "categories"), category, on) {
		if (!json_is_true(on))
			continue;
		score = json_object_get(scores, category);
		n++;
		if ((st = add_whole(a, category, json_is_number(score) ?
		    json_number_value(score) : (double)NAN,
		    "flagged by the service", err)) != STATUS_OK)
			return st;
	}
	if (json_is_true(flagged) && n == 0)
		return add_whole(a, "flagged", (double)NAN,
		    "flagged by the service", err);
	return STATUS_OK;
}

static json_t *
litellm_ask(const struct http_guard *g, struct slice text)
{
	return json_pack("{s:[s%], s:{}, s:s}", "texts", text.p, text.n,
	    "request_data", "input_type", g->on_input ? "request" : "response");
}

static enum status
litellm_read(struct reply *a, struct error *err)
{
	const char *action = json_string_value(json_object_get(a->root,
	    "action"));
	const char *why = json_string_value(json_object_get(a->root,
	    "blocked_reason"));

	if (action == NULL)
		return unexpected("action is wanted", err);
	if (strcmp(action, "NONE") == 0)
		return STATUS_OK;
	if (strcmp(action, "BLOCKED") == 0)
		return add_whole(a, "blocked", (double)NAN, why == NULL ?
		    "blocked by the service" : why, err);
	if (strcmp(action, "GUARDRAIL_INTERVENED") == 0)
		return add_whole(a, "intervened", (double)NAN,
		    "the service would have changed it", err);
	return unexpected("action is none of NONE, BLOCKED and "
	    "GUARDRAIL_INTERVENED", err);
}

/* The value at a JSON pointer, or NULL. */
static json_t *
pointer_get(json_t *v, const char *pointer)
{
	struct buf key = BUF_INIT;
	char *end;
	unsigned long i;

	while (v != NULL && *pointer == '/') {
		buf_clear(&key);
		for (pointer++; *pointer != '\0' && *pointer != '/'; pointer++) {
			if (pointer[0] == '~' && pointer[1] == '1') {
				buf_putc(&key, '/');
				pointer++;
			} else if (pointer[0] == '~' && pointer[1] == '0') {
				buf_putc(&key, '~');
				pointer++;
			} else
				buf_putc(&key, *pointer);
		}
		if (json_is_array(v)) {
			i = strtoul(buf_str(&key), &end, 10);
			v = key.n > 0 && *end == '\0' ? json_array_get(v, i) :
			    NULL;
		} else
			v = json_object_get(v, buf_str(&key));
	}
	buf_release(&key);
	return *pointer == '\0' ? v : NULL;
}

static json_t *
generic_ask(const struct http_guard *g, struct slice text)
{
	(void)g;
	return json_pack("{s:s%}", "text", text.p, text.n);
}

/*
 * true and a number of a half or more fail, and these words.  What is none of
 * the values known is not taken for a pass.
 */
static enum status
generic_fails(json_t *result, bool *fails, struct error *err)
{
	static const char *const bad[] = {
		"fail", "failed", "flag", "flagged", "block", "blocked", "deny",
		"denied", "reject", "rejected", "unsafe", NULL
	};
	static const char *const good[] = {
		"pass", "passed", "ok", "safe", "allow", "allowed", "clean",
		"none", NULL
	};
	const char *s = json_string_value(result), *const *w;

	*fails = json_is_true(result) || (json_is_number(result) &&
	    json_number_value(result) >= 0.5);
	if (json_is_boolean(result) || json_is_number(result))
		return STATUS_OK;
	for (w = bad; s != NULL && *w != NULL; w++)
		if (strcasecmp(s, *w) == 0)
			*fails = true;
	for (w = good; s != NULL && !*fails && *w != NULL; w++)
		if (strcasecmp(s, *w) == 0)
			return STATUS_OK;
	return *fails ? STATUS_OK : unexpected("its result says neither pass "
	    "nor fail", err);
}

static enum status
generic_spans(struct reply *a, json_t *spans, double score, struct error *err)
{
	json_int_t start, end;
	enum status st;
	json_t *x;
	size_t i;

	json_array_foreach(spans, i, x) {
		if (json_unpack(x, "[I,I]", &start, &end) != 0 &&
		    json_unpack(x, "{s:I, s:I}", "start", &start, "end",
		    &end) != 0)
			return unexpected("a span is [start,end] or "
			    "{\"start\",\"end\"}", err);
		if ((st = add_span(a, "flagged", start, end, score,
		    "flagged by the service", err)) != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

static enum status
generic_read(struct reply *a, struct error *err)
{
	const struct http_guard *g = a->guard;
	json_t *result = pointer_get(a->root, g->result);
	json_t *score = g->score == NULL ? NULL : pointer_get(a->root, g->score);
	json_t *spans = g->spans == NULL ? NULL : pointer_get(a->root, g->spans);
	double v = json_is_number(score) ? json_number_value(score) :
	    (double)NAN;
	enum status st;
	bool fails;

	if (result == NULL || json_is_null(result))
		return error_set(err, STATUS_IO, "the answer has nothing at %s",
		    g->result);
	if ((st = generic_fails(result, &fails, err)) != STATUS_OK || !fails)
		return st;
	if (json_array_size(spans) > 0)
		return generic_spans(a, spans, v, err);
	return add_whole(a, "flagged", v, "flagged by the service", err);
}

/* In the order of the option's choices. */
static const struct http_shape shapes[] = {
	{ "presidio", presidio_ask, presidio_read },
	{ "openai-moderation", moderations_ask, moderations_read },
	{ "litellm", litellm_ask, litellm_read },
	{ "generic", generic_ask, generic_read }
};
#define SHAPE_NAMES	"presidio|openai-moderation|litellm|generic"

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
	if (timeout > 600000 || retries > 10 || in_flight > 64)
		return error_set(err, STATUS_INVALID, "timeout_ms goes up to "
		    "600000, retries to 10, in_flight to 64");
	r->timeout_ms = (long)timeout;
	r->retries = (int)retries;
	r->in_flight = (int)in_flight;
	return STATUS_OK;
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
	g->shape = &shapes[(size_t)shape->number];
	g->request.url = guard_option(c, "url")->string;
	g->request.token_env = string_option(c, "token_env", NULL);
	g->language = string_option(c, "language", "en");
	g->model = string_option(c, "model", "omni-moderation-latest");
	g->result = string_option(c, "result", "/result");
	g->score = string_option(c, "score", NULL);
	g->spans = string_option(c, "spans", NULL);
	st = http_numbers(c, &g->request, err);
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

static enum status
read_answer(struct reply *a, const struct buf *body, struct error *err)
{
	json_error_t why;
	enum status st;

	a->root = json_loadb(buf_slice(body).p, body->n, JSON_DECODE_ANY, &why);
	if (a->root == NULL)
		return error_set(err, STATUS_IO, "the answer is not JSON: %s",
		    why.text);
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
	ask = g->shape->ask(g, r->text);
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
	{ "shape", OPTION_CHOICE, SHAPE_NAMES, true },
	{ "timeout_ms", OPTION_NUMBER, NULL, false },
	{ "retries", OPTION_NUMBER, NULL, false },
	{ "in_flight", OPTION_NUMBER, NULL, false },
	{ "token_env", OPTION_STRING, NULL, false },
	{ "language", OPTION_STRING, NULL, false },
	{ "model", OPTION_STRING, NULL, false },
	{ "result", OPTION_STRING, NULL, false },
	{ "score", OPTION_STRING, NULL, false },
	{ "spans", OPTION_STRING, NULL, false },
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
	.free = free
};
