#include "core/expr/because.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/text.h"
#include "core/expr/scan.h"
#include "core/json/value.h"
#include "core/json/write.h"

#define TOKENS_MAX	512
#define NAME_BYTES	256	/* of a guard or a key */

/* A function's call: its tokens, what they say, what it comes to. */
struct computed {
	size_t		 from, end;	/* half open */
	struct slice	 value;		/* JSON; absent: there is none */
};

/* A condition being read for one item. */
struct reading_of {
	const struct expr_row	*row;
	struct arena		*arena;
	struct expr_token	 tok[TOKENS_MAX];
	size_t			 ntok;
	struct computed		 calls[BECAUSE_MAX];	/* by where they begin */
	size_t			 ncalls;
	struct because		*out;
	size_t			 n;
};

static bool
sign_at(const struct reading_of *r, size_t i, char c)
{
	return i < r->ntok && expr_token_sign(&r->tok[i], c);
}

static struct slice
kept(struct reading_of *r, struct buf *b)
{
	struct slice out = { NULL, b->n };

	if (!b->failed)
		out.p = arena_copy(r->arena, buf_str(b), b->n);
	buf_release(b);
	return out.p == NULL ? SLICE_NONE : out;
}

static struct slice
json_of_text(struct reading_of *r, struct slice text)
{
	struct buf b = BUF_INIT;

	if (text.p == NULL)
		return SLICE("null");
	if (text.n > BECAUSE_TEXT)
		return SLICE_NONE;
	text_json(&b, text);
	return kept(r, &b);
}

static struct slice
json_of_double(struct reading_of *r, double x)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);

	write_double(&w, NULL, x);
	return kept(r, &b);
}

static double
not_negative(double x)
{
	return x < 0 ? (double)NAN : x;
}

/* A column by its name as JSON; false: it is none, or is text as a whole. */
static bool
column_value(struct reading_of *r, const struct expr_token *t, const char **name,
    struct slice *value)
{
	const struct item *it = r->row->item;
	const struct {
		const char	*name;
		struct slice	 text;
	} texts[] = {
		{ "stop", stop_name(it->stop) }, { "model", it->model },
		{ "prompt", it->prompt }, { "variant", it->variant },
		{ "queue", it->queue }
	};
	const struct {
		const char	*name;
		double		 value;
	} numbers[] = {
		{ "confidence", it->has_confidence ? it->confidence :
		    (double)NAN },
		{ "cost_usd", not_negative(it->cost_usd) },
		{ "latency_ms", not_negative(it->latency_ms) },
		{ "input_tokens", not_negative((double)it->input_tokens) },
		{ "output_tokens", not_negative((double)it->output_tokens) },
		{ "failures", r->row->failures }, { "errors", r->row->errors },
		{ "severity", not_negative((double)r->row->severity) }
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (expr_token_is(t, texts[i].name)) {
			*name = texts[i].name;
			*value = json_of_text(r, texts[i].text);
			return true;
		}
	}
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (expr_token_is(t, numbers[i].name)) {
			*name = numbers[i].name;
			*value = json_of_double(r, numbers[i].value);
			return true;
		}
	}
	return false;
}

/* A key, an index or a path of both ("$.a.b[0]") from a value on. */
static uint32_t
path_step(const struct json *j, uint32_t t, const char *key)
{
	char part[NAME_BYTES];
	size_t n;

	if (key[0] != '$')
		return json_kind(j, t) == TOKEN_OBJECT ? json_get(j, t, key) :
		    JSON_NONE;
	for (key++; *key != '\0' && t != JSON_NONE; key += n) {
		if (key[0] == '[' && json_kind(j, t) == TOKEN_ARRAY) {
			t = json_at(j, t, (uint32_t)strtoul(key + 1, NULL, 10));
			n = strcspn(key, "]");
			n += key[n] == ']';
			continue;
		}
		if (key[0] != '.' || json_kind(j, t) != TOKEN_OBJECT)
			return JSON_NONE;
		key++;
		n = strcspn(key, ".[");
		(void)snprintf(part, sizeof(part), "%.*s", (int)n, key);
		t = json_get(j, t, part);
	}
	return t;
}

