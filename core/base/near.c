#include "core/base/near.h"

#include <ctype.h>
#include <stdio.h>

#define WORD_MAX	40	/* bytes of words worth comparing */
#define FAR		99

/* How alike two words are; the least is best. */
enum likeness { LIKE_LETTER = 1, LIKE_BEGINNING, LIKE_LETTERS, LIKE_PART };

static char
lower(char c)
{
	return (char)tolower((unsigned char)c);
}

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Damerau's distance, in which no two exchanged letters are changed again. */
static unsigned
distance(struct slice a, struct slice b)
{
	unsigned row[3][WORD_MAX + 1], *r, *up, *over;
	size_t i, k;

	for (i = 0; i <= a.n; i++) {
		r = row[i % 3];
		up = row[(i + 2) % 3];
		over = row[(i + 1) % 3];
		r[0] = (unsigned)i;
		for (k = 1; k <= b.n; k++) {
			if (i == 0) {
				r[k] = (unsigned)k;
				continue;
			}
			r[k] = least(least(up[k], r[k - 1]) + 1, up[k - 1] +
			    (lower(a.p[i - 1]) != lower(b.p[k - 1])));
			if (i > 1 && k > 1 && lower(a.p[i - 1]) ==
			    lower(b.p[k - 2]) && lower(a.p[i - 2]) ==
			    lower(b.p[k - 1]))
				r[k] = least(r[k], over[k - 2] + 1);
		}
	}
	return row[a.n % 3][b.n];
}

static bool
begins(struct slice name, struct slice with)
{
	size_t i;

	for (i = 0; i < with.n && i < name.n &&
	    lower(name.p[i]) == lower(with.p[i]); i++)
		;
	return i == with.n;
}

/* Three letters and more that are the name's from a '_' on. */
static bool
is_part(struct slice name, struct slice word)
{
	size_t i;

	for (i = 1; i < name.n && word.n > 2; i++)
		if (strchr("_-.", name.p[i - 1]) != NULL &&
		    begins((struct slice){ name.p + i, name.n - i }, word))
			return true;
	return false;
}

static unsigned
likeness(struct slice word, struct slice name)
{
	unsigned d;

	if (name.n == 0 || name.n > WORD_MAX)
		return FAR;
	d = distance(word, name);
	if (d <= 1)
		return LIKE_LETTER;
	if (word.n > 2 && begins(name, word))
		return LIKE_BEGINNING;
	if (d == 2 && word.n > 3)
		return LIKE_LETTERS;
	return is_part(name, word) || (name.n > 3 && begins(word, name)) ?
	    LIKE_PART : FAR;
}

static bool
is_among(const char *const *names, size_t n, const char *name)
{
	while (n > 0 && strcmp(names[n - 1], name) != 0)
		n--;
	return n > 0;
}

const char *
near_hint(char out[NEAR_TEXT], struct slice word, near_name *name, void *arg)
{
	const char *names[NEAR_NAMES], *c;
	unsigned like, best = FAR;
	size_t i, n = 0;
	int at;

	out[0] = '\0';
	if (word.n < 2 || word.n > WORD_MAX)
		return out;
	for (i = 0; (c = name(arg, i)) != NULL; i++) {
		like = likeness(word, slice_of(c));
		if (like < best)
			n = 0;
		best = like < best ? like : best;
		if (like == best && best < FAR && n < NEAR_NAMES &&
		    !is_among(names, n, c))
			names[n++] = c;
	}
	for (i = 0, at = 0; i < n; i++)
		at += snprintf(out + at, NEAR_TEXT - (size_t)at, "%s%s%s",
		    i == 0 ? "; did you mean " : i + 1 < n ? ", " : " or ",
		    names[i], i + 1 == n ? "?" : "");
	return out;
}
