#include "core/wire/responses_release.h"

#include "core/json/value.h"
#include "core/wire/patch.h"
#include "core/wire/release_names.h"

static bool
is_thought(const struct json *d, uint32_t item)
{
	return json_get_is(d, item, "type", "reasoning");
}

static bool
is_empty(const struct json *d, uint32_t array)
{
	return array == JSON_NONE || d->tok[array].count == 0;
}

/* An item, or one of a release, without the logprobs of its parts. */
static void
write_item(struct writer *w, const struct json *d, uint32_t item)
{
	uint32_t parts = json_get_kind(d, item, "content", TOKEN_ARRAY), t,
	    logprobs;
	struct patch p = { 0 };
	struct buf b = BUF_INIT;

	if (parts != JSON_NONE)
		for (t = json_first(d, parts); t != JSON_NONE;
		    t = json_next(d, parts, t))
			if (!is_empty(d, logprobs = json_get_kind(d, t,
			    "logprobs", TOKEN_ARRAY)))
				patch_raw(&p, d, logprobs, SLICE("[]"));
	patch_write(&p, d, item, &b);
	w->b->failed |= b.failed;
	write_raw(w, NULL, b.failed ? SLICE("null") : buf_slice(&b));
	buf_release(&b);
	patch_release(&p);
}

/* The answer as one message with one text, under the id that its first one had. */
static void
write_message(struct writer *w, const struct json *d, uint32_t output,
    struct slice text)
{
	uint32_t t, id = JSON_NONE;

	for (t = json_first(d, output); t != JSON_NONE && id == JSON_NONE;
	    t = json_next(d, output, t))
		if (json_get_is(d, t, "type", "message"))
			id = json_get_kind(d, t, "id", TOKEN_STRING);
	write_object(w, NULL);
	if (id == JSON_NONE)
		write_word(w, "id", "msg_released");
	else
		write_raw(w, "id", json_raw(d, id));
	write_word(w, "type", "message");
	write_word(w, "status", "completed");
	write_word(w, "role", "assistant");
	write_array(w, "content");
	write_object(w, NULL);
	write_word(w, "type", "output_text");
	write_text(w, "text", text);
	write_array(w, "annotations");
	write_end(w);
	write_array(w, "logprobs");
	write_end(w);
	write_end(w);
	write_end(w);
	write_end(w);
}

/* The release's items in the places of those that they were made of, thoughts
 * being none of them. */
static enum status
write_items(struct writer *w, const struct json *d, uint32_t output,
    const struct wire_choice *c, struct error *err)
{
	struct json items = JSON_INIT;
	struct json_error why;
	enum status st = json_parse(&items, c->text, JSON_DEPTH_MAX, 0, &why);
	uint32_t t, e;

	if (st != STATUS_OK || json_kind(&items, 0) != TOKEN_ARRAY) {
		json_release(&items);
		if (st == STATUS_NOMEM)
			return error_nomem(err);
		write_message(w, d, output, c->text);
		return STATUS_OK;
	}
	e = json_first(&items, 0);
	for (t = json_first(d, output); t != JSON_NONE;
	    t = json_next(d, output, t)) {
		if (is_thought(d, t)) {
			if (c->keep_reasoning)
				write_raw(w, NULL, json_raw(d, t));
		} else if (e != JSON_NONE) {
			write_item(w, &items, e);
			e = json_next(&items, 0, e);
		}
	}
	for (; e != JSON_NONE; e = json_next(&items, 0, e))
		write_item(w, &items, e);
	json_release(&items);
	return STATUS_OK;
}

static enum status
write_changed(struct writer *w, const struct json *d, uint32_t output,
    const struct wire_choice *c, struct error *err)
{
	uint32_t t;

	if (!c->is_string)
		return write_items(w, d, output, c, err);
	for (t = json_first(d, output); t != JSON_NONE && c->keep_reasoning;
	    t = json_next(d, output, t))
		if (is_thought(d, t))
			write_raw(w, NULL, json_raw(d, t));
	write_message(w, d, output, c->text);
	return STATUS_OK;
}