/* The place that one step of an arrow or a path names. */
static uint32_t
literal_step(const struct json *j, uint32_t t, const struct expr_token *key)
{
	char name[NAME_BYTES];

	if (t == JSON_NONE)
		return t;
	if (key->type == EXPR_NUMBER)
		return json_kind(j, t) != TOKEN_ARRAY ? JSON_NONE : json_at(j, t,
		    (uint32_t)strtoul(key->text.p, NULL, 10));
	return expr_token_string(key, name, sizeof(name)) ?
	    path_step(j, t, name) : JSON_NONE;
}

/* The last key of the steps taken, as people call the value. */
static struct slice
step_name(struct reading_of *r, const struct expr_token *key)
{
	char name[NAME_BYTES];
	const char *p = name;

	if (key->type != EXPR_STRING ||
	    !expr_token_string(key, name, sizeof(name)))
		return key->text;
	if (p[0] == '$' && p[1] == '.')
		p += 2;
	return (struct slice){ arena_str(r->arena, slice_of(p)), strlen(p) };
}

/* Behind metadata or output: `-> 'key'` and `->> 'key'` as often as they come;
 * the token after them.  No arrow, no value. */
static size_t
arrows_value(struct reading_of *r, size_t i, struct slice text,
    struct because *b)
{
	struct json j = JSON_INIT;
	struct json_error why;
	uint32_t t = JSON_NONE;
	size_t k;

	if (text.p != NULL && json_parse(&j, text, JSON_DEPTH_MAX,
	    JSON_NUL_ALLOWED, &why) == STATUS_OK)
		t = 0;
	while (sign_at(r, i, '-') && sign_at(r, i + 1, '>')) {
		k = i + 2 + sign_at(r, i + 2, '>');
		if (k >= r->ntok || (r->tok[k].type != EXPR_STRING &&
		    r->tok[k].type != EXPR_NUMBER))
			break;
		t = literal_step(&j, t, &r->tok[k]);
		b->name = step_name(r, &r->tok[k]);
		i = k + 1;
	}
	if (b->name.p != NULL) {
		b->value = t == JSON_NONE ? SLICE("null") : json_raw(&j, t);
		b->value = b->value.n > BECAUSE_TEXT ? SLICE_NONE :
		    (struct slice){ arena_copy(r->arena, b->value.p,
		    b->value.n), b->value.n };
	}
	json_release(&j);
	return i;
}

/* failed('x') and the others; the token behind the call. */
static size_t
call_value(struct reading_of *r, size_t i, struct because *b)
{
	const struct expr_facts *f = r->row->facts;
	char guard[NAME_BYTES], kind[NAME_BYTES];
	bool two = sign_at(r, i + 3, ',');
	size_t end = i + (two ? 6 : 4);
	const char *start = r->tok[i].text.p;

	if (end > r->ntok || !sign_at(r, i + 1, '(') ||
	    !sign_at(r, end - 1, ')') || r->tok[i + 2].type != EXPR_STRING ||
	    !expr_token_string(&r->tok[i + 2], guard, sizeof(guard)))
		return i + 1;
	b->name = (struct slice){ start, (size_t)(r->tok[end - 1].text.p + 1 -
	    start) };
	if (expr_token_is(&r->tok[i], "score"))
		b->value = json_of_double(r, f->score(f->arg, guard));
	else {
		if (expr_token_is(&r->tok[i], "failed"))
			b->holds = f->failed(f->arg, guard);
		else if (expr_token_is(&r->tok[i], "errored"))
			b->holds = f->errored(f->arg, guard);
		else if (two && expr_token_string(&r->tok[i + 4], kind,
		    sizeof(kind)))
			b->holds = f->kind(f->arg, guard, kind);
		b->value = b->holds ? SLICE("true") : SLICE("false");
		b->known = true;
	}
	return end;
}

static const char *const operators[] = {
	">=", "<=", "<>", "!=", "==", ">", "<", "=", NULL
};
/* What holds where one of the operators does not. */
static const char *const opposites[] = {
	"<", ">", "=", "=", "!=", "<=", ">=", "!=", NULL
};

/* The operator at a token, or -1; *length: its tokens. */
static int
operator_at(const struct reading_of *r, size_t i, size_t *length)
{
	int k;

	for (k = 0; operators[k] != NULL; k++) {
		*length = strlen(operators[k]);
		if (sign_at(r, i, operators[k][0]) && (*length == 1 ||
		    sign_at(r, i + 1, operators[k][1])))
			return k;
	}
	return -1;
}

