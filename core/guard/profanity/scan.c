#include "core/guard/profanity/scan.h"

#if defined(__x86_64__) || defined(__i386__)
#define SCAN_X86
#include <immintrin.h>
#endif

#define BLOCK	64u	/* bytes that are looked at together */

/* What the bytes of a block are, a bit for each. */
struct block_bits {
	uint64_t	letter;
	uint64_t	other;		/* digits, signs, all that is not ASCII */
	uint64_t	wide;		/* of those: what is not ASCII */
};

typedef uint64_t places_fn(const struct begins *, const unsigned char *, bool);

#define ALWAYS	__attribute__((always_inline)) static inline

/*
 * The places of a block at which something worth a look stands; `begun`: the
 * byte before it belongs to a token.  BEGIN_BYTES behind the block can be read.
 *
 * A word of letters alone is worth it where it begins as a listed one.  What
 * mixes letters with digits or signs has a place where both meet.  A letter by
 * itself matters only beside another (or what is such a one behind a dash that
 * is not ASCII).  What cannot be told at the edges of the block counts.
 */
ALWAYS uint64_t
places_of(const struct begins *b, const unsigned char *p, struct block_bits m,
    bool begun)
{
	const uint64_t edge = UINT64_C(0x8000000000000001);
	const uint64_t edges = UINT64_C(0xe000000000000007);
	uint64_t token = m.letter | m.other;
	uint64_t start = token & ~(token << 1 | begun);
	uint64_t more = (uint64_t)(token_kind(p[BLOCK]) != GAP) << (BLOCK - 1);
	uint64_t lone = start & ~(token >> 1 | more);
	uint64_t places = m.wide |
	    (m.other & (m.letter << 1 | m.letter >> 1 | edge)) |
	    (lone & (lone << 2 | lone >> 2 | m.wide << 3 | m.wide >> 3 | edges));
	unsigned i;

	for (start &= m.letter & ~lone; start != 0; start &= start - 1) {
		i = (unsigned)__builtin_ctzll(start);
		places |= (uint64_t)begins_has(b, p + i) << i;
	}
	return places;
}

static void
look_plain(const unsigned char *p, struct block_bits *m)
{
	enum byte_kind kind;
	unsigned i;

	*m = (struct block_bits){ 0, 0, 0 };
	for (i = 0; i < BLOCK; i++) {
		kind = token_kind(p[i]);
		m->letter |= (uint64_t)(kind == LETTER) << i;
		m->other |= (uint64_t)(kind > LETTER) << i;
		m->wide |= (uint64_t)(kind == WIDE) << i;
	}
}

static uint64_t
places_plain(const struct begins *b, const unsigned char *p, bool begun)
{
	struct block_bits m;

	look_plain(p, &m);
	return places_of(b, p, m, begun);
}

#ifdef SCAN_X86

/* By the low nibble of a digit or a sign: a bit for each high one it goes with,
 * and by the high nibble that bit. */
#define HIGH_2	1	/* ! # $ * */
#define HIGH_3	2	/* 0 to 9 */
#define HIGH_4	4	/* @ */
#define HIGH_7	8	/* | */
#define OTHER_LOW \
	HIGH_3 | HIGH_4, HIGH_2 | HIGH_3, HIGH_3, HIGH_2 | HIGH_3, \
	HIGH_2 | HIGH_3, HIGH_3, HIGH_3, HIGH_3, HIGH_3, HIGH_3, HIGH_2, 0, \
	HIGH_7, 0, 0, 0
#define OTHER_HIGH \
	0, 0, HIGH_2, HIGH_3, HIGH_4, 0, 0, HIGH_7, 0, 0, 0, 0, 0, 0, 0, 0

__attribute__((target("avx2,bmi,bmi2")))
ALWAYS uint64_t
mask32(__m256i v)
{
	return (uint32_t)_mm256_movemask_epi8(v);
}

__attribute__((target("avx2,bmi,bmi2")))
ALWAYS void
look_avx2(const unsigned char *p, struct block_bits *m)
{
	const __m256i low = _mm256_setr_epi8(OTHER_LOW, OTHER_LOW);
	const __m256i high = _mm256_setr_epi8(OTHER_HIGH, OTHER_HIGH);
	const __m256i low4 = _mm256_set1_epi8(15);
	const __m256i none = _mm256_setzero_si256();
	__m256i v, is;
	unsigned at;

	*m = (struct block_bits){ 0, 0, 0 };
	for (at = 0; at < BLOCK; at += 32) {
		v = _mm256_loadu_si256((const __m256i *)(const void *)(p + at));
		/* A byte beyond ASCII gives 0 of `low`. */
		is = _mm256_and_si256(_mm256_shuffle_epi8(low, v),
		    _mm256_shuffle_epi8(high, _mm256_and_si256(
		    _mm256_srli_epi16(v, 4), low4)));
		m->other |= mask32(_mm256_cmpgt_epi8(is, none)) << at;
		m->wide |= mask32(v) << at;
		v = _mm256_sub_epi8(_mm256_or_si256(v, _mm256_set1_epi8(0x20)),
		    _mm256_set1_epi8('a'));
		m->letter |= mask32(_mm256_cmpeq_epi8(v, _mm256_min_epu8(v,
		    _mm256_set1_epi8(25)))) << at;
	}
	m->other |= m->wide;
}

