#include "core/base/likeness.h"

#include <stdlib.h>
#include <strings.h>

#include "core/base/utf8.h"

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

size_t
likeness_words(struct slice s)
{
	size_t i, n = 0;
	bool in = false;

	for (i = 0; i < s.n; i++) {
		n += !is_blank(s.p[i]) && !in;
		in = !is_blank(s.p[i]);
	}
	return n;
}

/* The code points of a text of valid UTF-8; NULL: no memory. */
static uint32_t *
points(struct slice s, size_t *n)
{
	uint32_t *v = malloc((s.n + 1) * sizeof(*v));
	size_t i, len;

	*n = 0;
	for (i = 0; v != NULL && i < s.n; i += len) {
		if ((len = utf8_decode(s.p + i, s.n - i, &v[*n])) == 0) {
			v[*n] = 0xfffd;
			len = 1;
		}
		++*n;
	}
	return v;
}

static size_t
least(size_t a, size_t b, size_t c)
{
	if (b < a)
		a = b;
	return c < a ? c : a;
}

static void
distance_fill(const uint32_t *a, size_t na, const uint32_t *b, size_t nb,
    size_t *row)
{
	size_t i, k, corner, up;

	for (k = 0; k <= nb; k++)
		row[k] = k;
	for (i = 1; i <= na; i++) {
		corner = row[0];
		row[0] = i;
		for (k = 1; k <= nb; k++) {
			up = row[k];
			row[k] = least(up + 1, row[k - 1] + 1,
			    corner + (a[i - 1] != b[k - 1]));
			corner = up;
		}
	}
}

enum status
likeness_distance(struct slice a, struct slice b, size_t *out,
    struct error *err)
{
	size_t na, nb, *row;
	uint32_t *pa = points(a, &na), *pb = points(b, &nb);
	enum status st = STATUS_OK;

	row = malloc((nb + 1) * sizeof(*row));
	if (pa == NULL || pb == NULL || row == NULL)
		st = error_nomem(err);
	else if (na > 0 && nb > LIKENESS_WORK_MAX / na)
		st = error_set(err, STATUS_LIMIT, "texts of %zu and %zu "
		    "characters are too long for levenshtein", na, nb);
	else {
		distance_fill(pa, na, pb, nb, row);
		*out = row[nb];
	}
	free(pa);
	free(pb);
	free(row);
	return st;
}

#define ALONE	",;:@#$%&?!()[]{}<>\""	/* words by themselves */

struct treebank {
	struct slice	*v;
	size_t		 n;
};

static void
word_add(struct treebank *w, const char *p, size_t n)
{
	if (n > 0)
		w->v[w->n++] = (struct slice){ p, n };
}

static bool
ends_with(struct slice s, const char *end)
{
	size_t n = strlen(end);

	return s.n > n && strncasecmp(s.p + s.n - n, end, n) == 0;
}

/* What stands between blanks and punctuation: its contraction goes alone. */
static void
words_split(struct treebank *w, struct slice s)
{
	static const char *const ends[] = {
		"n't", "'s", "'m", "'d", "'ll", "'re", "'ve", "'"
	};
	size_t i, n;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends_with(s, ends[i])) {
			n = strlen(ends[i]);
			word_add(w, s.p, s.n - n);
			word_add(w, s.p + s.n - n, n);
			return;
		}
	word_add(w, s.p, s.n);
}

/* Only the text's last full stop ends a sentence for certain. */
static bool
words_find(struct treebank *w, struct slice s)
{
	size_t i, from = 0, last = s.n;

	w->n = 0;
	if ((w->v = malloc((s.n + 1) * sizeof(*w->v))) == NULL)
		return false;
	while (last > 0 && (is_blank(s.p[last - 1]) ||
	    strchr("\"')]}", s.p[last - 1]) != NULL))
		last--;
	for (i = 0; i <= s.n; i++) {
		if (i < s.n && !is_blank(s.p[i]) && (s.p[i] == '\0' ||
		    strchr(ALONE, s.p[i]) == NULL) &&
		    !(s.p[i] == '.' && i + 1 == last))
			continue;
		words_split(w, (struct slice){ s.p + from, i - from });
		if (i < s.n && !is_blank(s.p[i]))
			word_add(w, s.p + i, 1);
		from = i + 1;
	}
	return true;
}

static int
word_compare(const void *a, const void *b)
{
	const struct slice *x = a, *y = b;
	int d = memcmp(x->p, y->p, x->n < y->n ? x->n : y->n);

	return d != 0 ? d : (x->n > y->n) - (x->n < y->n);
}

/* Of two sorted lists: how many stand in both. */
static size_t
words_shared(const struct treebank *a, const struct treebank *b)
{
	size_t i = 0, k = 0, n = 0;
	int d;

	while (i < a->n && k < b->n) {
		d = word_compare(&a->v[i], &b->v[k]);
		n += d == 0;
		i += d <= 0;
		k += d >= 0;
	}
	return n;
}

enum status
likeness_rouge(struct slice candidate, struct slice reference, double *out,
    struct error *err)
{
	struct treebank a = { NULL, 0 }, b = { NULL, 0 };
	enum status st = STATUS_OK;

	if (!words_find(&a, candidate) || !words_find(&b, reference)) {
		st = error_nomem(err);
	} else {
		qsort(a.v, a.n, sizeof(*a.v), word_compare);
		qsort(b.v, b.n, sizeof(*b.v), word_compare);
		*out = a.n + b.n == 0 ? 0 : 2 * (double)words_shared(&a, &b) /
		    (double)(a.n + b.n);
	}
	free(a.v);
	free(b.v);
	return st;
}
