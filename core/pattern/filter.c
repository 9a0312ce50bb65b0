#include "core/pattern/filter.h"

#include <pthread.h>
#include <stdlib.h>

#if defined(__x86_64__) || defined(__i386__)
#define FILTER_X86
#include <immintrin.h>

#include "core/pattern/share.h"
#endif

#define BUCKETS		8	/* bits of a mask's byte */
#define LANES		4	/* masks at most: 32 buckets */
#define LET_THROUGH	0.03	/* of common text, that needs no more masks */
#define BLOCK		32	/* positions that one step looks at */
#define END		256	/* the row of positions behind the text */

struct atom {
	struct first_seq seq;
	unsigned	 id;
};

/* Atoms that are looked for with one bit of the masks: for each byte the low and
 * the high nibbles that it may have. */
struct bucket {
	uint16_t	low[FIRST_BYTES], high[FIRST_BYTES];
};

struct pattern_filter {
	struct atom	*v;
	unsigned	 n, cap;
	unsigned	 words;		/* of 64 atoms */
	uint64_t	*rows;		/* [FIRST_BYTES][END + 1][words] */
	unsigned	 lanes;		/* 1, 2 or 4 */
	uint8_t		 nibble[LANES][2 * FIRST_BYTES][16];	/* low, high */
	uint64_t	 pairs[1024];	/* a bit for each first << 8 | second */
	uint64_t	 single[4];	/* a bit for each that may end the text */
};

enum status
filter_new(struct pattern_filter **out, struct error *err)
{
	if ((*out = calloc(1, sizeof(**out))) == NULL)
		return error_nomem(err);
	return STATUS_OK;
}

void
filter_free(struct pattern_filter *f)
{
	if (f == NULL)
		return;
	free(f->v);
	free(f->rows);
	free(f);
}

enum status
filter_add(struct pattern_filter *f, unsigned id, const struct first_seq *seq,
    unsigned n, struct error *err)
{
	unsigned cap = f->cap == 0 ? 64 : f->cap * 2, i;
	struct atom *v;

	for (i = 0; i < n; i++) {
		if (f->n == f->cap) {
			if ((v = realloc(f->v, cap * sizeof(*v))) == NULL)
				return error_nomem(err);
			f->v = v;
			f->cap = cap;
			cap *= 2;
		}
		f->v[f->n].seq = seq[i];
		f->v[f->n++].id = id;
	}
	return STATUS_OK;
}

static uint64_t *
row_of(const struct pattern_filter *f, unsigned position, unsigned byte)
{
	return f->rows + ((size_t)position * (END + 1) + byte) * f->words;
}

static void
atom_rows(struct pattern_filter *f, unsigned i)
{
	const struct first_seq *s = &f->v[i].seq;
	uint64_t bit = (uint64_t)1 << (i & 63);
	unsigned k, c;

	for (k = 0; k < FIRST_BYTES; k++) {
		for (c = 0; c < 256; c++)
			if (k >= s->n || first_has(&s->set[k], c))
				row_of(f, k, c)[i >> 6] |= bit;
		if (k >= s->n)
			row_of(f, k, END)[i >> 6] |= bit;
	}
}

static void
atom_pairs(struct pattern_filter *f, const struct first_seq *s)
{
	unsigned a, b;

	for (a = 0; a < 256; a++) {
		if (!first_has(&s->set[0], a))
			continue;
		if (s->n == 1)
			f->single[a >> 6] |= (uint64_t)1 << (a & 63);
		for (b = 0; b < 256; b++)
			if (s->n == 1 || first_has(&s->set[1], b))
				f->pairs[(a << 8 | b) >> 6] |=
				    (uint64_t)1 << (b & 63);
	}
}

static struct bucket
bucket_of(const struct first_seq *s)
{
	struct bucket b;
	unsigned k, c;

	memset(&b, 0xff, sizeof(b));
	for (k = 0; k < s->n; k++) {
		b.low[k] = b.high[k] = 0;
		for (c = 0; c < 256; c++)
			if (first_has(&s->set[k], c)) {
				b.low[k] |= (uint16_t)(1u << (c & 15));
				b.high[k] |= (uint16_t)(1u << (c >> 4));
			}
	}
	return b;
}

/* Shares of text: of a high nibble and each set of eight low ones. */
static double shares[16][2][256];
static pthread_once_t shares_once = PTHREAD_ONCE_INIT;

static void
shares_fill(void)
{
	unsigned high, half, set, rest;

	for (high = 0; high < 16; high++)
		for (half = 0; half < 2; half++)
			for (set = 1; set < 256; set++) {
				rest = set & (set - 1);
				shares[high][half][set] =
				    shares[high][half][rest] + first_share(
				    high << 4 | half << 3 |
				    (unsigned)__builtin_ctz(set));
			}
}

