#include "queue/ingest/joiner_text.h"

#include "core/json/value.h"
#include "core/json/write.h"
#include "queue/ingest/joiner_piece.h"

static uint32_t
first_of(const struct json *d, uint32_t object, const char *key)
{
	uint32_t all = json_get_kind(d, object, key, TOKEN_ARRAY);

	return all == JSON_NONE || d->tok[all].count == 0 ? JSON_NONE :
	    json_first(d, all);
}

/* {"response":"Hi","p":"abc"}: Ollama's say whether they are done. */
static uint32_t
cloudflare_text(const struct json *d)
{
	return json_get(d, 0, "done") == JSON_NONE && (json_get(d, 0, "p") !=
	    JSON_NONE || d->tok[0].count == 1 || json_get_kind(d, 0, "usage",
	    TOKEN_OBJECT) != JSON_NONE) ? json_get_kind(d, 0, "response",
	    TOKEN_STRING) : JSON_NONE;
}

static uint32_t
watsonx_text(const struct json *d)
{
	return json_get_kind(d, 0, "model_id", TOKEN_STRING) == JSON_NONE ?
	    JSON_NONE : json_get_kind(d, first_of(d, 0, "results"),
	    "generated_text", TOKEN_STRING);
}

static uint32_t
dashscope_text(const struct json *d)
{
	uint32_t output = json_get_kind(d, 0, "output", TOKEN_OBJECT);
	uint32_t text = json_get_kind(d, output, "text", TOKEN_STRING);

	if (json_get_kind(d, 0, "request_id", TOKEN_STRING) == JSON_NONE)
		return JSON_NONE;
	return text != JSON_NONE ? text : json_get_kind(d, json_get_kind(d,
	    first_of(d, output, "choices"), "message", TOKEN_OBJECT), "content",
	    TOKEN_STRING);
}

static uint32_t
hunyuan_text(const struct json *d)
{
	return json_get_kind(d, json_get_kind(d, first_of(d, 0, "Choices"),
	    "Delta", TOKEN_OBJECT), "Content", TOKEN_STRING);
}

static void
cloudflare_write(const struct text_joiner *j, const struct json *d,
    struct writer *w)
{
	static const char *const but[] = { "response", "usage", "p",
	    "tool_calls", NULL };
	uint32_t calls = json_get_kind(d, 0, "tool_calls", TOKEN_ARRAY);

	piece_write(w, "response", "\"\"", &j->text);
	write_raw(w, "tool_calls", calls == JSON_NONE ? SLICE("[]") :
	    json_raw(d, calls));
	write_raw(w, "usage", j->usage.n > 0 ? buf_slice(&j->usage) :
	    SLICE("{}"));
	piece_members(w, json_raw(d, 0), but);
}

static void
watsonx_write(const struct text_joiner *j, const struct json *d,
    struct writer *w)
{
	static const char *const but[] = { "results", NULL };
	static const char *const own[] = { "generated_text", NULL };

	piece_members(w, json_raw(d, 0), but);
	write_array(w, "results");
	write_object(w, NULL);
	piece_members(w, json_raw(d, first_of(d, 0, "results")), own);
	piece_write(w, "generated_text", "\"\"", &j->text);
	write_end(w);
	write_end(w);
}

static void
dashscope_write(const struct text_joiner *j, const struct json *d,
    struct writer *w)
{
	static const char *const but[] = { "output", NULL };
	static const char *const text[] = { "text", NULL };
	static const char *const message[] = { "message", NULL };
	static const char *const content[] = { "content", NULL };
	uint32_t output = json_get_kind(d, 0, "output", TOKEN_OBJECT);
	uint32_t choice = first_of(d, output, "choices");

	piece_members(w, json_raw(d, 0), but);
	write_object(w, "output");
	if (choice == JSON_NONE) {
		piece_members(w, json_raw(d, output), text);
		piece_write(w, "text", "\"\"", &j->text);
	} else {
		write_array(w, "choices");
		write_object(w, NULL);
		piece_members(w, json_raw(d, choice), message);
		write_object(w, "message");
		piece_members(w, json_raw(d, json_get(d, choice, "message")),
		    content);
		piece_write(w, "content", "\"\"", &j->text);
		write_end(w);
		write_end(w);
		write_end(w);
	}
	write_end(w);
}

