#include "tui/review/words.h"

#include <stdlib.h>

struct diff_side {
	struct slice	*word;
	bool		*kept;		/* is in both */
	size_t		 n;
};

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The length of the word, or the run of blanks, that begins at `at`. */
static size_t
word_length(struct slice s, size_t at)
{
	size_t i = at;

	/* A line feed is a word of its own, so that lines stay in step. */
	if (s.p[i] == '\n')
		return 1;
	while (i < s.n && blank(s.p[i]) == blank(s.p[at]) && s.p[i] != '\n')
		i++;
	return i - at;
}

static enum status
side_init(struct diff_side *side, struct slice text, struct error *err)
{
	size_t at, n = 0, length;

	for (at = 0; at < text.n; at += word_length(text, at))
		n++;
	side->word = calloc(n + 1, sizeof(*side->word));
	side->kept = calloc(n + 1, sizeof(*side->kept));
	if (side->word == NULL || side->kept == NULL)
		return error_nomem(err);
	for (at = 0; at < text.n; at += length) {
		length = word_length(text, at);
		side->word[side->n++] = (struct slice){ text.p + at, length };
	}
	return STATUS_OK;
}

static void
side_release(struct diff_side *side)
{
	free(side->word);
	free(side->kept);
}

/* How far the search came on each diagonal, before each round. */
struct trace {
	int	*round[WORDS_EDITS_MAX + 1];
	int	*far;			/* of diagonals -MAX-1 .. MAX+1 */
	int	 rounds;
};
#define FAR(far, k)	(far)[(k) + WORDS_EDITS_MAX + 1]

static int
step_from(const int *far, int d, int k)
{
	return k == -d || (k != d && FAR(far, k - 1) < FAR(far, k + 1)) ?
	    k + 1 : k - 1;
}

static bool
round_save(struct trace *t, int d)
{
	size_t bytes = (size_t)(2 * d + 3) * sizeof(int);

	t->round[d] = malloc(bytes);
	if (t->round[d] == NULL)
		return false;
	t->rounds = d + 1;
	memcpy(t->round[d], &FAR(t->far, -d - 1), bytes);
	return true;
}

/* The number of edits, or -1 where they are too many. */
static int
search(const struct diff_side *a, const struct diff_side *b, struct trace *t)
{
	int d, k, x, y, n = (int)a->n, m = (int)b->n, from;

	FAR(t->far, 1) = 0;
	for (d = 0; d <= WORDS_EDITS_MAX; d++) {
		if (!round_save(t, d))
			return -1;
		for (k = -d; k <= d; k += 2) {
			from = step_from(t->far, d, k);
			x = FAR(t->far, from) + (from < k ? 1 : 0);
			y = x - k;
			while (x < n && y < m && x >= 0 && y >= 0 &&
			    slice_eq(a->word[x], b->word[y])) {
				x++;
				y++;
			}
			FAR(t->far, k) = x;
			if (x >= n && y >= m)
				return d;
		}
	}
	return -1;
}

/* Walks back from the end and notes the words that stay. */
static void
walk_back(struct diff_side *a, struct diff_side *b, const struct trace *t, int d)
{
	int x = (int)a->n, y = (int)b->n, k, from, fx, fy;
	const int *far;

	for (; d >= 0; d--) {
		/* round[d][0] is the diagonal -d - 1. */
		far = t->round[d] - (WORDS_EDITS_MAX - d);
		k = x - y;
		from = d == 0 ? k + 1 : step_from(far, d, k);
		fx = d == 0 ? 0 : FAR(far, from);
		fy = d == 0 ? 0 : fx - from;
		while (x > fx && y > fy) {
			x--;
			y--;
			a->kept[x] = b->kept[y] = true;
		}
		x = fx;
		y = fy;
	}
}

/* Only the beginning and the end that are the same stay. */
static void
keep_ends(struct diff_side *a, struct diff_side *b)
{
	size_t i, k;

	for (i = 0; i < a->n && i < b->n &&
	    slice_eq(a->word[i], b->word[i]); i++)
		a->kept[i] = b->kept[i] = true;
	for (k = 1; k <= a->n - i && k <= b->n - i &&
	    slice_eq(a->word[a->n - k], b->word[b->n - k]); k++)
		a->kept[a->n - k] = b->kept[b->n - k] = true;
}

/* A run of words that are only on one side, in its brackets. */
static size_t
run_add(struct words *w, const struct diff_side *s, size_t i, const char *open,
    const char *close, enum face face)
{
	uint32_t start = (uint32_t)w->text.n;

	if (i >= s->n || s->kept[i])
		return i;
	buf_puts(&w->text, open);
	while (i < s->n && !s->kept[i])
		buf_add_slice(&w->text, s->word[i++]);
	buf_puts(&w->text, close);
	w->marks[w->nmarks++] = (struct doc_mark){ start, (uint32_t)w->text.n,
	    face, 0 };
	return i;
}

static enum status
merge(struct words *w, const struct diff_side *a, const struct diff_side *b,
    struct error *err)
{
	size_t i = 0, k = 0;

	w->marks = calloc(a->n + b->n + 1, sizeof(*w->marks));
	if (w->marks == NULL)
		return error_nomem(err);
	while (i < a->n || k < b->n) {
		i = run_add(w, a, i, "[-", "-]", FACE_OLD);
		k = run_add(w, b, k, "{+", "+}", FACE_NEW);
		for (; i < a->n && k < b->n && a->kept[i] && b->kept[k]; k++)
			buf_add_slice(&w->text, a->word[i++]);
	}
	return buf_check(&w->text, err);
}

enum status
words_diff(struct slice old, struct slice new, struct words *w,
    struct error *err)
{
	struct diff_side a = { NULL, NULL, 0 }, b = { NULL, NULL, 0 };
	struct trace *t = calloc(1, sizeof(*t));
	enum status st;
	int d, i;

	memset(w, 0, sizeof(*w));
	st = t == NULL ? error_nomem(err) : side_init(&a, old, err);
	if (st == STATUS_OK)
		st = side_init(&b, new, err);
	if (st != STATUS_OK)
		goto out;
	t->far = calloc(2 * WORDS_EDITS_MAX + 4, sizeof(int));
	d = t->far == NULL ? -1 : search(&a, &b, t);
	if (d >= 0)
		walk_back(&a, &b, t, d);
	else
		keep_ends(&a, &b);
	st = merge(w, &a, &b, err);
out:
	side_release(&a);
	side_release(&b);
	for (i = 0; t != NULL && i < t->rounds; i++)
		free(t->round[i]);
	if (t != NULL)
		free(t->far);
	free(t);
	return st;
}

void
words_release(struct words *w)
{
	buf_release(&w->text);
	free(w->marks);
	memset(w, 0, sizeof(*w));
}
