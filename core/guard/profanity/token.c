#include "core/guard/profanity/token.h"

#include <utf8proc.h>

#include "core/base/utf8.h"

const uint8_t token_kinds[128] = {
	['a'] = LETTER, ['b'] = LETTER, ['c'] = LETTER, ['d'] = LETTER,
	['e'] = LETTER, ['f'] = LETTER, ['g'] = LETTER, ['h'] = LETTER,
	['i'] = LETTER, ['j'] = LETTER, ['k'] = LETTER, ['l'] = LETTER,
	['m'] = LETTER, ['n'] = LETTER, ['o'] = LETTER, ['p'] = LETTER,
	['q'] = LETTER, ['r'] = LETTER, ['s'] = LETTER, ['t'] = LETTER,
	['u'] = LETTER, ['v'] = LETTER, ['w'] = LETTER, ['x'] = LETTER,
	['y'] = LETTER, ['z'] = LETTER, ['A'] = LETTER, ['B'] = LETTER,
	['C'] = LETTER, ['D'] = LETTER, ['E'] = LETTER, ['F'] = LETTER,
	['G'] = LETTER, ['H'] = LETTER, ['I'] = LETTER, ['J'] = LETTER,
	['K'] = LETTER, ['L'] = LETTER, ['M'] = LETTER, ['N'] = LETTER,
	['O'] = LETTER, ['P'] = LETTER, ['Q'] = LETTER, ['R'] = LETTER,
	['S'] = LETTER, ['T'] = LETTER, ['U'] = LETTER, ['V'] = LETTER,
	['W'] = LETTER, ['X'] = LETTER, ['Y'] = LETTER, ['Z'] = LETTER,
	['0'] = DIGIT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT,
	['4'] = DIGIT, ['5'] = DIGIT, ['6'] = DIGIT, ['7'] = DIGIT,
	['8'] = DIGIT, ['9'] = DIGIT,
	['@'] = SIGN, ['$'] = SIGN, ['!'] = SIGN, ['*'] = SIGN, ['|'] = SIGN,
	['#'] = SIGN
};

bool
token_invisible(uint32_t cp)
{
	return cp == 0xad || (cp >= 0x200b && cp <= 0x200d) || cp == 0x2060 ||
	    cp == 0xfeff || (cp >= 0x300 && cp <= 0x36f) ||
	    (cp >= 0xfe00 && cp <= 0xfe0f);
}

/* Is a code point beyond ASCII part of a word?  Not in the scripts that write
 * none apart: Chinese, Japanese, Thai, Lao. */
static bool
is_wide_letter(uint32_t cp)
{
	utf8proc_category_t c;

	if ((cp >= 0x2e80 && cp <= 0xa4cf) || (cp >= 0xe00 && cp <= 0xeff))
		return false;
	if (token_invisible(cp))
		return true;
	c = utf8proc_category((utf8proc_int32_t)cp);
	return (c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_MC) &&
	    cp < 0x20000;
}

/* Counts the code point at t->end in if it belongs to the token. */
static bool
token_grow(struct slice text, struct word_token *t)
{
	uint32_t cp;
	size_t len;

	switch (token_kind((unsigned char)text.p[t->end])) {
	case LETTER:
		t->letters++;
		t->end++;
		return true;
	case DIGIT:
		t->digits++;
		break;
	case SIGN:
		break;
	case WIDE:
		len = utf8_decode(text.p + t->end, text.n - t->end, &cp);
		if (len == 0 || !is_wide_letter(cp))
			return false;
		t->wide = true;
		t->letters++;
		t->end += len - 1;
		break;
	default:
		return false;
	}
	t->odd = true;
	t->end++;
	return true;
}

bool
token_read(struct slice text, size_t at, struct word_token *t)
{
	const unsigned char *p = (const unsigned char *)text.p;

	for (; at < text.n && token_kind(p[at]) != GAP; at++) {
		memset(t, 0, sizeof(*t));
		t->start = t->end = at;
		while (t->end < text.n && token_grow(text, t)) {
			if (t->end - t->start > 1 && (p[t->end - 1] & 31u) ==
			    (p[t->end - 2] & 31u))
				t->doubled = true;
		}
		if (t->end > t->start)
			return true;
	}
	t->end = at;
	return false;
}