__attribute__((target("avx2,bmi,bmi2")))
static uint64_t
places_avx2(const struct begins *b, const unsigned char *p, bool begun)
{
	struct block_bits m;

	look_avx2(p, &m);
	return places_of(b, p, m, begun);
}
#endif

#ifdef __SSE2__
/* All ones where a byte is from `first` on, n bytes wide. */
static inline __m128i
in_range(__m128i v, char first, char n)
{
	v = _mm_sub_epi8(v, _mm_set1_epi8(first));
	return _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8((char)(n - 1))), v);
}

static inline uint64_t
mask16(__m128i v)
{
	return (uint64_t)(uint32_t)_mm_movemask_epi8(v);
}

static uint64_t
places_sse2(const struct begins *b, const unsigned char *p, bool begun)
{
	static const char signs[] = "@$!*|#";
	struct block_bits m = { 0, 0, 0 };
	__m128i v, other;
	unsigned at, i;

	for (at = 0; at < BLOCK; at += 16) {
		v = _mm_loadu_si128((const __m128i *)(const void *)(p + at));
		m.letter |= mask16(in_range(_mm_or_si128(v,
		    _mm_set1_epi8(0x20)), 'a', 26)) << at;
		m.wide |= mask16(v) << at;
		other = in_range(v, '0', 10);
		for (i = 0; i < sizeof(signs) - 1; i++)
			other = _mm_or_si128(other, _mm_cmpeq_epi8(v,
			    _mm_set1_epi8(signs[i])));
		m.other |= mask16(other) << at;
	}
	m.other |= m.wide;
	return places_of(b, p, m, begun);
}
#endif

/* Is this form there on this machine? */
static bool
scan_has(enum scan_form form)
{
	switch (form) {
	case SCAN_AVX2:
#ifdef SCAN_X86
		return __builtin_cpu_supports("avx2") &&
		    __builtin_cpu_supports("bmi") &&
		    __builtin_cpu_supports("bmi2");
#else
		return false;
#endif
	case SCAN_SSE2:
#ifdef __SSE2__
		return true;
#else
		return false;
#endif
	default:
		return true;
	}
}

/* The best form that is asked for or, where it is not there, below it. */
static places_fn *
places_form(enum scan_form form)
{
#ifdef SCAN_X86
	if (form <= SCAN_AVX2 && scan_has(SCAN_AVX2))
		return places_avx2;
#endif
#ifdef __SSE2__
	if (form <= SCAN_SSE2)
		return places_sse2;
#endif
	(void)form;
	return places_plain;
}

void
scan_begin(struct scan *s, const struct begins *b, enum scan_form form,
    struct slice text)
{
	*s = (struct scan){ .text = text, .begins = b,
	    .places_of = form == SCAN_ALL ? NULL : places_form(form) };
}

/* Every token, byte by byte. */
static bool
next_plain(struct scan *s, struct word_token *t)
{
	const unsigned char *p = (const unsigned char *)s->text.p;

	while (s->at < s->text.n) {
		if (token_kind(p[s->at]) == GAP) {
			s->at++;
			continue;
		}
		if (token_read(s->text, s->at, t)) {
			s->at = t->end;
			return true;
		}
		s->at = t->end;
	}
	return false;
}

/* Looks at the next block; behind the text are gaps. */
static void
block_look(struct scan *s)
{
	unsigned char last[BLOCK + BEGIN_BYTES] = { 0 };
	const unsigned char *p = (const unsigned char *)s->text.p + s->next;
	size_t left = s->text.n - s->next;
	bool begun = s->next > 0 && token_kind(p[-1]) != GAP;

	if (left < sizeof(last)) {
		memcpy(last, p, left);
		p = last;
	}
	s->places = s->places_of(s->begins, p, begun);
	s->next += BLOCK;
}

/* The next place worth a look that no token so far covers. */
static bool
place_next(struct scan *s, size_t *at)
{
	while (s->next < s->text.n || s->places != 0) {
		if (s->places == 0) {
			block_look(s);
			continue;
		}
		*at = s->next - BLOCK + (unsigned)__builtin_ctzll(s->places);
		if (*at >= s->at)
			return true;
		s->places &= s->places - 1;
	}
	return false;
}

bool
scan_next(struct scan *s, struct word_token *t)
{
	const unsigned char *p = (const unsigned char *)s->text.p;
	size_t at;
	bool found;

	if (s->places_of == NULL)
		return next_plain(s, t);
	while (place_next(s, &at)) {
		/* The token may begin before it, even blocks before. */
		while (at > s->at && token_kind(p[at - 1]) != GAP)
			at--;
		found = token_read(s->text, at, t);
		s->at = t->end;
		if (found)
			return true;
	}
	return false;
}
