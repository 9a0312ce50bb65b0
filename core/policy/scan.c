/*
 * What libconfuse lets pass and a policy must not hold, found with its line;
 * and a text for libconfuse in which every string is in single quotes and no
 * comment is left (it takes one within a list for a value).  Lines stay where
 * they are.  Behind the brace that opens a section comes the setting `_at`,
 * whose place is the section's.
 */
#include "core/policy/load.h"

#include <stdlib.h>

#include "core/base/text.h"

#define DEPTH_MAX	8
#define SETTINGS_MAX	64	/* of one section: there are not so many names */

enum scan_state {
	SCAN_STATEMENT, SCAN_NAMED, SCAN_TITLED, SCAN_VALUE, SCAN_LIST,
	SCAN_CALL
};

enum quote { QUOTE_NONE, QUOTE_SINGLE, QUOTE_DOUBLE };

struct scan {
	struct slice	 text;
	size_t		 at;
	struct place	 here;		/* line of the byte at `at` */
	struct buf	*out;
	enum scan_state	 state;
	char		 name[32];	/* of the statement */
	int		 args;		/* of the call */
	/* Names set so far in each section that is open. */
	int		 depth;
	int		 opened[DEPTH_MAX];	/* on which line */
	size_t		 nset[DEPTH_MAX];
	char		 set[DEPTH_MAX][SETTINGS_MAX][32];
};

static bool
scan_looking_at(const struct scan *s, const char *lit)
{
	size_t n = strlen(lit);

	return s->text.n - s->at >= n &&
	    memcmp(s->text.p + s->at, lit, n) == 0;
}

/* Passes over one byte, keeping count of lines and keeping them in the text. */
static void
scan_skip(struct scan *s)
{
	if (s->text.p[s->at++] == '\n') {
		s->here.line++;
		buf_putc(s->out, '\n');
	}
}

/* False where no comment begins here; a C comment without end is an error. */
static bool
scan_comment(struct scan *s, struct error *err)
{
	struct place start = s->here;

	if (s->text.p[s->at] == '#' || scan_looking_at(s, "//")) {
		while (s->at < s->text.n && s->text.p[s->at] != '\n')
			s->at++;
		return true;
	}
	if (!scan_looking_at(s, "/*"))
		return false;
	s->at += 2;
	while (s->at < s->text.n && !scan_looking_at(s, "*/"))
		scan_skip(s);
	if (s->at == s->text.n)
		(void)place_error(err, start, "this comment has no end");
	else
		s->at += 2;
	return true;
}

/* Decoded text goes out so that libconfuse makes the same of it. */
static void
emit_byte(struct buf *out, char c)
{
	if (c == '\'' || c == '\\')
		buf_putc(out, '\\');
	buf_putc(out, c);
}

static enum status
scan_double_escape(struct scan *s, struct error *err)
{
	char c = s->at + 1 < s->text.n ? s->text.p[s->at + 1] : '\0';

	if (c == '\\' || c == '"')
		emit_byte(s->out, c);
	else if (c == 't')
		buf_putc(s->out, '\t');
	else if (c == 'n')
		buf_putc(s->out, POLICY_NEWLINE);
	else
		return place_error(err, s->here, "a backslash in double quotes "
		    "stands before \\, \", n or t only; use single quotes");
	s->at += 2;
	return STATUS_OK;
}

static void
scan_single_escape(struct scan *s)
{
	char c = s->at + 1 < s->text.n ? s->text.p[s->at + 1] : '\0';

	if (c == '\n') {		/* goes on in the next line */
		buf_puts(s->out, "\\\n");
		s->here.line++;
	} else {
		if (c != '\\' && c != '\'')
			emit_byte(s->out, '\\');
		emit_byte(s->out, c);
	}
	s->at += 2;
}

