#include "core/schema/format.h"

#include "core/schema/regex.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alpha(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool
is_hex(char c)
{
	return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f');
}

/* Takes exactly n digits; -1 where they are not there. */
static int
digits(struct slice *s, size_t n)
{
	int v = 0;

	if (s->n < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (!is_digit(s->p[i]))
			return -1;
		v = v * 10 + (s->p[i] - '0');
	}
	s->p += n;
	s->n -= n;
	return v;
}

static bool
take(struct slice *s, char c)
{
	if (s->n == 0 || *s->p != c)
		return false;
	s->p++;
	s->n--;
	return true;
}

static bool
take_date(struct slice *s)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30,
	    31 };
	int y, m, d;

	if ((y = digits(s, 4)) < 0 || !take(s, '-') || (m = digits(s, 2)) < 1 ||
	    m > 12 || !take(s, '-') || (d = digits(s, 2)) < 1 ||
	    d > days[m - 1])
		return false;
	return m != 2 || d < 29 || (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
}

/* "Z" or "+01:00", in minutes to add for UTC. */
static bool
take_offset(struct slice *s, int *minutes)
{
	int h, m, sign;

	*minutes = 0;
	if (take(s, 'Z') || take(s, 'z'))
		return true;
	sign = take(s, '+') ? -1 : take(s, '-') ? 1 : 0;
	if (sign == 0 || (h = digits(s, 2)) < 0 || h > 23 || !take(s, ':') ||
	    (m = digits(s, 2)) < 0 || m > 59)
		return false;
	*minutes = sign * (h * 60 + m);
	return true;
}

/* RFC 3339's full-time; a leap second only where UTC's day ends. */
static bool
take_time(struct slice *s)
{
	int h, m, sec, offset;

	if ((h = digits(s, 2)) < 0 || h > 23 || !take(s, ':') ||
	    (m = digits(s, 2)) < 0 || m > 59 || !take(s, ':') ||
	    (sec = digits(s, 2)) < 0 || sec > 60)
		return false;
	if (take(s, '.')) {
		if (digits(s, 1) < 0)
			return false;
		while (digits(s, 1) >= 0)
			;
	}
	if (!take_offset(s, &offset))
		return false;
	return sec < 60 || (h * 60 + m + offset + 2880) % 1440 == 1439;
}

static bool
ok_date(struct slice s)
{
	return take_date(&s) && s.n == 0;
}

static bool
ok_time(struct slice s)
{
	return take_time(&s) && s.n == 0;
}

static bool
ok_date_time(struct slice s)
{
	return take_date(&s) && (take(&s, 'T') || take(&s, 't')) &&
	    take_time(&s) && s.n == 0;
}

/* Numbers with units in the order of `units`, none twice, none left out
 * between two (RFC 3339, appendix A); false where there is none. */
static bool
take_units(struct slice *s, const char *units)
{
	const char *at = units, *now;
	bool any = false;

	while (s->n > 0 && is_digit(*s->p)) {
		while (digits(s, 1) >= 0)
			;
		if (s->n == 0 || *s->p == '\0' ||
		    (now = strchr(at, *s->p)) == NULL || (any && now != at))
			return false;
		s->p++;
		s->n--;
		at = now + 1;
		any = true;
	}
	return any;
}

static bool
ok_duration(struct slice s)
{
	if (!take(&s, 'P') || s.n == 0)
		return false;
	if (s.p[s.n - 1] == 'W')
		return take_units(&s, "W") && s.n == 0;
	if (*s.p != 'T' && !take_units(&s, "YMD"))
		return false;
	if (s.n == 0)
		return true;
	return take(&s, 'T') && take_units(&s, "HMS") && s.n == 0;
}

static bool
ok_ipv4(struct slice s)
{
	for (int part = 0; part < 4; part++) {
		const char *start = s.p;
		int v = 0, d;

		if (part > 0 && !take(&s, '.'))
			return false;
		start = s.p;
		while (s.p - start < 4 && (d = digits(&s, 1)) >= 0)
			v = v * 10 + d;
		if (s.p == start || v > 255 || s.p - start > 3 ||
		    (s.p - start > 1 && *start == '0'))
			return false;
	}
	return s.n == 0;
}

/* One group of an IPv6 address, or an IPv4 address as its end: how many groups
 * that is, or 0. */
static int
take_group(struct slice *s)
{
	size_t n = 0;

	while (n < s->n && n < 5 && is_hex(s->p[n]))
		n++;
	if (n < s->n && s->p[n] == '.') {
		if (!ok_ipv4(*s))
			return 0;
		s->n = 0;
		return 2;
	}
	s->p += n;
	s->n -= n;
	return n > 0 && n < 5;
}

