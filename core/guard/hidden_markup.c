#include "core/guard/hidden.h"

#define VALUE_LONG	16	/* a query's value that may carry text */

static bool
begins(struct slice text, size_t at, const char *what)
{
	size_t n = strlen(what);

	return text.n - at >= n && strncasecmp(text.p + at, what, n) == 0;
}

static size_t
line_end(struct slice text, size_t at)
{
	const char *p = memchr(text.p + at, '\n', text.n - at);

	return p == NULL ? text.n : (size_t)(p - text.p);
}

/* At most three spaces stand before it on its line. */
static bool
at_line_start(struct slice text, size_t at)
{
	size_t from = at;

	while (from > 0 && at - from < 3 && text.p[from - 1] == ' ')
		from--;
	return from == 0 || text.p[from - 1] == '\n';
}

/* "```" opens or closes a block; "`" begins code up to the next one. */
static size_t
code_note(struct hidden_scan *s, size_t at)
{
	struct slice text = s->text;
	char c = text.p[at];
	size_t end = at, eol, close, n;

	while (end < text.n && text.p[end] == c)
		end++;
	n = end - at;
	if (n >= 3 && at_line_start(text, at)) {
		s->fenced = !s->fenced;
		return end;
	}
	if (c != '`' || s->fenced)
		return end;
	eol = line_end(text, end);
	for (close = end; close < eol; close++)
		if (text.p[close] == '`' && eol - close >= n &&
		    memcmp(text.p + close, text.p + at, n) == 0) {
			s->code_end = close + n;
			break;
		}
	return end;
}

/* The end of an address that begins at `at`. */
static size_t
address_end(struct slice text, size_t at)
{
	while (at < text.n && (unsigned char)text.p[at] > ' ' &&
	    strchr(")\"'<>`", text.p[at]) == NULL)
		at++;
	return at;
}

static enum status
data_address(struct hidden_scan *s, size_t at, struct error *err)
{
	static const char *const active[] = {
		"data:text/html", "data:image/svg", "data:application/xhtml",
		"data:text/javascript", "data:application/javascript"
	};
	enum severity severity = SEVERITY_LOW;
	size_t i;

	for (i = 0; i < sizeof(active) / sizeof(active[0]); i++)
		if (begins(s->text, at, active[i]))
			severity = SEVERITY_HIGH;
	return hidden_add(s, "data-address", severity, at,
	    address_end(s->text, at),
	    SLICE("the content of a link stands in its address (data:)"), err);
}

static bool
is_number(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((p[i] < '0' || p[i] > '9') && p[i] != '.' && p[i] != 'x')
			return false;
	return true;
}

static bool
is_carrier(struct slice key)
{
	static const char *const name[] = {
		"q", "d", "s", "c", "m", "t", "data", "text", "msg", "message",
		"content", "payload", "secret", "token", "key", "info", "body",
		"chat", "history", "query", "prompt", "context", "log", "exfil",
		"leak", "u", "user", "email", "name", "p", "pass", "password",
		"x", "out", "note", "summary", "input", "output", "value", "b64"
	};
	size_t i;

	for (i = 0; i < sizeof(name) / sizeof(name[0]); i++)
		if (slice_is(key, name[i]))
			return true;
	return false;
}

/* Does the query hold a value that may be text taken from here? */
static bool
query_carries(const char *p, const char *end)
{
	const char *amp, *eq, *value;
	struct slice key;
	size_t n;

	for (; p < end; p = amp + (amp < end)) {
		if ((amp = memchr(p, '&', (size_t)(end - p))) == NULL)
			amp = end;
		eq = memchr(p, '=', (size_t)(amp - p));
		key = (struct slice){ p, eq == NULL ? 0 : (size_t)(eq - p) };
		value = eq == NULL ? p : eq + 1;
		n = (size_t)(amp - value);
		if (n == 0 || is_number(value, n))
			continue;
		if (n >= VALUE_LONG || is_carrier(key))
			return true;
	}
	return false;
}

