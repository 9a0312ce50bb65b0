/* What a policy allows and its author hardly means; the clear cases only. */
#include "core/policy.h"

#include <stdio.h>
#include <strings.h>

#include "core/expr_scan.h"

struct lint {
	void	(*warn)(void *, const char *);
	void	*arg;
	size_t	 ndead;
};

static bool
token_eq(const struct expr_token *a, const struct expr_token *b)
{
	if (a->type != b->type || a->text.n != b->text.n)
		return false;
	return a->type == EXPR_NAME ?
	    strncasecmp(a->text.p, b->text.p, a->text.n) == 0 :
	    slice_eq(a->text, b->text);
}

/* Is the condition true whatever the item? */
static bool
always_true(const char *when)
{
	struct slice s = slice_of(when);
	size_t at = 0;
	struct expr_token t = expr_token_next(s, &at);
	struct expr_token end = expr_token_next(s, &at);

	return end.type == EXPR_END && (expr_token_is(&t, "true") ||
	    (t.type == EXPR_NUMBER && slice_is(t.text, "1")));
}

/* Does the text have an OR, or a CASE or BETWEEN whose AND means another? */
static bool
has_or(struct slice s)
{
	static const char *const words[] = { "or", "case", "between", "not" };
	struct expr_token t;
	size_t at = 0, i;

	while ((t = expr_token_next(s, &at)).type != EXPR_END)
		for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (t.text.p[0] != '"' && expr_token_is(&t, words[i]))
				return true;
	return false;
}

/* Does whatever makes `later` true make `earlier` true: is it the same, or the
 * same with more terms that AND adds at its end? */
static bool
covers(const char *earlier, const char *later)
{
	struct slice a = slice_of(earlier), b = slice_of(later);
	size_t at = 0, bt = 0;
	struct expr_token x, y;

	for (;;) {
		x = expr_token_next(a, &at);
		y = expr_token_next(b, &bt);
		if (x.type == EXPR_END)
			break;
		if (!token_eq(&x, &y))
			return false;
	}
	return y.type == EXPR_END ||
	    (expr_token_is(&y, "and") && !has_or(a) && !has_or(b));
}

static void
lint_rules(struct lint *l, const struct queue_policy *q)
{
	const struct rule *r = q->rules, *before;
	char text[1024];
	size_t i, k;

	for (i = 0; i < q->nrules; i++)
		for (k = 0; k < i; k++) {
			before = &r[k];
			if (!always_true(before->when) &&
			    !covers(before->when, r[i].when))
				continue;
			(void)snprintf(text, sizeof(text), "%s:%d: rule \"%s\" "
			    "can never match: \"%s\" (line %d) takes all that "
			    "it would", r[i].file, r[i].line, r[i].name,
			    before->name, before->line);
			l->warn(l->arg, text);
			l->ndead++;
			break;
		}
}

static bool
guard_used(const struct policy *p, const struct guard *g)
{
	size_t i, k;

	for (i = 0; i < p->nqueues; i++)
		for (k = 0; k < p->queues[i].nguards; k++)
			if (p->queues[i].guards[k] == g)
				return true;
	return false;
}

size_t
policy_lint(const struct policy *p, void (*warn)(void *, const char *),
    void *arg)
{
	struct lint l = { warn, arg, 0 };
	char text[1024];
	size_t i;

	for (i = 0; i < p->nguards; i++) {
		if (guard_used(p, &p->guards[i]))
			continue;
		(void)snprintf(text, sizeof(text),
		    "%s:%d: guard \"%s\" is used by no queue",
		    p->guards[i].file, p->guards[i].line, p->guards[i].name);
		warn(arg, text);
	}
	for (i = 0; i < p->nqueues; i++)
		lint_rules(&l, &p->queues[i]);
	return l.ndead;
}
