#include "core/schema/format.h"

#include "core/schema/format_part.h"
#include "core/schema/format_uri.h"
#include "core/schema/idna.h"
#include "core/schema/regex.h"

/* Takes exactly n digits; -1 where they are not there. */
static int
digits(struct slice *s, size_t n)
{
	int v = 0;

	if (s->n < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (!format_digit(s->p[i]))
			return -1;
		v = v * 10 + (s->p[i] - '0');
	}
	s->p += n;
	s->n -= n;
	return v;
}

static bool
take_date(struct slice *s)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30,
	    31 };
	int y, m, d;

	if ((y = digits(s, 4)) < 0 || !format_take(s, '-') ||
	    (m = digits(s, 2)) < 1 || m > 12 || !format_take(s, '-') ||
	    (d = digits(s, 2)) < 1 || d > days[m - 1])
		return false;
	return m != 2 || d < 29 || (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
}

/* "Z" or "+01:00", in minutes to add for UTC. */
static bool
take_offset(struct slice *s, int *minutes)
{
	int h, m, sign;

	*minutes = 0;
	if (format_take(s, 'Z') || format_take(s, 'z'))
		return true;
	sign = format_take(s, '+') ? -1 : format_take(s, '-') ? 1 : 0;
	if (sign == 0 || (h = digits(s, 2)) < 0 || h > 23 ||
	    !format_take(s, ':') || (m = digits(s, 2)) < 0 || m > 59)
		return false;
	*minutes = sign * (h * 60 + m);
	return true;
}

/* RFC 3339's full-time; a leap second only where UTC's day ends. */
static bool
take_time(struct slice *s)
{
	int h, m, sec, offset;

	if ((h = digits(s, 2)) < 0 || h > 23 || !format_take(s, ':') ||
	    (m = digits(s, 2)) < 0 || m > 59 || !format_take(s, ':') ||
	    (sec = digits(s, 2)) < 0 || sec > 60)
		return false;
	if (format_take(s, '.')) {
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
	return take_date(&s) && (format_take(&s, 'T') || format_take(&s, 't')) &&
	    take_time(&s) && s.n == 0;
}

/* Numbers with units in the order of `units`, none twice, none left out
 * between two (RFC 3339, appendix A); false where there is none. */
static bool
take_units(struct slice *s, const char *units)
{
	const char *at = units, *now;
	bool any = false;

	while (s->n > 0 && format_digit(*s->p)) {
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
	if (!format_take(&s, 'P') || s.n == 0)
		return false;
	if (s.p[s.n - 1] == 'W')
		return take_units(&s, "W") && s.n == 0;
	if (*s.p != 'T' && !take_units(&s, "YMD"))
		return false;
	if (s.n == 0)
		return true;
	return format_take(&s, 'T') && take_units(&s, "HMS") && s.n == 0;
}

static bool
ok_ipv4(struct slice s)
{
	for (int part = 0; part < 4; part++) {
		const char *start = s.p;
		int v = 0, d;

		if (part > 0 && !format_take(&s, '.'))
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

	while (n < s->n && n < 5 && format_hex(s->p[n]))
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

bool
format_ipv6(struct slice s)
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
		} else if (!format_take(&s, ':')) {
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
		if (!format_digit(s.p[i]) && !format_alpha(s.p[i]) && s.p[i] != '-')
			return false;
	}
	return true;
}

/* Every label; the dots of idn-hostname are four (RFC 3490, section 3.1). */
static bool
ok_labels(struct slice s, bool (*ok)(struct slice), bool any_dot)
{
	static const char *const dots[] = { "\u3002", "\uff0e", "\uff61" };

	if (s.n == 0)
		return false;
	for (;;) {
		struct slice label = { s.p, 0 };
		size_t dot = 0;

		for (; label.n < s.n; label.n++) {
			dot = s.p[label.n] == '.';
			for (size_t i = 0; any_dot && i < 3 && dot == 0; i++) {
				if (s.n - label.n >= 3 && memcmp(s.p + label.n,
				    dots[i], 3) == 0)
					dot = 3;
			}
			if (dot > 0)
				break;
		}
		if (!ok(label))
			return false;
		if (dot == 0)
			return true;
		s.n -= label.n + dot;
		s.p += label.n + dot;
	}
}

static bool
ok_hostname(struct slice s)
{
	return s.n <= 253 && ok_labels(s, ok_label, false);
}

/* RFC 5890: "--" as a label's third and fourth is kept for xn--. */
static bool
ok_idna_label(struct slice s)
{
	if (!ok_label(s))
		return false;
	if (s.n < 4 || s.p[2] != '-' || s.p[3] != '-')
		return true;
	return (s.p[0] | 32) == 'x' && (s.p[1] | 32) == 'n' &&
	    idna_a_label((struct slice){ s.p + 4, s.n - 4 });
}

static bool
ok_idna_hostname(struct slice s)
{
	return s.n <= 253 && ok_labels(s, ok_idna_label, false);
}

static bool
ok_idn_label(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] >= 0x80)
			return idna_u_label(s);
	}
	return ok_idna_label(s);
}

