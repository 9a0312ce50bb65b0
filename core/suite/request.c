#include "core/suite/request.h"

#include <stdlib.h>
#include <strings.h>

#include "core/json/value.h"
#include "core/json/write.h"
#include "core/suite/fill.h"
#include "core/suite/reading.h"

#define METHOD_MAX	16

static bool
is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '$';
}

/* ".name", "?.name": *p goes on behind it. */
static bool
step_member(const char **p, struct request_step *s)
{
	const char *from = *p + (**p == '?') + 1;
	size_t n = 0;

	while (is_word_char(from[n]))
		n++;
	if (n == 0 || from[-1] != '.' || (from[0] >= '0' && from[0] <= '9'))
		return false;
	s->name = (struct slice){ from, n };
	*p = from + n;
	return true;
}

/* "[0]", "['name']", "?.[0]" without the dot. */
static bool
step_index(const char **p, struct request_step *s)
{
	const char *from = *p + 1, *end;
	char quote = from[0], *behind;

	if (quote == '\'' || quote == '"') {
		if ((end = strchr(from + 1, quote)) == NULL || end[1] != ']' ||
		    memchr(from, '\\', (size_t)(end - from)) != NULL)
			return false;
		s->name = (struct slice){ from + 1, (size_t)(end - from) - 1 };
		*p = end + 2;
		return true;
	}
	if (from[0] < '0' || from[0] > '9' || strspn(from, "0123456789") > 6)
		return false;
	s->name = SLICE_NONE;
	s->at = (uint32_t)strtoul(from, &behind, 10);
	*p = behind + 1;
	return *behind == ']';
}

/* "text", "json", "json.choices[0].message.content": nothing that would be code. */
static bool
pick_parse(const char *p, struct suite_request *q, struct request_step *steps)
{
	bool known = true;

	if (strcmp(p, "text") == 0) {
		q->pick = PICK_TEXT;
		return true;
	}
	if (strncmp(p, "json", 4) != 0)
		return false;
	for (p += 4; known && *p != '\0' && q->nsteps < REQUEST_STEPS_MAX;) {
		if (strncmp(p, "?.[", 3) == 0)
			p += 2;
		known = *p == '[' ? step_index(&p, &steps[q->nsteps]) :
		    (*p == '.' || *p == '?') &&
		    step_member(&p, &steps[q->nsteps]);
		q->nsteps += known;
	}
	q->pick = q->nsteps == 0 ? PICK_ALL : PICK_PATH;
	q->steps = steps;
	return known && *p == '\0';
}

static enum status
pick_read(struct suite_reading *r, const char *text, struct suite_request *q,
    bool *known, struct error *err)
{
	struct request_step *steps = arena_zalloc(r->arena,
	    REQUEST_STEPS_MAX * sizeof(*steps));

	if (steps == NULL)
		return error_nomem(err);
	*known = pick_parse(text, q, steps);
	return STATUS_OK;
}

/* Texts, a number of them that is sent; *typed: one says what the body is. */
static bool
headers_known(const struct json *j, uint32_t t, struct suite_request *q)
{
	struct slice raw;
	uint32_t m, n = 0;

	if (json_kind(j, t) != TOKEN_OBJECT)
		return false;
	for (m = json_first(j, t); m != JSON_NONE; m = json_next(j, t, m)) {
		if (json_kind(j, m + 1) != TOKEN_STRING ||
		    ++n > REQUEST_HEADERS_MAX)
			return false;
		raw = json_raw(j, m);
		if (raw.n != sizeof("\"content-type\"") - 1 ||
		    strncasecmp(raw.p, "\"content-type\"", raw.n) != 0)
			continue;
		q->typed = true;
		raw = json_raw(j, m + 1);
		q->json = memmem(raw.p, raw.n, "json", 4) != NULL;
	}
	return true;
}