/* A quoted string, from quote to quote. */
static enum status
scan_quoted(struct scan *s, struct error *err)
{
	struct place start = s->here;
	char quote = s->text.p[s->at++];
	enum status st = STATUS_OK;

	buf_putc(s->out, '\'');
	while (st == STATUS_OK && s->at < s->text.n &&
	    s->text.p[s->at] != quote) {
		if (quote == '"' && scan_looking_at(s, "${"))
			return place_error(err, s->here,
			    "\"${\" would take a value from the environment: "
			    "use single quotes");
		if (s->text.p[s->at] == '\n') {
			scan_skip(s);
		} else if (s->text.p[s->at] != '\\') {
			emit_byte(s->out, s->text.p[s->at++]);
		} else if (quote == '"') {
			st = scan_double_escape(s, err);
		} else if (s->at + 1 < s->text.n) {
			scan_single_escape(s);
		} else {
			s->at++;
		}
	}
	if (st == STATUS_OK && s->at >= s->text.n)
		return place_error(err, start, "this quote is never closed");
	s->at++;
	buf_putc(s->out, '\'');
	return st;
}

static bool
is_word(char c)
{
	return (unsigned char)c > ' ' && c != 0x7f &&
	    strchr("\"'#={}()+,*;", c) == NULL;
}

static enum status
scan_word(struct scan *s, struct error *err)
{
	size_t start = s->at;

	while (s->at < s->text.n && is_word(s->text.p[s->at])) {
		if (scan_looking_at(s, "${"))
			return place_error(err, s->here,
			    "\"${\" would take a value from the environment: "
			    "use single quotes");
		s->at++;
	}
	if (s->at == start)
		return place_error(err, s->here, "%c is out of place here: "
		    "put the value in single quotes", s->text.p[start]);
	buf_putc(s->out, '\'');
	for (; start < s->at; start++)
		emit_byte(s->out, s->text.p[start]);
	buf_putc(s->out, '\'');
	return STATUS_OK;
}

static enum status
scan_assign(struct scan *s, struct error *err)
{
	size_t i, *n = &s->nset[s->depth];

	for (i = 0; i < *n; i++)
		if (strcmp(s->set[s->depth][i], s->name) == 0)
			return place_error(err, s->here,
			    "%s is set a second time", s->name);
	if (*n < SETTINGS_MAX)
		(void)memcpy(s->set[s->depth][(*n)++], s->name,
		    sizeof(s->name));
	s->state = SCAN_VALUE;
	return STATUS_OK;
}

static enum status
scan_section(struct scan *s, struct error *err)
{
	if (++s->depth == DEPTH_MAX)
		return place_error(err, s->here, "sections too deep");
	s->nset[s->depth] = 0;
	s->opened[s->depth] = s->here.line;
	s->state = SCAN_STATEMENT;
	buf_puts(s->out, " '_at' = '' ");
	return STATUS_OK;
}

static enum status
scan_open(struct scan *s, struct error *err)
{
	switch (s->state) {
	case SCAN_NAMED:
	case SCAN_TITLED:
		return scan_section(s, err);
	case SCAN_VALUE:
		if (option_form(slice_of(s->name)) ==
		    FORM_SCALAR)
			return place_error(err, s->here,
			    "%s takes one value, not a list", s->name);
		s->state = SCAN_LIST;
		return STATUS_OK;
	default:
		return STATUS_OK;
	}
}

static enum status
scan_sign(struct scan *s, struct error *err)
{
	char c = s->text.p[s->at++];

	buf_putc(s->out, c);
	switch (c) {
	case '{':
		return scan_open(s, err);
	case '}':
		if (s->state != SCAN_LIST && s->depth > 0)
			s->depth--;
		s->state = SCAN_STATEMENT;
		return STATUS_OK;
	case '=':
		return s->state == SCAN_NAMED ? scan_assign(s, err) : STATUS_OK;
	case '(':
		s->state = SCAN_CALL;
		s->args = 0;
		return STATUS_OK;
	case ')':
		s->state = SCAN_STATEMENT;
		return STATUS_OK;
	default:
		return STATUS_OK;
	}
}

