#include "core/expr/scan.h"

#include <strings.h>

/* SQLite: every byte above 127 may stand in a name. */
static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '$' ||
	    (unsigned char)c >= 0x80;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v');
}

/* The end of a comment that begins at `at`, or `at` where none does. */
static size_t
skip_comment(struct slice s, size_t at)
{
	const char *end;

	if (s.n - at < 2)
		return at;
	if (s.p[at] == '-' && s.p[at + 1] == '-') {
		end = memchr(s.p + at, '\n', s.n - at);
		return end == NULL ? s.n : (size_t)(end - s.p);
	}
	if (s.p[at] != '/' || s.p[at + 1] != '*')
		return at;
	end = s.n - at < 4 ? NULL : memmem(s.p + at + 2, s.n - at - 2, "*/", 2);
	return end == NULL ? at : (size_t)(end - s.p) + 2;
}

/* The end of what a quote opens; at the text's end plus one where it is not
 * closed. */
static size_t
quoted_end(struct slice s, size_t at)
{
	char close = s.p[at] == '[' ? ']' : s.p[at];
	size_t i;

	for (i = at + 1; i < s.n; i++) {
		if (s.p[i] != close)
			continue;
		if (close == ']' || i + 1 == s.n || s.p[i + 1] != close)
			return i + 1;
		i++;
	}
	return s.n + 1;
}

static struct expr_token
token_quoted(struct slice s, size_t start, size_t *at)
{
	size_t end = quoted_end(s, start);
	enum expr_token_type type =
	    s.p[start] == '\'' ? EXPR_STRING : EXPR_NAME;

	if (end > s.n) {
		end = s.n;
		type = EXPR_BAD;
	}
	*at = end;
	return (struct expr_token){ type, { s.p + start, end - start } };
}

/* Digits, fractions, exponents and 0x: where exactly one ends matters to no
 * check here, as long as no sign of weight is taken in. */
static size_t
number_end(struct slice s, size_t at)
{
	while (at < s.n && (is_word(s.p[at]) || s.p[at] == '.' ||
	    ((s.p[at] == '+' || s.p[at] == '-') &&
	    (s.p[at - 1] == 'e' || s.p[at - 1] == 'E'))))
		at++;
	return at;
}

/* The first byte that is neither blank nor in a comment. */
static size_t
skip_blank(struct slice s, size_t i)
{
	size_t next;

	for (; i < s.n; i = next) {
		next = is_blank(s.p[i]) ? i + 1 : skip_comment(s, i);
		if (next == i)
			break;
	}
	return i;
}

static bool
is_quote(char c)
{
	return c == '\'' || c == '"' || c == '`' || c == '[';
}

static bool
number_begins(struct slice s, size_t i)
{
	return is_digit(s.p[i]) ||
	    (s.p[i] == '.' && i + 1 < s.n && is_digit(s.p[i + 1]));
}

struct expr_token
expr_token_next(struct slice s, size_t *at)
{
	size_t start = skip_blank(s, *at), i = start;
	enum expr_token_type type = EXPR_SIGN;

	*at = start;
	if (i >= s.n)
		return (struct expr_token){ EXPR_END, { s.p + s.n, 0 } };
	if (is_quote(s.p[i]))
		return token_quoted(s, i, at);
	if (number_begins(s, i)) {
		type = EXPR_NUMBER;
		i = number_end(s, i + 1);
	} else if (is_word(s.p[i]) && s.p[i] != '$') {
		type = EXPR_NAME;
		while (i < s.n && is_word(s.p[i]))
			i++;
	} else if (s.p[i] == '\0' ||
	    (s.p[i] == '/' && i + 1 < s.n && s.p[i + 1] == '*')) {
		type = EXPR_BAD;	/* a comment without end */
		i++;
	} else {
		i++;
	}
	*at = i;
	return (struct expr_token){ type, { s.p + start, i - start } };
}

bool
expr_token_is(const struct expr_token *t, const char *s)
{
	struct slice n = t->text;

	if (t->type != EXPR_NAME)
		return false;
	if (n.n >= 2 && strchr("\"`[", n.p[0]) != NULL) {
		n.p++;
		n.n -= 2;
	}
	return n.n == strlen(s) && strncasecmp(n.p, s, n.n) == 0;
}

bool
expr_token_is_one(const struct expr_token *t, const char *const *words)
{
	for (; *words != NULL; words++)
		if (expr_token_is(t, *words))
			return true;
	return false;
}

bool
expr_token_sign(const struct expr_token *t, char c)
{
	return t->type == EXPR_SIGN && t->text.p[0] == c;
}

bool
expr_token_compares(const struct expr_token *t)
{
	return t->type == EXPR_SIGN && strchr("=<>!", t->text.p[0]) != NULL;
}

bool
expr_token_close(struct slice text, size_t *at)
{
	struct expr_token t;
	int depth = 1;

	while (depth > 0 && (t = expr_token_next(text, at)).type != EXPR_END)
		depth += expr_token_sign(&t, '(') - expr_token_sign(&t, ')');
	return depth == 0;
}

bool
expr_token_string(const struct expr_token *t, char *out, size_t size)
{
	size_t i, n = 0;

	for (i = 1; i + 1 < t->text.n; i++) {
		if (n + 1 >= size)
			return false;
		out[n++] = t->text.p[i];
		if (t->text.p[i] == '\'')
			i++;
	}
	out[n] = '\0';
	return true;
}

static enum status
scan_sign(const struct expr_token *t, int *depth, struct error *err)
{
	char c = t->text.p[0];

	if (c == '(')
		++*depth;
	else if (c == ')' && --*depth < 0)
		return error_set(err, STATUS_INVALID,
		    "a closing parenthesis too many");
	if (c == ';')
		return error_set(err, STATUS_INVALID,
		    "a condition is one expression: nothing may follow a ;");
	if (strchr("?:@$#", c) != NULL)
		return error_set(err, STATUS_INVALID,
		    "a condition takes no parameters: %c", c);
	return STATUS_OK;
}

enum status
expr_scan(struct slice text, struct error *err)
{
	struct expr_token t;
	size_t at = 0, n = 0;
	int depth = 0;
	enum status st;

	if (text.n > EXPR_TEXT_MAX)
		return error_set(err, STATUS_INVALID,
		    "a condition has at most %zu bytes", EXPR_TEXT_MAX);
	while ((t = expr_token_next(text, &at)).type != EXPR_END) {
		n++;
		if (t.type == EXPR_BAD)
			return error_set(err, STATUS_INVALID,
			    "unfinished: %.*s", t.text.n > 40 ? 40 :
			    (int)t.text.n, t.text.p);
		if (t.text.p[0] != '"' && expr_token_is(&t, "select"))
			return error_set(err, STATUS_INVALID,
			    "a SELECT cannot stand in a condition");
		if (t.type == EXPR_SIGN &&
		    (st = scan_sign(&t, &depth, err)) != STATUS_OK)
			return st;
	}
	if (n == 0)
		return error_set(err, STATUS_INVALID, "the condition is empty");
	if (depth > 0)
		return error_set(err, STATUS_INVALID,
		    "a closing parenthesis is missing");
	return STATUS_OK;
}
