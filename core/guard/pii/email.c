/* E-mail addresses, plain and spelt out. */
#include "core/guard/pii/email.h"
#include "core/base/utf8.h"
#include "core/guard/pii/ascii.h"
#include "core/guard/pii/hit.h"
#include "core/guard/pii/tld.h"
#include "core/guard/pii/words.h"

#define LOCAL_MAX	64
#define DOMAIN_MAX	253

static bool
in_local(char c)
{
	return is_alnum(c) || (unsigned char)c >= 0x80 ||
	    (c != '\0' && strchr("._%+-'", c) != NULL);
}

/* Where a local part that ends at `at` begins; `at` where there is none. */
static size_t
local_start(struct slice t, size_t at)
{
	size_t start = at, i;

	if (at == 0 || t.p[at - 1] == '.')
		return at;
	while (start > 0 && in_local(t.p[start - 1]) && at - start < LOCAL_MAX)
		start--;
	for (i = at; i-- > start + 1;)
		if (t.p[i] == '.' && t.p[i - 1] == '.')
			start = i + 1;
	while (start < at && (strchr(".'-%+", t.p[start]) != NULL ||
	    utf8_is_tail(t.p[start])))
		start++;
	return start;
}

static bool
opens(char c)
{
	return c == '(' || c == '[' || c == '{' || c == '<';
}

static size_t
skip_blanks(struct slice t, size_t at, unsigned max)
{
	while (max-- > 0 && byte_at(t, at) == ' ')
		at++;
	return at;
}

/* "(dot)", " [dot] ", " dot ", "." at `at`; behind it, or 0. */
static size_t
dot_end(struct slice t, size_t at, bool spelt, bool *plain)
{
	size_t i = skip_blanks(t, at, 2);
	bool bracket = opens(byte_at(t, i));

	*plain = byte_at(t, at) == '.';
	if (*plain || !spelt)
		return *plain ? at + 1 : 0;
	if (!bracket && i == at)
		return 0;
	i += bracket;
	if (t.n - i < 4 || strncasecmp(t.p + i, "dot", 3) != 0 ||
	    (!bracket && t.p[i + 3] != ' '))
		return 0;
	return skip_blanks(t, i + 3 + bracket, 3);
}

static bool
in_label(char c)
{
	return is_alnum(c) || c == '-' || (unsigned char)c >= 0x80;
}

static bool
is_tld(struct slice t, size_t start, size_t end)
{
	return (unsigned char)t.p[start] >= 0x80 ||
	    tld_find((struct slice){ t.p + start, end - start }) != TLD_NONE;
}

/* Where the label at `at` ends; `at` where there is none. */
static size_t
label_end(struct slice t, size_t at)
{
	size_t i = at;

	while (i < t.n && in_label(t.p[i]))
		i++;
	while (i > at && t.p[i - 1] == '-')
		i--;
	return i - at > 63 || byte_at(t, at) == '-' ? at : i;
}

/* Where the top-level domain ends that a label is or, up to its first hyphen,
 * holds ("example.com-style"); 0: none. */
static size_t
tld_end(struct slice t, size_t start, size_t end)
{
	size_t i = start;

	if (is_tld(t, start, end))
		return end;
	while (i < end && t.p[i] != '-')
		i++;
	return i < end && is_tld(t, start, i) ? i : 0;
}

/* The longest name at `at` that ends in a known domain; its end, or 0. */
static size_t
domain_end(struct slice t, size_t at, bool spelt)
{
	size_t start = at, i, tld, end = 0;
	unsigned labels;
	bool plain = true;

	for (labels = 1; start != 0 && start - at < DOMAIN_MAX; labels++) {
		if ((i = label_end(t, start)) == start)
			break;
		/* "x@y.com.Then": a blank was forgotten. */
		if (end != 0 && plain && t.p[start] <= 'Z' && t.p[at] >= 'a')
			break;
		if (labels > 1 && (tld = tld_end(t, start, i)) != 0 &&
		    (tld == i || end == 0))
			end = tld;
		start = dot_end(t, i, spelt, &plain);
	}
	return end;
}