static void
hunyuan_write(const struct text_joiner *j, const struct json *d,
    struct writer *w)
{
	static const char *const but[] = { "Choices", NULL };
	static const char *const delta[] = { "Delta", NULL };

	write_object(w, "Response");
	piece_members(w, json_raw(d, 0), but);
	write_array(w, "Choices");
	write_object(w, NULL);
	piece_members(w, json_raw(d, first_of(d, 0, "Choices")), delta);
	write_object(w, "Message");
	write_word(w, "Role", "assistant");
	piece_write(w, "Content", "\"\"", &j->text);
	write_end(w);
	write_end(w);
	write_end(w);
	write_end(w);
}

/* Where the text is, whether an event may have all of it so far, what names the
 * response, and how it is written as a whole. */
static const struct {
	uint32_t	(*text)(const struct json *);
	bool		grows;
	const char	*id;
	void		(*write)(const struct text_joiner *, const struct json *,
			    struct writer *);
} kinds[] = {
	{ NULL, false, NULL, NULL },
	{ cloudflare_text, false, NULL, cloudflare_write },
	{ watsonx_text, false, NULL, watsonx_write },
	{ dashscope_text, true, "request_id", dashscope_write },
	{ hunyuan_text, false, "Id", hunyuan_write }
};

static void
clear(struct text_joiner *j)
{
	buf_clear(&j->last);
	buf_clear(&j->usage);
	buf_clear(&j->text);
	buf_clear(&j->so_far);
	j->kind = 0;
	j->grew = j->pieces = false;
}

void
text_joiner_release(struct text_joiner *j)
{
	buf_release(&j->last);
	buf_release(&j->usage);
	buf_release(&j->text);
	buf_release(&j->so_far);
}

void
text_joiner_end(struct text_joiner *j, struct buf *out)
{
	struct writer w = WRITER(out, WRITE_KEPT);
	struct json d = JSON_INIT;
	struct json_error why;

	if (j->kind == 0)
		return;
	if (json_parse(&d, buf_slice(&j->last), JSON_DEPTH_MAX, JSON_LENIENT,
	    &why) == STATUS_OK) {
		if (j->grew && !j->pieces) {
			buf_clear(&j->text);
			buf_add_slice(&j->text, buf_slice(&j->so_far));
		}
		write_object(&w, NULL);
		kinds[j->kind].write(j, &d, &w);
		write_end(&w);
		buf_putc(out, '\n');
	}
	json_release(&d);
	clear(j);
}

/* Only once all of them were seen it is known which of the two it is: a piece may begin
 * as the one before it by chance. */
static void
words(struct text_joiner *j, const struct json *d, uint32_t text)
{
	struct slice raw = json_raw(d, text);
	size_t n = j->so_far.n;

	raw = (struct slice){ raw.p + 1, raw.n - 2 };
	piece_inside(&j->text, d, text);
	if (raw.n == 0 || !kinds[j->kind].grows)
		return;
	if (n > 0 && (raw.n < n || memcmp(raw.p, j->so_far.p, n) != 0))
		j->pieces = true;
	else if (n > 0 && (raw.n > n || n > 3))
		j->grew = true;
	if (!j->pieces) {
		buf_clear(&j->so_far);
		buf_add_slice(&j->so_far, raw);
	}
}

bool
text_joiner_add(struct text_joiner *j, const struct json *d, struct buf *out)
{
	unsigned kind, n = sizeof(kinds) / sizeof(kinds[0]);
	uint32_t text = JSON_NONE, usage;

	if (json_kind(d, 0) != TOKEN_OBJECT)
		return false;
	for (kind = 1; kind < n && (text = kinds[kind].text(d)) == JSON_NONE;)
		kind++;
	if (kind == n)
		return false;
	if (j->kind != 0 && (j->kind != kind || (kinds[kind].id != NULL &&
	    !piece_same(&j->last, d, 0, kinds[kind].id))))
		text_joiner_end(j, out);
	j->kind = kind;
	words(j, d, text);
	if ((usage = json_get_kind(d, 0, "usage", TOKEN_OBJECT)) != JSON_NONE)
		piece_set(&j->usage, d, usage);
	piece_set(&j->last, d, 0);
	return true;
}
