#include "core/guard/json_find.h"

#include <strings.h>

#define FIND_DEPTH	128
#define TRIES_MAX	1000	/* brackets in prose that may begin a value */
#define BYTES_MAX	16	/* times the text that is looked through */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct json_span
trim(struct slice text, struct json_span s)
{
	while (s.start < s.end && is_blank(text.p[s.start]))
		s.start++;
	while (s.start < s.end && is_blank(text.p[s.end - 1]))
		s.end--;
	return s;
}

/* An escape, or a pair of them, that the text's end cuts through. */
static bool
cut_escape(struct slice s)
{
	if (s.n == 0 || s.n > 11 || s.p[0] != '\\' || (s.n > 1 && s.p[1] != 'u'))
		return false;
	for (size_t i = 2; i < s.n; i++) {
		if (s.p[i] == '\0' ||
		    strchr("0123456789abcdefABCDEF\\u", s.p[i]) == NULL)
			return false;
	}
	return true;
}

bool
json_cut_off(struct slice text, const struct json_error *why)
{
	static const char *const words[] = { "true", "false", "null" };
	struct slice rest = { text.p + why->offset, text.n - why->offset };
	struct json_span all = trim(text, (struct json_span){ 0, text.n });

	if (all.start == all.end)
		return false;		/* nothing has no end to miss */
	if (rest.n == 0 || cut_escape(rest))
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (rest.n < strlen(words[i]) &&
		    memcmp(rest.p, words[i], rest.n) == 0)
			return true;
	}
	return false;
}

static void
found_add(struct json_found *f, struct json_span s)
{
	if (f->n == 0)
		f->first = s;
	else if (f->n == 1)
		f->second = s;
	if (f->n < 2)
		f->n++;
}

/* The line that begins at `at`; its end is the LF or the text's end. */
static struct slice
line_at(struct slice text, size_t at)
{
	const char *lf = memchr(text.p + at, '\n', text.n - at);

	return (struct slice){ text.p + at,
	    lf == NULL ? text.n - at : (size_t)(lf - text.p) - at };
}

/* A fence's backticks (three or more), and what is written after them. */
static size_t
fence(struct slice line, struct slice *name)
{
	size_t n = 0, indent = 0;

	while (indent < line.n && indent < 3 && line.p[indent] == ' ')
		indent++;
	while (indent + n < line.n && line.p[indent + n] == '`')
		n++;
	if (n < 3)
		return 0;
	*name = (struct slice){ line.p + indent + n, line.n - indent - n };
	while (name->n > 0 && is_blank(name->p[0])) {
		name->p++;
		name->n--;
	}
	while (name->n > 0 && is_blank(name->p[name->n - 1]))
		name->n--;
	return n;
}

static bool
is_json_fence(struct slice name, struct slice text, struct json_span inside)
{
	if (name.n == 4 && strncasecmp(name.p, "json", 4) == 0)
		return true;
	return name.n == 0 && inside.start < inside.end &&
	    (text.p[inside.start] == '{' || text.p[inside.start] == '[');
}

static void
find_fences(struct slice text, struct json_found *f)
{
	struct slice line, name, open_name = SLICE_NONE;
	struct json_span inside = { 0, 0 };
	size_t open = 0, n;

	for (size_t at = 0; at < text.n; at += line.n + 1) {
		line = line_at(text, at);
		n = fence(line, &name);
		if (open == 0 && n > 0) {
			open = n;
			open_name = name;
			inside.start = at + line.n + 1;
		} else if (open > 0 && n >= open && name.n == 0) {
			inside.end = at;
			open = 0;
			inside = trim(text, inside);
			if (is_json_fence(open_name, text, inside))
				found_add(f, inside);
		}
	}
	if (open > 0 && inside.start < text.n) {
		inside.end = text.n;
		inside = trim(text, inside);
		if (is_json_fence(open_name, text, inside))
			found_add(f, inside);
	}
}

/* The end of the value whose bracket stands at `at`, or 0 where it has none. */
static size_t
bracket_end(struct slice text, size_t at)
{
	size_t depth = 0;
	bool quoted = false;

	for (size_t i = at; i < text.n; i++) {
		char c = text.p[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '{' || c == '['))
			depth++;
		else if (!quoted && (c == '}' || c == ']') && --depth == 0)
			return i + 1;
	}
	return 0;
}

/* Could a cut-off object or array begin there, rather than prose's bracket? */
static bool
begins_value(struct slice text, size_t at)
{
	char open = text.p[at++];

	while (at < text.n && is_blank(text.p[at]))
		at++;
	if (at == text.n)
		return true;
	return text.p[at] == '"' || (open == '[' && (text.p[at] == '{' ||
	    text.p[at] == '['));
}

struct json_search {
	struct slice		 text;
	struct json		*work;
	struct json_found	*found;
	struct json_span	 cut;		/* the first that has no end */
};

/* A bracket in prose; *at is moved to the end of the value taken there. */
static enum status
try_bracket(struct json_search *s, size_t *at, size_t end)
{
	struct json_error why = { 0, "" };
	bool likely = begins_value(s->text, *at);
	enum status st;

	if (end == 0) {
		if (s->cut.end == 0 && likely)
			s->cut = (struct json_span){ *at, s->text.n };
		return STATUS_OK;
	}
	st = json_parse(s->work, (struct slice){ s->text.p + *at, end - *at },
	    FIND_DEPTH, JSON_NUL_ALLOWED, &why);
	if (st == STATUS_NOMEM)
		return st;
	/* What begins like a value and is none is taken, to say why. */
	if (st == STATUS_OK || likely) {
		found_add(s->found, (struct json_span){ *at, end });
		*at = end - 1;
	}
	return STATUS_OK;
}

static enum status
find_prose(struct slice text, struct json *work, struct json_found *f)
{
	struct json_search s = { text, work, f, { 0, 0 } };
	uint64_t looked = 0, most = (uint64_t)text.n * BYTES_MAX;
	size_t end, tries = 0;

	for (size_t at = 0; at < text.n && f->n < 2; at++) {
		if (text.p[at] != '{' && text.p[at] != '[')
			continue;
		if (++tries > TRIES_MAX || looked > most)
			break;
		end = bracket_end(text, at);
		looked += (end == 0 ? text.n : end) - at;
		if (try_bracket(&s, &at, end) != STATUS_OK)
			return STATUS_NOMEM;
	}
	/* An open bracket around what was found is the value, cut off. */
	if (s.cut.end > 0 && (f->n == 0 || s.cut.start < f->first.start)) {
		f->n = 0;
		found_add(f, trim(text, s.cut));
	}
	return STATUS_OK;
}

enum status
json_find(struct slice text, struct json *work, struct json_found *f)
{
	struct json_span all = trim(text, (struct json_span){ 0, text.n });
	struct json_error why = { 0, "" };
	enum status st;

	memset(f, 0, sizeof(*f));
	if (all.start == all.end)
		return STATUS_OK;
	st = json_parse(work, text, FIND_DEPTH, JSON_NUL_ALLOWED, &why);
	if (st == STATUS_NOMEM)
		return st;
	if (st == STATUS_OK) {
		found_add(f, all);
		return STATUS_OK;
	}
	find_fences(text, f);
	return f->n > 0 ? STATUS_OK : find_prose(text, work, f);
}
