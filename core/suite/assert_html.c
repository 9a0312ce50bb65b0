/* Is an output HTML, and is there HTML in it? */
#include <math.h>
#include <strings.h>

#include "core/suite/assert_kinds.h"

static const char *const elements[] = {
	"a", "abbr", "address", "article", "aside", "audio", "b", "blockquote",
	"body", "br", "button", "canvas", "caption", "cite", "code", "col",
	"dd", "del", "details", "dialog", "div", "dl", "dt", "em", "fieldset",
	"figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head",
	"header", "hr", "html", "i", "iframe", "img", "input", "label", "legend",
	"li", "link", "main", "mark", "meta", "nav", "ol", "optgroup", "option",
	"p", "pre", "q", "s", "script", "section", "select", "small", "span",
	"strong", "style", "sub", "summary", "sup", "svg", "table", "tbody",
	"td", "textarea", "tfoot", "th", "thead", "title", "tr", "u", "ul",
	"video"
};

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_element(struct slice name)
{
	size_t i;

	for (i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
		if (strlen(elements[i]) == name.n &&
		    strncasecmp(elements[i], name.p, name.n) == 0)
			return true;
	return false;
}

/* What marks of HTML a text has. */
struct html_marks {
	bool	opens, closes, empties, entity, doctype, comment, attribute,
		known;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The name that a tag begins with; without bytes where none does. */
static struct slice
tag_name(struct slice s, size_t at)
{
	struct slice name = { s.p + at, 0 };

	while (at + name.n < s.n && (is_letter(name.p[name.n]) ||
	    (name.n > 0 && (name.p[name.n] == '-' ||
	    is_digit(name.p[name.n])))))
		name.n++;
	if (at + name.n < s.n && name.p[name.n] != '>' &&
	    name.p[name.n] != '/' && (unsigned char)name.p[name.n] > ' ')
		name.n = 0;
	return name;
}

/* A tag at '<': how long it is, 0 where it is none. */
static size_t
tag_read(struct slice s, struct html_marks *m)
{
	bool closing = s.n > 1 && s.p[1] == '/';
	size_t at = closing ? 2 : 1, i;
	struct slice name = tag_name(s, at);
	const char *end = memchr(s.p, '>', s.n);

	if (name.n == 0 || end == NULL)
		return 0;
	m->closes |= closing;
	m->opens |= !closing;
	m->empties |= !closing && end[-1] == '/';
	m->known |= is_element(name);
	for (i = at + name.n; s.p + i < end; i++)
		m->attribute |= s.p[i] == '=' && s.p + i + 1 < end &&
		    (s.p[i + 1] == '"' || s.p[i + 1] == '\'');
	return (size_t)(end - s.p) + 1;
}

/* &amp; &#39; */
static bool
is_entity(struct slice s)
{
	size_t i;

	for (i = 1; i < s.n && i < 12 && (is_letter(s.p[i]) || s.p[i] == '#' ||
	    is_digit(s.p[i])); i++)
		;
	return i > 1 && i < s.n && s.p[i] == ';';
}

static void
marks_find(struct slice s, struct html_marks *m)
{
	struct slice rest;
	size_t i, n;

	for (i = 0; i < s.n; i += n) {
		n = 1;
		rest = (struct slice){ s.p + i, s.n - i };
		if (rest.p[0] == '&')
			m->entity |= is_entity(rest);
		if (rest.p[0] != '<')
			continue;
		if (rest.n > 14 && strncasecmp(rest.p, "<!doctype html", 14) ==
		    0)
			m->doctype = true;
		else if (rest.n > 6 && strncmp(rest.p, "<!--", 4) == 0)
			m->comment |= memmem(rest.p + 4, rest.n - 4, "-->",
			    3) != NULL;
		else if ((n = tag_read(rest, m)) == 0)
			n = 1;
	}
}

static void
says(struct assert_verdict *v, bool pass)
{
	v->pass = pass;
	v->score = pass;
}

/* A single mark may be chance: "a < b", "<name>". */
static enum status
run_contains_html(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	struct html_marks m = { false };

	(void)a;
	(void)err;
	marks_find(s->output, &m);
	says(v, m.opens + m.closes + m.empties + m.entity + 2 * m.doctype +
	    m.comment + m.attribute + 2 * m.known >= 2);
	return STATUS_OK;
}

static enum status
run_is_html(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	struct slice t = s->output;
	struct html_marks m = { false };

	(void)a;
	while (t.n > 0 && (unsigned char)t.p[0] <= ' ') {
		t.p++;
		t.n--;
	}
	while (t.n > 0 && (unsigned char)t.p[t.n - 1] <= ' ')
		t.n--;
	if (t.n == 0 || t.p[0] != '<' || t.p[t.n - 1] != '>')
		return assert_miss(v, s, err, "the output is not within tags");
	marks_find(t, &m);
	says(v, m.known);
	return v->pass ? STATUS_OK : assert_miss(v, s, err,
	    "no tag of the output is one of HTML's");
}

const struct assert_row assert_html_rows[] = {
	{ .name = "is-html", .threshold = NAN, .run = run_is_html },
	{ .name = "contains-html", .threshold = NAN, .run = run_contains_html },
	{ .name = NULL }
};