static bool
take_gap(struct slice *s)
{
	if (s->n < 2 || s->p[0] != ':' || s->p[1] != ':')
		return false;
	s->p += 2;
	s->n -= 2;
	return true;
}

static bool
ok_ipv6(struct slice s)
{
	int groups = 0, more;
	bool gap = take_gap(&s);

	if (s.n == 0)
		return gap;
	for (;;) {
		if ((more = take_group(&s)) == 0)
			return false;
		groups += more;
		if (s.n == 0)
			break;
		if (take_gap(&s)) {
			if (gap)
				return false;
			gap = true;
			if (s.n == 0)
				break;
		} else if (!take(&s, ':')) {
			return false;
		}
	}
	return gap ? groups < 8 : groups == 8;
}

static bool
ok_label(struct slice s)
{
	if (s.n == 0 || s.n > 63 || s.p[0] == '-' || s.p[s.n - 1] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!is_digit(s.p[i]) && !is_alpha(s.p[i]) && s.p[i] != '-')
			return false;
	}
	return true;
}

static bool
ok_hostname(struct slice s)
{
	if (s.n == 0 || s.n > 253)
		return false;
	for (;;) {
		const char *dot = memchr(s.p, '.', s.n);
		struct slice label = { s.p, dot == NULL ? s.n :
		    (size_t)(dot - s.p) };

		if (!ok_label(label))
			return false;
		if (dot == NULL)
			return true;
		s.n -= label.n + 1;
		s.p += label.n + 1;
	}
}

/* RFC 5890: "--" as a label's third and fourth is kept for xn--, of which only
 * the outward form is looked at. */
static bool
ok_idna_hostname(struct slice s)
{
	size_t start = 0;

	for (size_t i = 0; i + 1 < s.n; i++) {
		if (s.p[i] == '.')
			start = i + 1;
		if (i == start + 2 && s.p[i] == '-' && s.p[i + 1] == '-' &&
		    ((s.p[start] | 32) != 'x' || (s.p[start + 1] | 32) != 'n'))
			return false;
	}
	return ok_hostname(s);
}

static bool
ok_quoted(struct slice s)
{
	for (size_t i = 1; i < s.n - 1; i++) {
		if (s.p[i] == '\\' && i < s.n - 2)
			i++;
		else if (s.p[i] == '"' || s.p[i] == '\\' || s.p[i] < 32 ||
		    s.p[i] == 127)
			return false;
	}
	return true;
}

static bool
ok_dot_atom(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '.') {
			if (i == 0 || i == s.n - 1 || s.p[i - 1] == '.')
				return false;
		} else if (!is_alpha(c) && !is_digit(c) && (c == '\0' ||
		    strchr("!#$%&'*+-/=?^_`{|}~", c) == NULL)) {
			return false;
		}
	}
	return true;
}

/* RFC 5321's Mailbox. */
static bool
ok_email(struct slice s)
{
	const char *at = s.n == 0 ? NULL : memrchr(s.p, '@', s.n);
	struct slice local, domain;

	if (at == NULL)
		return false;
	local = (struct slice){ s.p, (size_t)(at - s.p) };
	domain = (struct slice){ at + 1, s.n - local.n - 1 };
	if (local.n == 0 || local.n > 64)
		return false;
	if (!(local.n > 1 && local.p[0] == '"' && local.p[local.n - 1] == '"' ?
	    ok_quoted : ok_dot_atom)(local))
		return false;
	if (domain.n < 3 || domain.p[0] != '[' ||
	    domain.p[domain.n - 1] != ']')
		return ok_hostname(domain);
	domain = (struct slice){ domain.p + 1, domain.n - 2 };
	if (domain.n > 5 && memcmp(domain.p, "IPv6:", 5) == 0)
		return ok_ipv6((struct slice){ domain.p + 5, domain.n - 5 });
	return ok_ipv4(domain);
}

static bool
ok_uuid(struct slice s)
{
	if (s.n != 36)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s.p[i] != '-' : !is_hex(s.p[i]))
			return false;
	}
	return true;
}

static bool
ok_json_pointer(struct slice s)
{
	if (s.n > 0 && *s.p != '/')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '~' && (i + 1 == s.n ||
		    (s.p[i + 1] != '0' && s.p[i + 1] != '1')))
			return false;
	}
	return true;
}

static bool
ok_relative_json_pointer(struct slice s)
{
	if (digits(&s, 1) < 0 || (s.p[-1] == '0' && s.n > 0 && is_digit(*s.p)))
		return false;
	while (digits(&s, 1) >= 0)
		;
	return (s.n == 1 && *s.p == '#') || ok_json_pointer(s);
}