static bool
host_allowed(const struct hidden *h, const char *p, const char *end)
{
	const char *stop;

	p = strstr(p, "//") + 2;
	for (stop = p; stop < end && strchr("/?#:", *stop) == NULL; stop++)
		;
	return hidden_allows(h, p, (size_t)(stop - p));
}

/* An image that is fetched as soon as the text is shown. */
static enum status
remote_image(struct hidden_scan *s, size_t at, struct error *err)
{
	const char *p = s->text.p + at, *query;
	size_t end = address_end(s->text, at), n = end - at;

	if (!begins(s->text, at, "http://") && !begins(s->text, at, "https://"))
		return STATUS_OK;
	if ((query = memchr(p, '?', n)) == NULL ||
	    !query_carries(query + 1, p + n) ||
	    host_allowed(s->hidden, p, p + n))
		return STATUS_OK;
	return hidden_add(s, "image-leak", SEVERITY_HIGH, at, end,
	    SLICE("showing this image sends text to another host"), err);
}

/* "![words](address": where the address begins, or 0. */
static size_t
image_address(struct slice text, size_t at)
{
	size_t i = at + 2, eol = line_end(text, at);

	while (i < eol && text.p[i] != ']')
		i++;
	if (i + 1 >= eol || text.p[i + 1] != '(')
		return 0;
	for (i += 2; i < eol && (text.p[i] == ' ' || text.p[i] == '<'); i++)
		;
	return i;
}

/* The address in src="..." of a tag that begins at `at`, or 0. */
static size_t
source_address(struct slice text, size_t at)
{
	const char *p = text.p, *close = memchr(p + at, '>', text.n - at);
	size_t end = close == NULL ? text.n : (size_t)(close - p), i;

	for (i = at; i + 5 < end; i++)
		if (strncasecmp(p + i, "src=", 4) == 0) {
			i += 4;
			return p[i] == '"' || p[i] == '\'' ? i + 1 : i;
		}
	return 0;
}

static enum status
comment(struct hidden_scan *s, size_t at, size_t *next, struct error *err)
{
	const char *close = memmem(s->text.p + at, s->text.n - at, "-->", 3);

	*next = close == NULL ? s->text.n : (size_t)(close - s->text.p) + 3;
	return hidden_add(s, "html-comment", SEVERITY_MEDIUM, at, *next,
	    SLICE("an HTML comment, which a page does not show"), err);
}

static enum status
image(struct hidden_scan *s, size_t from, struct error *err)
{
	return from == 0 || from >= s->text.n ? STATUS_OK :
	    remote_image(s, from, err);
}

/* A data: address in a link (...) or an attribute ="...". */
static enum status
address(struct hidden_scan *s, size_t at, struct error *err)
{
	if (at < s->text.n && strchr("\"'<", s->text.p[at]) != NULL &&
	    s->text.p[at] != '\0')
		at++;
	return begins(s->text, at, "data:") ? data_address(s, at, err) :
	    STATUS_OK;
}

static enum status
bracket(struct hidden_scan *s, size_t at, struct error *err)
{
	if (!begins(s->text, at, "[//]: #") || !at_line_start(s->text, at))
		return STATUS_OK;
	return hidden_add(s, "markdown-comment", SEVERITY_MEDIUM, at,
	    line_end(s->text, at),
	    SLICE("a Markdown comment, which a page does not show"), err);
}

enum status
hidden_markup(struct hidden_scan *s, size_t at, size_t *next,
    struct error *err)
{
	struct slice text = s->text;

	*next = at + 1;
	if (text.p[at] == '`' || text.p[at] == '~') {
		*next = code_note(s, at);
		return STATUS_OK;
	}
	if (s->fenced || at < s->code_end)
		return STATUS_OK;
	switch (text.p[at]) {
	case '<':
		if (begins(text, at, "<!--"))
			return comment(s, at, next, err);
		return !begins(text, at, "<img") ? STATUS_OK :
		    image(s, source_address(text, at), err);
	case '!':
		return !begins(text, at, "![") ? STATUS_OK :
		    image(s, image_address(text, at), err);
	case '[':
		return bracket(s, at, err);
	default:
		return address(s, at + 1, err);
	}
}
