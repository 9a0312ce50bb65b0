#include "core/policy/cover.h"

#include <strings.h>

#include "core/expr/expr.h"
#include "core/expr/scan.h"
#include "core/policy/load.h"
#include "core/policy/value.h"

#define TOKENS_MAX	256

struct terms {
	const struct expr_token	*v;
	size_t			 n;
};

struct condition_tokens {
	struct expr_token	v[TOKENS_MAX];
	size_t			n;
};

static bool
sign_is(const struct expr_token *t, const char *s)
{
	return t->type == EXPR_SIGN && slice_is(t->text, s);
}

/* Do two signs that stand together make one operator? */
static bool
joins(struct slice a, struct slice b)
{
	static const char *const two[] = {
		"<=", ">=", "==", "<>", "!=", "->", "->>", "||", "<<", ">>"
	};
	size_t i;

	for (i = 0; i < sizeof(two) / sizeof(two[0]); i++)
		if (strlen(two[i]) == a.n + b.n && a.p + a.n == b.p &&
		    memcmp(two[i], a.p, a.n + b.n) == 0)
			return true;
	return false;
}

/* False where there are too many. */
static bool
condition_read(struct condition_tokens *c, const char *text)
{
	struct slice s = slice_of(text);
	struct expr_token t, *last;
	size_t at = 0;

	c->n = 0;
	while ((t = expr_token_next(s, &at)).type != EXPR_END) {
		last = c->n == 0 ? NULL : &c->v[c->n - 1];
		if (last != NULL && last->type == EXPR_SIGN &&
		    t.type == EXPR_SIGN && joins(last->text, t.text)) {
			last->text.n += t.text.n;
			continue;
		}
		if (c->n == TOKENS_MAX)
			return false;
		c->v[c->n++] = t;
	}
	return true;
}

static bool
token_eq(const struct expr_token *a, const struct expr_token *b)
{
	if (a->type != b->type || a->text.n != b->text.n)
		return false;
	return a->type == EXPR_NAME ?
	    strncasecmp(a->text.p, b->text.p, a->text.n) == 0 :
	    slice_eq(a->text, b->text);
}

static bool
terms_eq(struct terms a, struct terms b)
{
	size_t i;

	for (i = 0; i < a.n && i < b.n; i++)
		if (!token_eq(&a.v[i], &b.v[i]))
			return false;
	return a.n == b.n;
}

static bool
is_keyword(const struct expr_token *t, const char *word)
{
	return t->text.p[0] != '"' && expr_token_is(t, word);
}

/* The first of the words outside of parentheses from `at` on, or n. */
static size_t
find_word(struct terms t, size_t at, const char *const *words, size_t nwords)
{
	int depth = 0;
	size_t i;

	for (; at < t.n; at++) {
		depth += sign_is(&t.v[at], "(") ? 1 :
		    sign_is(&t.v[at], ")") ? -1 : 0;
		for (i = 0; i < nwords && depth == 0; i++)
			if (is_keyword(&t.v[at], words[i]))
				return at;
	}
	return at;
}

static struct terms
strip(struct terms t)
{
	int depth;
	size_t i;

	while (t.n > 2 && sign_is(&t.v[0], "(")) {
		for (i = 0, depth = 0; i < t.n; i++) {
			depth += sign_is(&t.v[i], "(") ? 1 :
			    sign_is(&t.v[i], ")") ? -1 : 0;
			if (depth == 0)
				break;
		}
		if (i != t.n - 1)
			break;
		t.v++;
		t.n -= 2;
	}
	return t;
}

/* Is it several terms that the word joins?  AND within BETWEEN is none. */
static bool
is_joined(struct terms t, const char *word)
{
	static const char *const whole[] = { "case", "between" };

	return find_word(t, 0, &word, 1) < t.n &&
	    find_word(t, 0, whole, strcmp(word, "and") == 0 ? 2 : 1) == t.n;
}

/* The next of the terms that the word joins; n is 0 behind the last. */
static struct terms
next_term(struct terms t, const char *word, size_t *at)
{
	size_t start = *at, end = find_word(t, start, &word, 1);

	*at = end + 1;
	return (struct terms){ t.v + (start < t.n ? start : t.n),
	    start < t.n ? end - start : 0 };
}

/* "x < 0.5", with x one value of the item that no text can be. */
struct bound {
	struct terms	 x;
	char		 op;		/* '<', '>' or '=' */
	bool		 or_equal;
	double		 v;
};

static bool
is_number_column(const struct expr_token *t)
{
	static const char *const columns[] = {
		"confidence", "cost_usd", "latency_ms", "input_tokens",
		"output_tokens", "failures", "errors", "severity"
	};
	size_t i;

	for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		if (expr_token_is(t, columns[i]))
			return true;
	return false;
}