/* Characters of a URI's part: unreserved, sub-delims, those of more, %XX. */
static bool
uri_chars(struct slice s, const char *more)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '%') {
			if (s.n - i < 3 || !is_hex(s.p[i + 1]) ||
			    !is_hex(s.p[i + 2]))
				return false;
			i += 2;
		} else if (!is_alpha(c) && !is_digit(c) && (c == '\0' ||
		    (strchr("-._~!$&'()*+,;=", c) == NULL &&
		    strchr(more, c) == NULL))) {
			return false;
		}
	}
	return true;
}

static bool
ok_host(struct slice s)
{
	if (s.n < 2 || *s.p != '[')
		return uri_chars(s, "");
	if (s.p[s.n - 1] != ']')
		return false;
	s = (struct slice){ s.p + 1, s.n - 2 };
	if (s.n > 0 && (*s.p | 32) == 'v')
		return s.n > 3 && uri_chars(s, ":");
	return ok_ipv6(s);
}

static bool
ok_authority(struct slice s)
{
	const char *at = s.n == 0 ? NULL : memchr(s.p, '@', s.n);
	size_t n;

	if (at != NULL) {
		n = (size_t)(at - s.p);
		if (!uri_chars((struct slice){ s.p, n }, ":"))
			return false;
		s = (struct slice){ at + 1, s.n - n - 1 };
	}
	for (n = s.n; n > 0 && is_digit(s.p[n - 1]); n--)
		;
	if (n > 0 && s.p[n - 1] == ':')
		s.n = n - 1;
	return ok_host(s);
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
	    !is_alpha(*scheme.p))
		return false;
	for (size_t i = 0; i < scheme.n; i++) {
		char c = scheme.p[i];

		if (!is_alpha(c) && !is_digit(c) && c != '+' && c != '-' &&
		    c != '.')
			return false;
	}
	*s = (struct slice){ rest.p + 1, rest.n - 1 };
	return true;
}

/* What follows a scheme, or a relative reference (RFC 3986, section 4.1). */
static bool
ok_rest(struct slice s, bool relative)
{
	struct slice path, first;

	if (s.n >= 2 && s.p[0] == '/' && s.p[1] == '/') {
		s = (struct slice){ s.p + 2, s.n - 2 };
		if (!ok_authority(part(&s, "/?#")))
			return false;
		relative = false;
	}
	path = part(&s, "?#");
	first = path;
	first = part(&first, "/");
	if (!uri_chars(path, ":@/") ||
	    (relative && first.n > 0 && memchr(first.p, ':', first.n) != NULL))
		return false;
	if (take(&s, '?') && !uri_chars(part(&s, "#"), ":@/?"))
		return false;
	return !take(&s, '#') || uri_chars(s, ":@/?");
}

static bool
ok_uri(struct slice s)
{
	return has_scheme(&s) && ok_rest(s, false);
}

static bool
ok_uri_reference(struct slice s)
{
	return has_scheme(&s) ? ok_rest(s, false) : ok_rest(s, true);
}

#define D4	SCHEMA_DRAFT_4
#define D6	SCHEMA_DRAFT_6
#define D7	SCHEMA_DRAFT_7
#define D19	SCHEMA_2019_09
#define D20	SCHEMA_2020_12

static const struct format formats[] = {
	{ "date-time", "a date and time (2026-11-23T10:00:00Z)",
	    ok_date_time, D4, D20 },
	{ "date", "a date (2026-11-23)", ok_date, D4, D20 },
	{ "time", "a time (10:00:00Z)", ok_time, D4, D20 },
	{ "duration", "a duration (P3DT12H)", ok_duration, D4, D20 },
	{ "email", "an e-mail address", ok_email, D4, D20 },
	{ "hostname", "a host name", ok_hostname, D4, D6 },
	{ "hostname", "a host name", ok_idna_hostname, D7, D20 },
	{ "ipv4", "an IPv4 address", ok_ipv4, D4, D20 },
	{ "ipv6", "an IPv6 address", ok_ipv6, D4, D20 },
	{ "uri", "a URI", ok_uri, D4, D20 },
	{ "uri-reference", "a URI reference", ok_uri_reference, D4, D20 },
	{ "uuid", "a UUID", ok_uuid, D4, D20 },
	{ "json-pointer", "a JSON pointer", ok_json_pointer, D4, D20 },
	{ "relative-json-pointer", "a relative JSON pointer",
	    ok_relative_json_pointer, D4, D20 },
	{ "regex", "an ECMA-262 pattern", regex_valid, D4, D20 },
	{ NULL, NULL, NULL, D4, D4 }
};

const struct format *
format_find(enum schema_draft draft, struct slice name)
{
	for (const struct format *f = formats; f->name != NULL; f++) {
		if (f->from <= draft && draft <= f->to &&
		    slice_is(name, f->name))
			return f;
	}
	return NULL;
}
