#include "core/expr/comma.h"

#include <stdio.h>

#include "core/expr/scan.h"

#define NUMBER_MAX	40	/* bytes of a number worth showing */

/* Digits with points and commas between them, from there on. */
static struct slice
digits_from(struct slice s, const char *at)
{
	const char *end = s.p + s.n, *p = at;

	while (p < end && ((*p >= '0' && *p <= '9') || *p == '.' || *p == ','))
		p++;
	while (p > at && p[-1] == ',')
		p--;
	return (struct slice){ at, (size_t)(p - at) };
}

/* SLICE_NONE: there is none. */
static struct slice
number_find(struct slice s)
{
	static const char *const joins[] = { "and", "or", "not", NULL };
	struct expr_token t, before = { EXPR_END, SLICE_NONE };
	struct slice number;
	size_t at = 0;

	for (; (t = expr_token_next(s, &at)).type != EXPR_END; before = t) {
		if (expr_token_sign(&t, '(') && before.type == EXPR_NAME &&
		    !expr_token_is_one(&before, joins))
			(void)expr_token_close(s, &at);
		if (t.type != EXPR_NUMBER)
			continue;
		number = digits_from(s, t.text.p);
		if (number.n <= NUMBER_MAX &&
		    memchr(number.p, ',', number.n) != NULL)
			return number;
	}
	return SLICE_NONE;
}

static size_t
count(struct slice s, char c)
{
	size_t i, n = 0;

	for (i = 0; i < s.n; i++)
		n += s.p[i] == c;
	return n;
}

/* Do three digits stand behind each comma? */
static bool
has_thousands(struct slice number)
{
	size_t i, begin = 0;

	for (i = 0; i < number.n && number.p[i] != '.'; i++) {
		if (number.p[i] != ',')
			continue;
		if (begin == 0 ? number.p[0] == '0' || i > 3 : i - begin != 3)
			return false;
		begin = i + 1;
	}
	return i - begin == 3;
}

/* The number without one mark, and with a point for a comma. */
static void
number_write(struct slice number, char without, char out[NUMBER_MAX + 1])
{
	size_t i, n = 0;

	for (i = 0; i < number.n; i++)
		if (number.p[i] != without)
			out[n++] = number.p[i] == ',' ? '.' : number.p[i];
	out[n] = '\0';
}

bool
comma_wrong(struct slice condition, char out[COMMA_TEXT])
{
	struct slice number = number_find(condition);
	char fraction[NUMBER_MAX + 1], whole[NUMBER_MAX + 1];
	const char *comma = number.p == NULL ? NULL :
	    memchr(number.p, ',', number.n);
	bool point_first, thousands, decimal;

	if (comma == NULL)
		return false;
	point_first = memchr(number.p, '.', (size_t)(comma - number.p)) != NULL;
	thousands = has_thousands(number) && count(number, '.') < 2;
	decimal = count(number, ',') == 1 &&
	    (point_first || count(number, '.') == 0);
	if (!decimal && !thousands)
		return false;
	number_write(number, '.', fraction);
	number_write(number, ',', whole);
	(void)snprintf(out, COMMA_TEXT, "%.*s is not a number: write %s%s%s",
	    SLICE_ARG(number), decimal ? fraction : "",
	    decimal && thousands ? " or " : "", thousands ? whole : "");
	return true;
}
