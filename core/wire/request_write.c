#include "core/wire/request_write.h"

#include "core/json/value.h"
#include "core/wire/api.h"
#include "core/wire/patch.h"
#include "core/wire/strings.h"

#define MEMBERS_MAX	32	/* that one request may have otherwise */

/* A request on its way out. */
struct writing {
	const struct wire_request *r;
	const struct wire_change *c;
	const struct wire_asks	*asks;
	struct patch		 texts;
	struct buf		 bytes[8];	/* of what members are made of */
	size_t			 nbytes;
	struct wire_member		 m[MEMBERS_MAX];
	size_t			 n;
};

static void
change(struct writing *w, const char *name, struct slice raw)
{
	w->m[w->n++] = (struct wire_member){ name, raw };
}

/* A value that has to be written first: until the request is. */
static struct buf *
value(struct writing *w)
{
	return &w->bytes[w->nbytes++];
}

static enum status
change_texts(struct writing *w, struct error *err)
{
	struct strings found = { .d = &w->r->d };
	size_t i;
	enum status st = STATUS_OK;

	if (w->c->texts != NULL)
		st = strings_find(&found, w->asks, err);
	for (i = 0; i < found.n && st == STATUS_OK; i++)
		if (w->c->texts[i].p != NULL)
			patch_text(&w->texts, &w->r->d, found.t[i],
			    w->c->texts[i]);
	strings_release(&found);
	return st;
}

static void
add_system(struct writer *system, const struct json *d, uint32_t content)
{
	uint32_t t;

	if (content != JSON_NONE && json_kind(d, content) == TOKEN_STRING) {
		write_object(system, NULL);
		write_word(system, "type", "text");
		write_raw(system, "text", json_raw(d, content));
		write_end(system);
	} else if (content != JSON_NONE && json_kind(d, content) ==
	    TOKEN_ARRAY) {
		for (t = json_first(d, content); t != JSON_NONE;
		    t = json_next(d, content, t))
			write_raw(system, NULL, json_raw(d, t));
	}
}

/* The request's own: a text is the user's. */
static void
add_own(struct writer *m, const struct writing *w)
{
	const struct json *d = &w->r->d;
	uint32_t own = json_get(d, 0, w->asks->messages), t;

	if (!w->r->messages)
		return;
	if (json_kind(d, own) == TOKEN_STRING) {
		write_object(m, NULL);
		write_word(m, "role", "user");
		write_raw(m, "content", json_raw(d, own));
		write_end(m);
		return;
	}
	for (t = json_first(d, own); t != JSON_NONE; t = json_next(d, own, t))
		write_raw(m, NULL, json_raw(d, t));
}

/* The messages of d, an array, before the request's; an API may have a member of its
 * own for what the system says. */
static void
put_before(struct writing *w, const struct json *d)
{
	struct buf *messages = value(w), *system = value(w);
	struct writer m = WRITER(messages, WRITE_KEPT);
	struct writer s = WRITER(system, WRITE_KEPT);
	uint32_t t;

	write_array(&m, NULL);
	write_array(&s, NULL);
	for (t = json_first(d, 0); t != JSON_NONE; t = json_next(d, 0, t))
		if (w->asks->splits_system && (json_get_is(d, t, "role",
		    "system") || json_get_is(d, t, "role", "developer")))
			add_system(&s, d, json_get(d, t, "content"));
		else
			write_raw(&m, NULL, json_raw(d, t));
	add_own(&m, w);
	write_end(&m);
	change(w, w->asks->messages, buf_slice(messages));
	if (!write_is_empty(&s)) {
		add_system(&s, &w->r->d, json_get(&w->r->d, 0, w->asks->system));
		write_end(&s);
		change(w, w->asks->system, buf_slice(system));
	}
}

static void
change_numbers(struct writing *w)
{
	const char *const *name;

	if (w->c->model.p != NULL) {
		struct buf *model = value(w);
		struct writer mw = WRITER(model, WRITE_KEPT);

		write_text(&mw, NULL, w->c->model);
		change(w, "model", buf_slice(model));
	}
	if (w->c->max_tokens >= 0 && w->r->max_tokens < 0) {
		struct buf *max = value(w);
		struct writer nw = WRITER(max, WRITE_KEPT);

		write_int(&nw, NULL, w->c->max_tokens);
		/* One that is there is null. */
		for (name = w->asks->max_tokens + 1; *name != NULL; name++)
			change(w, *name, SLICE_NONE);
		change(w, w->asks->max_tokens[0], buf_slice(max));
	}
}

