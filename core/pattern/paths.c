#include "core/pattern/paths.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX	64

struct paths {
	const char	*p;
	unsigned	 depth;
	bool		 lost;		/* calls, or what is not understood */
};

static uint32_t
plus(uint32_t a, uint32_t b)
{
	return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

static uint32_t
times(uint32_t a, uint32_t b)
{
	uint64_t v = (uint64_t)a * b;

	return v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;
}

static uint32_t
power(uint32_t a, unsigned long n)
{
	uint32_t v = 1;

	while (a > 1 && n-- > 0 && v < UINT32_MAX)
		v = times(v, a);
	return v;
}

/* "\Q...\E" is text; \g<name> and \g'name' call a group. */
static void
pass_escape(struct paths *s)
{
	const char *end;

	s->p++;
	if (*s->p == 'Q') {
		end = strstr(s->p, "\\E");
		s->p = end == NULL ? s->p + strlen(s->p) : end + 2;
		return;
	}
	if (*s->p == 'g' && (s->p[1] == '<' || s->p[1] == '\''))
		s->lost = true;
	if (*s->p != '\0')
		s->p++;
}

/* "[]a]", "[^]a]", "[[:alpha:]]", "[\]]". */
static void
pass_class(struct paths *s)
{
	const char *end;

	s->p += s->p[1] == '^' ? 2 : 1;
	if (*s->p == ']')
		s->p++;
	while (*s->p != '\0' && *s->p != ']') {
		if (*s->p == '\\')
			pass_escape(s);
		else if (*s->p == '[' && strchr(":.=", s->p[1]) != NULL &&
		    s->p[1] != '\0' && (end = strchr(s->p + 2, ']')) != NULL &&
		    end[-1] == s->p[1])
			s->p = end + 1;
		else
			s->p++;
	}
	if (*s->p == ']')
		s->p++;
}

/* How often at most: "{n}", "{n,}", "{,m}", "{n,m}"; false where it is text. */
static bool
read_braces(struct paths *s, unsigned long *most)
{
	size_t n = strcspn(s->p, "}");
	char *end;

	if (s->p[n] == '\0' || strspn(s->p + 1, "0123456789, ") != n - 1 ||
	    n == 1)
		return false;
	*most = strtoul(s->p + 1, &end, 10);
	end += strspn(end, " ");
	/* Without an end it is a loop, whose rounds are counted. */
	if (*end == ',' && strtoul(end + 1, NULL, 10) > *most)
		*most = strtoul(end + 1, NULL, 10);
	else if (*end == ',')
		++*most;
	s->p += n + 1;
	return true;
}

/* The ways through an item and what repeats it. */
static uint32_t
repeated(struct paths *s, uint32_t ways)
{
	unsigned long most;

	if (*s->p == '*' || *s->p == '+' || *s->p == '?') {
		ways = plus(ways, *s->p != '+');
		s->p++;
	} else if (*s->p == '{' && read_braces(s, &most))
		ways = plus(power(ways, most), 1);
	else
		return ways;
	if (*s->p == '?' || *s->p == '+')
		s->p++;
	return ways;
}

/* Up to the mark and over it, or to the pattern's end. */
static void
pass_to(struct paths *s, char mark)
{
	const char *end = strchr(s->p, mark);

	s->p = end == NULL ? s->p + strlen(s->p) : end + 1;
}

/* "(?R)", "(?1)", "(?-1)", "(?&n)" and "(?P>n)" call a group. */
static bool
is_call(const char *p)
{
	return (*p != '\0' && strchr("R&+0123456789", *p) != NULL) ||
	    strncmp(p, "P>", 2) == 0 ||
	    (*p == '-' && p[1] >= '0' && p[1] <= '9');
}

/* What stands between a group's parenthesis and its first branch. */
static void
pass_opening(struct paths *s)
{
	s->p++;
	if (*s->p == '*') {
		s->p += strcspn(s->p, ":)");
		return;
	}
	if (*s->p != '?')
		return;
	s->p++;
	if (is_call(s->p))
		s->lost = true;
	else if (*s->p == '#')
		s->p += strcspn(s->p, ")");
	else if (s->p[0] == '<' && (s->p[1] == '=' || s->p[1] == '!'))
		s->p += 2;
	else if (*s->p == '<' || strncmp(s->p, "P<", 2) == 0)
		pass_to(s, '>');
	else if (*s->p == '\'') {
		s->p++;
		pass_to(s, '\'');
	} else {
		s->p += strspn(s->p, "abcdefghijklmnopqrstuvwxyzADJSUTX^-");
		if (*s->p != '\0' && strchr(":=!>|", *s->p) != NULL)
			s->p++;
	}
}

static uint32_t	alternatives(struct paths *);

static uint32_t
group(struct paths *s)
{
	uint32_t ways;

	pass_opening(s);
	ways = alternatives(s);
	if (*s->p != ')')
		s->lost = true;
	else
		s->p++;
	return ways;
}

/* Single items are one way each, whatever repeats them: that is counted. */
static uint32_t
sequence(struct paths *s)
{
	uint32_t ways = 1;

	while (*s->p != '\0' && *s->p != '|' && *s->p != ')' && !s->lost) {
		if (*s->p == '(')
			ways = times(ways, repeated(s, group(s)));
		else if (*s->p == '[')
			pass_class(s);
		else if (*s->p == '\\')
			pass_escape(s);
		else
			s->p++;
	}
	return ways;
}

/* The letter, digit or blank that a branch must begin with, in lower case; or 0. */
static unsigned
beginning(const struct paths *s)
{
	unsigned char c = (unsigned char)*s->p;

	if (c >= 0x80 || c < ' ' || strchr("^$.[\\(|)*+?{", c) != NULL ||
	    strchr("?*{", s->p[1]) != NULL)
		return 0;
	return c >= 'A' && c <= 'Z' ? c + 32u : c;
}

/* Of branches that begin with different letters only those of one can match. */
static uint32_t
alternatives(struct paths *s)
{
	uint32_t ways[128] = { 0 }, most = 0;
	unsigned first;

	if (++s->depth > DEPTH_MAX)
		s->lost = true;
	for (;; s->p++) {
		first = beginning(s);
		ways[first] = plus(ways[first], sequence(s));
		if (first != 0 && ways[first] > most)
			most = ways[first];
		if (*s->p != '|' || s->lost)
			break;
	}
	s->depth--;
	return plus(ways[0], most);
}

uint32_t
pattern_paths(const char *pattern)
{
	struct paths s = { .p = pattern };
	uint32_t ways = alternatives(&s);

	return s.lost || *s.p != '\0' ? UINT32_MAX : ways;
}
