#include "core/guard/pii/form.h"

#include "core/guard/pii/ascii.h"

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

/* May an element begin with a digit, or with a letter? */
static bool
element_digit(char c)
{
	return c == '9' || c == 'X' || is_digit(c);
}

static bool
element_letter(char c)
{
	return is_letter(c);	/* A and X, and letters for themselves */
}

/* May what is left of a form, right behind the run, begin with `next`? */
static bool
rest_begins(const char *rest, enum form_next next, bool letters)
{
	struct element e, then;
	bool any = !element_next(&rest, &e);

	if (next == FORM_KIN)
		return !any && (letters ? element_digit(e.c) :
		    element_letter(e.c));
	if (any)
		return true;
	if (next == FORM_OTHER)
		return !is_alnum(e.c) && !is_separator(e.c);
	if (!is_separator(e.c) || !element_next(&rest, &then))
		return false;
	return next == FORM_PART_DIGIT ? element_digit(then.c) :
	    element_letter(then.c);
}

/* Does an element go on with the run, surely (X: perhaps)? */
static bool
element_goes_on(char c, bool letters)
{
	return letters ? is_letter(c) && c != 'X' : is_digit(c);
}

uint32_t
form_lead(const char *form, enum form_next next, bool *letters)
{
	uint32_t lens = 1, out = 0;
	const char *f = form;
	struct element e;

	*letters = !is_digit(*form);
	for (;;) {
		if (rest_begins(f, next, *letters))
			out |= lens;
		if (!element_next(&f, &e))
			return out;
		if (e.c == 'X') {
			/* Part of it may belong to the run. */
			if (next == FORM_KIN)
				out |= lens_grow(lens, 0, e.max - 1);
			lens = lens_grow(lens, e.min, e.max);
		} else if (element_goes_on(e.c, *letters)) {
			lens = lens_grow(lens, e.min, e.max);
		} else if (e.c != ' ') {
			return out;
		}
	}
}
