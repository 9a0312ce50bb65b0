/*
 * Telephone numbers: international ones by their country code, national ones
 * by how they are written, and whatever looks like one where words speak of it.
 */
#include "core/guard/pii/phone.h"

#include "core/guard/pii/ascii.h"
#include "core/guard/pii/check.h"
#include "core/guard/pii/edge.h"
#include "core/guard/pii/hit.h"
#include "core/guard/pii/hotline.h"
#include "core/guard/pii/kinds.h"
#include "core/guard/pii/sum.h"
#include "core/guard/pii/words.h"

#define GROUPS_MAX	8
#define DIGITS_MAX	18
#define SCORE_HOTLINE	0.3	/* nobody's own: not unless a policy asks */

struct group {
	size_t		end;		/* in the text, a ')' included */
	unsigned	n;		/* digits */
	unsigned	total;		/* digits with those before */
	char		separator;	/* before it, NUL for the first */
	bool		paren;
};

struct phone_number {
	size_t		start;
	struct group	g[GROUPS_MAX];
	unsigned	n;
	char		digits[DIGITS_MAX + 1];
	bool		plus;
};

/* ITU-T E.164: country code, digits of the national number at least and most. */
static const struct {
	char		code[4];
	unsigned char	min, max;
} countries[] = {
	{ "1", 10, 10 }, { "7", 10, 10 }, { "20", 8, 10 }, { "27", 9, 9 },
	{ "30", 10, 10 }, { "31", 9, 9 }, { "32", 8, 9 }, { "33", 9, 9 },
	{ "34", 9, 9 }, { "36", 8, 9 }, { "39", 6, 11 }, { "40", 9, 9 },
	{ "41", 9, 9 }, { "43", 7, 13 }, { "44", 9, 10 }, { "45", 8, 8 },
	{ "46", 7, 10 }, { "47", 8, 8 }, { "48", 9, 9 }, { "49", 6, 12 },
	{ "51", 8, 9 }, { "52", 10, 11 }, { "53", 8, 8 }, { "54", 10, 11 },
	{ "55", 10, 11 }, { "56", 9, 9 }, { "57", 10, 10 }, { "58", 10, 10 },
	{ "60", 8, 10 }, { "61", 9, 9 }, { "62", 8, 12 }, { "63", 8, 10 },
	{ "64", 8, 10 }, { "65", 8, 8 }, { "66", 8, 9 }, { "81", 9, 10 },
	{ "82", 8, 10 }, { "84", 9, 10 }, { "86", 10, 11 }, { "90", 10, 10 },
	{ "91", 10, 10 }, { "92", 9, 10 }, { "93", 9, 9 }, { "94", 9, 9 },
	{ "95", 7, 10 }, { "98", 10, 10 }, { "211", 9, 9 }, { "212", 9, 9 },
	{ "213", 8, 9 }, { "216", 8, 8 }, { "218", 9, 9 },
	{ "22", 7, 9 }, { "23", 7, 10 }, { "24", 7, 9 }, { "25", 7, 9 },
	{ "26", 7, 9 }, { "29", 6, 7 }, { "35", 6, 11 }, { "37", 7, 10 },
	{ "38", 8, 10 }, { "42", 7, 9 }, { "50", 7, 8 }, { "59", 7, 9 },
	{ "67", 6, 8 }, { "68", 5, 7 }, { "69", 5, 7 }, { "80", 8, 10 },
	{ "85", 8, 10 }, { "87", 9, 12 }, { "88", 8, 10 }, { "96", 7, 9 },
	{ "97", 7, 9 }, { "99", 8, 9 }
};

