#include "core/policy/lex.h"

#include "core/base/utf8.h"

#define SHOWN_MAX	60	/* bytes of a token in a message */
#define SIGNS		"{}()=,"
#define NO_WORD		"\"'#={}()+,*;"	/* ends a word, beside blanks */

/* Passes over one byte.  A character counts where it begins. */
static void
lexer_skip(struct lexer *l)
{
	char c = l->text.p[l->at++];

	if (c == '\n') {
		l->here.line++;
		l->here.column = 1;
	} else if ((c & 0xc0) != 0x80) {
		l->here.column++;
	}
}

static bool
lexer_sees(const struct lexer *l, const char *lit)
{
	size_t n = strlen(lit);

	return l->text.n - l->at >= n &&
	    memcmp(l->text.p + l->at, lit, n) == 0;
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

enum status
lexer_init(struct lexer *l, struct slice text, const char *shown,
    const char *named, struct error *err)
{
	size_t bad;

	*l = (struct lexer){ text, 0, { shown, 1, 1, named } };
	if (text.n > POLICY_TEXT_MAX)
		return position_error(err, l->here, "a policy file has at most "
		    "%zu bytes", POLICY_TEXT_MAX);
	bad = bad_byte(text);
	if (lexer_sees(l, "\xef\xbb\xbf"))
		l->at = 3;
	if (bad == text.n)
		return STATUS_OK;
	while (l->at < bad)
		lexer_skip(l);
	return position_error(err, l->here, "this line is not UTF-8 text");
}

/* To the next token or the end. */
static enum status
skip_blank(struct lexer *l, struct error *err)
{
	struct position start;

	while (l->at < l->text.n) {
		start = l->here;
		if (strchr(" \t\r\n", l->text.p[l->at]) != NULL) {
			lexer_skip(l);
		} else if (l->text.p[l->at] == '#' || lexer_sees(l, "//")) {
			while (l->at < l->text.n && l->text.p[l->at] != '\n')
				lexer_skip(l);
		} else if (lexer_sees(l, "/*")) {
			for (l->at += 2, l->here.column += 2;
			    l->at < l->text.n && !lexer_sees(l, "*/");)
				lexer_skip(l);
			if (l->at == l->text.n)
				return position_error(err, start,
				    "this comment has no end");
			l->at += 2;
			l->here.column += 2;
		} else {
			break;
		}
	}
	return STATUS_OK;
}

static enum status
refuse_variable(const struct lexer *l, struct error *err)
{
	return position_error(err, l->here,
	    "\"${\" is allowed in single quotes only");
}

static enum status
lex_quoted(struct lexer *l, char quote, struct error *err)
{
	struct position start = l->here;

	for (lexer_skip(l); l->at < l->text.n && l->text.p[l->at] != quote;) {
		if (quote == '"' && lexer_sees(l, "${"))
			return refuse_variable(l, err);
		if (l->text.p[l->at] == '\\' && l->at + 1 < l->text.n) {
			if (quote == '"' && strchr("\\\"nt",
			    l->text.p[l->at + 1]) == NULL)
				return position_error(err, l->here, "a backslash "
				    "in double quotes goes before \\, \", n "
				    "or t only; use single quotes");
			lexer_skip(l);
		}
		lexer_skip(l);
	}
	if (l->at == l->text.n)
		return position_error(err, start, "this quote is never closed");
	lexer_skip(l);
	return STATUS_OK;
}

static bool
is_word(char c)
{
	return (unsigned char)c > ' ' && c != 0x7f &&
	    strchr(NO_WORD, c) == NULL;
}

static enum status
lex_word(struct lexer *l, struct error *err)
{
	size_t start = l->at;

	while (l->at < l->text.n && is_word(l->text.p[l->at])) {
		if (lexer_sees(l, "${"))
			return refuse_variable(l, err);
		lexer_skip(l);
	}
	return l->at > start ? STATUS_OK : position_error(err, l->here,
	    "%c is out of place here: put the value in single quotes",
	    l->text.p[start]);
}

enum status
lexer_next(struct lexer *l, struct token *t, struct error *err)
{
	enum status st;
	size_t start;
	char c;

	if ((st = skip_blank(l, err)) != STATUS_OK)
		return st;
	start = l->at;
	*t = (struct token){ TOKEN_END, l->here, { l->text.p + start, 0 } };
	if (start == l->text.n)
		return STATUS_OK;
	c = l->text.p[start];
	if (lexer_sees(l, "+="))
		return position_error(err, l->here, "+= is not taken: write the "
		    "whole list");
	if (strchr(SIGNS, c) != NULL) {
		t->kind = TOKEN_SIGN;
		lexer_skip(l);
	} else if (c == '"' || c == '\'') {
		t->kind = c == '"' ? TOKEN_DOUBLE : TOKEN_SINGLE;
		st = lex_quoted(l, c, err);
	} else {
		t->kind = TOKEN_WORD;
		st = lex_word(l, err);
	}
	t->raw.n = l->at - start;
	return st;
}

bool
token_is_sign(const struct token *t, char c)
{
	return t->kind == TOKEN_SIGN && t->raw.p[0] == c;
}

bool
token_is_text(const struct token *t)
{
	return t->kind == TOKEN_WORD || t->kind == TOKEN_SINGLE ||
	    t->kind == TOKEN_DOUBLE;
}

/* What the backslash and c stand for goes to `to`, and so its end. */
static char *
put_escape(char *to, enum token_kind kind, char c)
{
	if (kind == TOKEN_DOUBLE) {
		*to++ = c == 'n' ? '\n' : c == 't' ? '\t' : c;
	} else if (c != '\n') {		/* else it goes on in the next line */
		if (c != '\\' && c != '\'')
			*to++ = '\\';
		*to++ = c;
	}
	return to;
}

char *
token_text(struct arena *a, const struct token *t)
{
	const char *p = t->raw.p, *end = p + t->raw.n;
	char *text, *to;

	if (t->kind == TOKEN_WORD)
		return arena_str(a, t->raw);
	if ((text = to = arena_alloc(a, t->raw.n)) == NULL)
		return NULL;
	for (p++, end--; p < end; p++) {
		if (*p == '\\')
			to = put_escape(to, t->kind, *++p);
		else
			*to++ = *p;
	}
	*to = '\0';
	return text;
}

struct slice
token_shown(const struct token *t)
{
	struct slice s = t->raw;

	if (s.n > SHOWN_MAX)
		s.n = utf8_valid(s.p, SHOWN_MAX);
	return s;
}