static bool
method_known(const char *m)
{
	size_t n = strspn(m, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	return n > 0 && n <= METHOD_MAX && m[n] == '\0' &&
	    strcmp(m, "CONNECT") != 0;
}

/* One member of a config. */
static enum status
member_read(struct suite_reading *r, const struct json *j, uint32_t config,
    uint32_t m, struct suite_request *q, bool *known, const char **why,
    struct error *err)
{
	bool text = json_kind(j, m + 1) == TOKEN_STRING;
	const char *pick;

	*known = true;
	if (json_string_is(j, m, "url"))
		*known = text;
	else if (json_string_is(j, m, "method")) {
		q->method = suite_text(r, j, config, "method");
		*known = q->method != NULL && method_known(q->method);
	} else if (json_string_is(j, m, "headers")) {
		q->headers = json_raw(j, m + 1);
		*known = headers_known(j, m + 1, q);
	} else if (json_string_is(j, m, "body"))
		q->body = json_raw(j, m + 1);
	else if (json_string_is(j, m, "transformResponse") ||
	    json_string_is(j, m, "responseParser")) {
		*why = "only text, json and a path like json.choices[0].text "
		    "are no code";
		if ((pick = !text ? NULL : suite_text(r, j, config,
		    json_string_is(j, m, "responseParser") ? "responseParser" :
		    "transformResponse")) == NULL) {
			*known = false;
			return STATUS_OK;
		}
		return pick_read(r, pick, q, known, err);
	} else
		*known = false;
	return STATUS_OK;
}

static bool
keep(struct arena *a, struct slice *s)
{
	if (s->p != NULL)
		s->p = arena_copy(a, s->p, s->n);
	return s->n == 0 || s->p != NULL;
}

enum status
request_read(struct suite_reading *r, const struct json *j, uint32_t config,
    const struct suite_request **out, const char **url, struct slice *odd,
    const char **why, struct error *err)
{
	struct suite_request *q = arena_zalloc(r->arena, sizeof(*q));
	bool known = true;
	enum status st = STATUS_OK;
	uint32_t m;

	*url = NULL;
	*odd = SLICE_NONE;
	*why = NULL;
	if ((*out = q) == NULL)
		return error_nomem(err);
	for (m = config == JSON_NONE ? JSON_NONE : json_first(j, config);
	    m != JSON_NONE && st == STATUS_OK && known;
	    m = json_next(j, config, m)) {
		*why = NULL;
		st = member_read(r, j, config, m, q, &known, why, err);
		if (!known)
			*odd = json_raw(j, m);
	}
	if (config != JSON_NONE)
		*url = suite_text(r, j, config, "url");
	if (q->body.p != NULL && !q->typed)
		q->json = q->body.p[0] != '"';
	if (q->method == NULL)
		q->method = q->body.p == NULL ? "GET" : "POST";
	return st == STATUS_OK && (!keep(r->arena, &q->headers) ||
	    !keep(r->arena, &q->body)) ? error_nomem(err) : st;
}

static void value_put(struct writer *, const struct json *, uint32_t,
    struct arena *);

static void
members_put(struct writer *w, const struct json *j, uint32_t t, struct arena *a)
{
	bool object = json_kind(j, t) == TOKEN_OBJECT;
	uint32_t m;

	if (object)
		write_object(w, NULL);
	else
		write_array(w, NULL);
	for (m = json_first(j, t); m != JSON_NONE; m = json_next(j, t, m)) {
		if (object)
			write_name(w, json_raw(j, m));
		value_put(w, j, object ? m + 1 : m, a);
	}
	write_end(w);
}

/* A text that is JSON stands for what it says: a prompt that is a chat. */
static void
value_put(struct writer *w, const struct json *j, uint32_t t, struct arena *a)
{
	struct json inner = JSON_INIT;
	struct json_error why;
	struct slice text;

	if (json_kind(j, t) == TOKEN_OBJECT || json_kind(j, t) == TOKEN_ARRAY) {
		members_put(w, j, t, a);
		return;
	}
	text = json_kind(j, t) == TOKEN_STRING ? json_text(j, t, a) : SLICE_NONE;
	if (text.p != NULL && text.n > 0 && json_parse(&inner, text,
	    JSON_DEPTH_MAX, JSON_NUL_ALLOWED, &why) == STATUS_OK)
		write_raw(w, NULL, text);
	else
		write_raw(w, NULL, json_raw(j, t));
	json_release(&inner);
}

static enum status
json_body(struct slice filled, struct buf *out, struct error *err)
{
	struct writer w = WRITER(out, WRITE_KEPT);
	struct arena a = ARENA_INIT;
	struct json j = JSON_INIT;
	struct json_error why;
	enum status st = STATUS_OK;

	if (json_parse(&j, filled, JSON_DEPTH_MAX, JSON_NUL_ALLOWED, &why) !=
	    STATUS_OK)
		st = error_set(err, STATUS_INVALID, "body: byte %zu: %s",
		    why.offset, why.reason);
	else
		value_put(&w, &j, 0, &a);
	json_release(&j);
	arena_release(&a);
	return st == STATUS_OK ? buf_check(out, err) : st;
}

/* A body that was written as one text. */
static enum status
text_body(const struct suite_request *q, struct slice text,
    const struct json *vars, struct buf *out, struct error *err)
{
	struct buf filled = BUF_INIT;
	struct error ignored = { 0 };
	enum status st;

	if (!q->json)
		return fill_text(text, vars, out, err);
	/* Where it is JSON before it is filled in, values are quoted as they must be. */
	if (fill_json(text, vars, &filled, &ignored) != STATUS_OK) {
		buf_clear(&filled);
		st = fill_text(text, vars, &filled, err);
	} else
		st = STATUS_OK;
	if (st == STATUS_OK)
		st = json_body(buf_slice(&filled), out, err);
	buf_release(&filled);
	return st;
}

enum status
request_body(const struct suite_request *q, const struct json *vars,
    struct buf *out, struct error *err)
{
	struct arena a = ARENA_INIT;
	struct json j = JSON_INIT;
	struct json_error why;
	struct buf filled = BUF_INIT;
	enum status st;

	if (q->body.p == NULL)
		return STATUS_OK;
	if (json_parse(&j, q->body, JSON_DEPTH_MAX, JSON_NUL_ALLOWED, &why) !=
	    STATUS_OK)
		st = error_set(err, STATUS_INVALID, "body: %s", why.reason);
	else if (json_kind(&j, 0) == TOKEN_STRING)
		st = text_body(q, json_text(&j, 0, &a), vars, out, err);
	else if ((st = fill_json(q->body, vars, &filled, err)) == STATUS_OK)
		st = json_body(buf_slice(&filled), out, err);
	json_release(&j);
	buf_release(&filled);
	arena_release(&a);
	return st;
}

static bool
has_control(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' && s.p[i] != '\t')
			return true;
	return false;
}

/* "Name: value" */
static enum status
header_make(struct slice name, struct slice value, const struct json *vars,
    struct arena *a, const char **out, struct error *err)
{
	struct buf b = BUF_INIT;
	enum status st;

	if (name.p == NULL || value.p == NULL)
		return error_nomem(err);
	if ((st = fill_text(value, vars, &b, err)) == STATUS_OK &&
	    (has_control(name) || has_control(buf_slice(&b))))
		st = error_set(err, STATUS_INVALID, "a line break or another "
		    "control character would stand in it");
	if (st == STATUS_OK && (*out = arena_printf(a, "%.*s: %.*s",
	    SLICE_ARG(name), (int)b.n, buf_str(&b)).p) == NULL)
		st = error_nomem(err);
	buf_release(&b);
	return st == STATUS_INVALID ? error_prefix(err, "header %.*s",
	    SLICE_ARG(name)) : st;
}

enum status
request_headers(const struct suite_request *q, const struct json *vars,
    struct arena *a, const char *out[REQUEST_HEADERS_MAX + 2], struct error *err)
{
	struct json j = JSON_INIT;
	struct json_error why;
	enum status st = STATUS_OK;
	size_t n = 0;
	uint32_t m;

	if (q->body.p != NULL && !q->typed)
		out[n++] = q->json ? "Content-Type: application/json" :
		    "Content-Type: text/plain";
	if (q->headers.p != NULL && json_parse(&j, q->headers, 2,
	    JSON_NUL_ALLOWED, &why) != STATUS_OK)
		st = error_set(err, STATUS_INVALID, "headers: %s", why.reason);
	for (m = q->headers.p == NULL ? JSON_NONE : json_first(&j, 0);
	    st == STATUS_OK && m != JSON_NONE; m = json_next(&j, 0, m))
		st = header_make(json_text(&j, m, a), json_text(&j, m + 1, a),
		    vars, a, &out[n++], err);
	out[n] = NULL;
	json_release(&j);
	return st;
}

/* Where the path leads, or JSON_NONE. */
static uint32_t
path_walk(const struct suite_request *q, const struct json *j,
    struct arena *a)
{
	const struct request_step *s;
	const char *name;
	uint32_t t = 0;
	size_t i;

	for (i = 0; i < q->nsteps && t != JSON_NONE; i++) {
		s = &q->steps[i];
		if (s->name.p == NULL)
			t = json_kind(j, t) == TOKEN_ARRAY ?
			    json_at(j, t, s->at) : JSON_NONE;
		else if ((name = arena_str(a, s->name)) == NULL ||
		    json_kind(j, t) != TOKEN_OBJECT)
			t = JSON_NONE;
		else
			t = json_get(j, t, name);
	}
	return t;
}

enum status
request_pick(const struct suite_request *q, struct slice answer, struct json *j,
    struct arena *a, struct slice *output, bool *is_string, struct error *err)
{
	struct json_error why;
	uint32_t t;

	*output = answer;
	*is_string = true;
	if (q->pick == PICK_TEXT)
		return STATUS_OK;
	if (json_parse(j, answer, JSON_DEPTH_MAX, JSON_NUL_ALLOWED, &why) !=
	    STATUS_OK)
		return q->pick == PICK_ALL ? STATUS_OK : error_set(err,
		    STATUS_INVALID, "the answer is no JSON: byte %zu: %s",
		    why.offset, why.reason);
	if ((t = path_walk(q, j, a)) == JSON_NONE ||
	    json_kind(j, t) == TOKEN_NULL)
		return error_set(err, STATUS_NOT_FOUND, "the answer has nothing "
		    "at the path of transformResponse");
	*is_string = json_kind(j, t) == TOKEN_STRING;
	*output = *is_string ? json_text(j, t, a) : json_raw(j, t);
	return output->p == NULL ? error_nomem(err) : STATUS_OK;
}
