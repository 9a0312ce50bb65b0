#include "core/guard/pii/tokens.h"

#include <string.h>
#include <strings.h>

#include "core/base/utf8.h"
#include "core/guard/pii/ascii.h"

/* The code point at i, 0 where none begins; its length in *n. */
static uint32_t
point_at(struct slice t, size_t i, size_t *n)
{
	uint32_t c;

	*n = utf8_decode(t.p + i, t.n - i, &c);
	if (*n != 0)
		return c;
	*n = 1;
	return 0;
}

/* Of a word: no sign of Latin-1, punctuation, CJK's or full-width signs. */
static bool
is_word_point(uint32_t c)
{
	if (c < 0x80)
		return is_letter((char)c);
	return c >= 0xc0 && c != 0xd7 && c != 0xf7 &&
	    !(c >= 0x2000 && c < 0x2c00) && !(c >= 0x3000 && c < 0x3040) &&
	    !(c >= 0xfe00 && c < 0xff21) && c < 0x1f000;
}

/* Capital letters; pairs: of capital and small letter by turns. */
static const struct {
	uint32_t	first, last;
	bool		pairs;
} capitals[] = {
	{ 'A', 'Z', false }, { 0xc0, 0xde, false }, { 0x100, 0x137, true },
	{ 0x139, 0x148, true }, { 0x14a, 0x177, true }, { 0x178, 0x178, false },
	{ 0x179, 0x17e, true }, { 0x386, 0x38f, false },
	{ 0x391, 0x3ab, false }, { 0x400, 0x42f, false },
	{ 0x490, 0x4ff, true }, { 0x531, 0x556, false },
	{ 0x1e00, 0x1eff, true }
};

static bool
is_upper_point(uint32_t c)
{
	size_t i;

	for (i = 0; i < sizeof(capitals) / sizeof(capitals[0]) &&
	    c >= capitals[i].first; i++)
		if (c <= capitals[i].last)
			return !capitals[i].pairs ||
			    (c - capitals[i].first) % 2 == 0;
	return false;
}

static bool
is_cased(uint32_t c)
{
	return c < 0x590 || (c >= 0x1e00 && c < 0x2000);
}

/* Does a word go on over the sign at i: "O'Brien", "Lom-Ali"? */
static size_t
joint(struct slice t, size_t i)
{
	size_t n, len = 1;

	if (i < t.n && t.n - i > 3 && memcmp(t.p + i, "\342\200\231", 3) == 0)
		len = 3;
	else if (byte_at(t, i) != '\'' && byte_at(t, i) != '-')
		return 0;
	return i + len < t.n && is_word_point(point_at(t, i + len, &n)) ? len :
	    0;
}

static size_t
word_end(struct slice t, size_t i)
{
	size_t n;

	for (;;) {
		if (i < t.n && is_word_point(point_at(t, i, &n)))
			i += n;
		else if ((n = joint(t, i)) != 0)
			i += n;
		else
			return i;
	}
}

static size_t
number_end(struct slice t, size_t i)
{
	while (is_digit(byte_at(t, i)))
		i++;
	if (is_letter(byte_at(t, i)) && !is_alnum(byte_at(t, i + 1)))
		i++;
	return i;
}

/* "42nd" is a word of a street's name; its end, or i. */
static size_t
ordinal_end(struct slice t, size_t i)
{
	static const char *const ends[] = { "st", "nd", "rd", "th" };
	size_t at = i, k;

	while (is_digit(byte_at(t, at)))
		at++;
	for (k = 0; k < sizeof(ends) / sizeof(ends[0]); k++)
		if (t.n - at >= 2 && strncasecmp(t.p + at, ends[k], 2) == 0 &&
		    !is_alnum(byte_at(t, at + 2)))
			return at + 2;
	return i;
}

