#include "core/guard/profanity/code.h"

#include <strings.h>

#define CODE_LOOK	80	/* bytes around a word */
#define CODE_MIN	20	/* of base64 */

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_code(char c)
{
	return is_upper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	    c == '+' || c == '/' || c == '=' || c == '_' || c == '-';
}

/* Is it a part of a long run of letters of both cases and digits? */
bool
token_is_base64(struct slice text, size_t start, size_t end)
{
	size_t upper = 0, lower = 0, digit = 0, low = start, high = end, i;

	while (low > 0 && start - low < CODE_LOOK && is_code(text.p[low - 1]))
		low--;
	while (high < text.n && high - end < CODE_LOOK && is_code(text.p[high]))
		high++;
	for (i = low; i < high; i++) {
		upper += is_upper(text.p[i]);
		lower += text.p[i] >= 'a' && text.p[i] <= 'z';
		digit += text.p[i] >= '0' && text.p[i] <= '9';
	}
	return high - low >= CODE_MIN && upper > 3 && lower > 3 && digit > 2;
}

/* Is it joined to what a name in a program is joined to? */
static bool
is_in_name(struct slice text, size_t start, size_t end)
{
	char before = start > 0 ? text.p[start - 1] : ' ';
	char after = end < text.n ? text.p[end] : ' ';

	if (memchr("_\\/%", before, 4) != NULL || memchr("_([", after, 3) != NULL)
		return true;
	return (before == '.' && start > 1 && is_code(text.p[start - 2])) ||
	    (after == '.' && end + 1 < text.n && is_code(text.p[end + 1]));
}

/* "k**3", "yID": a power and a name in a program. */
static bool
is_formula(struct slice text, size_t start, size_t end)
{
	size_t i, upper = 0;

	if (memchr(text.p + start, '*', end - start) != NULL)
		return text.p[end - 1] >= '0' && text.p[end - 1] <= '9';
	for (i = start + 1; i < end; i++)
		upper += is_upper(text.p[i]);
	return end - start == 3 && upper == 2 && !is_upper(text.p[start]);
}

/* The strongest words are written as names are on purpose. */
bool
token_is_code(struct slice text, size_t start, size_t end)
{
	static const char *const strongest[] = { "fuck", "shit", "cunt" };
	size_t i, n = end - start;

	if (token_is_base64(text, start, end) || is_formula(text, start, end))
		return true;
	for (i = 0; i < 3; i++)
		if (n == 4 && strncasecmp(text.p + start, strongest[i], n) == 0)
			return false;
	return n <= 4 && is_in_name(text, start, end);
}
