/* Formats that are made of URI's characters. */
#include "core/schema/format_uri.h"

#include "core/schema/format.h"
#include "core/schema/format_part.h"

/* Characters of a URI's part: unreserved, sub-delims, those of more, %XX. */
static bool
uri_chars(struct slice s, bool iri, const char *more)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '%') {
			if (s.n - i < 3 || !format_hex(s.p[i + 1]) ||
			    !format_hex(s.p[i + 2]))
				return false;
			i += 2;
		} else if ((unsigned char)c >= 0x80) {
			if (!iri)
				return false;
		} else if (!format_alpha(c) && !format_digit(c) && (c == '\0' ||
		    (strchr("-._~!$&'()*+,;=", c) == NULL &&
		    strchr(more, c) == NULL))) {
			return false;
		}
	}
	return true;
}

static bool
ok_host(struct slice s, bool iri)
{
	if (s.n < 2 || *s.p != '[')
		return uri_chars(s, iri, "");
	if (s.p[s.n - 1] != ']')
		return false;
	s = (struct slice){ s.p + 1, s.n - 2 };
	if (s.n > 0 && (*s.p | 32) == 'v')
		return s.n > 3 && uri_chars(s, iri, ":");
	return format_ipv6(s);
}

static bool
ok_authority(struct slice s, bool iri)
{
	const char *at = s.n == 0 ? NULL : memchr(s.p, '@', s.n);
	size_t n;

	if (at != NULL) {
		n = (size_t)(at - s.p);
		if (!uri_chars((struct slice){ s.p, n }, iri, ":"))
			return false;
		s = (struct slice){ at + 1, s.n - n - 1 };
	}
	for (n = s.n; n > 0 && format_digit(s.p[n - 1]); n--)
		;
	if (n > 0 && s.p[n - 1] == ':')
		s.n = n - 1;
	return ok_host(s, iri);
}

/* Up to the first byte of stop. */
static struct slice
part(struct slice *s, const char *stop)
{
	struct slice got = { s->p, 0 };

	while (got.n < s->n && (s->p[got.n] == '\0' ||
	    strchr(stop, s->p[got.n]) == NULL))
		got.n++;
	s->p += got.n;
	s->n -= got.n;
	return got;
}

static bool
has_scheme(struct slice *s)
{
	struct slice rest = *s, scheme = part(&rest, ":/?#");

	if (rest.n == 0 || *rest.p != ':' || scheme.n == 0 ||
	    !format_alpha(*scheme.p))
		return false;
	for (size_t i = 0; i < scheme.n; i++) {
		char c = scheme.p[i];

		if (!format_alpha(c) && !format_digit(c) && c != '+' && c != '-' &&
		    c != '.')
			return false;
	}
	*s = (struct slice){ rest.p + 1, rest.n - 1 };
	return true;
}

/* What follows a scheme, or a relative reference (RFC 3986, section 4.1). */
static bool
ok_rest(struct slice s, bool iri, bool relative)
{
	struct slice path, first;

	if (s.n >= 2 && s.p[0] == '/' && s.p[1] == '/') {
		s = (struct slice){ s.p + 2, s.n - 2 };
		if (!ok_authority(part(&s, "/?#"), iri))
			return false;
		relative = false;
	}
	path = part(&s, "?#");
	first = path;
	first = part(&first, "/");
	if (!uri_chars(path, iri, ":@/") ||
	    (relative && first.n > 0 && memchr(first.p, ':', first.n) != NULL))
		return false;
	if (format_take(&s, '?') && !uri_chars(part(&s, "#"), iri, ":@/?"))
		return false;
	return !format_take(&s, '#') || uri_chars(s, iri, ":@/?");
}

bool
format_uri(struct slice s)
{
	return has_scheme(&s) && ok_rest(s, false, false);
}

bool
format_uri_reference(struct slice s)
{
	return has_scheme(&s) ? ok_rest(s, false, false) :
	    ok_rest(s, false, true);
}

bool
format_iri(struct slice s)
{
	return has_scheme(&s) && ok_rest(s, true, false);
}

bool
format_iri_reference(struct slice s)
{
	return has_scheme(&s) ? ok_rest(s, true, false) :
	    ok_rest(s, true, true);
}

static bool
is_escape(struct slice s, size_t i)
{
	return s.p[i] == '%' && s.n - i > 2 && format_hex(s.p[i + 1]) &&
	    format_hex(s.p[i + 2]);
}

static bool
ok_name(struct slice s)
{
	if (s.n == 0 || s.p[0] == '.' || s.p[s.n - 1] == '.')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (is_escape(s, i))
			i += 2;
		else if (!format_alpha(c) && !format_digit(c) && c != '_' &&
		    (c != '.' || s.p[i - 1] == '.'))
			return false;
	}
	return true;
}

/* One variable of an expression: a name, then ":" and up to 9999, or "*". */
static bool
ok_variable(struct slice s)
{
	if (!ok_name(part(&s, ":*")))
		return false;
	if (s.n == 0 || (s.n == 1 && *s.p == '*'))
		return true;
	if (*s.p != ':' || s.n < 2 || s.n > 5 || s.p[1] == '0')
		return false;
	for (size_t i = 1; i < s.n; i++) {
		if (!format_digit(s.p[i]))
			return false;
	}
	return true;
}

/* What stands between braces (RFC 6570, section 2.2). */
static bool
ok_expression(struct slice s)
{
	if (s.n > 0 && *s.p != '\0' && strchr("+#./;?&=,!@|", *s.p) != NULL) {
		s.p++;
		s.n--;
	}
	for (;;) {
		if (!ok_variable(part(&s, ",")))
			return false;
		if (s.n == 0)
			return true;
		s.p++;
		s.n--;
	}
}

static bool
ok_literal(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c <= ' ' || c == 127 || strchr("\"<>\\^`|}", c) != NULL)
			return false;
		if (c == '%' && !is_escape(s, i))
			return false;
	}
	return true;
}

bool
format_uri_template(struct slice s)
{
	for (;;) {
		if (!ok_literal(part(&s, "{")))
			return false;
		if (s.n == 0)
			return true;
		s.p++;
		s.n--;
		if (!ok_expression(part(&s, "}")) || s.n == 0)
			return false;
		s.p++;
		s.n--;
	}
}
