#include "core/guard/pii/card.h"

#include "core/guard/pii/ascii.h"
#include "core/guard/pii/check.h"
#include "core/guard/pii/edge.h"
#include "core/guard/pii/kinds.h"
#include "core/guard/pii/words.h"

#define CARD_MIN	12
#define CARD_MAX	19

/* Reads "e15", "E+15" at *at, which is moved behind it; 0: none. */
static unsigned
read_exponent(struct slice t, size_t *at)
{
	size_t i = *at;
	unsigned v = 0, n;

	if (to_lower(byte_at(t, i++)) != 'e')
		return 0;
	i += byte_at(t, i) == '+';
	for (n = 0; n < 2 && is_digit(byte_at(t, i)); n++)
		v = v * 10 + (unsigned)(t.p[i++] - '0');
	if (is_alnum(byte_at(t, i)))
		return 0;
	*at = i;
	return v;
}

/* The digits of d.ddde15 with the zeros that it leaves out; how many, 0: none. */
static unsigned
read_float(struct slice t, size_t *at, char *digits)
{
	size_t i = *at + 2;
	unsigned n = 1, e;

	digits[0] = t.p[*at];
	while (n < CARD_MAX && is_digit(byte_at(t, i)))
		digits[n++] = t.p[i++];
	/* Fewer have lost what the number was. */
	if (n < CARD_MIN || (e = read_exponent(t, &i)) < n - 1 || e >= CARD_MAX)
		return 0;
	while (n < e + 1)
		digits[n++] = '0';
	digits[n] = '\0';
	*at = i;
	return n;
}

void
find_card_float(struct pii_scan *s, size_t start, size_t end)
{
	const char *context = pii_kind_rows[PII_CREDIT_CARD].context;
	char digits[CARD_MAX + 1];
	size_t at = start;
	unsigned n;

	if (end != start + 1 || byte_at(s->text, end) != '.' ||
	    !pii_wants(s, PII_CREDIT_CARD) ||
	    (n = read_float(s->text, &at, digits)) == 0 ||
	    !pii_left_ok(s->text, start, true) || !valid_card(digits, n))
		return;
	words_around(s, start, at);
	/* One in thirty of any such numbers would pass. */
	if (words_speak(&s->words, context))
		(void)pii_hit(s, PII_CREDIT_CARD, start, at, 0.9, true,
		    "Luhn ok");
}