/* How a country writes its numbers: digits of each group. */
static const struct {
	const char	*locale;	/* "": many */
	const char	*groups;
	const char	*first;		/* what it begins with, or any of "2|3" */
	double		 score;
} nationals[] = {
	{ "uk", "344", "02|01", 0.55 }, { "uk", "434", "01|02|03|08", 0.5 },
	{ "uk", "56", "01|07", 0.5 }, { "uk", "533", "01|07", 0.5 },
	{ "uk", "443", "01|07|08|03", 0.45 },
	{ "uk", "b", "07", 0.4 }, { "fr", "22222", "0", 0.55 },
	{ "fr", "a", "06|07", 0.4 }, { "de", "28", "0", 0.45 },
	{ "de", "38", "0", 0.5 }, { "de", "37", "0", 0.45 },
	{ "de", "47", "01", 0.5 }, { "de", "48", "01", 0.5 },
	{ "de", "46", "0", 0.4 }, { "nl", "37", "0", 0.45 },
	{ "nl", "28", "06", 0.5 }, { "au", "244", "0", 0.5 },
	{ "au", "433", "04", 0.5 }, { "in", "55", "6|7|8|9", 0.45 },
	{ "br", "254", "", 0.5 }, { "br", "244", "", 0.4 },
	{ "cn", "344", "13|14|15|16|17|18|19", 0.5 },
	{ "jp", "344", "0", 0.5 }, { "kr", "344", "010", 0.5 },
	{ "jp", "244", "0", 0.5 }, { "se", "3322", "0", 0.5 },
	{ "se", "2322", "08", 0.5 }, { "ch", "3322", "0", 0.5 },
	{ "fi", "334", "0", 0.4 }, { "it", "37", "3", 0.4 },
	{ "pl", "333", "5|6|7", 0.1 }, { "es", "333", "6|7|9", 0.1 },
	{ "es", "3222", "6|7|9", 0.4 }
};

static const char direct[] = "contact number|reach me|reach us|phone|telephone|"
    "tel|cell|cellphone|mobile|fax|"
    "dial|call|answering|whatsapp|sms|hotline|helpline|telefon|mobil|telefono";
/* Beside what is written as numbers are somewhere these are enough, too. */
static const char wide[] = "reach|message|messages|text|texts|texting|ring|"
    "rang|voicemail|pager|home|work|desk|reception|my number|your number|"
    "his number|her number|our number|their number|this number|new number|"
    "old number|number is|numbers are|direct line|line|caller|dispatch|"
    "emergency|extension|ext|switchboard|signal|telegram|appel|appelez|"
    "llama|llame|chiama|ligue|bel|ring|rufen|erreichen|erreichbar|nummer|"
    "num\303\251ro|n\303\272mero|numero|zadzwo\305\204|numer";
static const char units[] = "dollar|euro|pound|user|people|person|percent|km|"
    "mile|time|year|usd|eur|gbp|byte|character|word|token|row|line|record|day|"
    "hour|minute|second|meter|metre|kg|point|item|unit|page|million|billion|"
    "employee|customer|inhabitant|resident|mb|gb|kb|ms|copies|iteration|step|"
    "sample|example|request|view|download|share|vote";

/* "(020)" or "020" at *at, which is moved behind it; its digits, 0: none. */
static unsigned
group_read(struct slice t, size_t *at, bool *paren, size_t *from)
{
	size_t i = *at;
	unsigned n;

	*paren = byte_at(t, i) == '(';
	i += *paren;
	*from = i;
	while (is_digit(byte_at(t, i)))
		i++;
	n = (unsigned)(i - *from);
	if ((is_letter(byte_at(t, i)) && to_lower(t.p[i]) != 'x') ||
	    (*paren && byte_at(t, i) != ')'))
		return 0;
	*at = i + *paren;
	return n;
}

/* Reads digits and what may part them, from the first digit at `at`. */
static void
number_read(struct slice t, size_t at, struct phone_number *x)
{
	unsigned total = 0, n;
	size_t i = at, from;
	char separator = '\0';
	bool paren;

	x->start = at;
	x->n = 0;
	while (x->n < GROUPS_MAX) {
		n = group_read(t, &i, &paren, &from);
		if (n == 0 || total + n > DIGITS_MAX)
			break;
		memcpy(x->digits + total, t.p + from, n);
		total += n;
		x->g[x->n++] = (struct group){ i, n, total, separator, paren };
		separator = byte_at(t, i);
		if (separator != '\0' && strchr(" -./", separator) != NULL) {
			i++;
			i += separator == ' ' && paren && byte_at(t, i) == '-';
		} else if (separator != '(' && !paren) {
			break;
		}
	}
	x->digits[total] = '\0';
}

static bool
begins(const char *digits, const char *list)
{
	const char *p = list;
	size_t n;

	while (p != NULL) {
		n = strcspn(p, "|");
		if (strncmp(digits, p, n) == 0)
			return true;
		p = p[n] == '|' ? p + n + 1 : NULL;
	}
	return false;
}

