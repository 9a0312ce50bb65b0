/* Elements of HTML that a page does not show, or that act by themselves. */
#include "core/guard/hidden_tag.h"

#define TAG_MAX		2000	/* bytes of a tag that are looked at */

struct attribute {
	struct slice	name, value;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The end of the tag at `at`, its '>' included; 0: it is none. */
static size_t
tag_end(struct slice text, size_t at)
{
	size_t end = at + 1;
	char quote = '\0';

	for (; end < text.n && end - at < TAG_MAX; end++) {
		if (quote != '\0') {
			if (text.p[end] == quote)
				quote = '\0';
		} else if (text.p[end] == '>') {
			return end + 1;
		} else if (text.p[end] == '<') {
			return 0;
		} else if ((text.p[end] == '"' || text.p[end] == '\'') &&
		    text.p[end - 1] == '=') {
			quote = text.p[end];
		}
	}
	return 0;
}

/* The value behind the '=' at *at, quoted or not; *at goes behind it. */
static struct slice
value_read(struct slice tag, size_t *at)
{
	size_t i = *at + 1, from;
	char quote = '\0';

	if (i < tag.n && (tag.p[i] == '"' || tag.p[i] == '\''))
		quote = tag.p[i++];
	for (from = i; i < tag.n; i++)
		if (quote != '\0' ? tag.p[i] == quote :
		    is_blank(tag.p[i]) || tag.p[i] == '>')
			break;
	*at = i + (quote != '\0');
	return (struct slice){ tag.p + from, i - from };
}

/* The next attribute from *at on; false at the end of the tag. */
static bool
attribute_next(struct slice tag, size_t *at, struct attribute *a)
{
	size_t i = *at, from;

	while (i < tag.n && (is_blank(tag.p[i]) || tag.p[i] == '/'))
		i++;
	for (from = i; i < tag.n && !is_blank(tag.p[i]) &&
	    memchr("=/>", tag.p[i], 3) == NULL;)
		i++;
	a->name = (struct slice){ tag.p + from, i - from };
	a->value = (struct slice){ tag.p + i, 0 };
	if (i < tag.n && tag.p[i] == '=')
		a->value = value_read(tag, &i);
	*at = i;
	return a->name.n > 0;
}

static bool
is_named(struct slice s, const char *name)
{
	return s.n == strlen(name) && strncasecmp(s.p, name, s.n) == 0;
}

/* Does a style hold "property:value", blanks apart?  A value of nothing must
 * end there: "opacity:0" is no "opacity:0.5". */
static bool
style_holds(struct slice style, const char *what)
{
	size_t i, j, k, n = strlen(what);

	for (i = 0; i < style.n; i++) {
		if (i > 0 && (is_letter(style.p[i - 1]) ||
		    style.p[i - 1] == '-'))
			continue;
		for (j = i, k = 0; j < style.n && k < n; j++) {
			if (is_blank(style.p[j]))
				continue;
			if ((style.p[j] | 0x20) != (what[k] | 0x20))
				break;
			k++;
		}
		if (k == n && (what[n - 1] != '0' || j == style.n ||
		    (style.p[j] != '.' && !(style.p[j] >= '0' &&
		    style.p[j] <= '9'))))
			return true;
	}
	return false;
}

static bool
style_hides(struct slice style)
{
	static const char *const hides[] = {
		"display:none", "visibility:hidden", "opacity:0", "font-size:0",
		"text-indent:-9", "left:-9", "top:-9", "clip:rect(0",
		"clip-path:inset(100%", "color:transparent", "max-height:0",
		"transform:scale(0"
	};
	size_t i;

	for (i = 0; i < sizeof(hides) / sizeof(hides[0]); i++)
		if (style_holds(style, hides[i]))
			return true;
	return false;
}

/* "javascript:" however it is broken up: a browser leaves blanks out. */
static bool
is_script(struct slice value)
{
	static const char script[] = "javascript:";
	size_t i, k = 0;

	for (i = 0; i < value.n && k < sizeof(script) - 1; i++) {
		if ((unsigned char)value.p[i] <= ' ')
			continue;
		if ((value.p[i] | 0x20) != script[k] && value.p[i] != ':')
			return false;
		k++;
	}
	return k == sizeof(script) - 1;
}

/* onclick=..., href="javascript:..." */
static bool
is_active(const struct attribute *a)
{
	return (a->name.n > 4 && strncasecmp(a->name.p, "on", 2) == 0 &&
	    a->value.n > 0) || is_script(a->value);
}

/* Why the tag is reported, or NULL. */
static const char *
tag_kind(struct slice tag)
{
	static const char *const active[] = {
		"script", "object", "embed"
	};
	struct attribute a;
	const char *kind = NULL;
	size_t at = 1, i;

	while (at < tag.n && !is_blank(tag.p[at]) && tag.p[at] != '>' &&
	    tag.p[at] != '/')
		at++;
	for (i = 0; i < sizeof(active) / sizeof(active[0]); i++)
		if (is_named((struct slice){ tag.p + 1, at - 1 }, active[i]))
			return "active-markup";
	while (at < tag.n && attribute_next(tag, &at, &a)) {
		if (is_active(&a))
			return "active-markup";
		if (is_named(a.name, "hidden") || (is_named(a.name, "style") &&
		    style_hides(a.value)))
			kind = "hidden-text";
	}
	return kind;
}

enum status
hidden_tag(struct hidden_scan *s, size_t at, size_t *next, struct error *err)
{
	size_t end;
	const char *kind;

	if (at + 1 >= s->text.n || !is_letter(s->text.p[at + 1]) ||
	    (end = tag_end(s->text, at)) == 0)
		return STATUS_OK;
	s->page |= end - at >= 6 &&
	    strncasecmp(s->text.p + at + 1, "html", 4) == 0;
	kind = tag_kind((struct slice){ s->text.p + at, end - at });
	if (kind == NULL)
		return STATUS_OK;
	/* What its addresses hold is still looked at. */
	*next = at + 1;
	return *kind == 'h' ? hidden_add(s, kind, SEVERITY_MEDIUM, at, end,
	    SLICE("an element that a page does not show"), err) :
	    hidden_add(s, kind, s->page ? SEVERITY_INFO : SEVERITY_MEDIUM, at, end,
	    SLICE("a script, which a page runs and does not show"), err);
}
