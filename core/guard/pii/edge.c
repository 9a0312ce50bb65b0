#include "core/guard/pii/edge.h"

#include "core/guard/pii/ascii.h"

/* Does the run of letters and digits beside a hyphen hold a digit? */
static bool
run_has_digit(struct slice t, size_t at, int step)
{
	for (; at < t.n && is_alnum(t.p[at]); at += (size_t)step)
		if (is_digit(t.p[at]))
			return true;
	return false;
}

/* A character that joins what stands on both sides of it into one. */
static bool
joins(char c, bool strong)
{
	return c == '.' || c == ':' || (!strong && (c == ',' || c == '/'));
}

/*
 * May a code begin here?  Not inside a word, a decimal, an amount, a longer
 * number or an identifier such as a UUID.
 */
bool
pii_left_ok(struct slice t, size_t at, bool strong)
{
	char c = at == 0 ? ' ' : t.p[at - 1];
	char before = at < 2 ? ' ' : t.p[at - 2];

	if (is_alnum(c) || (c == '_' && !strong) || c == '$' || c == '\\' ||
	    (c == '+' && strong))
		return false;
	if (joins(c, strong))
		return !is_digit(before) && (at > 1 || c != '.');
	return c != '-' || at < 2 || !run_has_digit(t, at - 2, -1);
}

bool
pii_right_ok(struct slice t, size_t end, bool strong)
{
	char c = byte_at(t, end), next = byte_at(t, end + 1);

	if (is_alnum(c) || (c == '_' && !strong) || c == '%')
		return false;
	/* A whole number that a program wrote as a float: "4111111111111111.0". */
	if (c == '.' && strong && next == '0' && !is_alnum(byte_at(t, end + 2)) &&
	    byte_at(t, end + 2) != '.')
		return true;
	if (joins(c, strong))
		return !is_digit(next);
	if (c == '@')
		return !is_alnum(next);
	return c != '-' || !run_has_digit(t, end + 1, 1);
}
