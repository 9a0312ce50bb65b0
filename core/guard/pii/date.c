/* Dates with a day: ISO 8601, with slashes, dots or hyphens, with month names. */
#include "core/guard/pii/date.h"

#include "core/guard/pii/check.h"

#include "core/guard/pii/ascii.h"
#include "core/guard/pii/edge.h"
#include "core/guard/pii/hit.h"

#define SCORE	0.6

/* Up to max digits at *at. */
static unsigned
number_at(struct slice t, size_t *at, unsigned max, unsigned *n)
{
	unsigned v = 0;

	for (*n = 0; *n < max && is_digit(byte_at(t, *at)); (*n)++)
		v = v * 10 + (unsigned)(t.p[(*at)++] - '0');
	return v;
}

/* "Z", "+01:00" at `at`; behind it, or `at`. */
static size_t
zone_end(struct slice t, size_t at)
{
	size_t i = at + 1;
	unsigned n;

	if (byte_at(t, at) == 'Z')
		return i;
	if ((byte_at(t, at) != '+' && byte_at(t, at) != '-') ||
	    !is_digit(byte_at(t, i)))
		return at;
	(void)number_at(t, &i, 2, &n);
	i += byte_at(t, i) == ':';
	(void)number_at(t, &i, 2, &n);
	return i;
}

/* "T10:30", " 10:30:59.123Z": behind it, or `at`. */
static size_t
time_end(struct slice t, size_t at)
{
	size_t i = at + 1, end = at;
	unsigned n, k;

	if (byte_at(t, at) != ' ' && byte_at(t, at) != 'T')
		return at;
	if (number_at(t, &i, 2, &n) > 24 || n == 0)
		return at;
	for (k = 0; k < 2 && byte_at(t, i) == ':'; k++) {
		i++;
		if (number_at(t, &i, 2, &n) > 60 || n != 2)
			return end;
		end = i;
	}
	if (end == at)
		return at;
	if (byte_at(t, i) == '.' && is_digit(byte_at(t, i + 1)))
		for (i++; is_digit(byte_at(t, i)); i++)
			;
	return zone_end(t, i);
}

static void
hit_date(struct pii_scan *s, size_t start, size_t end)
{
	end = time_end(s->text, end);
	if (pii_left_ok(s->text, start, true) &&
	    pii_right_ok(s->text, end, true))
		pii_hit(s, PII_DATE_TIME, start, end, SCORE, true, NULL);
}

struct numeric {
	unsigned	v[3], n[3];	/* value and digits of each part */
	char		separator;
	size_t		end;
};

/* Three numbers parted twice by the same character. */
static bool
numeric_read(struct slice t, size_t start, struct numeric *x)
{
	size_t i = start;
	unsigned k;

	for (k = 0; k < 3; k++) {
		if (k > 0 && byte_at(t, i++) != x->separator)
			return false;
		x->v[k] = number_at(t, &i, k == 1 ? 2 : 4, &x->n[k]);
		if (x->n[k] == 0 || x->n[k] == 3)
			return false;
		if (k == 0)
			x->separator = byte_at(t, i);
	}
	x->end = i;
	return x->separator != '\0' && strchr("-/.", x->separator) != NULL;
}

static bool
is_year(unsigned v, unsigned digits)
{
	return digits == 4 && v >= 1000 && v <= 2999;
}

static void
find_numeric(struct pii_scan *s, size_t start)
{
	struct numeric x;
	bool ok;

	if (!numeric_read(s->text, start, &x))
		return;
	if (x.n[0] == 4)
		ok = is_year(x.v[0], 4) && x.n[2] <= 2 &&
		    check_date(x.v[0], x.v[1], x.v[2]);
	else
		ok = (is_year(x.v[2], x.n[2]) || (x.n[2] == 2 &&
		    x.separator == '/')) &&
		    (check_date(x.v[2], x.v[1], x.v[0]) ||
		    check_date(x.v[2], x.v[0], x.v[1]));
	if (ok)
		hit_date(s, start, x.end);
}

