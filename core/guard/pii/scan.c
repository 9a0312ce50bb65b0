/*
 * Reads a text once.  Most bytes of prose begin nothing: a table says which do,
 * and each of those is handed to the reader of its kind.
 */
#include "core/guard/pii/scan.h"

#include "core/guard/pii/age.h"
#include "core/guard/pii/ascii.h"
#include "core/guard/pii/card.h"
#include "core/guard/pii/code.h"
#include "core/guard/pii/date.h"
#include "core/guard/pii/edge.h"
#include "core/guard/pii/email.h"
#include "core/guard/pii/form.h"
#include "core/guard/pii/hit.h"
#include "core/guard/pii/kinds.h"
#include "core/guard/pii/net.h"
#include "core/guard/pii/person.h"
#include "core/guard/pii/phone.h"
#include "core/guard/pii/sum.h"
#include "core/guard/pii/street.h"
#include "core/guard/pii/tokens.h"
#include "core/guard/pii/words.h"

/* A word of letters right before a number may be the code's beginning. */
#define PREFIX_MAX	5
#define SCORE_COMPACT	0.2	/* of a PII_GROUPED row without separators */
#define SCORE_CHECKED	0.95	/* valid, with a context word */
#define SCORE_SPOKEN	0.65	/* a context word only */
#define SCORE_SURE	0.85	/* so certain that small letters do not matter */
#define SCORE_ALONE	0.4	/* valid, and all there is in the text */
#define SCORE_EVIDENT	0.5	/* from here on a check counts without context words */

/* Is a digit beside the match set off by the separator that the match uses? */
static bool
is_part(struct slice t, const struct form_match *m)
{
	char s = m->separator;

	if (s == '\0')
		return false;
	return (m->start > 1 && t.p[m->start - 1] == s &&
	    is_digit(t.p[m->start - 2])) ||
	    (byte_at(t, m->end) == s && is_digit(byte_at(t, m->end + 1)));
}

/* Is the match all of the text, but for blanks and punctuation around it? */
static bool
is_alone(struct slice t, const struct form_match *m)
{
	size_t i;

	if (t.n > m->end - m->start + 8)
		return false;
	for (i = 0; i < t.n; i++)
		if ((i < m->start || i >= m->end) && is_alnum(t.p[i]))
			return false;
	return true;
}

/* May the match stand where it does? */
static bool
place_ok(const struct pii_scan *s, const struct pii_row *row,
    const struct form_match *m)
{
	bool strong = (row->flags & PII_STRONG) != 0;

	if (!strong && (is_part(s->text, m) || m->start < s->url_end))
		return false;
	/* "her 401k": a word, not the letters of a plate. */
	if (row->why == NULL && m->lower && m->separator == ' ')
		return false;
	return !(m->lower && m->upper) &&
	    pii_left_ok(s->text, m->start, strong) &&
	    pii_right_ok(s->text, m->end, strong);
}

/* What a match scores without a word of its context near it. */
static double
score_unspoken(const struct pii_scan *s, const struct pii_row *row,
    const struct form_match *m)
{
	double score = row->score;

	if ((row->flags & PII_GROUPED) != 0 && m->separator == '\0')
		score = SCORE_COMPACT;
	if (m->lower && score < SCORE_SURE)
		score /= 2;
	if ((row->flags & PII_STRONG) == 0 && score < SCORE_SURE &&
	    (words_deny(&s->words) || (m->separator == ' ' &&
	    words_street(&s->words))))
		score /= 2;
	return score < SCORE_ALONE && is_alone(s->text, m) ? SCORE_ALONE :
	    score;
}

static void
try_row(struct pii_scan *s, enum pii_kind kind, const struct pii_row *row,
    struct form_match *m)
{
	bool spoken, checked = row->why != NULL;
	double score;

	if (!place_ok(s, row, m) ||
	    (row->valid != NULL && !row->valid(m->code, m->n)) ||
	    ((row->flags & PII_STRONG) == 0 && pii_in_sum(s->text, m->start,
	    m->end, !checked)))
		return;
	words_around(s, m->start, m->end);
	spoken = words_speak(&s->words, pii_kind_rows[kind].context);
	if ((!checked || (row->flags & PII_SPOKEN) != 0) &&
	    (!spoken || words_deny(&s->words)))
		return;
	if (spoken)
		score = checked ? SCORE_CHECKED : SCORE_SPOKEN;
	else
		score = score_unspoken(s, row, m);
	pii_hit(s, kind, m->start, m->end, score,
	    checked && (spoken || score >= SCORE_EVIDENT), row->why);
}

static enum form_next
next_is(struct slice t, size_t at)
{
	char c = byte_at(t, at), then;

	if (is_alnum(c))
		return FORM_KIN;
	if (c != ' ' && c != '-' && c != '.')
		return FORM_OTHER;
	then = byte_at(t, at + 1);
	return is_digit(then) ? FORM_PART_DIGIT : is_letter(then) ?
	    FORM_PART_LETTER : FORM_OTHER;
}