/* The groups that make a number of a known country, after its code; or 0. */
static unsigned
international(const struct phone_number *x, unsigned skip)
{
	size_t i, code;
	unsigned k, n, zero;

	for (i = 0; i < sizeof(countries) / sizeof(countries[0]); i++) {
		code = strlen(countries[i].code);
		if (strncmp(x->digits + skip, countries[i].code, code) != 0)
			continue;
		for (k = x->n; k > 0; k--) {
			/* "+44 (0)20": the zero is not dialled. */
			zero = k > 1 && x->g[1].paren && x->g[1].n == 1;
			n = x->g[k - 1].total - skip - zero;
			if (n < code + countries[i].min ||
			    n > code + countries[i].max ||
			    check_same(x->digits + skip, n))
				continue;
			return k;
		}
	}
	return 0;
}

/* North America: area and exchange begin with 2 to 9, a 1 may stand before. */
static double
north_american(const struct phone_number *x, unsigned *k)
{
	unsigned at = x->g[0].n == 1 && x->digits[0] == '1' ? 1 : 0;
	const struct group *g = x->g + at;
	const char *d = x->digits + at;
	char s;

	if (x->n < at + 3 || g[0].n != 3 || g[1].n != 3 || g[2].n != 4)
		return 0;
	s = g[2].separator;
	if (d[0] < '2' || d[3] < '2' || strncmp(d + 1, "11", 2) == 0 ||
	    s == '/')
		return 0;
	*k = at + 3;
	if (g[0].paren)
		return 0.6;
	return g[1].separator != s ? 0.2 : s == ' ' ? 0.45 : 0.55;
}

static bool
groups_are(const struct phone_number *x, const char *groups)
{
	unsigned k;
	char c;

	for (k = 0; groups[k] != '\0'; k++) {
		c = groups[k];
		if (k == x->n || x->g[k].n != (unsigned)(is_digit(c) ? c - '0' :
		    c - 'a' + 10))
			return false;
		/* Dots would do as well for a version or a decimal. */
		if (k > 0 && x->g[k].separator == '.' && strlen(groups) < 3)
			return false;
		if (k > 1 && x->g[k].separator != x->g[1].separator &&
		    !x->g[0].paren && x->g[k].separator != ' ' &&
		    x->g[1].separator == ' ')
			return false;
	}
	return true;
}

static double
national(const struct pii_scan *s, const struct phone_number *x, unsigned *k)
{
	double best = 0;
	size_t i;

	if (pii_wants_locale(s->pii, "us") || pii_wants_locale(s->pii, "ca"))
		best = north_american(x, k);
	for (i = 0; i < sizeof(nationals) / sizeof(nationals[0]); i++)
		if (nationals[i].score > best &&
		    groups_are(x, nationals[i].groups) &&
		    begins(x->digits, nationals[i].first) &&
		    pii_wants_locale(s->pii, nationals[i].locale)) {
			best = nationals[i].score;
			*k = (unsigned)strlen(nationals[i].groups);
		}
	return best;
}

/* "1 234 567", "12.345": one to three digits, then threes. */
static bool
is_thousands(const struct phone_number *x, unsigned n)
{
	unsigned k;

	if (x->g[0].paren || x->g[0].n > 3 || n < 2 || x->digits[0] == '0')
		return false;
	for (k = 1; k < n; k++)
		if (x->g[k].n != 3 || x->g[k].separator == '-')
			return false;
	return true;
}

/* "1999-2004" */
static bool
is_years(const struct phone_number *x, unsigned n)
{
	return n == 2 && x->g[0].n == 4 && x->g[1].n == 4 &&
	    begins(x->digits, "19|20") && begins(x->digits + 4, "19|20");
}

/* A digit by itself: a prefix at most, or one number of a list. */
static bool
is_lone(const struct phone_number *x, unsigned k, unsigned n)
{
	if (x->g[k].n != 1)
		return false;
	if (k > 0)
		return !x->g[k].paren || k + 1 == n;
	return !x->plus && strchr("018", x->digits[0]) == NULL;
}

/* A decimal; a ZIP code with its four. */
static bool
is_other_pair(const struct group *a, const struct group *b)
{
	if (b->separator == '.')
		return a->n != 4 || b->n != 4;
	return b->separator == '-' && a->n == 5 && b->n == 4;
}

/* All groups end with a zero, one of them with two: "60000-10800", "1200-350". */
static bool
is_round(const struct phone_number *x, unsigned n)
{
	unsigned k, zeros = 0;
	const char *end;

	if (n != 2 || x->g[1].separator == ' ' || x->digits[0] == '0')
		return false;
	for (k = 0; k < n; k++) {
		end = x->digits + x->g[k].total;
		if (x->g[k].n < 3 - k || end[-1] != '0')
			return false;
		zeros += end[-2] == '0';
	}
	return zeros > 0;
}