static void
change_stream(struct writing *w)
{
	if (w->c->stream != w->r->stream)
		change(w, "stream", w->c->stream ? SLICE("true") :
		    SLICE("false"));
	if (w->asks->asks_usage && !w->c->stream &&
	    json_get(&w->r->d, 0, "stream_options") != JSON_NONE)
		change(w, "stream_options", SLICE_NONE);
	if (w->asks->asks_usage && w->c->stream && !w->r->usage_asked) {
		struct buf *options = value(w);
		struct writer ow = WRITER(options, WRITE_KEPT);
		uint32_t t = json_get_kind(&w->r->d, 0, "stream_options",
		    TOKEN_OBJECT);
		static const struct wire_member usage = { "include_usage",
		    { "true", 4 } };

		write_object(&ow, NULL);
		if (t != JSON_NONE)
			members_write(&ow, &w->r->d, t, NULL, &usage, 1);
		else
			write_raw(&ow, usage.name, usage.raw);
		write_end(&ow);
		change(w, "stream_options", buf_slice(options));
	}
}

static void
change_logprobs(struct writing *w)
{
	struct buf *b;

	if (!w->c->logprobs || w->r->logprobs_asked ||
	    w->asks->write_logprobs == NULL)
		return;
	b = value(w);
	w->asks->write_logprobs(&w->r->d, b);
	change(w, w->asks->logprobs_member, buf_slice(b));
}

static enum status
write_request(struct writing *w, struct buf *out, struct error *err)
{
	struct writer to = WRITER(out, WRITE_KEPT);
	size_t i;

	if (w->n == 0) {
		patch_write(&w->texts, &w->r->d, 0, out);
	} else {
		write_object(&to, NULL);
		members_write(&to, &w->r->d, 0, &w->texts, w->m, w->n);
		write_end(&to);
	}
	for (i = 0; i < w->nbytes; i++)
		out->failed |= w->bytes[i].failed;
	return buf_check(out, err);
}

enum status
wire_request_write(struct buf *out, const struct wire_request *r,
    const struct wire_change *c, struct error *err)
{
	struct writing w = { .r = r, .c = c, .asks = &wire_row(r->api)->asks };
	enum status st = change_texts(&w, err);
	size_t i;

	if (st == STATUS_OK) {
		change_numbers(&w);
		change_stream(&w);
		change_logprobs(&w);
		if (r->variables.p != NULL)
			change(&w, "prompt", SLICE_NONE);
		st = write_request(&w, out, err);
	}
	for (i = 0; i < w.nbytes; i++)
		buf_release(&w.bytes[i]);
	patch_release(&w.texts);
	return st;
}

static bool
is_set(const struct json *d, const char *name)
{
	uint32_t t = json_get(d, 0, name);

	return t != JSON_NONE && json_kind(d, t) != TOKEN_NULL;
}

/* What the config d sets and the request does not.  A limit of tokens is the same by
 * the name of any API. */
static void
set_config(struct writing *w, const struct json *d)
{
	static const char *const limits[] = { "max_completion_tokens",
		"max_output_tokens", "max_tokens" };
	const char *const *name;
	size_t i;

	for (name = w->asks->config; *name != NULL; name++)
		if (is_set(d, *name) && !is_set(&w->r->d, *name))
			change(w, *name, json_raw(d, json_get(d, 0, *name)));
	for (i = 0; w->r->max_tokens < 0 && i < sizeof(limits) /
	    sizeof(limits[0]); i++)
		if (is_set(d, limits[i])) {
			change(w, w->asks->max_tokens[0], json_raw(d,
			    json_get(d, 0, limits[i])));
			break;
		}
}

static enum status
parse(struct json *d, struct slice text, enum json_kind kind,
    const char *what, struct error *err)
{
	struct json_error why;
	enum status st = json_parse(d, text, JSON_DEPTH_MAX, 0, &why);

	if (st == STATUS_NOMEM)
		return error_nomem(err);
	return st == STATUS_OK && json_kind(d, 0) == kind ? STATUS_OK :
	    error_set(err, STATUS_INVALID, "the prompt's %s", what);
}

enum status
wire_request_prompt(struct buf *out, const struct wire_request *r,
    struct slice messages, struct slice config, struct error *err)
{
	struct writing w = { .r = r, .asks = &wire_row(r->api)->asks };
	struct json d = JSON_INIT, c = JSON_INIT;
	enum status st = parse(&d, messages, TOKEN_ARRAY,
	    "messages are no array", err);
	size_t i;

	if (st == STATUS_OK && config.p != NULL)
		st = parse(&c, config, TOKEN_OBJECT, "config is no object", err);
	if (st == STATUS_OK) {
		put_before(&w, &d);
		change(&w, "prompt", SLICE_NONE);
		if (config.p != NULL)
			set_config(&w, &c);
		st = write_request(&w, out, err);
	}
	for (i = 0; i < w.nbytes; i++)
		buf_release(&w.bytes[i]);
	json_release(&d);
	json_release(&c);
	return st;
}
