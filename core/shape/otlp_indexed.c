/*
 * OpenLLMetry's older attributes, one for each field of a message, its number in
 * the name: gen_ai.prompt.N.role, gen_ai.completion.N.tool_calls.M.name (openllmetry,
 * opentelemetry-instrumentation-openai, shared/chat_wrappers.py, and
 * -anthropic, span_utils.py), and OpenInference's llm.output_messages.N.message.role
 * (openinference, spec of semantic conventions).  They come in any order, and numbers may
 * be missing.
 */
#include "core/shape/otlp_indexed.h"

#include <stdlib.h>

#include "core/base/arena.h"
#include "core/json/value.h"
#include "core/json/write.h"
#include "core/shape/otlp_value.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"

/* In the order in which they are written. */
enum member_kind { ROLE, CONTENT, REFUSAL, TOOL_CALL_ID, CALL_ID, CALL_NAME,
    CALL_ARGUMENTS, PART_TEXT_OF };

static const struct {
	const char	*name;
	bool		 call;		/* behind tool_calls.M. */
	enum member_kind	 member;
} names[] = {
	{ "role", false, ROLE },
	{ "content", false, CONTENT },
	{ "user", false, CONTENT },	/* of Anthropic's text completions */
	{ "refusal", false, REFUSAL },
	{ "tool_call_id", false, TOOL_CALL_ID },
	{ "id", true, CALL_ID },
	{ "name", true, CALL_NAME },
	{ "arguments", true, CALL_ARGUMENTS },
	{ "tool_call.id", true, CALL_ID },
	{ "tool_call.function.name", true, CALL_NAME },
	{ "tool_call.function.arguments", true, CALL_ARGUMENTS }
};

static const char *const members[] = { "role", "content", "refusal",
    "tool_call_id", "id", "name", "arguments", "text" };

/* Parts of a content are numbered behind every call. */
#define PARTS_FROM	0x40000000u

struct indexed_field {
	uint32_t	message;
	uint32_t	call;		/* its number + 1; 0: the message itself */
	enum member_kind	member;
	uint32_t	value;
};

/* "12." off the front. */
static bool
take_number(struct slice *s, uint32_t *n)
{
	size_t i;

	for (*n = 0, i = 0; i < s->n && i < 9 && s->p[i] >= '0' &&
	    s->p[i] <= '9'; i++)
		*n = *n * 10 + (uint32_t)(s->p[i] - '0');
	if (i == 0 || i == s->n || s->p[i] != '.')
		return false;
	s->p += i + 1;
	s->n -= i + 1;
	return true;
}

static bool
take_prefix(struct slice *s, struct slice prefix)
{
	if (s->n < prefix.n || memcmp(s->p, prefix.p, prefix.n) != 0)
		return false;
	s->p += prefix.n;
	s->n -= prefix.n;
	return true;
}

static bool
field_read(struct slice key, struct slice prefix, struct indexed_field *f)
{
	bool call;
	size_t i;

	if (!take_prefix(&key, prefix) || !take_number(&key, &f->message))
		return false;
	(void)take_prefix(&key, SLICE("message."));
	f->call = 0;
	if (take_prefix(&key, SLICE("contents."))) {
		f->member = PART_TEXT_OF;
		if (!take_number(&key, &f->call))
			return false;
		f->call += PARTS_FROM;
		return slice_is(key, "message_content.text");
	}
	call = take_prefix(&key, SLICE("tool_calls."));
	if (call && !take_number(&key, &f->call))
		return false;
	f->call += call;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].call == call && slice_is(key, names[i].name)) {
			f->member = names[i].member;
			return true;
		}
	return false;
}

bool
otlp_is_indexed(struct reading *r, uint32_t key)
{
	struct slice name = part_text(r, r->d, key);
	struct indexed_field f;

	return field_read(name, OTLP_PROMPT, &f) ||
	    field_read(name, OTLP_COMPLETION, &f) ||
	    take_prefix(&name, OTLP_LLM_INPUT) ||
	    take_prefix(&name, OTLP_LLM_OUTPUT);
}

static int
field_order(const void *a, const void *b)
{
	const struct indexed_field *x = a, *y = b;

	if (x->message != y->message)
		return x->message < y->message ? -1 : 1;
	if (x->call != y->call)
		return x->call < y->call ? -1 : 1;
	if (x->member != y->member)
		return x->member < y->member ? -1 : 1;
	return (x->value > y->value) - (x->value < y->value);
}