/* The share of text that a bucket lets through. */
static double
bucket_cost(const struct bucket *b)
{
	double cost = 1, share;
	unsigned k, high, i;

	for (k = 0; k < FIRST_BYTES; k++) {
		if ((b->low[k] & b->high[k]) == 0xffff)
			continue;
		share = 0;
		for (high = b->high[k]; high != 0; high &= high - 1) {
			i = (unsigned)__builtin_ctz(high);
			share += shares[i][0][b->low[k] & 255] +
			    shares[i][1][b->low[k] >> 8];
		}
		cost *= share > 1 ? 1 : share;
	}
	return cost;
}

static struct bucket
bucket_join(const struct bucket *a, const struct bucket *b)
{
	struct bucket j = *a;
	unsigned k;

	for (k = 0; k < FIRST_BYTES; k++) {
		j.low[k] |= b->low[k];
		j.high[k] |= b->high[k];
	}
	return j;
}

#define GROUPS	40	/* buckets that are kept while atoms are shared out */

struct share {
	struct bucket	v[GROUPS];
	double		cost[GROUPS];
	unsigned	n;
};

/* Puts an atom's bucket where it lets the least more through. */
static void
share_add(struct share *s, const struct bucket *b)
{
	double least = 1e9, more;
	unsigned i, best = 0;
	struct bucket j;

	for (i = 0; i < s->n; i++) {
		j = bucket_join(&s->v[i], b);
		more = bucket_cost(&j) - s->cost[i];
		if (more < least) {
			least = more;
			best = i;
		}
	}
	if (s->n < GROUPS && least > 0) {
		s->v[s->n] = *b;
		s->cost[s->n++] = bucket_cost(b);
		return;
	}
	s->v[best] = bucket_join(&s->v[best], b);
	s->cost[best] = bucket_cost(&s->v[best]);
}

/* Joins the two buckets of which that lets the least more through. */
static void
share_close(struct share *s)
{
	unsigned i, k, a = 0, b = 1;
	double more, least = 1e9;
	struct bucket j;

	for (i = 0; i < s->n; i++)
		for (k = i + 1; k < s->n; k++) {
			j = bucket_join(&s->v[i], &s->v[k]);
			more = bucket_cost(&j) - s->cost[i] - s->cost[k];
			if (more < least) {
				least = more;
				a = i;
				b = k;
			}
		}
	s->v[a] = bucket_join(&s->v[a], &s->v[b]);
	s->cost[a] = bucket_cost(&s->v[a]);
	s->v[b] = s->v[--s->n];
	s->cost[b] = s->cost[s->n];
}

static void
bucket_mask(struct pattern_filter *f, const struct bucket *b, unsigned number)
{
	uint8_t (*nibble)[16] = f->nibble[number / BUCKETS];
	unsigned bit = number % BUCKETS, k, c;

	for (k = 0; k < FIRST_BYTES; k++)
		for (c = 0; c < 16; c++) {
			nibble[2 * k][c] |=
			    (uint8_t)((b->low[k] >> c & 1) << bit);
			nibble[2 * k + 1][c] |=
			    (uint8_t)((b->high[k] >> c & 1) << bit);
		}
}

/* Shares the atoms out to the bits of the masks: to those of one where that
 * rules enough out, else of two or four. */
static void
filter_masks(struct pattern_filter *f)
{
	struct share s = { .n = 0 }, wider = { .n = 0 };
	struct bucket b;
	unsigned i;
	double sum;

	(void)pthread_once(&shares_once, shares_fill);
	for (i = 0; i < f->n; i++) {
		b = bucket_of(&f->v[i].seq);
		share_add(&s, &b);
	}
	for (f->lanes = LANES; ; f->lanes /= 2) {
		while (s.n > f->lanes * BUCKETS)
			share_close(&s);
		for (sum = 0, i = 0; i < s.n; i++)
			sum += s.cost[i];
		if (sum > LET_THROUGH && f->lanes < LANES) {
			s = wider;
			f->lanes *= 2;
			break;
		}
		if (f->lanes == 1)
			break;
		wider = s;
	}
	for (i = 0; i < s.n; i++)
		bucket_mask(f, &s.v[i], i);
}

enum status
filter_compile(struct pattern_filter *f, struct error *err)
{
	unsigned i;

	if (f->n == 0)
		return STATUS_OK;
	f->words = (f->n + 63) / 64;
	f->rows = calloc((size_t)FIRST_BYTES * (END + 1) * f->words,
	    sizeof(*f->rows));
	if (f->rows == NULL)
		return error_nomem(err);
	for (i = 0; i < f->n; i++) {
		atom_rows(f, i);
		atom_pairs(f, &f->v[i].seq);
	}
	filter_masks(f);
	return STATUS_OK;
}

