#include "core/expr/times.h"

#include <ctype.h>

#include "core/base/time.h"
#include "core/base/when.h"
#include "core/expr/scan.h"

#define WORD_BYTES	64

/* Columns that hold a time, of items, decisions and leaves. */
static const char *const columns[] = {
	"created_at", "ingested_at", "due_at", "decided_at", "ts"
};
#define NCOLUMNS	(sizeof(columns) / sizeof(columns[0]))

enum kind { OTHER, COLUMN, ORDER, EQUAL, IN, BETWEEN, LITERAL };

struct operand {
	enum kind		 kind;
	struct expr_token	 token;
};

struct times {
	struct slice	 s;
	size_t		 at;		/* what is read, */
	size_t		 kept;		/* and what stands in out */
	int64_t		 now_ms;
	struct operand	 last[3];	/* the last first */
	struct buf	*out;
};

static bool
sign(const struct expr_token *t, const char *any)
{
	return t->type == EXPR_SIGN && strchr(any, t->text.p[0]) != NULL;
}

static enum status
put(struct times *x, struct slice instead_of, int64_t ms, struct error *err)
{
	char time[TIME_TEXT];
	size_t from = (size_t)(instead_of.p - x->s.p);

	time_format(ms, time);
	buf_add(x->out, x->s.p + x->kept, from - x->kept);
	buf_printf(x->out, "'%s'", time);
	x->kept = from + instead_of.n;
	return buf_check(x->out, err);
}

/* ('1d') behind the word that is the last token. */
static enum status
ago(struct times *x, const struct expr_token *word, struct error *err)
{
	struct expr_token open, text, close;
	char said[WORD_BYTES] = "";
	int64_t ms;

	open = expr_token_next(x->s, &x->at);
	text = expr_token_next(x->s, &x->at);
	close = expr_token_next(x->s, &x->at);
	if (!sign(&open, "(") || text.type != EXPR_STRING ||
	    !sign(&close, ")") ||
	    !expr_token_string(&text, said, sizeof(said)) ||
	    !when_parse(said, x->now_ms, &ms))
		return error_set(err, STATUS_INVALID, "ago() takes a time in "
		    "single quotes, like " WHEN_FORMS);
	return put(x, (struct slice){ word->text.p,
	    (size_t)(close.text.p + 1 - word->text.p) }, ms, err);
}

/* A beginning of RFC 3339 in UTC compares as it stands. */
static bool
begins_time(const char *s)
{
	static const char form[] = "0000-00-00T00:00:00.000Z";
	size_t i, n = strlen(s);

	for (i = 0; i < n && i < sizeof(form) - 1; i++) {
		if (form[i] == '0' ? !isdigit((unsigned char)s[i]) :
		    s[i] != form[i])
			return false;
	}
	return n >= 4 && n < sizeof(form);
}

/* A literal that is compared with a column of times. */
static enum status
literal(struct times *x, struct slice column, enum kind operator,
    const struct expr_token *t, struct error *err)
{
	char said[WORD_BYTES] = "";
	int64_t ms;

	if (t->type != EXPR_STRING ||
	    !expr_token_string(t, said, sizeof(said)) ||
	    (!when_parse(said, x->now_ms, &ms) && !begins_time(said)))
		return error_set(err, STATUS_INVALID, "%.*s is a time, which "
		    "%.*s is not: write one in single quotes, like " WHEN_FORMS,
		    SLICE_ARG(column),
		    t->text.n > 40 ? 40 : (int)t->text.n, t->text.p);
	if (operator != ORDER && operator != BETWEEN && strchr(said, ':') == NULL)
		return error_set(err, STATUS_INVALID, "%.*s is a moment, which no "
		    "day equals: write %.*s >= %.*s, and < where it ends",
		    SLICE_ARG(column), SLICE_ARG(column), SLICE_ARG(t->text));
	return when_parse(said, x->now_ms, &ms) ? put(x, t->text, ms, err) :
	    STATUS_OK;
}

static void
push(struct times *x, enum kind kind, const struct expr_token *t)
{
	x->last[2] = x->last[1];
	x->last[1] = x->last[0];
	x->last[0] = (struct operand){ kind, *t };
}

static bool
is_operator(enum kind kind)
{
	return kind == ORDER || kind == EQUAL || kind == IN ||
	    kind == BETWEEN;
}

/* `a BETWEEN 'b' AND` goes on as `a <=` does, and `a IN ('b',` as `a IN (`. */
static bool
goes_on(struct times *x, const struct expr_token *t)
{
	enum kind kind = x->last[1].kind;

	if (!(kind == BETWEEN && expr_token_is(t, "and")) &&
	    !(kind == IN && sign(t, ",")))
		return false;
	x->last[1] = x->last[2];
	x->last[0] = (struct operand){ kind == IN ? IN : ORDER, *t };
	return true;
}

/* What belongs to an operator that stands before it: <=, IS NOT, IN (; and the NOT of
 * NOT BETWEEN. */
static bool
belongs(struct times *x, const struct expr_token *t)
{
	enum kind last = x->last[0].kind;

	if (expr_token_is(t, "not"))
		return last == COLUMN || is_operator(last);
	if (!is_operator(last))
		return false;
	if (sign(t, "<>"))
		x->last[0].kind = EQUAL;	/* <> */
	return sign(t, "=<>(");
}

static enum kind
kind_of(const struct expr_token *t)
{
	size_t i;

	if (t->type == EXPR_STRING || t->type == EXPR_NUMBER)
		return LITERAL;
	if (sign(t, "<>"))
		return ORDER;
	if (sign(t, "=!") || expr_token_is(t, "is"))
		return EQUAL;
	if (expr_token_is(t, "in"))
		return IN;
	if (expr_token_is(t, "between"))
		return BETWEEN;
	for (i = 0; i < NCOLUMNS; i++) {
		if (expr_token_is(t, columns[i]))
			return COLUMN;
	}
	return OTHER;
}

/* What the last three say, with the column on either side. */
static enum status
look(struct times *x, struct error *err)
{
	const struct operand *c = &x->last[2], *l = &x->last[0];

	if (!is_operator(x->last[1].kind))
		return STATUS_OK;
	if (c->kind == LITERAL && l->kind == COLUMN)
		return literal(x, l->token.text, x->last[1].kind, &c->token, err);
	if (c->kind == COLUMN && l->kind == LITERAL)
		return literal(x, c->token.text, x->last[1].kind, &l->token, err);
	return STATUS_OK;
}

enum status
times_expand(const char *where, int64_t now_ms, struct buf *out,
    struct error *err)
{
	struct times x = { .s = slice_of(where), .now_ms = now_ms, .out = out };
	struct expr_token t;
	enum status st = STATUS_OK;

	while (st == STATUS_OK &&
	    (t = expr_token_next(x.s, &x.at)).type != EXPR_END) {
		if (expr_token_is(&t, "ago")) {
			st = ago(&x, &t, err);
			push(&x, OTHER, &t);
		} else if (!belongs(&x, &t) && !goes_on(&x, &t)) {
			push(&x, kind_of(&t), &t);
			st = look(&x, err);
		}
	}
	if (st != STATUS_OK)
		return st;
	buf_add(out, x.s.p + x.kept, x.s.n - x.kept);
	return buf_check(out, err);
}
