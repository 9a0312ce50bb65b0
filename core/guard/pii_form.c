#include "core/guard/pii_form.h"

#include "core/guard/pii.h"

struct element {
	char		c;
	unsigned	min, max;
};

/* The element at *form, which is moved behind it; false at the form's end. */
static bool
element_next(const char **form, struct element *e)
{
	const char *f = *form;

	if (*f == '\0' || *f == '|')
		return false;
	e->c = *f++;
	e->min = e->max = 1;
	if (*f == '{') {
		for (e->min = 0, f++; is_digit(*f); f++)
			e->min = e->min * 10 + (unsigned)(*f - '0');
		e->max = e->min;
		if (*f == ',')
			for (e->max = 0, f++; is_digit(*f); f++)
				e->max = e->max * 10 + (unsigned)(*f - '0');
		f++;
	}
	*form = f;
	return true;
}

static bool
element_takes(char element, char c)
{
	switch (element) {
	case '9':
		return is_digit(c);
	case 'A':
		return is_letter(c);
	case 'X':
		return is_alnum(c);
	default:
		return element == c;
	}
}

static bool
is_separator(char c)
{
	return c == ' ' || c == '-' || c == '.';
}

static void
match_put(struct form_match *m, char c)
{
	if (!is_alnum(c) || m->n == FORM_MAX)
		return;
	m->lower |= c >= 'a' && c <= 'z';
	m->upper |= c >= 'A' && c <= 'Z';
	m->code[m->n++] = to_upper(c);
}

bool
form_match(const char *form, struct slice t, size_t at, struct form_match *m)
{
	struct element e;
	bool decided = false;
	unsigned n;
	size_t i = at;

	m->start = at;
	m->n = 0;
	m->separator = '\0';
	m->lower = m->upper = false;
	while (element_next(&form, &e)) {
		if (e.c == ' ') {
			if (!decided && is_separator(byte_at(t, i)))
				m->separator = t.p[i];
			decided = true;
			if (m->separator != '\0' &&
			    byte_at(t, i++) != m->separator)
				return false;
			continue;
		}
		for (n = 0; n < e.max && i < t.n && element_takes(e.c, t.p[i]);
		    n++)
			match_put(m, t.p[i++]);
		if (n < e.min)
			return false;
	}
	m->code[m->n] = '\0';
	m->end = i;
	return true;
}

const char *
form_next(const char *form)
{
	const char *bar = strchr(form, '|');

	return bar == NULL ? NULL : bar + 1;
}

/* The lengths reached from `lens` by m..n more. */
static uint32_t
lens_grow(uint32_t lens, unsigned min, unsigned max)
{
	uint32_t out = 0, top = UINT32_C(1) << (FORM_LEAD - 1);
	unsigned k, b;

	for (k = min; k <= max; k++)
		for (b = 0; b < FORM_LEAD; b++)
			if ((lens >> b & 1) != 0)
				out |= b + k < FORM_LEAD ?
				    UINT32_C(1) << (b + k) : top;
	return out;
}

uint32_t
form_lead(const char *form, bool *letters)
{
	uint32_t lens = 1, out = 0;
	struct element e;
	char class = *form;

	*letters = class != '9' && !is_digit(class);
	if (is_alnum(class) && class != '9' && class != 'A' && class != 'X')
		class = *letters ? 'A' : '9';
	while (element_next(&form, &e)) {
		bool same = e.c == class || (is_letter(e.c) && e.c != 'A' &&
		    e.c != 'X' && class == 'A');

		if (same) {
			lens = lens_grow(lens, e.min, e.max);
		} else if (e.c == ' ') {
			out |= lens;
		} else if (e.c == 'X') {
			out |= lens_grow(lens, 0, e.max);
			lens = lens_grow(lens, e.max, e.max);
		} else {
			return out | lens;
		}
	}
	return out | lens;
}