static enum status
write_output(struct writer *w, const struct json *d, uint32_t output,
    const struct wire_choice *c, const struct wire_release *r,
    struct error *err)
{
	enum status st = STATUS_OK;
	uint32_t t;

	write_array(w, NULL);
	if (c->withheld) {
		if (r->fallback.p != NULL)
			write_message(w, d, output, r->fallback);
	} else if (c->changed) {
		st = write_changed(w, d, output, c, err);
	} else {
		for (t = json_first(d, output); t != JSON_NONE;
		    t = json_next(d, output, t)) {
			if (c->cut_reasoning && is_thought(d, t))
				continue;
			if (r->cut_logprobs)
				write_item(w, d, t);
			else
				write_raw(w, NULL, json_raw(d, t));
		}
	}
	write_end(w);
	return st;
}

static void
write_details(struct writer *w)
{
	write_object(w, NULL);
	write_word(w, "reason", "content_filter");
	write_end(w);
}

static void
write_usage(struct writer *w, const struct wire_usage *u)
{
	int64_t input = u->input < 0 ? 0 : u->input;
	int64_t output = u->output < 0 ? 0 : u->output;

	write_object(w, NULL);
	write_int(w, "input_tokens", input);
	write_object(w, "input_tokens_details");
	write_int(w, "cached_tokens", u->cached < 0 ? 0 : u->cached);
	write_end(w);
	write_int(w, "output_tokens", output);
	write_object(w, "output_tokens_details");
	write_int(w, "reasoning_tokens", u->reasoning < 0 ? 0 : u->reasoning);
	write_end(w);
	write_int(w, "total_tokens", input + output);
	write_end(w);
}

enum { OUTPUT, DETAILS, USAGE, NAMES, BUFS };

enum status
responses_write(struct writer *w, const struct json *d,
    const struct wire_release *r, struct error *err)
{
	static const struct wire_choice as_it_came;
	const struct wire_choice *c = r->n == 0 ? &as_it_came : r->choice;
	uint32_t output = json_get_kind(d, 0, "output", TOKEN_ARRAY);
	struct buf b[BUFS] = { BUF_INIT, BUF_INIT, BUF_INIT, BUF_INIT };
	struct writer bw[BUFS - 1] = { WRITER(&b[OUTPUT], WRITE_KEPT),
		WRITER(&b[DETAILS], WRITE_KEPT), WRITER(&b[USAGE], WRITE_KEPT) };
	struct wire_member m[5 + RELEASE_NAMES];
	enum status st;
	size_t n = 0, i;

	if (output == JSON_NONE)
		return error_set(err, STATUS_INVALID, "a response without "
		    "output");
	st = write_output(&bw[OUTPUT], d, output, c, r, err);
	m[n++] = (struct wire_member){ "output", buf_slice(&b[OUTPUT]) };
	if (c->withheld) {
		write_details(&bw[DETAILS]);
		m[n++] = (struct wire_member){ "status",
		    SLICE("\"incomplete\"") };
		m[n++] = (struct wire_member){ "incomplete_details",
		    buf_slice(&b[DETAILS]) };
	}
	if (c->withheld || c->changed)
		m[n++] = (struct wire_member){ "output_text", SLICE_NONE };
	if (r->usage != NULL && json_get_kind(d, 0, "usage", TOKEN_OBJECT) ==
	    JSON_NONE) {
		write_usage(&bw[USAGE], r->usage);
		m[n++] = (struct wire_member){ "usage", buf_slice(&b[USAGE]) };
	}
	n += release_names(r, &b[NAMES], m + n);
	write_object(w, NULL);
	members_write(w, d, 0, NULL, m, n);
	write_end(w);
	for (i = 0; i < BUFS; i++) {
		w->b->failed |= b[i].failed;
		buf_release(&b[i]);
	}
	return st;
}