/* -1, 0 or 1; 2: the two cannot be compared. */
static int
compare(struct slice json, const struct expr_token *t, double sign)
{
	char text[NAME_BYTES], other[BECAUSE_TEXT + 3], *end;
	double a, b;
	int c;

	(void)snprintf(other, sizeof(other), "%.*s", SLICE_ARG(json));
	if (t->type == EXPR_NUMBER) {
		/* num() reads a number in a text too. */
		a = strtod(other[0] == '"' ? other + 1 : other, &end);
		b = sign * strtod(t->text.p, NULL);
		if (end == other || isnan(a) || strcmp(other, "null") == 0)
			return 2;
		return a < b ? -1 : a > b;
	}
	if (t->type != EXPR_STRING || other[0] != '"' ||
	    strchr(other, '\\') != NULL ||
	    !expr_token_string(t, text, sizeof(text)))
		return 2;
	other[strlen(other) - 1] = '\0';
	c = strcmp(other + 1, text);
	return c < 0 ? -1 : c > 0;
}

static bool
operator_holds(int op, int c)
{
	const bool holds[] = { c >= 0, c <= 0, c != 0, c != 0, c == 0, c > 0,
	    c < 0, c == 0 };

	return holds[op];
}

/* Does a parenthesis open before it that changes nothing of a value? */
static bool
opened(const struct reading_of *r, size_t i)
{
	if (i == 0 || !sign_at(r, i - 1, '('))
		return false;
	return i == 1 || r->tok[i - 2].type != EXPR_NAME ||
	    expr_token_is(&r->tok[i - 2], "num") ||
	    expr_token_is(&r->tok[i - 2], "AND") ||
	    expr_token_is(&r->tok[i - 2], "OR");
}

/* Nothing more is reckoned with what ends before this token. */
static bool
part_ends(const struct reading_of *r, size_t i)
{
	return i >= r->ntok || sign_at(r, i, ')') ||
	    expr_token_is(&r->tok[i], "AND") || expr_token_is(&r->tok[i], "OR");
}

/* Nor with what begins at it, num() and parentheses apart. */
static bool
part_begins(const struct reading_of *r, size_t i)
{
	while (i > 0 && (sign_at(r, i - 1, '(') ||
	    (sign_at(r, i, '(') && expr_token_is(&r->tok[i - 1], "num"))))
		i--;
	return i == 0 || expr_token_is(&r->tok[i - 1], "AND") ||
	    expr_token_is(&r->tok[i - 1], "OR") ||
	    expr_token_is(&r->tok[i - 1], "NOT");
}

/* The operator and the number or text that the value is compared with. */
struct compare_with {
	int			 op;
	double			 sign;
	const struct expr_token	*with;
};

/* `> 500` behind a value, perhaps behind the parenthesis of num(). */
static bool
comparison_read(const struct reading_of *r, size_t i, bool within,
    struct compare_with *c)
{
	size_t length = 0;

	while (within && sign_at(r, i, ')'))
		i++;
	if ((c->op = operator_at(r, i, &length)) < 0)
		return false;
	i += length;
	c->sign = sign_at(r, i, '-') ? -1 : 1;
	i += c->sign < 0;
	c->with = &r->tok[i];
	return i < r->ntok && (c->with->type == EXPR_NUMBER ||
	    c->with->type == EXPR_STRING) && part_ends(r, i + 1);
}

/* A value that begins at a token and ends before another. */
static void
compared(struct reading_of *r, size_t from, size_t i, bool negated,
    struct because *b)
{
	bool within = opened(r, from), as_number = within && from > 1 &&
	    expr_token_is(&r->tok[from - 2], "num");
	struct compare_with with;
	bool holds;
	int c;

	if (!comparison_read(r, i, within, &with))
		return;
	/* A number in a text is one to num() alone. */
	c = with.with->type == EXPR_NUMBER && b->value.p[0] == '"' &&
	    !as_number ? 2 : compare(b->value, with.with, with.sign);
	b->known = c != 2 || slice_is(b->value, "null");
	/* Nothing is said of what there is nothing of. */
	if (c == 2) {
		b->compared = arena_printf(r->arena, "%.*s",
		    SLICE_ARG(b->value));
		return;
	}
	holds = operator_holds(with.op, c);
	b->holds = holds != negated;
	b->compared = arena_printf(r->arena, "%.*s %s %s%.*s",
	    SLICE_ARG(b->value), holds ? operators[with.op] :
	    opposites[with.op], with.sign < 0 ? "-" : "",
	    SLICE_ARG(with.with->text));
}

