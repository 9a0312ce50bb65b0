#include "core/guard/pii/sum.h"

#include "core/guard/pii/ascii.h"

static size_t
skip_blanks(struct slice t, size_t i)
{
	while (byte_at(t, i) == ' ')
		i++;
	return i;
}

static size_t
skip_blanks_back(struct slice t, size_t i)
{
	while (i > 0 && t.p[i - 1] == ' ')
		i--;
	return i;
}

/* U+00D7 or U+00F7 at i. */
static bool
is_times(struct slice t, size_t i)
{
	return byte_at(t, i) == '\303' && (byte_at(t, i + 1) == '\227' ||
	    byte_at(t, i + 1) == '\267');
}

/* The sign behind which a number stands, moved over to its left; 0: none. */
static char
sign_before(struct slice t, size_t *at)
{
	size_t i = skip_blanks_back(t, *at);
	bool apart = i < *at;

	if (i > 1 && is_times(t, i - 2)) {
		*at = i - 2;
		return '*';
	}
	if (i == 0 || strchr("*^+=/-x>", t.p[i - 1]) == NULL)
		return '\0';
	*at = i - 1;
	/* Without blanks these stand in a phone number, too. */
	return !apart && strchr("-/x", t.p[i - 1]) != NULL ? '\0' : t.p[i - 1];
}

/* Is a number, or a bracket that holds one, to the left? */
static bool
operand_before(struct slice t, size_t at, char sign)
{
	size_t i = skip_blanks_back(t, at);

	if (sign == '>')
		return i > 1 && t.p[i - 1] == '>' && is_digit(t.p[i - 2]);
	if (sign == '-' && i == at)
		return false;
	return i > 0 && (is_digit(t.p[i - 1]) || (t.p[i - 1] == ')' && i > 1 &&
	    is_digit(t.p[i - 2])) || t.p[i - 1] == '%');
}

/* Behind the sign that follows a number; `end`: none does. */
static size_t
sign_after(struct slice t, size_t end, bool weak)
{
	size_t i = skip_blanks(t, end);
	bool apart = i > end, blank;
	char c = byte_at(t, i);

	if (is_times(t, i))
		return i + 2;
	if (c == '\0' || strchr("*^+=/-x", c) == NULL)
		return end;
	blank = byte_at(t, i + 1) == ' ';
	/* " +49 ..." is the next number, " x12" an extension. */
	if ((c == '+' && apart && !blank) || (c == 'x' && !(apart && blank)) ||
	    ((c == '-' || c == '/') && !(weak && apart && blank)))
		return end;
	return i + 1;
}

bool
pii_in_sum(struct slice t, size_t start, size_t end, bool weak)
{
	size_t i = start;
	char sign = sign_before(t, &i);

	if (!weak && (sign == '-' || sign == '/'))
		sign = '\0';
	if ((sign != '\0' && operand_before(t, i, sign)) ||
	    (start > 1 && memcmp(t.p + start - 2, "<<", 2) == 0))
		return true;
	if ((i = sign_after(t, end, weak)) == end)
		return false;
	i = skip_blanks(t, i);
	while (i < t.n && strchr("<($-", t.p[i]) != NULL)
		i++;
	return is_digit(byte_at(t, i));
}

bool
pii_is_counted(struct slice t, size_t end)
{
	static const char *const others[] = { "as", "is", "was", "this", "his",
	    "has", "us", "yes", "always", "does", "unless", "thus", "its",
	    "perhaps", "mins", "towards", "across", "hours", "days", "weekdays",
	    "nights", "evenings", "mornings", "afternoons" };
	size_t i = end + 1, from = i, k;

	if (byte_at(t, end) != ' ')
		return false;
	while (byte_at(t, i) >= 'a' && byte_at(t, i) <= 'z')
		i++;
	if (i < from + 2 || t.p[i - 1] != 's' || is_alnum(byte_at(t, i)))
		return false;
	for (k = 0; k < sizeof(others) / sizeof(others[0]); k++)
		if (strlen(others[k]) == i - from &&
		    memcmp(others[k], t.p + from, i - from) == 0)
			return false;
	return true;
}