/* The token at i; its kind, TOKEN_END: none begins there. */
static enum pii_token_kind
token_at(struct slice t, size_t i, size_t *end)
{
	uint32_t c = point_at(t, i, end);

	*end += i;
	if (c < 0x80 && is_digit((char)c) && (*end = ordinal_end(t, i)) != i)
		return TOKEN_CAPITAL;
	if (c < 0x80 && is_digit((char)c)) {
		*end = number_end(t, i);
		return TOKEN_NUMBER;
	}
	if (!is_word_point(c))
		return TOKEN_END;
	*end = word_end(t, i);
	return is_upper_point(c) ? TOKEN_CAPITAL : is_cased(c) ? TOKEN_SMALL :
	    TOKEN_UNCASED;
}

static enum token_gap
gap_of(struct slice t, size_t from, size_t to)
{
	unsigned lines = 0, commas = 0, dots = 0, hyphens = 0, others = 0;
	size_t i;

	for (i = from; i < to; i++)
		switch (t.p[i]) {
		case '\n':
			lines++;
			break;
		case ',':
			commas++;
			break;
		case '.':
			dots++;
			break;
		case '-':
			hyphens++;
			break;
		case ' ': case '\t': case '\r':
			break;
		default:
			/* Lines that are quoted, or of a table. */
			others += lines == 0 ||
			    memchr(">|?", t.p[i], 3) == NULL;
		}
	if (others > 0 || dots + commas + hyphens > 2 || from == to)
		return GAP_OTHER;
	if (lines > 0)
		return lines < 4 ? GAP_LINE : GAP_OTHER;
	if (commas > 0)
		return GAP_COMMA;
	if (hyphens > 0)
		return dots == 0 ? GAP_HYPHEN : GAP_OTHER;
	return dots > 0 ? GAP_DOT : GAP_BLANK;
}

/* Counts where v is NULL. */
static size_t
read_all(struct slice t, const struct name_book *names, struct pii_token *v)
{
	size_t i = 0, end, n = 0, last = 0;
	enum pii_token_kind kind;

	for (; i < t.n; i = end) {
		if ((kind = token_at(t, i, &end)) == TOKEN_END)
			continue;
		if (v != NULL)
			v[n] = (struct pii_token){ (uint32_t)i, (uint32_t)end,
			    kind == TOKEN_NUMBER ? 0 : names_find(names,
			    (struct slice){ t.p + i, end - i }),
			    (unsigned char)kind, (unsigned char)(n == 0 ?
			    GAP_OTHER : gap_of(t, last, i)) };
		last = end;
		n++;
	}
	return n;
}

enum status
tokens_read(struct slice t, const struct name_book *names, struct arena *a,
    struct tokens *out)
{
	struct pii_token *v;
	size_t i;

	out->text = t;
	out->n = read_all(t, names, NULL);
	if ((v = arena_alloc(a, (out->n + 4) * sizeof(*v))) == NULL)
		return STATUS_NOMEM;
	v[0] = (struct pii_token){ 0, 0, 0, TOKEN_END, GAP_OTHER };
	(void)read_all(t, names, v + 1);
	for (i = out->n + 1; i < out->n + 4; i++)
		v[i] = (struct pii_token){ (uint32_t)t.n, (uint32_t)t.n, 0,
		    TOKEN_END, GAP_OTHER };
	out->v = v + 1;
	return STATUS_OK;
}

struct slice
token_slice(const struct tokens *x, size_t i)
{
	return (struct slice){ x->text.p + x->v[i].start,
	    x->v[i].end - x->v[i].start };
}

bool
slice_among(struct slice w, const char *list)
{
	const char *p = list;
	size_t n;

	if (w.n == 0)
		return false;
	while (*p != '\0') {
		n = strcspn(p, "|");
		if (n == w.n && to_lower(*p) == to_lower(w.p[0]) &&
		    strncasecmp(p, w.p, n) == 0)
			return true;
		p += n + (p[n] == '|');
	}
	return false;
}

bool
token_among(const struct tokens *x, size_t i, const char *list)
{
	return slice_among(token_slice(x, i), list);
}
