#include "tui/review/turns.h"

#include "core/base/utf8.h"
#include "core/json/value.h"
#include "tui/review/blob.h"
#include "tui/review/call.h"

#define ROLE_INDENT	10	/* "assistant " */
#define TITLE_INDENT	4	/* "[1] " */
#define SHORT		60	/* bytes: a context that one row shows */
#define BEGINNING	400	/* bytes of a longer one that a row may show */
#define PART_DEPTH	4

/* Decodes a JSON string, or gives the value's bytes. */
static struct slice
plain(const struct json *j, uint32_t t, struct arena *a)
{
	struct slice s;

	if (json_kind(j, t) != TOKEN_STRING)
		return json_raw(j, t);
	s = json_text(j, t, a);
	return s.p == NULL ? SLICE("(out of memory)") : s;
}

/* "[image, 5 kB]" where a value within is such; absent: there is none. */
static struct slice
blob_within(const struct json *j, uint32_t t, struct arena *a, int depth)
{
	bool object = json_kind(j, t) == TOKEN_OBJECT;
	struct slice s, found = SLICE_NONE;
	char text[BLOB_TEXT];
	uint32_t c;

	if (json_kind(j, t) == TOKEN_STRING) {
		s = json_raw(j, t);
		s.p++;
		s.n -= 2;
		return blob_text(s, text) ? arena_printf(a, "%s", text) :
		    SLICE_NONE;
	}
	if (depth == 0 || (!object && json_kind(j, t) != TOKEN_ARRAY))
		return SLICE_NONE;
	for (c = json_first(j, t); c != JSON_NONE && found.p == NULL;
	    c = json_next(j, t, c))
		found = blob_within(j, object ? c + 1 : c, a, depth - 1);
	return found;
}

/* One part of a message: a text, a call, its result, an image. */
static struct slice
part_text(const struct json *j, uint32_t t, struct arena *a, int depth)
{
	struct slice s;
	bool whole = true;
	uint32_t inner;

	if (json_kind(j, t) != TOKEN_OBJECT || depth == 0)
		return plain(j, t, a);
	inner = json_get_value(j, t, "text");
	if (inner != JSON_NONE)
		return plain(j, inner, a);
	s = call_text(j, t, a, &whole);
	if (s.p == NULL)
		s = blob_within(j, t, a, PART_DEPTH);
	if (s.p != NULL)
		return s;
	inner = json_get_value(j, t, "content");
	return inner == JSON_NONE ? json_raw(j, t) :
	    part_text(j, inner, a, depth - 1);
}

/* What is added behind the first line has no label of its own. */
static void
line_add(struct doc *d, struct slice *label, struct slice text)
{
	doc_add_labelled(d, FACE_TEXT, ROLE_INDENT, *label, text);
	*label = SLICE_NONE;
}

static void
content_add(struct doc *d, const struct json *j, uint32_t t,
    struct slice *label, struct arena *a)
{
	uint32_t c;

	if (json_kind(j, t) != TOKEN_ARRAY) {
		line_add(d, label, part_text(j, t, a, PART_DEPTH));
		return;
	}
	for (c = json_first(j, t); c != JSON_NONE; c = json_next(j, t, c))
		line_add(d, label, part_text(j, c, a, PART_DEPTH));
}

static void
turn_add(struct doc *d, const struct json *j, uint32_t t, struct arena *a)
{
	uint32_t role, content = JSON_NONE, calls = JSON_NONE, c;
	struct slice label = SLICE_NONE;
	bool whole = true;
	struct slice s;

	if (json_kind(j, t) == TOKEN_OBJECT) {
		role = json_get_value(j, t, "role");
		content = json_get_value(j, t, "content");
		if (content == JSON_NONE)
			content = json_get_value(j, t, "parts");
		calls = json_get_value(j, t, "tool_calls");
		if (role != JSON_NONE)
			label = plain(j, role, a);
	}
	if (content != JSON_NONE)
		content_add(d, j, content, &label, a);
	if (calls != JSON_NONE && json_kind(j, calls) == TOKEN_ARRAY) {
		for (c = json_first(j, calls); c != JSON_NONE;
		    c = json_next(j, calls, c)) {
			s = call_text(j, c, a, &whole);
			line_add(d, &label, s.p != NULL ? s : json_raw(j, c));
		}
	} else if (content == JSON_NONE)
		line_add(d, &label, plain(j, t, a));
}