/* The fields under a prefix, in order, each once; NULL: none. */
static struct indexed_field *
fields_read(struct reading *r, uint32_t span, struct slice prefix, size_t *n)
{
	const struct json *d = r->d;
	uint32_t all = json_get_kind(d, span, "attributes", TOKEN_ARRAY), t;
	struct indexed_field *v = NULL, f;
	size_t i, kept = 0;

	*n = 0;
	for (t = all == JSON_NONE ? JSON_NONE : json_first(d, all);
	    t != JSON_NONE; t = json_next(d, all, t)) {
		f.value = json_get_kind(d, t, "value", TOKEN_OBJECT);
		if (f.value == JSON_NONE || !field_read(part_string(r, d, t,
		    "key"), prefix, &f))
			continue;
		if (v == NULL && (v = arena_alloc(r->reader->arena,
		    d->tok[all].count * sizeof(*v))) == NULL) {
			r->failed = true;
			return NULL;
		}
		v[(*n)++] = f;
	}
	if (v == NULL)
		return NULL;
	qsort(v, *n, sizeof(*v), field_order);
	for (i = 0; i < *n; i++)
		if (i == 0 || v[i].message != v[kept - 1].message ||
		    v[i].call != v[kept - 1].call ||
		    v[i].member != v[kept - 1].member)
			v[kept++] = v[i];
	*n = kept;
	return v;
}

static struct slice
field_text(struct reading *r, const struct indexed_field *f)
{
	struct slice text = otlp_string(r, f->value);
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);

	if (text.p != NULL)
		return text;
	otlp_write(r->d, f->value, &w);
	return part_keep(r, &b);
}

/* Every element is an object with a type. */
static bool
is_parts(const struct json *d)
{
	uint32_t t;

	if (json_kind(d, 0) != TOKEN_ARRAY || d->tok[0].count == 0)
		return false;
	for (t = json_first(d, 0); t != JSON_NONE; t = json_next(d, 0, t))
		if (json_kind(d, t) != TOKEN_OBJECT ||
		    json_get_kind(d, t, "type", TOKEN_STRING) == JSON_NONE)
			return false;
	return true;
}

#define DEPTH_AROUND	4	/* of a content in the messages, and to spare */

/* A text, or the list of parts that was put into one: as text where it is all
 * text.  Any other JSON is what the model wrote. */
static void
content_write(struct reading *r, struct slice text, struct writer *w)
{
	struct json *d = &r->reader->inner;
	struct buf string = BUF_INIT;
	struct json_error why;
	enum status st = STATUS_INVALID;

	if (text.n > 0 && text.p[0] == '[')
		st = json_parse(d, text, JSON_DEPTH_MAX - DEPTH_AROUND, 0,
		    &why);
	r->failed |= st == STATUS_NOMEM;
	buf_putc(&string, '"');
	if (st != STATUS_OK || !is_parts(d)) {
		write_text(w, "content", text);
	} else if (part_texts(d, 0, &string)) {
		buf_putc(&string, '"');
		write_raw(w, "content", buf_slice(&string));
	} else {
		write_raw(w, "content", text);
	}
	w->b->failed |= string.failed;
	buf_release(&string);
}

static void
member_write(struct reading *r, const struct indexed_field *f, struct writer *w)
{
	struct slice text = field_text(r, f);

	if (f->member == CONTENT)
		content_write(r, text, w);
	else
		write_text(w, members[f->member], text);
}

/* A call as chat has it; how many of the n fields are its own. */
static size_t
call_write(struct reading *r, const struct indexed_field *f, size_t n,
    struct writer *w)
{
	bool function = false;
	size_t i;

	write_object(w, NULL);
	for (i = 0; i < n && f[i].call == f[0].call; i++) {
		if (f[i].member != CALL_ID && !function) {
			write_word(w, "type", "function");
			write_object(w, "function");
			function = true;
		}
		member_write(r, &f[i], w);
	}
	if (function)
		write_end(w);
	write_end(w);
	return i;
}

static void
parts_write(struct reading *r, const struct indexed_field *f, size_t n,
    struct writer *w)
{
	size_t i;

	if (n == 0)
		return;
	write_array(w, "content");
	for (i = 0; i < n; i++) {
		write_object(w, NULL);
		write_word(w, "type", "text");
		write_text(w, "text", field_text(r, &f[i]));
		write_end(w);
	}
	write_end(w);
}

/* The n fields are all of one message.  What was only thought is set aside, and
 * what says nothing. */
static void
message_write(struct reading *r, const struct indexed_field *f, size_t n,
    struct slice role, struct writer *w)
{
	bool content = false;
	size_t i = 0;

	if (f[0].member == ROLE)
		role = field_text(r, &f[i++]);
	if (i == n || slice_is(role, "thinking"))
		return;
	write_object(w, NULL);
	write_text(w, "role", role);
	for (; i < n && f[i].call == 0; i++) {
		content |= f[i].member == CONTENT;
		member_write(r, &f[i], w);
	}
	if (i < n && f[i].call < PARTS_FROM) {
		write_array(w, "tool_calls");
		while (i < n && f[i].call < PARTS_FROM)
			i += call_write(r, &f[i], n - i, w);
		write_end(w);
	}
	if (!content)
		parts_write(r, &f[i], n - i, w);
	write_end(w);
}

void
otlp_indexed(struct reading *r, uint32_t span, struct slice prefix,
    struct slice role, struct writer *w)
{
	size_t i, end, n;
	struct indexed_field *f = fields_read(r, span, prefix, &n);

	for (i = 0; f != NULL && i < n; i = end) {
		for (end = i; end < n && f[end].message == f[i].message; )
			end++;
		message_write(r, &f[i], end - i, role, w);
	}
}
