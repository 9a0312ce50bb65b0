#include "core/guard/format.h"

#define DEPTH_MAX	256

struct xml {
	const char	*p;		/* the text's beginning */
	size_t		 n, at;
	struct slice	 open[DEPTH_MAX];	/* names of elements not closed */
	size_t		 depth;
	bool		 root;		/* was there one? */
	struct format_fault *fault;
};

static bool
fault(struct xml *x, size_t at, const char *why)
{
	x->fault->at = at;
	x->fault->why = why;
	return false;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
is_name(char c, bool first)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	    c == ':' || (c & 0x80))
		return true;
	return !first && ((c >= '0' && c <= '9') || c == '-' || c == '.');
}

static bool
begins(const struct xml *x, const char *what)
{
	size_t n = strlen(what);

	return x->n - x->at >= n && memcmp(x->p + x->at, what, n) == 0;
}

/* Goes behind the next `what`. */
static bool
skip_past(struct xml *x, const char *what, const char *why)
{
	const char *to = memmem(x->p + x->at, x->n - x->at, what,
	    strlen(what));

	if (to == NULL)
		return fault(x, x->at, why);
	x->at = (size_t)(to - x->p) + strlen(what);
	return true;
}

static void
skip_space(struct xml *x)
{
	while (x->at < x->n && is_space(x->p[x->at]))
		x->at++;
}

static struct slice
name(struct xml *x)
{
	size_t from = x->at;

	while (x->at < x->n && is_name(x->p[x->at], x->at == from))
		x->at++;
	return (struct slice){ x->p + from, x->at - from };
}

/* "&name;", "&#10;" at the current place. */
static bool
reference(struct xml *x)
{
	size_t from = x->at++, digits;

	if (x->at < x->n && x->p[x->at] == '#') {
		x->at++;
		if (x->at < x->n && x->p[x->at] == 'x')
			x->at++;
		for (digits = x->at; x->at < x->n && x->p[x->at] != '\0' &&
		    strchr("0123456789abcdefABCDEF", x->p[x->at]) != NULL;)
			x->at++;
		if (x->at == digits)
			return fault(x, from, "an & that begins no reference");
	} else if (name(x).n == 0) {
		return fault(x, from, "an & that begins no reference");
	}
	if (x->at == x->n || x->p[x->at] != ';')
		return fault(x, from, "an & that begins no reference");
	x->at++;
	return true;
}

/* name="value" */
static bool
attribute(struct xml *x)
{
	size_t from = x->at;
	char quote;

	if (name(x).n == 0)
		return fault(x, from, "no attribute where one is expected");
	skip_space(x);
	if (x->at == x->n || x->p[x->at] != '=')
		return fault(x, from, "an attribute without a value");
	x->at++;
	skip_space(x);
	quote = x->at < x->n ? x->p[x->at] : '\0';
	if (quote != '"' && quote != '\'')
		return fault(x, x->at, "an attribute's value without quotes");
	for (x->at++; x->at < x->n && x->p[x->at] != quote;) {
		if (x->p[x->at] == '<')
			return fault(x, x->at, "a < in an attribute's value");
		if (x->p[x->at] != '&')
			x->at++;
		else if (!reference(x))
			return false;
	}
	if (x->at++ >= x->n)
		return fault(x, from, "an attribute's value is not closed");
	return true;
}

static bool
open_tag(struct xml *x, size_t from)
{
	struct slice element = name(x);
	size_t before;

	if (element.n == 0)
		return fault(x, from, "a < that begins no tag");
	if (x->depth == 0 && x->root)
		return fault(x, from, "a second element at the top");
	x->root = true;
	for (;;) {
		before = x->at;
		skip_space(x);
		if (x->at == x->n)
			return fault(x, from, "a tag is not closed");
		if (begins(x, "/>")) {
			x->at += 2;
			return true;
		}
		if (x->p[x->at] == '>')
			break;
		if (before == x->at)
			return fault(x, x->at, "no space before an attribute");
		if (!attribute(x))
			return false;
	}
	x->at++;
	if (x->depth == DEPTH_MAX)
		return fault(x, from, "elements more than 256 deep");
	x->open[x->depth++] = element;
	return true;
}

static bool
close_tag(struct xml *x, size_t from)
{
	struct slice element;

	x->at++;
	element = name(x);
	skip_space(x);
	if (x->at == x->n || x->p[x->at] != '>')
		return fault(x, from, "a closing tag is not closed");
	x->at++;
	if (x->depth == 0 || !slice_eq(element, x->open[x->depth - 1]))
		return fault(x, from, "a closing tag that fits no open one");
	x->depth--;
	return true;
}

/* "<!DOCTYPE ... [ ... ]>" */
static bool
doctype(struct xml *x, size_t from)
{
	size_t depth = 0;

	for (; x->at < x->n; x->at++) {
		if (x->p[x->at] == '[')
			depth++;
		else if (x->p[x->at] == ']' && depth > 0)
			depth--;
		else if (x->p[x->at] == '>' && depth == 0) {
			x->at++;
			return true;
		}
	}
	return fault(x, from, "a declaration is not closed");
}

static bool
markup(struct xml *x)
{
	size_t from = x->at;

	if (begins(x, "<!--")) {
		x->at += 4;
		return skip_past(x, "-->", "a comment is not closed");
	}
	if (begins(x, "<![CDATA["))
		return x->depth == 0 ?
		    fault(x, from, "CDATA outside the element") :
		    skip_past(x, "]]>", "CDATA is not closed");
	if (begins(x, "<?"))
		return skip_past(x, "?>", "an instruction is not closed");
	if (begins(x, "<!DOCTYPE") && !x->root)
		return doctype(x, from);
	x->at++;
	if (x->at < x->n && x->p[x->at] == '/')
		return close_tag(x, from);
	return open_tag(x, from);
}

bool
format_xml(struct slice text, struct format_fault *f)
{
	struct xml x;

	memset(&x, 0, offsetof(struct xml, open));
	x.p = text.p == NULL ? "" : text.p;
	x.n = text.n;
	x.depth = 0;
	x.root = false;
	x.fault = f;
	if (begins(&x, "\xef\xbb\xbf"))
		x.at = 3;
	while (x.at < x.n) {
		if (x.p[x.at] == '<') {
			if (!markup(&x))
				return false;
		} else if (x.depth == 0 && !is_space(x.p[x.at])) {
			return fault(&x, x.at, "text outside the element");
		} else if (x.p[x.at] == '&') {
			if (!reference(&x))
				return false;
		} else {
			x.at++;
		}
	}
	if (!x.root)
		return fault(&x, 0, "no element");
	return x.depth == 0 ||
	    fault(&x, x.n, "an element is not closed");
}