struct pass {
	const struct pattern_filter *f;
	const unsigned char	*p;
	size_t			 n;
	filter_fn		*fn;
	void			*arg;
	struct error		*err;
};

/* Tells the patterns that may begin at a place whose pair is one looked for. */
static enum status
place(const struct pass *s, size_t at)
{
	const struct pattern_filter *f = s->f;
	const uint64_t *row[FIRST_BYTES];
	unsigned k, w, last = UINT32_MAX, i;
	enum status st;
	uint64_t m;

	for (k = 0; k < FIRST_BYTES; k++)
		row[k] = row_of(f, k, at + k < s->n ? s->p[at + k] : END);
	for (w = 0; w < f->words; w++) {
		m = row[0][w] & row[1][w] & row[2][w] & row[3][w];
		for (; m != 0; m &= m - 1) {
			i = w * 64 + (unsigned)__builtin_ctzll(m);
			if (f->v[i].id == last)
				continue;	/* its atoms stand together */
			last = f->v[i].id;
			st = s->fn(s->arg, last, at, s->err);
			if (st != STATUS_OK)
				return st;
		}
	}
	return STATUS_OK;
}

static inline bool
pair_is(const struct pattern_filter *f, const unsigned char *p)
{
	unsigned pair = (unsigned)p[0] << 8 | p[1];

	return f->pairs[pair >> 6] >> (pair & 63) & 1;
}

/* The places from `at` to before `to`, one by one. */
static enum status
pass_plain(const struct pass *s, size_t at, size_t to)
{
	const struct pattern_filter *f = s->f;
	size_t stop = to < s->n ? to : s->n - (s->n > 0);
	enum status st;

	for (; at < stop; at++)
		if (pair_is(f, s->p + at) && (st = place(s, at)) != STATUS_OK)
			return st;
	if (at < to && at < s->n && (f->single[s->p[at] >> 6] >>
	    (s->p[at] & 63) & 1))
		return place(s, at);
	return STATUS_OK;
}

/* The places of a block whose bits are set. */
static inline enum status
pass_bits(const struct pass *s, size_t at, uint32_t bits)
{
	enum status st;
	size_t i;

	for (; bits != 0; bits &= bits - 1) {
		i = at + (size_t)__builtin_ctz(bits);
		if (pair_is(s->f, s->p + i) && (st = place(s, i)) != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

#ifdef FILTER_X86
/* The last block begins so many places before `at`, which is where whole blocks
 * end, as it takes what few bytes are left; 0: none are. */
static inline size_t
overlap(const struct pass *s, size_t at, size_t block)
{
	size_t left = s->n - FIRST_BYTES - at;

	return left == 0 ? 0 : block - left;
}

#define ALWAYS	__attribute__((always_inline)) static inline

/* The places of a block where a bucket of any lane holds all bytes; lanes is
 * constant where this is called. */
__attribute__((target("avx2")))
ALWAYS uint32_t
look_avx2(const struct pattern_filter *f, const unsigned char *p,
    unsigned lanes)
{
	const __m256i low4 = _mm256_set1_epi8(15);
	__m256i m[LANES], a, low, high, any = _mm256_setzero_si256();
	unsigned k, i;

	for (i = 0; i < lanes; i++)
		m[i] = _mm256_set1_epi8(-1);
	/* Unrolled, the masks stay in registers from block to block. */
#pragma GCC unroll 4
	for (k = 0; k < FIRST_BYTES; k++) {
		a = _mm256_loadu_si256((const __m256i *)(const void *)(p + k));
		low = _mm256_and_si256(a, low4);
		high = _mm256_and_si256(_mm256_srli_epi16(a, 4), low4);
		for (i = 0; i < lanes; i++)
			m[i] = _mm256_and_si256(m[i], _mm256_and_si256(
			    _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(
			    _mm_loadu_si128((const __m128i *)(const void *)
			    f->nibble[i][2 * k])), low),
			    _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(
			    _mm_loadu_si128((const __m128i *)(const void *)
			    f->nibble[i][2 * k + 1])), high)));
	}
	for (i = 0; i < lanes; i++)
		any = _mm256_or_si256(any, m[i]);
	return ~(uint32_t)_mm256_movemask_epi8(
	    _mm256_cmpeq_epi8(any, _mm256_setzero_si256()));
}

__attribute__((target("avx2")))
ALWAYS enum status
blocks_avx2(const struct pass *s, unsigned lanes)
{
	enum status st;
	uint32_t bits;
	size_t at, over;

	for (at = 0; at + BLOCK + FIRST_BYTES <= s->n; at += BLOCK) {
		bits = look_avx2(s->f, s->p + at, lanes);
		if (bits != 0 && (st = pass_bits(s, at, bits)) != STATUS_OK)
			return st;
	}
	if (at > 0 && (over = overlap(s, at, BLOCK)) > 0) {
		at -= over;
		bits = look_avx2(s->f, s->p + at, lanes) >> over << over;
		if (bits != 0 && (st = pass_bits(s, at, bits)) != STATUS_OK)
			return st;
		at += BLOCK;
	}
	return pass_plain(s, at, s->n);
}

__attribute__((target("avx2")))
static enum status
pass_avx2(const struct pass *s)
{
	return s->f->lanes == 1 ? blocks_avx2(s, 1) :
	    s->f->lanes == 2 ? blocks_avx2(s, 2) : blocks_avx2(s, 4);
}

__attribute__((target("ssse3")))
ALWAYS uint32_t
look_ssse3(const struct pattern_filter *f, const unsigned char *p,
    unsigned lanes)
{
	const __m128i low4 = _mm_set1_epi8(15);
	__m128i m[LANES], a, low, high, any = _mm_setzero_si128();
	unsigned k, i;

	for (i = 0; i < lanes; i++)
		m[i] = _mm_set1_epi8(-1);
#pragma GCC unroll 4
	for (k = 0; k < FIRST_BYTES; k++) {
		a = _mm_loadu_si128((const __m128i *)(const void *)(p + k));
		low = _mm_and_si128(a, low4);
		high = _mm_and_si128(_mm_srli_epi16(a, 4), low4);
		for (i = 0; i < lanes; i++)
			m[i] = _mm_and_si128(m[i], _mm_and_si128(
			    _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)
			    (const void *)f->nibble[i][2 * k]), low),
			    _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)
			    (const void *)f->nibble[i][2 * k + 1]), high)));
	}
	for (i = 0; i < lanes; i++)
		any = _mm_or_si128(any, m[i]);
	return 0xffffu & ~(uint32_t)_mm_movemask_epi8(
	    _mm_cmpeq_epi8(any, _mm_setzero_si128()));
}

