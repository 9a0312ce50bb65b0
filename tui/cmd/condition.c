#include "tui/cmd/condition.h"

#include <stdio.h>

#include "core/expr/scan.h"
#include "core/policy/known.h"
#include "queue/review/list.h"
#include "queue/review/review.h"

#define TEXT_MAX	256	/* bytes of a text worth looking at */
#define QUEUES_MAX	1000

/* A condition, with what its names are looked up in. */
struct doubts {
	struct cmd_run		*run;
	const struct policy	*policy;
	const char		*queues[QUEUES_MAX];	/* of the store */
	size_t			 nqueues;
};

static const char *
state_word(void *arg, size_t i)
{
	static const char *const words[] = { "approved", "flagged", "escalated",
	    "accepted", "edited", "rejected" };

	(void)arg;
	return i < sizeof(words) / sizeof(words[0]) ? words[i] : NULL;
}

static const char *
route_word(void *arg, size_t i)
{
	(void)arg;
	return i <= ROUTE_ESCALATE ? route_name((enum route)i) : NULL;
}

static const char *
decision_word(void *arg, size_t i)
{
	(void)arg;
	return i <= DECISION_UNDO ? decision_name((enum decision)i) : NULL;
}

/* The i-th rule of all queues. */
static const char *
rule_word(void *arg, size_t i)
{
	const struct doubts *d = arg;
	size_t k;

	for (k = 0; k < d->policy->nqueues; k++) {
		if (i < d->policy->queues[k].nrules)
			return d->policy->queues[k].rules[i].name;
		i -= d->policy->queues[k].nrules;
	}
	return NULL;
}

/* The i-th guard, and behind them the results that queues expect. */
static const char *
guard_word(void *arg, size_t i)
{
	const struct doubts *d = arg;
	size_t k;

	if (i < d->policy->nguards)
		return d->policy->guards[i].name;
	i -= d->policy->nguards;
	for (k = 0; k < d->policy->nqueues; k++) {
		if (i < d->policy->queues[k].nexpects)
			return d->policy->queues[k].expects[i];
		i -= d->policy->queues[k].nexpects;
	}
	return NULL;
}

/* What is compared with one of these, or given to it, is one of those. */
static const struct {
	const char	*name, *what;
	near_name	*known;
	bool		 call;
} rows[] = {
	{ "state", "no state", state_word, false },
	{ "route", "no route", route_word, false },
	{ "decision", "no decision", decision_word, false },
	{ "rule", "the policy has no rule", rule_word, false },
	{ "failed", "the policy has no guard", guard_word, true },
	{ "errored", "the policy has no guard", guard_word, true },
	{ "score", "the policy has no guard", guard_word, true },
	{ "kind", "the policy has no guard", guard_word, true }
};

static void
doubt_say(struct doubts *d, const char *what, const char *text,
    const char *hint)
{
	char line[1200];

	(void)snprintf(line, sizeof(line), "condition: %s '%s'%s", what, text,
	    hint);
	cmd_complain(d->run, line);
}

static void
queue_look(struct doubts *d, const char *text)
{
	char hint[QUEUE_HINT];
	size_t i;

	if (policy_has_queue(d->policy, slice_of(text)))
		return;
	for (i = 0; i < d->nqueues; i++)
		if (strcmp(d->queues[i], text) == 0)
			return;
	doubt_say(d, "no queue", text, policy_queue_hint(hint, d->policy, NULL, 0,
	    slice_of(text)));
}

/* A text that stands behind a column and a sign, or in a call's parentheses. */
static void
text_look(struct doubts *d, const struct expr_token *name, bool call,
    const char *text)
{
	char hint[NEAR_TEXT];
	const char *known;
	size_t i, k;

	if (!call && expr_token_is(name, "queue")) {
		queue_look(d, text);
		return;
	}
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (call != rows[i].call || !expr_token_is(name, rows[i].name))
			continue;
		for (k = 0; (known = rows[i].known(d, k)) != NULL; k++)
			if (strcmp(known, text) == 0)
				return;
		if (near_hint(hint, slice_of(text), rows[i].known, d)[0] != '\0')
			doubt_say(d, rows[i].what, text, hint);
	}
}

/* Where in a condition one is: behind which name, and within which parentheses. */
struct reading_at {
	struct expr_token	name, before;
	bool			call, list;
};

static bool
is_asked(const struct reading_at *r)
{
	return r->name.type == EXPR_NAME && (expr_token_compares(&r->before) || r->list ||
	    (r->call && expr_token_sign(&r->before, '(')));
}

static void
reading_on(struct reading_at *r, const struct expr_token *t)
{
	if (expr_token_sign(t, '(')) {
		r->list = expr_token_is(&r->before, "in");
		r->call = !r->list && r->before.type == EXPR_NAME;
	} else if (expr_token_sign(t, ')')) {
		r->list = r->call = false;
	} else if (t->type == EXPR_NAME && !expr_token_is(t, "in") &&
	    !expr_token_is(t, "not")) {
		r->name = *t;
		r->call = false;
	}
	r->before = *t;
}

/* "name = 'x'", "name('x'" and "name IN ('x', 'y')". */
static void
condition_look(struct doubts *d, struct slice where)
{
	struct reading_at r = { .name = { EXPR_END, SLICE_NONE },
	    .before = { EXPR_END, SLICE_NONE } };
	struct expr_token t;
	char text[TEXT_MAX];
	size_t at = 0;

	while ((t = expr_token_next(where, &at)).type != EXPR_END) {
		if (t.type == EXPR_STRING && is_asked(&r) &&
		    expr_token_string(&t, text, sizeof(text)))
			text_look(d, &r.name, r.call, text);
		reading_on(&r, &t);
	}
}

void
condition_doubts(struct cmd_run *run, struct session *s)
{
	const char *where = cmd_value(run, "where");
	struct arena arena = ARENA_INIT;
	struct error err = { STATUS_OK, "" };
	struct doubts *d;

	if (where == NULL || s->policy == NULL ||
	    (d = arena_zalloc(&arena, sizeof(*d))) == NULL) {
		arena_release(&arena);
		return;
	}
	d->run = run;
	d->policy = s->policy;
	if (list_queues(s, QUEUES_MAX, &arena, d->queues, &d->nqueues, &err) ==
	    STATUS_OK)
		condition_look(d, slice_of(where));
	arena_release(&arena);
}