static void
add(struct reading_of *r, const struct because *b)
{
	size_t i;

	if (r->n == BECAUSE_MAX)
		return;
	for (i = 0; i < r->n; i++) {
		if (slice_eq(r->out[i].name, b->name))
			return;
	}
	r->out[r->n++] = *b;
}

/* The tokens of a call that begins at i, behind its last parenthesis; 0: there
 * begins none that is shown.  num() is as what it reads. */
static size_t
call_end(const struct reading_of *r, size_t i)
{
	static const char *const no_call[] = { "AND", "OR", "NOT", "IN", "IS",
	    "BETWEEN", "LIKE", "GLOB", "ESCAPE", "CASE", "WHEN", "THEN",
	    "ELSE", "AS", "FROM", "COLLATE", "num", "failed", "errored",
	    "score", "kind", NULL };
	size_t depth = 1, k;

	if (r->tok[i].type != EXPR_NAME || !sign_at(r, i + 1, '(') ||
	    expr_token_is_one(&r->tok[i], no_call))
		return 0;
	for (k = i + 2; k < r->ntok && depth > 0; k++)
		depth = depth + sign_at(r, k, '(') - sign_at(r, k, ')');
	return depth == 0 ? k : 0;
}

static struct slice
call_text(const struct reading_of *r, const struct computed *c)
{
	const char *start = r->tok[c->from].text.p;

	return (struct slice){ start, (size_t)(r->tok[c->end - 1].text.p + 1 -
	    start) };
}

/* Finds the calls and has them computed. */
static enum status
calls_read(struct reading_of *r, const struct expr_names *names,
    struct expr_set **set, struct error *err)
{
	const char *texts[BECAUSE_MAX];
	struct slice values[BECAUSE_MAX];
	enum status st;
	size_t i, end;

	for (i = 0; i < r->ntok && r->ncalls < BECAUSE_MAX; i++) {
		if ((end = call_end(r, i)) > 0)
			r->calls[r->ncalls++] = (struct computed){ i, end,
			    SLICE_NONE };
	}
	if (r->ncalls == 0)
		return STATUS_OK;
	for (i = 0; i < r->ncalls; i++) {
		if ((texts[i] = arena_str(r->arena, call_text(r,
		    &r->calls[i]))) == NULL)
			return error_nomem(err);
	}
	st = expr_set_values(set, texts, r->ncalls, names, r->row, r->arena,
	    values, err);
	for (i = 0; i < r->ncalls && st == STATUS_OK; i++)
		r->calls[i].value = values[i];
	return st;
}

static const struct computed *
call_at(const struct reading_of *r, size_t i)
{
	size_t k;

	for (k = 0; k < r->ncalls; k++) {
		if (r->calls[k].from == i)
			return &r->calls[k];
	}
	return NULL;
}

/* What a call takes is no part of the condition by itself. */
static bool
is_within_call(const struct reading_of *r, size_t i)
{
	size_t k;

	for (k = 0; k < r->ncalls; k++) {
		if (r->calls[k].from < i && i < r->calls[k].end)
			return true;
	}
	return false;
}

/* The value that a name begins; the token behind it. */
static size_t
value_read(struct reading_of *r, size_t i, struct because *b)
{
	static const char *const asking[] = { "failed", "errored", "score",
	    "kind", NULL };
	const struct expr_token *t = &r->tok[i];
	const struct computed *c = call_at(r, i);
	const char *name = NULL;

	if (c != NULL) {
		b->name = call_text(r, c);
		b->value = c->value;
		return c->end;
	}
	if (expr_token_is_one(t, asking))
		return call_value(r, i, b);
	if (expr_token_is(t, "metadata"))
		return arrows_value(r, i + 1, r->row->item->metadata, b);
	if (expr_token_is(t, "output"))
		return arrows_value(r, i + 1, r->row->item->output, b);
	if (column_value(r, t, &name, &b->value))
		b->name = slice_of(name);
	return i + 1;
}