/* Is the word a month's name, or its first three letters or more? */
static bool
is_month(const char *p, size_t n)
{
	static const char *const names[] = { "january", "february", "march",
	    "april", "may", "june", "july", "august", "september", "october",
	    "november", "december", "januar", "februar", "maerz", "mai",
	    "juni", "juli", "oktober", "dezember", "janvier", "avril", "juin",
	    "juillet", "septembre", "octobre", "novembre", "enero", "febrero",
	    "marzo", "abril", "mayo", "junio", "julio", "agosto",
	    "septiembre", "octubre", "noviembre", "diciembre", "gennaio",
	    "febbraio", "aprile", "maggio", "giugno", "luglio", "settembre",
	    "ottobre", "dicembre", "janeiro", "fevereiro", "junho", "julho",
	    "setembro", "outubro", "dezembro" };
	size_t i, len;

	if (n < 3 || n > 10)
		return false;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i][0] != to_lower(*p))
			continue;
		len = strlen(names[i]);
		if ((n == len || (n <= 4 && i < 12 && n < len)) &&
		    strncasecmp(names[i], p, n) == 0)
			return true;
	}
	return false;
}

static bool
is_ordinal(const char *p, size_t n)
{
	return n == 0 || (n == 2 && (strncasecmp(p, "st", 2) == 0 ||
	    strncasecmp(p, "nd", 2) == 0 || strncasecmp(p, "rd", 2) == 0 ||
	    strncasecmp(p, "th", 2) == 0));
}

/* ", 2024", " 2024" or "-2024" at `at`; behind it, or `at`. */
static size_t
year_end(struct slice t, size_t at)
{
	size_t i = at;
	unsigned n, v;

	i += byte_at(t, i) == '.' || byte_at(t, i) == ',';
	if (byte_at(t, i) != ' ' && (i != at || byte_at(t, i) != '-'))
		return at;
	i++;
	v = number_at(t, &i, 4, &n);
	return n == 4 && v >= 1000 && v <= 2999 && !is_alnum(byte_at(t, i)) ?
	    i : at;
}

/* "12 March 2024", "12th of March", "12-Mar-2024" */
static void
find_day_month(struct pii_scan *s, size_t start, size_t end)
{
	struct slice t = s->text;
	size_t i = end, word;

	i += byte_at(t, i) == '.';
	if (byte_at(t, i) != ' ' && byte_at(t, i) != '-')
		return;
	i++;
	if (t.n > i + 3 && memcmp(t.p + i, "of ", 3) == 0)
		i += 3;
	else if (t.n > i + 3 && memcmp(t.p + i, "de ", 3) == 0)
		i += 3;
	for (word = i; is_letter(byte_at(t, i)); i++)
		;
	/* "may" is a verb too. */
	if (is_month(t.p + word, i - word) && (i - word != 3 ||
	    to_lower(t.p[word]) != 'm' || t.p[word] == 'M'))
		hit_date(s, start, year_end(t, i));
}

/* "March 12, 2024", "Mar. 12th", "Mar-12-2024" */
static void
find_month_day(struct pii_scan *s, size_t start, size_t end)
{
	struct slice t = s->text;
	size_t word, i = start;

	if (i < 4 || (t.p[i - 1] != ' ' && t.p[i - 1] != '-'))
		return;
	i--;
	if (t.p[i - 1] == '.')
		i--;
	for (word = i; word > 0 && is_letter(t.p[word - 1]) && i - word < 12;)
		word--;
	if (is_month(t.p + word, i - word) && t.p[word] >= 'A' &&
	    t.p[word] <= 'Z')
		hit_date(s, word, year_end(t, end));
}

void
find_date(struct pii_scan *s, size_t start, size_t end)
{
	struct slice t = s->text;
	unsigned n, v;
	size_t i = start;

	if (!is_digit(t.p[start]) || end - start > 4 || start < s->url_end ||
	    !pii_wants(s, PII_DATE_TIME))
		return;
	v = number_at(t, &i, 4, &n);
	if (i == end || (byte_at(t, i) == 'T' && n <= 2))
		find_numeric(s, start);
	if (n > 2 || v == 0 || v > 31 || !is_ordinal(t.p + i, end - i))
		return;
	find_day_month(s, start, end);
	find_month_day(s, start, end);
}