/* Such a column, a call, or a value taken out of JSON. */
static bool
is_value(struct terms t)
{
	int depth = 0;
	size_t i;

	if (t.n == 1)
		return is_number_column(&t.v[0]);
	if (t.n < 3 || t.v[0].type != EXPR_NAME || is_keyword(&t.v[0], "cast"))
		return false;
	for (i = 1; i < t.n; i++) {
		depth += sign_is(&t.v[i], "(") ? 1 :
		    sign_is(&t.v[i], ")") ? -1 : 0;
		if (depth == 0 && t.v[i].type != EXPR_STRING &&
		    !sign_is(&t.v[i], ")") && !sign_is(&t.v[i], "->>"))
			return false;
	}
	return true;
}

static bool
bound_number(const struct expr_token *t, double *v)
{
	struct error err = { STATUS_OK, "" };
	char text[40];

	if (t->type != EXPR_NUMBER || t->text.n >= sizeof(text))
		return false;
	memcpy(text, t->text.p, t->text.n);
	text[t->text.n] = '\0';
	return value_number(text, v, &err) == STATUS_OK;
}

static bool
bound_read(struct terms t, struct bound *b)
{
	static const char *const ops[] = { "<", "<=", ">", ">=", "=", "==" };
	size_t i, op = t.n - 2;

	if (t.n < 3 || !bound_number(&t.v[t.n - 1], &b->v))
		return false;
	if (sign_is(&t.v[op], "-") && op > 1) {
		b->v = -b->v;
		op--;
	}
	for (i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (sign_is(&t.v[op], ops[i]))
			break;
	if (i == sizeof(ops) / sizeof(ops[0]))
		return false;
	b->op = ops[i][0];
	b->or_equal = ops[i][1] == '=';
	b->x = (struct terms){ t.v, op };
	return is_value(b->x);
}

static bool
bound_within(struct terms inner, struct terms outer)
{
	struct bound a, b;
	double side;

	if (!bound_read(inner, &a) || !bound_read(outer, &b) ||
	    !terms_eq(a.x, b.x))
		return false;
	if (b.op == '=')
		return a.op == '=' && !(a.v < b.v) && !(a.v > b.v);
	if (a.op != b.op && a.op != '=')
		return false;
	side = b.op == '<' ? b.v - a.v : a.v - b.v;
	return side > 0 || (!(side < 0) && (b.or_equal ||
	    (a.op != '=' && !a.or_equal)));
}

static bool implies(struct terms, struct terms);

/* Does it hold for all of the terms of one side, or for some? */
static bool
of_terms(struct terms later, struct terms earlier, bool split_later,
    const char *word, bool all)
{
	struct terms whole = split_later ? later : earlier, part;
	size_t at = 0;
	bool holds;

	while ((part = next_term(whole, word, &at)).n > 0) {
		holds = split_later ? implies(part, earlier) :
		    implies(later, part);
		if (holds != all)
			return holds;
	}
	return all;
}

static bool
implies(struct terms later, struct terms earlier)
{
	later = strip(later);
	earlier = strip(earlier);
	if (is_joined(later, "or"))
		return of_terms(later, earlier, true, "or", true);
	if (is_joined(earlier, "or"))
		return of_terms(later, earlier, false, "or", false);
	if (is_joined(earlier, "and"))
		return of_terms(later, earlier, false, "and", true);
	if (is_joined(later, "and"))
		return of_terms(later, earlier, true, "and", false);
	return terms_eq(later, earlier) || bound_within(later, earlier);
}

bool
cover_implies(const char *later, const char *earlier)
{
	struct condition_tokens a, b;

	return condition_read(&a, later) && condition_read(&b, earlier) &&
	    (terms_eq((struct terms){ a.v, a.n }, (struct terms){ b.v, b.n }) ||
	    implies((struct terms){ a.v, a.n }, (struct terms){ b.v, b.n }));
}

/* Does it name nothing of the item? */
static bool
is_constant(const struct condition_tokens *c)
{
	static const char *const words[] = {
		"true", "false", "null", "not", "and", "or", "is", "in",
		"between", "like"
	};
	size_t i, k;

	for (i = 0; i < c->n; i++) {
		for (k = 0; k < sizeof(words) / sizeof(words[0]); k++)
			if (is_keyword(&c->v[i], words[k]))
				break;
		if (c->v[i].type == EXPR_NAME &&
		    k == sizeof(words) / sizeof(words[0]))
			return false;
	}
	return true;
}

enum cover_fixed
cover_fixed(const char *when)
{
	static const struct item nothing;
	struct expr_row row = { &nothing, 0, 0, SEVERITY_NONE, NULL };
	struct expr_names names = { NULL, 0, NULL, false };
	struct error err = { STATUS_OK, "" };
	enum expr_value v = EXPR_ERROR;
	struct expr_set *set = NULL;
	struct condition_tokens c;
	size_t bad, tried;

	if (condition_read(&c, when) && is_constant(&c) &&
	    expr_set_new(&set, &when, 1, &names, &bad, &err) == STATUS_OK &&
	    expr_set_run(set, &row, true, &v, &tried, &err) != STATUS_OK)
		v = EXPR_ERROR;
	expr_set_free(set);
	return v == EXPR_TRUE ? COVER_ALWAYS : v == EXPR_FALSE ||
	    v == EXPR_NULL ? COVER_NEVER : COVER_VARIES;
}