/* Tries the forms of codes that may begin with the run at `at`. */
static void
try_forms(struct pii_scan *s, size_t at)
{
	struct slice t = s->text;
	const struct pii_form *forms;
	bool letters = is_letter(t.p[at]);
	struct form_match m;
	size_t n = 0, count, i;

	while (at + n < t.n && (letters ? is_letter(t.p[at + n]) :
	    is_digit(t.p[at + n])))
		n++;
	forms = pii_forms(s->pii, letters, n, next_is(t, at + n), &count);
	for (i = 0; i < count; i++)
		if (form_match(forms[i].form, t, at, &m))
			try_row(s, forms[i].kind, forms[i].row, &m);
}

/* The beginning of a short word of letters before `at`, or `at`. */
static size_t
prefix_start(struct slice t, size_t at)
{
	size_t k = at;

	if (at < 2 || (t.p[at - 1] != ' ' && t.p[at - 1] != '-'))
		return at;
	for (k = at - 1; k > 0 && is_letter(t.p[k - 1]); k--)
		if (at - k > PREFIX_MAX)
			return at;
	return k == at - 1 || (k > 0 && is_alnum(t.p[k - 1])) ? at : k;
}

/* A run of letters and digits that holds a digit at i. */
static size_t
read_token(struct pii_scan *s, size_t i)
{
	struct slice t = s->text;
	size_t start = i, end = i, prefix;

	while (start > s->token_end && is_alnum(t.p[start - 1]))
		start--;
	while (end < t.n && is_alnum(t.p[end]))
		end++;
	s->token_end = end;
	if (start > 0 && is_alnum(t.p[start - 1]))
		return end;
	if (end - start <= FORM_MAX) {
		try_forms(s, start);
		if ((prefix = prefix_start(t, start)) != start)
			try_forms(s, prefix);
		find_iban(s, start, end);
		find_crypto(s, start, end);
		find_mac(s, start, end);
	}
	if (is_digit(t.p[start])) {
		find_card_float(s, start, end);
		find_ipv4(s, start);
		find_phone(s, start);
	}
	find_date(s, start, end);
	return end;
}

enum byte_class { NOTHING, DIGIT, AT, COLON, DOT, UPPER, BRACKET };

static const unsigned char classes[256] = {
	['0'] = DIGIT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT,
	['4'] = DIGIT, ['5'] = DIGIT, ['6'] = DIGIT, ['7'] = DIGIT,
	['8'] = DIGIT, ['9'] = DIGIT, ['@'] = AT, [':'] = COLON, ['.'] = DOT,
	['('] = BRACKET, ['['] = BRACKET, ['{'] = BRACKET, ['<'] = BRACKET,
	['A'] = UPPER, ['B'] = UPPER, ['C'] = UPPER, ['D'] = UPPER,
	['E'] = UPPER, ['F'] = UPPER, ['G'] = UPPER, ['H'] = UPPER,
	['I'] = UPPER, ['J'] = UPPER, ['K'] = UPPER, ['L'] = UPPER,
	['M'] = UPPER, ['N'] = UPPER, ['O'] = UPPER, ['P'] = UPPER,
	['Q'] = UPPER, ['R'] = UPPER, ['S'] = UPPER, ['T'] = UPPER,
	['U'] = UPPER, ['V'] = UPPER, ['W'] = UPPER, ['X'] = UPPER,
	['Y'] = UPPER, ['Z'] = UPPER
};

static size_t
read_at(struct pii_scan *s, size_t i)
{
	switch (classes[(unsigned char)s->text.p[i]]) {
	case DIGIT:
		return read_token(s, i);
	case AT:
		find_email(s, i);
		break;
	case COLON:
		find_url(s, i);
		find_colons(s, i);
		break;
	case DOT:
		find_domain(s, i);
		break;
	case BRACKET:
		find_email_spelt(s, i);
		break;
	case UPPER:
		return find_bic(s, i);
	default:
		break;
	}
	return i + 1;
}

void
pii_scan_text(struct pii_scan *s)
{
	struct slice t = s->text;
	size_t i = 0;

	find_email_words(s);
	while (i < t.n && !s->nomem) {
		if (classes[(unsigned char)t.p[i]] == NOTHING)
			i++;
		else
			i = read_at(s, i);
	}
}

void
pii_scan_tokens(struct pii_scan *s)
{
	struct tokens x;
	size_t i, street = 0, person = 0;

	if (s->pii->names == NULL)
		return;
	if (tokens_read(s->text, s->pii->names, s->arena, &x) != STATUS_OK) {
		s->nomem = true;
		return;
	}
	for (i = 0; i < x.n && !s->nomem; i++) {
		find_age(s, &x, i);
		if (x.v[i].kind == TOKEN_NUMBER)
			find_zip(s, &x, i);
		if (i >= street)
			street = find_street(s, &x, i);
		if (i >= person && pii_wants(s, PII_PERSON))
			person = find_person(s, &x, i);
	}
}
