#include "tui/cmd/plain_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "tui/cmd/plain_many.h"
#include "tui/review/plan.h"

static void
fail_say(const char *why)
{
	plain_say("left as it was: %s", why);
}

/* A word of what is said of all: accept, reject or escalate. */
static bool
all_word(const char *rest, enum decision *decision, const char **behind)
{
	size_t n = strcspn(rest, " \t");
	char word[12];

	if (n == 0 || n >= sizeof(word))
		return false;
	(void)snprintf(word, sizeof(word), "%.*s", (int)n, rest);
	*behind = rest + n + strspn(rest + n, " \t");
	return decision_from(word, decision) && (*decision == DECISION_ACCEPT ||
	    *decision == DECISION_REJECT || *decision == DECISION_ESCALATE);
}

static enum status
all_decide(struct plain *p, struct plan *plan, struct slice reason,
    struct error *err)
{
	struct decide d = { .decision = plan->decision, .token = -1,
	    .here_only = true, .reason = reason };
	size_t done = 0, of = plan->n;
	int64_t seq = 0;
	enum status st;

	plain_forget_many(p);
	p->many = plan->item;
	plan->item = NULL;
	st = plain_many_decide(p->s, &d, p->many, of, &done, &seq, fail_say,
	    err);
	p->nmany = done;
	p->last = -1;
	p->last_seq = seq;
	plain_say("%s: %zu decided of %zu; undo takes them back",
	    decision_name(d.decision), done, of);
	plain_said(p, d.decision, reason);
	if (p->held && st == STATUS_OK) {
		p->held = false;
		st = review_release(p->s, &p->lease, err);
	}
	return st;
}

/* All that the list holds, as one act: the plan first. */
enum status
plain_all(struct plain *p, const char *rest, struct error *err)
{
	struct buf text = BUF_INIT;
	struct plan *plan = NULL;
	enum decision decision;
	char *reason = NULL;
	const char *behind;
	enum status st;

	if (!all_word(rest, &decision, &behind))
		return error_set(err, STATUS_INVALID, "all: accept, reject or "
		    "escalate is wanted behind it");
	if (behind[0] != '\0' && (reason = strdup(behind)) == NULL)
		return error_nomem(err);
	st = plain_many_plan(p->s, p->filter, decision, &plan, &text, err);
	if (st == STATUS_OK) {
		plain_say("%s", buf_str(&text));
		if (plan->n == 0 || !plain_ask_yes(&p->line, "Type yes to do so: "))
			plain_say("not decided");
		else
			st = all_decide(p, plan, slice_of(reason), err);
	}
	plan_free(plan);
	buf_release(&text);
	free(reason);
	return st;
}

enum status
plain_all_undo(struct plain *p, struct error *err)
{
	const struct decide d = { .decision = DECISION_UNDO, .token = -1,
	    .here_only = true, .no_lease = true, .upto = p->last_seq };
	size_t done = 0;
	int64_t seq;
	enum status st;

	if (!plain_ask_yes(&p->line, "Type yes to undo all of the last batch, and recall what "
	    "is out: ")) {
		plain_say("not undone");
		return STATUS_OK;
	}
	st = plain_many_decide(p->s, &d, p->many, p->nmany, &done, &seq,
	    fail_say, err);
	plain_say("undone: %zu of %zu", done, p->nmany);
	if (st == STATUS_OK)
		plain_forget_many(p);
	return st;
}
