#include "queue/serve/said.h"

#include <stdlib.h>
#include <string.h>

static void
lines_clear(struct loops_said *s)
{
	unsigned i;

	for (i = 0; i < SERVICE_LOOPS_MAX; i++) {
		free(s->line[i]);
		s->line[i] = NULL;
	}
}

/* NULL: no memory. */
static struct loops_said *
matter_get(struct loops_said **all, const char *matter)
{
	struct loops_said *s;

	for (s = *all; s != NULL; s = s->next)
		if (strcmp(s->matter, matter) == 0)
			return s;
	if ((s = calloc(1, sizeof(*s))) == NULL ||
	    (s->matter = strdup(matter)) == NULL) {
		free(s);
		return NULL;
	}
	s->next = *all;
	return *all = s;
}

static bool
line_is(const struct loops_said *s, unsigned loop, const char *line)
{
	return s->line[loop] != NULL && strcmp(s->line[loop], line) == 0;
}

/* How many of the n loops have it as theirs. */
static unsigned
line_count(const struct loops_said *s, unsigned n, const char *line)
{
	unsigned i, found = 0;

	for (i = 0; i < n; i++)
		found += line_is(s, i, line);
	return found;
}

static bool
line_set(struct loops_said *s, unsigned loop, const char *line)
{
	free(s->line[loop]);
	return (s->line[loop] = strdup(line)) != NULL;
}

bool
said_by_all(struct loops_said **all, const char *matter, unsigned loop, unsigned n,
    const char *line)
{
	struct loops_said *s = matter_get(all, matter);

	if (s == NULL || !line_set(s, loop, line))
		return true;		/* rather too often than never */
	if (line_count(s, n, line) < n)
		return false;
	lines_clear(s);
	return true;
}

bool
said_by_one(struct loops_said **all, const char *matter, unsigned loop, unsigned n,
    const char *line)
{
	struct loops_said *s = matter_get(all, matter);
	bool told;

	if (s == NULL)
		return true;
	if (line_is(s, loop, line))
		lines_clear(s);
	told = line_count(s, n, line) > 0;
	return !line_set(s, loop, line) || !told;
}

void
said_free(struct loops_said *s)
{
	struct loops_said *next;

	for (; s != NULL; s = next) {
		next = s->next;
		lines_clear(s);
		free(s->matter);
		free(s);
	}
}