/* What a string or word at this place must be. */
static enum status
scan_place(struct scan *s, enum quote quote, size_t start, struct error *err)
{
	struct slice word = { s->text.p + start, s->at - start };

	switch (s->state) {
	case SCAN_STATEMENT:
		if (word.n >= sizeof(s->name) || word.p[0] == '_' ||
		    quote != QUOTE_NONE)
			return place_error(err, s->here,
			    "no such option '%.*s'", (int)word.n, word.p);
		memcpy(s->name, word.p, word.n);
		memset(s->name + word.n, 0, sizeof(s->name) - word.n);
		s->state = SCAN_NAMED;
		return STATUS_OK;
	case SCAN_NAMED:
		s->state = SCAN_TITLED;
		return STATUS_OK;
	case SCAN_VALUE:
		if (option_form(slice_of(s->name)) == FORM_LIST)
			return place_error(err, s->here,
			    "%s takes a list: %s = { %.*s }", s->name, s->name,
			    (int)word.n, word.p);
		if (strcmp(s->name, "pattern") == 0 && quote != QUOTE_SINGLE)
			return place_error(err, s->here,
			    "a pattern stands in single quotes");
		s->state = SCAN_STATEMENT;
		return STATUS_OK;
	default:
		return STATUS_OK;
	}
}

static enum status
scan_token(struct scan *s, struct error *err)
{
	char c = s->text.p[s->at];
	struct place here = s->here;
	size_t start = s->at;
	enum status st;

	if (scan_looking_at(s, "+="))
		return place_error(err, here, "+= is not taken: write the "
		    "whole list");
	/* libconfuse loses the memory of a call that it cannot finish. */
	if (s->state == SCAN_CALL && c != ')' && (s->args++ > 0 ||
	    strchr("{}(=,", c) != NULL))
		return place_error(err, here, "%s() takes one file", s->name);
	if (strchr("{}()=,", c) != NULL)
		return scan_sign(s, err);
	st = c == '"' || c == '\'' ? scan_quoted(s, err) : scan_word(s, err);
	if (st != STATUS_OK)
		return st;
	return scan_place(s, c == '"' ? QUOTE_DOUBLE : c == '\'' ?
	    QUOTE_SINGLE : QUOTE_NONE, start, err);
}

/* The first byte that is no text: of no character, or a control character. */
static size_t
bad_byte(struct slice text)
{
	size_t i, n = utf8_valid(text.p, text.n);

	for (i = 0; i < n; i++)
		if ((unsigned char)text.p[i] < ' ' &&
		    (text.p[i] == '\0' || strchr("\t\n\r", text.p[i]) == NULL))
			return i;
	return n;
}

static enum status
check_bytes(struct slice text, const char *file, struct error *err)
{
	size_t i, bad;
	struct place at = { file, 1, NULL };

	if (text.n > POLICY_TEXT_MAX)
		return place_error(err, at, "a policy file has at most %zu "
		    "bytes", POLICY_TEXT_MAX);
	if ((bad = bad_byte(text)) == text.n)
		return STATUS_OK;
	for (i = 0; i < bad; i++)
		at.line += text.p[i] == '\n';
	return place_error(err, at, "this line is not UTF-8 text");
}

enum status
policy_scan(struct slice text, const char *file, struct buf *clean,
    struct error *err)
{
	struct scan *s;
	enum status st;

	if ((st = check_bytes(text, file, err)) != STATUS_OK)
		return st;
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return error_nomem(err);
	if (text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
		s->at = 3;
	s->text = text;
	s->here = (struct place){ file, 1, NULL };
	s->out = clean;
	buf_clear(clean);
	while (st == STATUS_OK && s->at < text.n) {
		if (strchr(" \t\r\n", text.p[s->at]) != NULL) {
			if (text.p[s->at] != '\n')
				buf_putc(clean, ' ');
			scan_skip(s);
		} else if (scan_comment(s, err)) {
			buf_putc(clean, ' ');
			st = err->code;
		} else {
			st = scan_token(s, err);
		}
	}
	if (st == STATUS_OK && s->state == SCAN_CALL)
		st = place_error(err, s->here, "%s() is never closed", s->name);
	if (st == STATUS_OK && s->depth > 0) {
		s->here.line = s->opened[s->depth];
		st = place_error(err, s->here, "this section is never closed");
	}
	free(s);
	return st != STATUS_OK ? st : buf_check(clean, err);
}