/* The last that a person said: from there on it is what was answered. */
static uint32_t
asked(const struct json *j)
{
	uint32_t t, role, last = JSON_NONE, any = JSON_NONE;

	for (t = json_first(j, 0); t != JSON_NONE; t = json_next(j, 0, t)) {
		any = t;
		role = json_kind(j, t) != TOKEN_OBJECT ? JSON_NONE :
		    json_get_value(j, t, "role");
		if (role != JSON_NONE && json_kind(j, role) == TOKEN_STRING &&
		    (json_string_is(j, role, "user") ||
		    json_string_is(j, role, "human")))
			last = t;
	}
	return last != JSON_NONE ? last : any;
}

/* The list that the bytes are; false: they are none. */
static bool
list_parse(struct json *j, struct slice raw)
{
	struct json_error why;

	if (json_parse(j, raw, JSON_DEPTH_MAX, 0, &why) == STATUS_OK &&
	    json_kind(j, 0) == TOKEN_ARRAY)
		return true;
	json_release(j);
	return false;
}

size_t
turns_add(struct doc *d, struct slice messages, struct arena *a)
{
	struct json j = JSON_INIT;
	size_t earlier = 0;
	uint32_t t, from;

	if (!list_parse(&j, messages)) {
		doc_add(d, FACE_TEXT, 0, messages);
		return 0;
	}
	from = asked(&j);
	for (t = json_first(&j, 0); t != JSON_NONE; t = json_next(&j, 0, t)) {
		doc_when(d, t < from ? DOC_UNFOLDED : DOC_ALWAYS);
		earlier += t < from;
		turn_add(d, &j, t, a);
	}
	doc_when(d, DOC_ALWAYS);
	json_release(&j);
	return earlier;
}

/* The first words of a text as one line. */
static struct slice
beginning(struct slice s, struct arena *a)
{
	char *p;
	size_t i;

	if (s.n > BEGINNING) {
		s.n = BEGINNING;
		while (s.n > 0 && utf8_is_tail(s.p[s.n]))
			s.n--;
	}
	if ((p = arena_copy(a, s.p, s.n)) == NULL)
		return SLICE_NONE;
	for (i = 0; i < s.n; i++) {
		if (p[i] == '\n' || p[i] == '\r')
			p[i] = ' ';
	}
	return (struct slice){ p, s.n };
}

/* One text of the context; true: folded, less of it is shown. */
static bool
context_add(struct doc *d, size_t number, struct slice title, struct slice text,
    struct arena *a)
{
	struct slice label = arena_printf(a, "[%zu]", number);
	struct slice both = title.n == 0 ? text : text.n == 0 ? title :
	    arena_printf(a, "%.*s: %.*s", SLICE_ARG(title), SLICE_ARG(text));
	bool brief = both.n <= SHORT && memchr(both.p, '\n', both.n) == NULL;

	if (both.p == NULL)
		return false;
	doc_when(d, brief ? DOC_ALWAYS : DOC_UNFOLDED);
	doc_add_labelled(d, FACE_TEXT, TITLE_INDENT, label, both);
	doc_when(d, DOC_FOLDED);
	if (!brief)
		doc_add_cut(d, FACE_TEXT, TITLE_INDENT, label,
		    beginning(both, a));
	doc_when(d, DOC_ALWAYS);
	return !brief;
}

/* What it is called and where it is, whichever there is. */
static struct slice
titled(const struct json *j, uint32_t title, uint32_t url, struct arena *a)
{
	struct slice name = title == JSON_NONE ? SLICE_NONE : plain(j, title, a);
	struct slice at = url == JSON_NONE ? SLICE_NONE : plain(j, url, a);

	if (name.n == 0 || at.n == 0)
		return name.n == 0 ? at : name;
	return arena_printf(a, "%.*s <%.*s>", SLICE_ARG(name), SLICE_ARG(at));
}

bool
turns_context_add(struct doc *d, struct slice context, struct arena *a)
{
	struct json j = JSON_INIT;
	uint32_t c, title, text, url;
	bool differ = false;
	size_t n = 0;

	if (!list_parse(&j, context)) {
		doc_add(d, FACE_TEXT, 0, context);
		return false;
	}
	for (c = json_first(&j, 0); c != JSON_NONE; c = json_next(&j, 0, c)) {
		title = text = url = JSON_NONE;
		if (json_kind(&j, c) == TOKEN_OBJECT) {
			title = json_get_value(&j, c, "title");
			text = json_get_value(&j, c, "text");
			url = json_get_value(&j, c, "url");
		}
		differ |= context_add(d, ++n, titled(&j, title, url, a),
		    text != JSON_NONE ? plain(&j, text, a) : url != JSON_NONE ?
		    SLICE("") : part_text(&j, c, a, PART_DEPTH), a);
	}
	json_release(&j);
	return differ;
}