/* "10.25-30.50", "1.25 2.50 3.75": a point in each, something else between. */
static bool
is_decimals(const struct phone_number *x, unsigned n)
{
	unsigned k;

	if (n < 4 || n % 2 != 0)
		return false;
	for (k = 1; k < n; k++)
		if ((x->g[k].separator == '.') != (k % 2 == 1))
			return false;
	return true;
}

/* A range of small numbers, "150-175", or a quotient, "5000/500". */
static bool
is_pair(const struct phone_number *x, unsigned n)
{
	if (n != 2)
		return false;
	if (x->g[1].separator == '/')
		return x->digits[0] != '0' && !x->g[0].paren;
	return x->g[1].separator == '-' && x->g[0].n == 3 && x->g[1].n == 3 &&
	    strncmp(x->digits, x->digits + 3, 3) < 0;
}

/* Could the first n groups be a number, given that a word near them says so? */
static bool
plausible(const struct phone_number *x, unsigned n)
{
	unsigned k, total = x->g[n - 1].total;

	if (total < (n == 1 ? 7 : 6) || total > 15 || is_years(x, n) ||
	    check_same(x->digits, total))
		return false;
	if ((n == 2 && is_other_pair(&x->g[0], &x->g[1])) || is_pair(x, n))
		return false;
	/* "2500000" is an amount; "0x7f3a 12345678" the word behind a word. */
	if (n == 1 && strcmp(x->digits + total - 3, "000") == 0)
		return false;
	for (k = 0; k < n; k++)
		if (is_lone(x, k, n) || (k > 1 && x->g[k].separator == '/'))
			return false;
	return true;
}

/* Where the groups are no longer of one number: "555-123-4567 5 times". */
static unsigned
cut(const struct phone_number *x)
{
	unsigned k;

	for (k = 2; k < x->n; k++)
		if (x->g[k].separator == ' ' && x->g[k - 1].separator != ' ' &&
		    x->g[k - 1].total >= 10)
			return k;
	return x->n;
}

/* " ext. 12", "x12" */
static size_t
extension(struct slice t, size_t at)
{
	size_t i = at, from;

	i += byte_at(t, i) == ',';
	i += byte_at(t, i) == ' ';
	if (t.n > i + 3 && strncasecmp(t.p + i, "ext", 3) == 0)
		i += 3;
	else if (to_lower(byte_at(t, i)) == 'x')
		i++;
	else
		return at;
	i += byte_at(t, i) == '.';
	i += byte_at(t, i) == ' ';
	for (from = i; is_digit(byte_at(t, i)) && i - from < 6; i++)
		;
	return i == from || is_alnum(byte_at(t, i)) ? at : i;
}

/* Is a currency's sign before it? */
static bool
is_amount(struct slice t, size_t at)
{
	if (at > 0 && t.p[at - 1] == ' ')
		at--;
	return (at > 0 && (t.p[at - 1] == '$' || t.p[at - 1] == '#')) ||
	    (at > 1 && memcmp(t.p + at - 2, "\302\243", 2) == 0) ||
	    (at > 2 && memcmp(t.p + at - 3, "\342\202\254", 3) == 0);
}

/* "1-800-799-SAFE": not even the half of it. */
static bool
is_vanity(struct slice t, size_t end)
{
	size_t i = end + 1;

	while (byte_at(t, i) >= 'A' && byte_at(t, i) <= 'Z')
		i++;
	return byte_at(t, end) == '-' && i > end + 3 && !is_alnum(byte_at(t,
	    i));
}

static bool
said_otherwise(const struct pii_words *w)
{
	struct pii_words next = { .nbefore = w->nafter > 0 };

	if (w->nafter > 0)
		next.before[0] = w->after[0];
	return words_deny(w) || words_end(&next, units) || words_street(w);
}

/* Do blanks part it from other numbers as they part it itself? */
static bool
in_row(struct slice t, const struct phone_number *x, unsigned k)
{
	size_t end = x->g[k - 1].end;

	return (k == 1 || x->g[k - 1].separator == ' ') &&
	    ((x->start > 1 && t.p[x->start - 1] == ' ' &&
	    is_digit(t.p[x->start - 2])) || (byte_at(t, end) == ' ' &&
	    is_digit(byte_at(t, end + 1))));
}

