#include "core/guard/pii/fold.h"

#include "core/base/arena.h"
#include "core/base/utf8.h"

enum { KEEP = -1, DROP = 0 };

/* Where each script's ten digits begin. */
static const uint32_t zeros[] = {
	0x0660, 0x06f0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66,
	0x0ce6, 0x0d66, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x17e0, 0x1d7ce,
	0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6
};

struct fold_row {
	uint32_t	first, last;
	int		to;
};
static const struct fold_row ranges[] = {
	{ 0x00a0, 0x00a0, ' ' }, { 0x00ad, 0x00ad, DROP },
	{ 0x034f, 0x034f, DROP }, { 0x061c, 0x061c, DROP },
	{ 0x180e, 0x180e, DROP }, { 0x2000, 0x200a, ' ' },
	{ 0x200b, 0x200f, DROP }, { 0x2010, 0x2013, '-' },
	{ 0x202a, 0x202e, DROP }, { 0x202f, 0x202f, ' ' },
	{ 0x205f, 0x205f, ' ' }, { 0x2060, 0x2064, DROP },
	{ 0x2066, 0x206f, DROP }, { 0x2212, 0x2212, '-' },
	{ 0x3000, 0x3000, ' ' }, { 0xfe00, 0xfe0f, DROP },
	{ 0xfe6b, 0xfe6b, '@' }, { 0xfeff, 0xfeff, DROP }
};

/* The code point at i; its length.  A byte that begins none stands for itself. */
static size_t
point_at(struct slice t, size_t i, uint32_t *c)
{
	size_t n = utf8_decode(t.p + i, t.n - i, c);

	if (n == 0)
		*c = (unsigned char)t.p[i];
	return n == 0 ? 1 : n;
}

static int
fold_point(uint32_t c)
{
	size_t i;

	if (c >= 0xff01 && c <= 0xff5e)
		return (int)(c - 0xff01 + '!');
	for (i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return ranges[i].to;
	for (i = 0; i < sizeof(zeros) / sizeof(zeros[0]); i++)
		if (c - zeros[i] < 10)
			return (int)(c - zeros[i] + '0');
	return KEEP;
}

/* Can a sequence with this first byte be something to fold? */
static bool
may_fold(char lead)
{
	switch ((unsigned char)lead) {
	case 0xc2: case 0xcd: case 0xd8: case 0xd9: case 0xdb:
	case 0xe0: case 0xe1: case 0xe2: case 0xe3: case 0xef: case 0xf0:
		return true;
	default:
		return false;
	}
}

/* The first byte at or after i that is not ASCII. */
static size_t
skip_ascii(struct slice t, size_t i)
{
	uint64_t w;

	for (; i + sizeof(w) <= t.n; i += sizeof(w)) {
		memcpy(&w, t.p + i, sizeof(w));
		if ((w & UINT64_C(0x8080808080808080)) != 0)
			break;
	}
	while (i < t.n && (unsigned char)t.p[i] < 0x80)
		i++;
	return i;
}

/* The first byte of something to fold, or the length. */
static size_t
find_fold(struct slice t)
{
	uint32_t c;
	size_t i, n;

	for (i = skip_ascii(t, 0); i < t.n; i = skip_ascii(t, i)) {
		n = point_at(t, i, &c);
		if (may_fold(t.p[i]) && fold_point(c) != KEEP)
			break;
		i += n;
	}
	return i;
}

enum status
text_fold(struct slice t, struct arena *a, struct folded *f)
{
	uint32_t c, *from;
	size_t i, k, n, out;
	char *p;
	int to;

	f->text = t;
	f->from = NULL;
	if (find_fold(t) == t.n)
		return STATUS_OK;
	p = arena_alloc(a, t.n);
	from = arena_alloc(a, (t.n + 1) * sizeof(*from));
	if (p == NULL || from == NULL)
		return STATUS_NOMEM;
	for (i = out = 0; i < t.n; i += n) {
		n = skip_ascii(t, i) - i;
		to = KEEP;
		if (n == 0) {
			n = point_at(t, i, &c);
			to = may_fold(t.p[i]) ? fold_point(c) : KEEP;
		}
		if (to > DROP) {
			from[out] = (uint32_t)i;
			p[out++] = (char)to;
		} else if (to == KEEP) {
			memcpy(p + out, t.p + i, n);
			for (k = 0; k < n; k++)
				from[out + k] = (uint32_t)(i + k);
			out += n;
		}
	}
	f->text = (struct slice){ p, out };
	f->from = from;
	return STATUS_OK;
}

void
folded_span(const struct folded *f, struct slice original, size_t *start,
    size_t *end)
{
	size_t last;
	uint32_t c;

	if (f->from == NULL)
		return;
	*start = f->from[*start];
	last = f->from[*end - 1];
	*end = last + 1;
	if (((unsigned char)original.p[last] & 0xc0) == 0xc0)
		*end = last + point_at(original, last, &c);
}
