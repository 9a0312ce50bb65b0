#include "core/suite/csv.h"

static size_t
count(struct slice line, char c)
{
	size_t i, n = 0;

	for (i = 0; i < line.n && line.p[i] != '\n'; i++)
		n += line.p[i] == c;
	return n;
}

enum status
csv_begin(struct csv *c, struct slice text, struct arena *a, struct error *err)
{
	*c = (struct csv){ text, 1, ',', NULL, 0 };
	if (text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
		c->rest = (struct slice){ text.p + 3, text.n - 3 };
	if (count(c->rest, ',') == 0 && count(c->rest, ';') > 0)
		c->separator = ';';
	else if (count(c->rest, ',') == 0 && count(c->rest, '\t') > 0)
		c->separator = '\t';
	c->field = arena_alloc(a, CSV_FIELDS_MAX * sizeof(*c->field));
	return c->field == NULL ? error_nomem(err) : STATUS_OK;
}

/* Passes over n bytes. */
static void
take(struct csv *c, size_t n)
{
	c->rest.p += n;
	c->rest.n -= n;
}

/* A field in quotes; doubled ones stand for one. */
static enum status
quoted(struct csv *c, struct arena *a, struct slice *out, struct error *err)
{
	int line = c->line;
	size_t i, n = 0;
	char *p;

	take(c, 1);
	if ((p = arena_alloc(a, c->rest.n + 1)) == NULL)
		return error_nomem(err);
	for (i = 0; i < c->rest.n; i++) {
		if (c->rest.p[i] == '"' && (i + 1 == c->rest.n ||
		    c->rest.p[i + 1] != '"'))
			break;
		i += c->rest.p[i] == '"';
		c->line += c->rest.p[i] == '\n';
		p[n++] = c->rest.p[i];
	}
	if (i == c->rest.n)
		return error_set(err, STATUS_INVALID,
		    "line %d: a quote is never closed", line);
	take(c, i + 1);
	p[n] = '\0';
	*out = (struct slice){ p, n };
	return STATUS_OK;
}

static struct slice
plain(struct csv *c)
{
	struct slice s = { c->rest.p, 0 };

	while (s.n < c->rest.n && s.p[s.n] != c->separator && s.p[s.n] != '\n')
		s.n++;
	take(c, s.n);
	while (c->separator != '\t' && s.n > 0 && s.p[s.n - 1] == '\r')
		s.n--;
	return s;
}

enum status
csv_next(struct csv *c, struct arena *a, bool *row, struct error *err)
{
	struct slice f;
	enum status st;

	c->nfields = 0;
	while (c->rest.n > 0 && (c->rest.p[0] == '\n' || c->rest.p[0] == '\r')) {
		c->line += c->rest.p[0] == '\n';
		take(c, 1);
	}
	*row = c->rest.n > 0;
	while (c->rest.n > 0) {
		if (c->nfields == CSV_FIELDS_MAX)
			return error_set(err, STATUS_INVALID, "line %d: more than "
			    "%d fields", c->line, CSV_FIELDS_MAX);
		if (c->rest.p[0] == '"') {
			if ((st = quoted(c, a, &f, err)) != STATUS_OK)
				return st;
			(void)plain(c);	/* blanks behind the quote */
		} else
			f = plain(c);
		c->field[c->nfields++] = f;
		if (c->rest.n == 0)
			break;
		take(c, 1);
		if (c->rest.p[-1] == '\n') {
			c->line++;
			break;
		}
		if (c->rest.n == 0 && c->nfields < CSV_FIELDS_MAX)
			c->field[c->nfields++] = SLICE("");
	}
	return STATUS_OK;
}