static bool
in_last(const struct pii_scan *s, size_t at)
{
	return at >= s->email_start && at < s->email_end;
}

/* Addresses run together, "a@b.com.c@d.com", are one: no part is left over. */
static void
email_hit(struct pii_scan *s, size_t start, size_t end, double score,
    const char *why)
{
	size_t before;

	while (!in_last(s, start) && start > 0 &&
	    s->text.p[start - 1] == '@' &&
	    (before = local_start(s->text, start - 1)) < start - 1)
		start = before;
	if (in_last(s, start))
		start = s->email_start;
	s->email_start = start;
	s->email_end = end;
	pii_hit(s, PII_EMAIL_ADDRESS, start, end, score, true, why);
}

void
find_email(struct pii_scan *s, size_t at)
{
	struct slice t = s->text;
	size_t start = local_start(t, at), end;

	/* A password in a URL; a copy over SSH: "git@host:path". */
	if (start == at || at < s->authority_end)
		return;
	if ((end = domain_end(t, at + 1, false)) == 0)
		return;
	if ((byte_at(t, end) == ':' && at - start == 3 &&
	    memcmp(t.p + start, "git", 3) == 0) || byte_at(t, end) == '@')
		return;
	s->domain_end = end > s->domain_end ? end : s->domain_end;
	email_hit(s, start, end, 1, "known top-level domain");
}

/* Blanks before `at` are passed over, three at most. */
static size_t
back_blanks(struct slice t, size_t at)
{
	unsigned n;

	for (n = 0; n < 3 && at > 0 && t.p[at - 1] == ' '; n++)
		at--;
	return at;
}

void
find_email_spelt(struct pii_scan *s, size_t bracket)
{
	static const char close[] = ")]}>", open[] = "([{<";
	struct slice t = s->text;
	size_t i = bracket + 1, at = back_blanks(t, bracket), start, end;

	i = skip_blanks(t, i, 2);
	if (byte_at(t, i) == '@')
		i++;
	else if (t.n > i + 2 && strncasecmp(t.p + i, "at", 2) == 0)
		i += 2;
	else
		return;
	i = skip_blanks(t, i, 2);
	if (byte_at(t, i) != close[strchr(open, t.p[bracket]) - open])
		return;
	i = skip_blanks(t, i + 1, 3);
	if ((start = local_start(t, at)) == at ||
	    (end = domain_end(t, i, true)) == 0)
		return;
	email_hit(s, start, end, 0.9, "spelt out; known top-level domain");
}

/* A " dot " at `dot`, behind a domain's first label, behind an " at ". */
static void
find_email_dot(struct pii_scan *s, size_t dot)
{
	static const char context[] = "email|e-mail|mail|write|contact|reach|"
	    "send|address|inbox|gmail|ping";
	struct slice t = s->text;
	size_t label = dot, at, start, end;
	double score = 0.9;

	while (label > 0 && (in_label(t.p[label - 1]) ||
	    t.p[label - 1] == '.'))
		label--;
	at = label;
	if (label == dot || label < 2)
		return;
	if (t.p[label - 1] == '@') {
		at = label - 1;
	} else if (label > 4 && (strncasecmp(t.p + label - 4, " at ", 4) ==
	    0)) {
		at = label - 4;
		score = 0.3;
	} else {
		return;
	}
	if ((start = local_start(t, at)) == at ||
	    (end = domain_end(t, label, true)) == 0)
		return;
	words_around(s, start, end);
	if (score < 0.4 && words_speak(&s->words, context))
		score = 0.8;
	email_hit(s, start, end, score, "spelt out; known top-level domain");
}

void
find_email_words(struct pii_scan *s)
{
	static const char *const dots[] = { " dot ", " DOT " };
	struct slice t = s->text;
	const char *p, *from;
	size_t k;

	for (k = 0; k < 2; k++)
		for (from = t.p; (p = memmem(from, t.n - (size_t)(from - t.p),
		    dots[k], 5)) != NULL; from = p + 4)
			find_email_dot(s, (size_t)(p - t.p));
}