/* Is the value a whole part of the condition, true or not by itself? */
static bool
stands_alone(const struct reading_of *r, size_t i, size_t next)
{
	static const char *const before[] = { "AND", "OR", "NOT", NULL };
	static const char *const behind[] = { "AND", "OR", NULL };

	return !is_within_call(r, i) && (i == 0 || opened(r, i) ||
	    expr_token_is_one(&r->tok[i - 1], before)) && (next >= r->ntok ||
	    sign_at(r, next, ')') || expr_token_is_one(&r->tok[next], behind));
}

/* As a condition takes it: text counts by the number that it begins with. */
static bool
truth(struct slice json)
{
	const char *p = json.p + (json.p[0] == '"');

	return fabs(strtod(p, NULL)) > 0;
}

/* What a name stands for is added; the token to go on with, which is within a
 * call. */
static size_t
name_read(struct reading_of *r, size_t i)
{
	bool negated = i >= 1 && expr_token_is(&r->tok[i - 1], "NOT");
	struct because b = { .name = SLICE_NONE };
	size_t next = value_read(r, i, &b), on = call_at(r, i) == NULL ? next :
	    i + 1;

	if (b.name.p == NULL || b.value.p == NULL)
		return on;
	if (is_within_call(r, i))
		b.known = false;
	else if (b.known)
		b.holds = b.holds != negated;
	else if (part_begins(r, i) && (opened(r, i) || i == 0 ||
	    !sign_at(r, i - 1, '(')))
		compared(r, i, next, negated, &b);
	if (!b.known && call_at(r, i) != NULL && stands_alone(r, i, next)) {
		b.known = true;
		b.holds = truth(b.value) != negated;
	}
	add(r, &b);
	return on;
}

enum status
because_get(const char *condition, const struct expr_names *names,
    const struct expr_row *row, struct expr_set **set, struct arena *arena,
    struct because **out, size_t *n, struct error *err)
{
	struct reading_of *r = malloc(sizeof(*r));
	struct slice text = slice_of(condition);
	enum status st;
	size_t at = 0, i;

	*n = 0;
	*out = arena_alloc(arena, BECAUSE_MAX * sizeof(**out));
	if (r == NULL || *out == NULL) {
		free(r);
		return error_nomem(err);
	}
	r->row = row;
	r->arena = arena;
	r->out = *out;
	r->ntok = r->ncalls = r->n = 0;
	while (r->ntok < TOKENS_MAX && (r->tok[r->ntok] = expr_token_next(text,
	    &at)).type != EXPR_END)
		r->ntok++;
	st = calls_read(r, names, set, err);
	for (i = 0; i < r->ntok && st == STATUS_OK;)
		i = r->tok[i].type == EXPR_NAME ? name_read(r, i) : i + 1;
	*n = r->n;
	free(r);
	return st;
}

/* "toxicity failed" of failed('toxicity'), else the name and the value. */
static void
part_add(struct buf *out, const struct because *b)
{
	struct slice inner = b->name;
	bool yes = slice_is(b->value, "true");

	if (out->n > 0)
		buf_puts(out, ", ");
	if (inner.n > 10 && memcmp(inner.p, "failed('", 8) == 0) {
		inner.p += 8;
		inner.n -= 10;
		buf_printf(out, "%.*s %s", SLICE_ARG(inner), yes ? "failed" :
		    "did not fail");
	} else if (inner.n > 11 && memcmp(inner.p, "errored('", 9) == 0) {
		inner.p += 9;
		inner.n -= 11;
		buf_printf(out, "%.*s %s", SLICE_ARG(inner), yes ?
		    "could not run" : "ran");
	} else
		buf_printf(out, "%.*s %.*s", SLICE_ARG(inner),
		    SLICE_ARG(b->compared.p != NULL ? b->compared : b->value));
}

struct slice
because_text(const struct because *b, size_t n, bool holding,
    struct arena *arena)
{
	struct buf out = BUF_INIT;
	struct slice kept_text = SLICE_NONE;
	bool any = false;
	size_t i;

	for (i = 0; i < n; i++)
		any |= b[i].known && b[i].holds == holding;
	for (i = 0; i < n; i++) {
		if (!any || (b[i].known && b[i].holds == holding))
			part_add(&out, &b[i]);
	}
	if (out.n > 0 && !out.failed)
		kept_text = (struct slice){ arena_copy(arena, buf_str(&out),
		    out.n), out.n };
	buf_release(&out);
	return kept_text.p == NULL ? SLICE_NONE : kept_text;
}