__attribute__((target("ssse3")))
ALWAYS enum status
blocks_ssse3(const struct pass *s, unsigned lanes)
{
	enum status st;
	uint32_t bits;
	size_t at, over;

	for (at = 0; at + BLOCK / 2 + FIRST_BYTES <= s->n; at += BLOCK / 2) {
		bits = look_ssse3(s->f, s->p + at, lanes);
		if (bits != 0 && (st = pass_bits(s, at, bits)) != STATUS_OK)
			return st;
	}
	if (at > 0 && (over = overlap(s, at, BLOCK / 2)) > 0) {
		at -= over;
		bits = look_ssse3(s->f, s->p + at, lanes) >> over << over;
		if (bits != 0 && (st = pass_bits(s, at, bits)) != STATUS_OK)
			return st;
		at += BLOCK / 2;
	}
	return pass_plain(s, at, s->n);
}

__attribute__((target("ssse3")))
static enum status
pass_ssse3(const struct pass *s)
{
	return s->f->lanes == 1 ? blocks_ssse3(s, 1) :
	    s->f->lanes == 2 ? blocks_ssse3(s, 2) : blocks_ssse3(s, 4);
}
#endif

/* Is this form there on this machine? */
static bool
filter_has(enum filter_form form)
{
	switch (form) {
#ifdef FILTER_X86
	case FILTER_AVX2:
		return __builtin_cpu_supports("avx2");
	case FILTER_SSSE3:
		return __builtin_cpu_supports("ssse3");
#else
	case FILTER_AVX2:
	case FILTER_SSSE3:
		return false;
#endif
	default:
		return true;
	}
}

enum status
filter_run(const struct pattern_filter *f, enum filter_form form,
    struct slice text, filter_fn *fn, void *arg, struct error *err)
{
	struct pass s = { f, (const unsigned char *)text.p, text.n, fn, arg,
	    err };

	if (f->n == 0 || text.n == 0)
		return STATUS_OK;
#ifdef FILTER_X86
	if ((form == FILTER_BEST || form == FILTER_AVX2) &&
	    filter_has(FILTER_AVX2))
		return pass_avx2(&s);
	if ((form == FILTER_BEST || form == FILTER_SSSE3) &&
	    filter_has(FILTER_SSSE3))
		return pass_ssse3(&s);
#endif
	(void)form;
	return pass_plain(&s, 0, text.n);
}
