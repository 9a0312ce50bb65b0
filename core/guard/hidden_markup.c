#include "core/guard/hidden_markup.h"

#include "core/guard/hidden.h"
#include "core/guard/hidden_tag.h"

#define VALUE_LONG	16	/* a query's value that may carry text */
#define ADDRESS_MAX	2048	/* bytes of one that are looked at */
#define PATH_LONG	8u	/* bytes that a part of a path spells */
#define WORDS_MAX	500	/* bytes of an image's words, of a label */
#define REFERENCES_MAX	100	/* beyond this many all count as used */

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
address_end(struct hidden_scan *s, size_t at)
{
	struct slice text = s->text;
	size_t end = at;

	/* Addresses can begin within one another: none is read twice. */
	if (at >= s->plain_from && at < s->plain_to)
		end = s->plain_to;
	while (end < text.n && end - at < ADDRESS_MAX &&
	    (unsigned char)text.p[end] > ' ' &&
	    memchr(")\"'<>`", text.p[end], 6) == NULL)
		end++;
	s->plain_from = at;
	s->plain_to = end;
	return end;
}

static bool
is_remote(struct slice text, size_t at)
{
	return begins(text, at, "http://") || begins(text, at, "https://") ||
	    begins(text, at, "//");
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
	    address_end(s, at),
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

/* A slash separates the parts of a path. */
static int
path_digit(char c)
{
	return c == '/' ? -1 : base64_digit(c);
}

/* Do these characters, of so many bits each, spell text? */
static bool
spells_text(const char *p, size_t n, int (*value)(char), unsigned width)
{
	unsigned bits = 0, have = 0, c;
	size_t i, letters = 0, count = 0;

	for (i = 0; i < n && p[i] != '='; i++) {
		if (value(p[i]) < 0)
			return false;
		bits = (bits << width | (unsigned)value(p[i])) & 0xfff;
		if ((have += width) < 8)
			continue;
		have -= 8;
		c = bits >> have & 0xff;
		if ((c < 0x20 && c != '\n' && c != '\t') || c > 0x7e)
			return false;
		count++;
		letters += (c | 0x20) - 'a' < 26 || c == ' ';
	}
	return count >= PATH_LONG && letters * 10 >= count * 7;
}

/* Words in a part of a path: "my%20code%20is%20forty", without an ending such
 * as ".png", which a file's name has. */
static bool
part_is_words(const char *p, size_t n)
{
	size_t i, words = 0;

	if (memchr(p, '.', n) != NULL)
		return false;
	for (i = 0; i + 2 < n; i++)
		words += p[i] == '+' || (p[i] == '%' && p[i + 1] == '2' &&
		    p[i + 2] == '0');
	return words >= 2;
}

/* Does a part of the path spell a text in base64 or hexadecimal?  Of an address
 * within another one that does not, all parts but the last are known. */
static bool
path_carries(struct hidden_scan *s, const char *p, const char *end)
{
	const char *part, *stop, *dot, *last = end;
	size_t n;

	if ((p = memmem(p, (size_t)(end - p), "//", 2)) == NULL)
		return false;
	part = p + 2;
	if (part >= s->text.p + s->clean_from && part < s->text.p + s->clean_to)
		part = s->text.p + s->clean_to;
	for (; part < end; part = stop + 1) {
		last = part;
		stop = memchr(part, '/', (size_t)(end - part));
		if (stop == NULL)
			stop = end;
		dot = memchr(part, '.', (size_t)(stop - part));
		n = (size_t)((dot == NULL ? stop : dot) - part);
		if (spells_text(part, n, path_digit, 6) ||
		    spells_text(part, n, hex_digit, 4) ||
		    (part > p + 2 && part_is_words(part, (size_t)(stop - part))))
			return true;
	}
	s->clean_from = (size_t)(p + 2 - s->text.p);
	s->clean_to = (size_t)(last - s->text.p);
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
	size_t end, n;

	/* First: where there is none the end may be far away. */
	if (!is_remote(s->text, at))
		return STATUS_OK;
	end = address_end(s, at);
	n = end - at;
	query = memchr(p, '?', n);
	if (!(query != NULL && query_carries(query + 1, p + n)) &&
	    !path_carries(s, p, query == NULL ? p + n : query))
		return STATUS_OK;
	if (host_allowed(s->hidden, p, p + n))
		return STATUS_OK;
	return hidden_add(s, "image-leak", SEVERITY_HIGH, at, end,
	    SLICE("showing this image sends text to another host"), err);
}

/* Does the bracket that closes at `close` belong to "![words]"?  Of words too
 * many to go back over it does where an image was begun on the line. */
static bool
is_image(const struct hidden_scan *s, size_t close)
{
	const char *p = s->text.p;
	size_t at = close, low = close > WORDS_MAX ? close - WORDS_MAX : 0;
	int depth = 0;

	for (; at > low && p[at] != '\n'; at--) {
		depth += p[at] == ']' ? 1 : p[at] == '[' ? -1 : 0;
		if (depth == 0)
			return p[at - 1] == '!';
	}
	return at > 0 && p[at] != '\n' && s->image < at &&
	    begins(s->text, s->image, "![") &&
	    memchr(p + s->image, '\n', at - s->image) == NULL;
}

/* Is it what an attribute or a style fetches: src="...", url(...)? */
static bool
is_fetched(struct slice text, size_t sign)
{
	static const char *const names[] = {
		"src", "srcset", "poster", "background"
	};
	size_t from = sign, n, i;

	while (from > 0 && sign - from < 12 && text.p[from - 1] > ' ' &&
	    strchr("\"'/<;:", text.p[from - 1]) == NULL)
		from--;
	n = sign - from;
	if (text.p[sign] == '(')
		return n == 3 && begins(text, from, "url");
	for (i = 0; from > 0 && i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == n && begins(text, from, names[i]))
			return true;
	return false;
}

static enum status
comment(struct hidden_scan *s, size_t at, size_t *next, struct error *err)
{
	const char *close = memmem(s->text.p + at, s->text.n - at, "-->", 3);

	*next = close == NULL ? s->text.n : (size_t)(close - s->text.p) + 3;
	return hidden_add(s, "html-comment", SEVERITY_MEDIUM, at, *next,
	    SLICE("an HTML comment, which a page does not show"), err);
}

/* A data: address or a fetched one behind a '(' or '='. */
static enum status
address(struct hidden_scan *s, size_t sign, struct error *err)
{
	size_t at = sign + 1;

	while (at < s->text.n && at - sign < 4 && s->text.p[at] != '\0' &&
	    strchr("\"'< ", s->text.p[at]) != NULL)
		at++;
	if (begins(s->text, at, "data:"))
		return data_address(s, at, err);
	if (s->text.p[sign] == '(' && sign > 0 && s->text.p[sign - 1] == ']' &&
	    begins(s->text, at, "javascript:"))
		return hidden_add(s, "active-markup", SEVERITY_MEDIUM, at,
		    address_end(s, at), SLICE("a link that is a script"),
		    err);
	return is_fetched(s->text, sign) || (s->text.p[sign] == '(' &&
	    sign > 0 && s->text.p[sign - 1] == ']' && is_image(s, sign - 1)) ?
	    remote_image(s, at, err) : STATUS_OK;
}

/* Does an image refer to "[label]": "![words][label]", "![label]"? */
static bool
is_referred(struct hidden_scan *s, struct slice label, size_t definition)
{
	const char *p = s->text.p, *end = p + s->text.n, *at;
	size_t close;

	if (++s->references > REFERENCES_MAX)
		return true;
	for (; (at = memmem(p, (size_t)(end - p), label.p, label.n)) != NULL;
	    p = at + 1) {
		close = (size_t)(at - s->text.p);
		if (close == definition || close == 0)
			continue;
		if (at[-1] == '!' || (at[-1] == ']' && is_image(s, close - 1)))
			return true;
	}
	return false;
}

/* "[label]: address" */
static enum status
reference(struct hidden_scan *s, size_t at, struct error *err)
{
	size_t eol = line_end(s->text, at), i = at;
	struct slice label;

	while (i < eol && i - at < WORDS_MAX && s->text.p[i] != ']')
		i++;
	label = (struct slice){ s->text.p + at, i + 1 - at };
	if (i + 2 >= eol || s->text.p[i] != ']' || s->text.p[i + 1] != ':')
		return STATUS_OK;
	for (i += 2; i < eol && strchr(" \t<", s->text.p[i]) != NULL; i++)
		;
	return !is_referred(s, label, at) ? STATUS_OK :
	    remote_image(s, i, err);
}

static size_t
skip_blanks(struct slice text, size_t at)
{
	while (at < text.n && (text.p[at] == ' ' || text.p[at] == '\t'))
		at++;
	return at;
}

/* "[comment]: <> (words)", "[//]: # (words)": a reference to nowhere. */
static bool
is_comment(struct slice text, size_t at)
{
	size_t i = at;

	text.n = line_end(text, at);
	while (i < text.n && i - at < WORDS_MAX && text.p[i] != ']')
		i++;
	if (i + 2 >= text.n || text.p[i] != ']' || text.p[i + 1] != ':')
		return false;
	i = skip_blanks(text, i + 2);
	if (i < text.n && text.p[i] == '#')
		i++;
	else if (text.n - i >= 2 && memcmp(text.p + i, "<>", 2) == 0)
		i += 2;
	else
		return false;
	i = skip_blanks(text, i);
	return i < text.n && memchr("(\"'", text.p[i], 3) != NULL;
}

static enum status
bracket(struct hidden_scan *s, size_t at, struct error *err)
{
	if (!at_line_start(s->text, at))
		return STATUS_OK;
	if (!begins(s->text, at, "[//]: #") && !is_comment(s->text, at))
		return reference(s, at, err);
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
		return begins(text, at, "<!--") ? comment(s, at, next, err) :
		    hidden_tag(s, at, next, err);
	case '!':
		if (begins(text, at, "!["))
			s->image = at;
		return STATUS_OK;
	case '[':
		return bracket(s, at, err);
	default:
		return address(s, at, err);
	}
}
