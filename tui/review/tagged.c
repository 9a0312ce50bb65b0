#include "tui/review/tagged.h"

#include <stdio.h>

#include "tui/review/queue_view.h"
#include "tui/review/review.h"

/* One item after the other; where the store is locked it goes on there. */
static enum status
tagged_run(struct screen *scr, struct error *err)
{
	struct review *r = review_of(scr);
	struct task *t = &r->task;
	struct error one;
	enum status st;

	for (; t->tagged_at < t->ntagged; t->tagged_at++) {
		one = (struct error){ STATUS_OK, "" };
		t->decide.item = t->tagged[t->tagged_at];
		t->decide.token = -1;
		t->decide.here_only = true;
		st = review_decide(r->session, &t->decide, &t->decided, &one);
		if (st == STATUS_BUSY)
			return error_set(err, st, "%s", one.text);
		if (st == STATUS_OK)
			task_remember(t, t->decide.item);
		else {
			t->tagged_failed++;
			screen_fail(scr, "%s", one.text);
		}
	}
	return STATUS_OK;
}

static void
tagged_done(struct screen *scr, enum status st, struct error *err)
{
	struct task *t = &review_of(scr)->task;
	size_t done = t->tagged_at - t->tagged_failed;

	if (st != STATUS_OK)
		screen_fail(scr, "%zu of %zu decided; %s", done, t->ntagged,
		    err->text);
	else if (t->tagged_failed > 0)
		screen_fail(scr, "%zu of %zu decided; M shows why not the rest",
		    done, t->ntagged);
	else
		screen_say(scr, "%zu decided", done);
	queue_view_untag(scr);
	queue_view_refresh(scr);
}

static const struct op op_tagged = { "decide", tagged_run, tagged_done };

static void
tagged_reason(struct screen *scr, void *arg, struct slice text)
{
	struct task *t = &review_of(scr)->task;

	(void)arg;
	if (text.p == NULL) {
		screen_say(scr, "not decided");
		return;
	}
	buf_clear(&t->reason);
	buf_add_slice(&t->reason, text);
	t->decide.reason = t->reason.n > 0 ? buf_slice(&t->reason) : SLICE_NONE;
	op_run(scr, &op_tagged);
}

static void
tagged_answered(struct screen *scr, void *arg, struct slice text)
{
	const struct queue_policy *queue = arg;

	if (text.p == NULL)
		screen_say(scr, "not decided");
	else if (review_of(scr)->task.decide.decision == DECISION_ACCEPT)
		op_run(scr, &op_tagged);
	else
		prompt_choice(scr, "Reason (Enter: none):", queue->reasons,
		    queue->nreasons, tagged_reason, NULL);
}

void
task_tagged(struct screen *scr, enum decision decision, const int64_t *items,
    size_t n, const struct queue_policy *queue)
{
	struct task *t = &review_of(scr)->task;
	char label[128];

	memset(&t->decide, 0, sizeof(t->decide));
	t->decide.decision = decision;
	t->tagged = items;
	t->ntagged = n;
	t->tagged_at = t->tagged_failed = 0;
	(void)snprintf(label, sizeof(label), "%s %zu tagged item%s?",
	    decision_name(decision), n, n == 1 ? "" : "s");
	/* The policy outlives every prompt; it is only read. */
	prompt_confirm(scr, label, tagged_answered, (void *)(uintptr_t)queue);
}
