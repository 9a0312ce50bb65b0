#include "core/guard/format_text.h"

#include "core/guard/format.h"

static bool
fault(struct format_fault *f, size_t at, const char *why)
{
	f->at = at;
	f->why = why;
	return false;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A line of a text, without its end. */
static struct slice
line_at(struct slice text, size_t at)
{
	const char *end = memchr(text.p + at, '\n', text.n - at);

	return (struct slice){ text.p + at, end == NULL ? text.n - at :
	    (size_t)(end - text.p) - at };
}

/* How many ` or ~ a line begins with, where they are three and more. */
static size_t
fence(struct slice line, char *mark)
{
	size_t i = 0, from;

	while (i < line.n && i < 3 && line.p[i] == ' ')
		i++;
	if (i == line.n || (line.p[i] != '`' && line.p[i] != '~'))
		return 0;
	*mark = line.p[i];
	for (from = i; i < line.n && line.p[i] == *mark;)
		i++;
	return i - from >= 3 ? i - from : 0;
}

/* Cells of a table's line: bars outside code, but for those at its ends. */
static size_t
cells(struct slice line)
{
	size_t i, bars = 0;
	bool code = false;

	while (line.n > 0 && is_space(line.p[line.n - 1]))
		line.n--;
	while (line.n > 0 && is_space(*line.p)) {
		line.p++;
		line.n--;
	}
	if (line.n > 0 && line.p[line.n - 1] == '|' &&
	    (line.n < 2 || line.p[line.n - 2] != '\\'))
		line.n--;
	for (i = line.n > 0 && *line.p == '|'; i < line.n; i++) {
		if (line.p[i] == '\\')
			i++;
		else if (line.p[i] == '`')
			code = !code;
		else
			bars += line.p[i] == '|' && !code;
	}
	return bars + 1;
}

/* "| --- | :-: |": the second line of a table. */
static bool
is_delimiter(struct slice line)
{
	bool bar = false, dash = false;
	size_t i;

	for (i = 0; i < line.n; i++) {
		if (line.p[i] == '|')
			bar = true;
		else if (line.p[i] == '-')
			dash = true;
		else if (line.p[i] != ':' && !is_space(line.p[i]))
			return false;
	}
	return bar && dash;
}

/* "[text](address" that the line does not close. */
static bool
links_hold(struct slice line, size_t *at)
{
	const char *p = line.p, *end = line.p + line.n, *close = line.p;
	const char *open = line.n == 0 ? NULL : memchr(p, '[', line.n);

	while (open != NULL && p < end && (p = memmem(p, (size_t)(end - p),
	    "](", 2)) != NULL) {
		if (close < p && (close = memchr(p, ')', (size_t)(end - p))) ==
		    NULL)
			close = end;
		if (close == end && open < p) {
			*at = (size_t)(p - line.p);
			return false;
		}
		p += 2;
	}
	return true;
}

struct markdown {
	size_t		 open, open_at;	/* marks that a block began with, where */
	char		 opened;
	struct slice	 before;	/* the line before */
	size_t		 columns;	/* of the table that the line may be in */
};

/* Is the line code, or the beginning or end of it? */
static bool
is_code(struct markdown *m, struct slice line, size_t at)
{
	char mark = '\0';
	size_t n = fence(line, &mark);

	if (n > 0 && m->open == 0) {
		m->open = n;
		m->opened = mark;
		m->open_at = at;
	} else if (n > 0 && n >= m->open && mark == m->opened) {
		m->open = 0;
	}
	return m->open > 0 || n > 0;
}

/* Why the line is no row of the table it stands in, or NULL. */
static const char *
table_fault(struct markdown *m, struct slice line)
{
	if (line.n == 0 || memchr(line.p, '|', line.n) == NULL) {
		m->columns = 0;
		return NULL;
	}
	if (m->columns > 0)
		return cells(line) > m->columns ?
		    "a table's row has more columns" : NULL;
	if (m->before.n == 0 || !is_delimiter(line) ||
	    memchr(m->before.p, '|', m->before.n) == NULL)
		return NULL;
	m->columns = cells(line);
	return cells(m->before) == m->columns ? NULL :
	    "a table's head has other columns";
}

bool
format_markdown(struct slice text, struct format_fault *f)
{
	struct markdown m = { 0, 0, '\0', { NULL, 0 }, 0 };
	struct slice line;
	const char *why;
	size_t at, link = 0;

	for (at = 0; at < text.n; at += line.n + 1) {
		line = line_at(text, at);
		if (!is_code(&m, line, at)) {
			if (!links_hold(line, &link))
				return fault(f, at + link,
				    "a link is not closed");
			if ((why = table_fault(&m, line)) != NULL)
				return fault(f, at, why);
		}
		m.before = line;
	}
	return m.open == 0 ||
	    fault(f, m.open_at, "a block of code is not closed");
}

struct sql {
	const char	*p;
	size_t		 n, at;
	char		 open[64];	/* brackets */
	size_t		 depth;
	struct format_fault *fault;
};

/* Goes behind a closing quote; two of them stand for one. */
static bool
sql_quoted(struct sql *s, char quote)
{
	size_t from = s->at++;

	for (; s->at < s->n; s->at++) {
		if (s->p[s->at] == '\\' && quote == '\'' && s->at + 1 < s->n &&
		    s->p[s->at + 1] == quote && s->at + 2 < s->n)
			s->at++;	/* MySQL's \' */
		else if (s->p[s->at] == quote && s->at + 1 < s->n &&
		    s->p[s->at + 1] == quote)
			s->at++;
		else if (s->p[s->at] == quote) {
			s->at++;
			return true;
		}
	}
	return fault(s->fault, from, "a quote is not closed");
}

/* Goes behind blanks and comments; false where a comment is not closed. */
static bool
sql_skip(struct sql *s)
{
	const char *end;

	for (;;) {
		while (s->at < s->n && is_space(s->p[s->at]))
			s->at++;
		if (s->n - s->at < 2)
			return true;
		if (s->p[s->at] == '-' && s->p[s->at + 1] == '-') {
			end = memchr(s->p + s->at, '\n', s->n - s->at);
			s->at = end == NULL ? s->n : (size_t)(end - s->p);
		} else if (s->p[s->at] == '/' && s->p[s->at + 1] == '*') {
			end = memmem(s->p + s->at, s->n - s->at, "*/", 2);
			if (end == NULL)
				return fault(s->fault, s->at,
				    "a comment is not closed");
			s->at = (size_t)(end - s->p) + 2;
		} else {
			return true;
		}
	}
}

static bool
sql_bracket(struct sql *s, char c)
{
	if (c == '(') {
		if (s->depth == sizeof(s->open))
			return fault(s->fault, s->at, "brackets over 64 deep");
		s->open[s->depth++] = c;
	} else if (s->depth == 0) {
		return fault(s->fault, s->at, "a bracket that closes nothing");
	} else {
		s->depth--;
	}
	s->at++;
	return true;
}

static bool
sql_verb(struct sql *s)
{
	static const char *const verbs[] = {
		"select", "insert", "update", "delete", "with", "create",
		"alter", "drop", "merge", "replace", "begin", "commit",
		"rollback", "explain", "grant", "revoke", "truncate", "values",
		"set", "use", "show", "describe", "call", "pragma", "vacuum",
		"analyze", "declare", "start", "savepoint", "release", "copy",
		"lock", "comment", "do", "execute", "table", "end", "upsert"
	};
	size_t i, n, from = s->at;

	while (s->at < s->n && s->p[s->at] == '(')
		s->at++;
	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		n = strlen(verbs[i]);
		if (s->n - s->at >= n &&
		    strncasecmp(s->p + s->at, verbs[i], n) == 0 &&
		    (s->at + n == s->n || is_space(s->p[s->at + n]) ||
		    strchr(";(*", s->p[s->at + n]) != NULL)) {
			s->at = from;
			return true;
		}
	}
	return fault(s->fault, from, "a statement that begins with no verb");
}

/* One statement up to and with its semicolon. */
static bool
sql_statement(struct sql *s)
{
	char c;

	if (!sql_verb(s))
		return false;
	while (sql_skip(s) && s->at < s->n) {
		c = s->p[s->at];
		if (c == ';' && s->depth == 0) {
			s->at++;
			return true;
		}
		if (c == '\'' || c == '"' || c == '`') {
			if (!sql_quoted(s, c))
				return false;
		} else if (c == '(' || c == ')') {
			if (!sql_bracket(s, c))
				return false;
		} else {
			s->at++;
		}
	}
	if (s->fault->why != NULL)
		return false;
	return s->depth == 0 ||
	    fault(s->fault, s->n, "a bracket is not closed");
}

bool
format_sql(struct slice text, struct format_fault *f)
{
	struct sql s = { text.p == NULL ? "" : text.p, text.n, 0, "", 0, f };
	unsigned count = 0;

	while (sql_skip(&s) && s.at < s.n) {
		if (!sql_statement(&s))
			return false;
		count++;
	}
	if (f->why != NULL)
		return false;
	return count > 0 || fault(f, 0, "no statement");
}
