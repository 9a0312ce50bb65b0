#include "core/prompt/template.h"

#include <assert.h>

#include "core/base/utf8.h"

/* What begins something of another template language, and why it is refused. */
static const struct {
	const char	*mark, *why;
} foreign[] = {
	{ "{%", "{% begins a statement of another template language" },
	{ "{{{", "{{{ leaves open which braces are meant" },
	{ "@@@langfusePrompt", "@@@langfusePrompt stands for another "
	    "prompt: put its text there" }
};

static bool
starts_with(struct slice s, const char *mark)
{
	size_t n = strlen(mark);

	return s.n >= n && memcmp(s.p, mark, n) == 0;
}

static struct slice
trim(struct slice s)
{
	while (s.n > 0 && memchr(" \t\r\n", s.p[0], 4) != NULL) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && memchr(" \t\r\n", s.p[s.n - 1], 4) != NULL)
		s.n--;
	return s;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
is_name(struct slice s)
{
	bool begins = true;
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (begins ? !is_letter(s.p[i]) : !is_letter(s.p[i]) &&
		    !(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '-' &&
		    s.p[i] != '.')
			return false;
		begins = s.p[i] == '.';
	}
	return !begins && s.n <= TEMPLATE_NAME_MAX;
}

/* What stands between the {{ that s begins with and the next }}; absent where
 * there is none. */
static struct slice
inside(struct slice s)
{
	struct slice rest = { s.p + 2, s.n - 2 };
	const char *end = slice_find(rest, SLICE("}}"));

	return end == NULL ? SLICE_NONE :
	    (struct slice){ rest.p, (size_t)(end - rest.p) };
}

static enum status
wrong(struct slice text, size_t at, struct error *err, const char *why,
    struct slice quoted)
{
	size_t line = 1, begin = 0, i;

	for (i = 0; i < at; i++)
		if (text.p[i] == '\n') {
			line++;
			begin = i + 1;
		}
	while (quoted.n > 40 || (quoted.n > 0 && utf8_valid(quoted.p,
	    quoted.n) != quoted.n))
		quoted.n--;
	return error_set(err, STATUS_INVALID, "line %zu, column %zu: %s%s%.*s; "
	    "only {{name}} and {{a.b}} are filled in", line,
	    utf8_count(text.p + begin, at - begin) + 1, why,
	    quoted.n > 0 ? ": " : "", SLICE_ARG(quoted));
}

static enum status
check_at(struct slice text, size_t *at, struct error *err)
{
	struct slice s = { text.p + *at, text.n - *at }, name;
	size_t i;

	for (i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		if (starts_with(s, foreign[i].mark))
			return wrong(text, *at, err, foreign[i].why, SLICE_NONE);
	if (!starts_with(s, "{{")) {
		++*at;
		return STATUS_OK;
	}
	name = inside(s);
	if (name.p == NULL)
		return wrong(text, *at, err, "{{ without }}", SLICE_NONE);
	if (!is_name(trim(name)))
		return wrong(text, *at, err, "between {{ and }} stands no name",
		    trim(name));
	*at += name.n + 4;
	return STATUS_OK;
}

/* The next byte that something may begin with. */
static size_t
next_mark(struct slice text, size_t at)
{
	while (at < text.n && text.p[at] != '{' && text.p[at] != '@')
		at++;
	return at;
}

enum status
template_check(struct slice text, struct error *err)
{
	size_t at, bad = utf8_valid(text.p, text.n);
	enum status st = STATUS_OK;

	if (bad != text.n)
		return error_set(err, STATUS_INVALID, "byte %zu: not UTF-8", bad);
	if (text.n > 0 && memchr(text.p, '\0', text.n) != NULL)
		return error_set(err, STATUS_INVALID, "a NUL byte");
	for (at = next_mark(text, 0); at < text.n && st == STATUS_OK;
	    at = next_mark(text, at))
		st = check_at(text, &at, err);
	return st;
}

bool
template_next(struct slice *rest, struct template_part *part)
{
	const char *open = slice_find(*rest, SLICE("{{"));
	struct slice name;
	size_t n;

	*part = (struct template_part){ SLICE_NONE, SLICE_NONE };
	if (rest->n == 0)
		return false;
	n = open == NULL ? rest->n : (size_t)(open - rest->p);
	if (n > 0) {
		part->text = (struct slice){ rest->p, n };
	} else {
		name = inside(*rest);
		assert(name.p != NULL);
		part->name = trim(name);
		n = name.n + 4;
	}
	rest->p += n;
	rest->n -= n;
	return true;
}
