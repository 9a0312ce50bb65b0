#include "core/guard/profanity_token.h"

#include <utf8proc.h>

#include "core/text.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BLOCK	64u	/* bytes that the masks are of */

static const uint8_t kinds[256] = {
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

enum token_kind
token_kind(unsigned char c)
{
	return c >= 0x80 ? WIDE : (enum token_kind)kinds[c];
}

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
token_grow(struct slice text, struct token *t)
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

/* Byte by byte: the next token from `at` on; false at the end of the text. */
static bool
token_read(struct slice text, size_t at, struct token *t)
{
	const unsigned char *p = (const unsigned char *)text.p;

	while (at < text.n) {
		while (at < text.n && token_kind(p[at]) == GAP)
			at++;
		memset(t, 0, sizeof(*t));
		t->start = t->end = at;
		while (t->end < text.n && token_grow(text, t)) {
			if (t->end - t->start > 1 && (p[t->end - 1] & 31u) ==
			    (p[t->end - 2] & 31u))
				t->doubled = true;
		}
		if (t->end > t->start)
			return true;
		at = t->end + 1;	/* a wide one that is no letter */
	}
	return false;
}

#ifdef __SSE2__

/* All ones where a byte is from `first` on, n bytes wide. */
static inline __m128i
in_range(__m128i v, char first, char n)
{
	v = _mm_sub_epi8(v, _mm_set1_epi8(first));
	return _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8((char)(n - 1))), v);
}

static inline uint64_t
bits_of(__m128i v, unsigned at)
{
	return (uint64_t)(uint32_t)_mm_movemask_epi8(v) << at;
}

static void
block_look(struct tokens *s, const unsigned char *p)
{
	static const char signs[] = "@$!*|#";
	__m128i v, low, odd, before = _mm_setzero_si128();
	unsigned at, i;

	for (at = 0; at < BLOCK; at += 16) {
		v = _mm_loadu_si128((const __m128i *)(const void *)(p + at));
		low = _mm_or_si128(v, _mm_set1_epi8(0x20));
		s->letter |= bits_of(in_range(low, 'a', 26), at);
		s->doubled |= bits_of(_mm_cmpeq_epi8(low, _mm_or_si128(
		    _mm_slli_si128(low, 1), _mm_srli_si128(before, 15))), at);
		before = low;
		odd = _mm_or_si128(v, in_range(v, '0', 10));	/* the top bit */
		for (i = 0; i < sizeof(signs) - 1; i++)
			odd = _mm_or_si128(odd, _mm_cmpeq_epi8(v,
			    _mm_set1_epi8(signs[i])));
		s->other |= bits_of(odd, at);
	}
}

#else

static void
block_look(struct tokens *s, const unsigned char *p)
{
	unsigned i;

	for (i = 0; i < BLOCK; i++) {
		s->letter |= (uint64_t)(token_kind(p[i]) == LETTER) << i;
		s->other |= (uint64_t)(token_kind(p[i]) > LETTER) << i;
		s->doubled |= (uint64_t)(i > 0 && (p[i] | 0x20u) ==
		    (p[i - 1] | 0x20u)) << i;
	}
}

#endif

/* The masks of the block that `at` is in; behind the text are gaps. */
static void
block_get(struct tokens *s)
{
	unsigned char last[BLOCK] = { 0 };
	const unsigned char *p = (const unsigned char *)s->text.p;
	size_t block = s->at & ~(size_t)(BLOCK - 1);

	if (s->looked && s->block == block)
		return;
	s->looked = true;
	s->block = block;
	s->letter = s->other = s->doubled = 0;
	if (s->text.n - block >= BLOCK) {
		block_look(s, p + block);
		return;
	}
	memcpy(last, p + block, s->text.n - block);
	block_look(s, last);
}

bool
tokens_next(struct tokens *s, struct token *t)
{
	uint64_t found, behind, span;
	unsigned first, n;

	for (; s->at < s->text.n; s->at = s->block + BLOCK) {
		block_get(s);
		found = (s->letter | s->other) >> (s->at - s->block);
		if (found == 0)
			continue;
		s->at += (unsigned)__builtin_ctzll(found);
		first = (unsigned)(s->at - s->block);
		behind = ~(s->letter | s->other) >> first;
		n = behind == 0 ? BLOCK : (unsigned)__builtin_ctzll(behind);
		span = n < BLOCK ? (((uint64_t)1 << n) - 1) << first : 0;
		/* Past the block, or more than letters: the slow way. */
		if (first + n >= BLOCK || (s->other & span) != 0) {
			if (!token_read(s->text, s->at, t))
				return false;
			s->at = t->end;
			return true;
		}
		*t = (struct token){ .start = s->at, .end = s->at + n,
		    .letters = n, .doubled = (s->doubled & span &
		    ~((uint64_t)1 << first)) != 0 };
		s->at = t->end;
		return true;
	}
	return false;
}