/* What the digits alone say; *k becomes the groups that belong together. */
static double
weigh_shape(const struct pii_scan *s, const struct phone_number *x, unsigned *k,
    bool *checked)
{
	double score;

	*checked = x->plus && (*k = international(x, 0)) != 0;
	if (*checked)
		return 0.75;
	if (begins(x->digits, "00") && x->n > 1 &&
	    (*k = international(x, 2)) != 0)
		return 0.5;
	*k = 0;
	score = national(s, x, k);
	if (*k == 0)
		*k = cut(x);
	return score;
}

/* Numbers of sums, ranges, amounts. */
static bool
is_arithmetic(struct slice t, const struct phone_number *x, unsigned n,
    bool weak)
{
	return is_round(x, n) || is_decimals(x, n) ||
	    pii_in_sum(t, x->start, x->g[n - 1].end, weak);
}

/* Right behind a number in hex. */
static bool
follows_hex(struct slice t, size_t start)
{
	size_t i = start;

	while (i > 0 && t.p[i - 1] == ' ')
		i--;
	while (i > 0 && is_alnum(t.p[i - 1]))
		i--;
	return byte_at(t, i) == '0' && byte_at(t, i + 1) == 'x';
}

/* Right beside the word of a card: "322 327 102 office", "Home: ...". */
static bool
is_labelled(const struct pii_words *w)
{
	static const char labels[] = "office|home|work|desk|private|direct";
	struct pii_words next = { .nbefore = w->nafter > 0 };

	if (w->nafter > 0)
		next.before[0] = w->after[0];
	return words_end(w, labels) || words_end(&next, labels);
}

/* With nothing but a word near it to say so: the score, 0: it is none. */
static double
weigh_spoken(const struct pii_scan *s, const struct phone_number *x, unsigned n)
{
	struct slice t = s->text;

	if (!plausible(x, n) || follows_hex(t, x->start) ||
	    pii_is_counted(t, x->g[n - 1].end))
		return 0;
	if (n == 2 && x->g[1].separator == '.')
		return words_end(&s->words, direct) ? 0.75 : 0;
	if (is_thousands(x, n) && !words_speak(&s->words, direct) &&
	    !is_labelled(&s->words))
		return 0;
	return 0.75;
}

static double
weigh(struct pii_scan *s, const struct phone_number *x, unsigned *k, bool *checked)
{
	const char *context = pii_kind_rows[PII_PHONE_NUMBER].context;
	double score = weigh_shape(s, x, k, checked);

	if (!*checked && is_arithmetic(s->text, x, *k, score <= 0.3))
		return 0;
	words_around(s, x->start, x->g[*k - 1].end);
	if (said_otherwise(&s->words))
		return *checked ? score : 0;
	if (words_speak(&s->words, context))
		return score > 0.3 ? 0.9 : weigh_spoken(s, x, *k);
	if (*checked)
		return score;
	if (score > 0 && words_speak(&s->words, wide))
		return 0.85;
	return in_row(s->text, x, *k) ? 0 : score;
}

/* Reads what may be a number around its first digit; false if it is none. */
static bool
candidate(struct slice t, size_t at, struct phone_number *x)
{
	size_t start = at > 0 && t.p[at - 1] == '(' ? at - 1 : at;

	number_read(t, start, x);
	if (x->n == 0 || x->g[x->n - 1].total < 6)
		return false;
	x->plus = start > 0 && t.p[start - 1] == '+';
	x->start = x->plus ? start - 1 : start;
	return pii_left_ok(t, x->start, false) && !is_amount(t, x->start);
}

void
find_phone(struct pii_scan *s, size_t at)
{
	struct slice t = s->text;
	struct phone_number x;
	unsigned k;
	struct pii_hit *h;
	double score;
	bool checked, hotline;
	size_t end;

	if (at < s->phone_end || at < s->url_end || at < s->net_end ||
	    !pii_wants(s, PII_PHONE_NUMBER) || !candidate(t, at, &x))
		return;
	score = weigh(s, &x, &k, &checked);
	end = extension(t, x.g[k - 1].end);
	if (score <= 0 || !pii_right_ok(t, end, false) || is_vanity(t, end))
		return;
	s->phone_end = end;
	hotline = pii_is_hotline(x.digits, t, x.start, end);
	h = pii_hit(s, PII_PHONE_NUMBER, x.start, end, hotline ? SCORE_HOTLINE :
	    score, checked, checked ? "country code and length ok" : NULL);
	if (h != NULL)
		h->open = hotline;
}