static bool
ok_idn_hostname(struct slice s)
{
	return s.n <= 1000 && ok_labels(s, ok_idn_label, true);
}

static bool
ok_quoted(struct slice s, bool ascii)
{
	for (size_t i = 1; i < s.n - 1; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '\\' && i < s.n - 2)
			i++;
		else if (c == '"' || c == '\\' || c < 32 || c == 127 ||
		    (ascii && c > 127))
			return false;
	}
	return true;
}

static bool
ok_dot_atom(struct slice s, bool ascii)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '.') {
			if (i == 0 || i == s.n - 1 || s.p[i - 1] == '.')
				return false;
		} else if ((unsigned char)c >= 0x80) {
			if (ascii)
				return false;
		} else if (!format_alpha(c) && !format_digit(c) && (c == '\0' ||
		    strchr("!#$%&'*+-/=?^_`{|}~", c) == NULL)) {
			return false;
		}
	}
	return true;
}

static bool
ok_mailbox(struct slice s, bool ascii)
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
	    ok_quoted(local, ascii) : ok_dot_atom(local, ascii)))
		return false;
	if (domain.n < 3 || domain.p[0] != '[' ||
	    domain.p[domain.n - 1] != ']')
		return (ascii ? ok_hostname : ok_idn_hostname)(domain);
	domain = (struct slice){ domain.p + 1, domain.n - 2 };
	if (domain.n > 5 && memcmp(domain.p, "IPv6:", 5) == 0)
		return format_ipv6((struct slice){ domain.p + 5, domain.n - 5 });
	return ok_ipv4(domain);
}

/* RFC 5321's Mailbox. */
static bool
ok_email(struct slice s)
{
	return ok_mailbox(s, true);
}

/* RFC 6531's. */
static bool
ok_idn_email(struct slice s)
{
	return ok_mailbox(s, false);
}

static bool
ok_uuid(struct slice s)
{
	if (s.n != 36)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s.p[i] != '-' : !format_hex(s.p[i]))
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
	if (digits(&s, 1) < 0 || (s.p[-1] == '0' && s.n > 0 && format_digit(*s.p)))
		return false;
	while (digits(&s, 1) >= 0)
		;
	return (s.n == 1 && *s.p == '#') || ok_json_pointer(s);
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
	{ "idn-email", "an e-mail address", ok_idn_email, D4, D20 },
	{ "hostname", "a host name", ok_hostname, D4, D6 },
	{ "hostname", "a host name", ok_idna_hostname, D7, D20 },
	{ "idn-hostname", "a host name", ok_idn_hostname, D4, D20 },
	{ "ipv4", "an IPv4 address", ok_ipv4, D4, D20 },
	{ "ipv6", "an IPv6 address", format_ipv6, D4, D20 },
	{ "uri", "a URI", format_uri, D4, D20 },
	{ "uri-reference", "a URI reference", format_uri_reference, D4, D20 },
	{ "iri", "an IRI", format_iri, D4, D20 },
	{ "iri-reference", "an IRI reference", format_iri_reference, D4, D20 },
	{ "uri-template", "a URI template", format_uri_template, D4, D20 },
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
