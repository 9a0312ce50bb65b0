#include "core/expr/like.h"

#include "core/base/utf8.h"

#define LIKE_STEPS_MAX	20000000u	/* some 50 ms */
#define LIKE_LOOK	4096u		/* steps that are spent at once */

struct like {
	struct slice	p, s;
	uint32_t	escape;
	bool		glob;
	struct expr_budget *budget;
};

/* The next code point of text that is UTF-8 but need not be valid: a bad byte is
 * itself. */
static uint32_t
point_next(struct slice s, size_t *at)
{
	uint32_t c = (unsigned char)s.p[*at];
	size_t n = utf8_decode(s.p + *at, s.n - *at, &c);

	*at += n == 0 ? 1 : n;
	return c;
}

static uint32_t
fold(uint32_t c)
{
	return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

/* Is c in the set that opens at *at (behind the bracket)?  *at moves behind the
 * closing bracket; a set that is never closed matches nothing. */
static bool
set_match(struct slice p, size_t *at, uint32_t c)
{
	uint32_t low = 0, high;
	bool found = false, invert = false, first = true;

	if (*at < p.n && p.p[*at] == '^') {
		invert = true;
		++*at;
	}
	for (; *at < p.n; first = false) {
		if (p.p[*at] == ']' && !first) {
			++*at;
			return found != invert;
		}
		if (p.p[*at] == '-' && !first && low != 0 &&
		    *at + 1 < p.n && p.p[*at + 1] != ']') {
			++*at;
			high = point_next(p, at);
			found = found || (c >= low && c <= high);
			low = 0;
			continue;
		}
		low = point_next(p, at);
		found = found || c == low;
	}
	return false;
}

/* Does what stands at *pi in the pattern take the code point at *si?  Both move
 * behind it if so. */
static bool
one_match(const struct like *l, size_t *pi, size_t *si)
{
	size_t p = *pi, s = *si;
	uint32_t want, have;
	bool same;

	want = point_next(l->p, &p);
	have = point_next(l->s, &s);
	if (l->escape != 0 && want == l->escape) {
		if (p >= l->p.n)
			return false;
		same = fold(point_next(l->p, &p)) == fold(have);
	} else if (want == (l->glob ? '?' : '_')) {
		same = true;
	} else if (l->glob) {
		same = want == '[' ? set_match(l->p, &p, have) : want == have;
	} else {
		same = fold(want) == fold(have);
	}
	if (same) {
		*pi = p;
		*si = s;
	}
	return same;
}

static bool
step_fits(const struct like *l, unsigned steps)
{
	return steps <= LIKE_STEPS_MAX && (steps % LIKE_LOOK != 0 ||
	    expr_budget_spend(l->budget, LIKE_LOOK));
}

/* Going back to the last star alone is enough: what stood before it has been
 * matched as early as can be. */
static enum like_result
wild_match(const struct like *l)
{
	/* A star that is the escape character is none. */
	int star = l->glob ? '*' : l->escape == '%' ? -1000 : '%';
	size_t pi = 0, si = 0, back_p = SIZE_MAX, back_s = 0;
	unsigned steps = 0;

	if (l->p.n > LIKE_PATTERN_MAX)
		return LIKE_TOO_LONG;
	while (si < l->s.n || pi < l->p.n) {
		if (!step_fits(l, ++steps))
			return LIKE_TOO_LONG;
		if (pi < l->p.n && l->p.p[pi] == star) {
			back_p = ++pi;
			back_s = si;
			if (pi == l->p.n)
				return LIKE_YES;
			continue;
		}
		if (si < l->s.n && pi < l->p.n && one_match(l, &pi, &si))
			continue;
		/* Starting later leaves still less text for the same pattern. */
		if (back_p == SIZE_MAX || si >= l->s.n)
			return LIKE_NO;
		(void)point_next(l->s, &back_s);
		pi = back_p;
		si = back_s;
	}
	return LIKE_YES;
}

enum like_result
like_match(struct slice pattern, struct slice text, uint32_t escape,
    struct expr_budget *budget)
{
	struct like l = { pattern, text, escape, false, budget };

	return wild_match(&l);
}

enum like_result
glob_match(struct slice pattern, struct slice text, struct expr_budget *budget)
{
	struct like l = { pattern, text, 0, true, budget };

	return wild_match(&l);
}

size_t
text_instr(struct slice text, struct slice needle)
{
	const char *found;
	size_t i, n = 1, end;

	if (needle.n == 0)
		return 1;
	if ((found = memmem(text.p, text.n, needle.p, needle.n)) == NULL)
		return 0;
	end = (size_t)(found - text.p);
	for (i = 0; i < end; i++)
		n += !utf8_is_tail(text.p[i]);
	return n;
}

enum status
text_replace(struct buf *b, struct slice text, struct slice from,
    struct slice to, size_t max)
{
	const char *found;
	size_t n;

	while (from.n > 0 &&
	    (found = memmem(text.p, text.n, from.p, from.n)) != NULL) {
		n = (size_t)(found - text.p);
		if (b->n + n + to.n > max)
			return STATUS_LIMIT;
		buf_add(b, text.p, n);
		buf_add_slice(b, to);
		text.p += n + from.n;
		text.n -= n + from.n;
	}
	if (b->n + text.n > max)
		return STATUS_LIMIT;
	buf_add_slice(b, text);
	return b->failed ? STATUS_NOMEM : STATUS_OK;
}
