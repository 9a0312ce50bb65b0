#include "queue/loop/live_http.h"

#include "core/base/utf8.h"
#include "core/json/value.h"
#include "core/json/write.h"
#include "core/suite/fill.h"
#include "core/suite/request.h"

#define ENV_NAME_MAX	128
#define SECRET		"SECRET"	/* in the place of what the environment has */

extern char **environ;

/* Those of the environment that the URL, a header or the body may name. */
static void
environment_put(struct writer *w, const struct suite_endpoint *e, bool secret)
{
	const struct slice where[] = { slice_of(e->url), e->request->headers,
	    e->request->body };
	char name[ENV_NAME_MAX + 8];
	struct slice value;
	const char *equal;
	size_t i, k, n;

	write_object(w, "env");
	for (i = 0; environ[i] != NULL; i++) {
		equal = strchr(environ[i], '=');
		if (equal == NULL || (n = (size_t)(equal - environ[i])) >
		    ENV_NAME_MAX || n == 0)
			continue;
		memcpy(name, "env.", 4);
		memcpy(name + 4, environ[i], n);
		name[n + 4] = '\0';
		for (k = 0; k < 3 && (where[k].p == NULL || memmem(where[k].p,
		    where[k].n, name, n + 4) == NULL);)
			k++;
		value = secret ? slice_of(SECRET) : slice_of(equal + 1);
		if (k < 3 && utf8_valid(value.p, value.n) == value.n)
			write_text(w, name + 4, value);
	}
	write_end(w);
}

/* {case's..., "prompt", "env"} */
static enum status
variables_make(const struct suite_case *c, const struct suite_endpoint *e,
    struct slice prompt, bool secret, struct buf *text, struct json *out,
    struct error *err)
{
	struct writer w = WRITER(text, WRITE_KEPT);
	struct json_error why = { 0 };
	struct json j = JSON_INIT;
	enum status st = STATUS_OK;
	uint32_t m;

	write_object(&w, NULL);
	if (c->vars.p != NULL && json_parse(&j, c->vars, JSON_DEPTH_MAX,
	    JSON_NUL_ALLOWED, &why) != STATUS_OK)
		st = error_set(err, STATUS_INVALID, "vars: %s", why.reason);
	for (m = c->vars.p == NULL || st != STATUS_OK ? JSON_NONE :
	    json_first(&j, 0); m != JSON_NONE; m = json_next(&j, 0, m)) {
		if (json_string_is(&j, m, "prompt") ||
		    json_string_is(&j, m, "env"))
			continue;
		write_name(&w, json_raw(&j, m));
		write_raw(&w, NULL, json_raw(&j, m + 1));
	}
	write_text(&w, "prompt", prompt);
	environment_put(&w, e, secret);
	write_end(&w);
	json_release(&j);
	if (st == STATUS_OK && (st = buf_check(text, err)) == STATUS_OK &&
	    json_parse(out, buf_slice(text), JSON_DEPTH_MAX, JSON_NUL_ALLOWED,
	    &why) != STATUS_OK)
		st = error_set(err, STATUS_INVALID, "vars: %s", why.reason);
	return st;
}

/* The method and the headers make it another question; a key that changes does not. */
static enum status
other_make(const struct suite_case *c, struct slice prompt, struct ask *ask,
    struct error *err)
{
	const struct suite_request *q = ask->endpoint->request;
	const char *headers[REQUEST_HEADERS_MAX + 2];
	struct buf text = BUF_INIT, b = BUF_INIT;
	struct json vars = JSON_INIT;
	enum status st;
	size_t i;

	if ((st = variables_make(c, ask->endpoint, prompt, true, &text, &vars,
	    err)) == STATUS_OK && (st = request_headers(q, &vars, &ask->arena,
	    headers, err)) == STATUS_OK) {
		buf_puts(&b, q->method);
		for (i = 0; headers[i] != NULL; i++)
			buf_printf(&b, "\n%s", headers[i]);
		ask->other.n = b.n;
		ask->other.p = arena_copy(&ask->arena, b.p, b.n);
		if (b.failed || ask->other.p == NULL)
			st = error_nomem(err);
	}
	json_release(&vars);
	buf_release(&text);
	buf_release(&b);
	return st;
}

enum status
live_http_make(const struct suite_case *c, struct slice prompt, struct ask *ask,
    struct error *err)
{
	const struct suite_request *q = ask->endpoint->request;
	struct buf text = BUF_INIT, url = BUF_INIT;
	struct json vars = JSON_INIT;
	enum status st;

	ask->method = q->method;
	if ((st = variables_make(c, ask->endpoint, prompt, false, &text, &vars,
	    err)) == STATUS_OK &&
	    (st = fill_text(slice_of(ask->endpoint->url), &vars, &url, err)) ==
	    STATUS_OK && (st = request_headers(q, &vars, &ask->arena,
	    ask->headers, err)) == STATUS_OK &&
	    (st = request_body(q, &vars, &ask->body, err)) == STATUS_OK) {
		ask->url = arena_str(&ask->arena, buf_slice(&url));
		st = ask->url == NULL ? error_nomem(err) : other_make(c, prompt,
		    ask, err);
	}
	json_release(&vars);
	buf_release(&text);
	buf_release(&url);
	return st == STATUS_INVALID ? error_prefix(err, "case %.200s: provider "
	    "%.200s", c->id, ask->endpoint->name) : st;
}

enum status
live_http_take(const struct suite_endpoint *e, struct slice answer,
    struct arena *a, struct item *it, struct error *err)
{
	struct json j = JSON_INIT;
	struct slice output;
	bool is_string;
	enum status st;

	/* Whatever comes after is text. */
	if (utf8_valid(answer.p, answer.n) != answer.n)
		return error_set(err, STATUS_INVALID, "the answer is not UTF-8");
	st = request_pick(e->request, answer, &j, a, &output, &is_string, err);
	if (st == STATUS_OK) {
		it->shape = "native";
		it->output_is_string = is_string;
		it->output = (struct slice){ arena_str(a, output), output.n };
		if (it->output.p == NULL)
			st = error_nomem(err);
	}
	json_release(&j);
	return st;
}
