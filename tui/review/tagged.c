#include <stdio.h>

#include "tui/screen/view.h"
#include "tui/review/views.h"

/* One item after the other; where the store is locked it goes on there. */
static enum status
batch_run(struct screen *scr, struct error *err)
{
	struct task *t = &scr->task;
	struct error one;
	enum status st;

	for (; t->batch_at < t->nbatch; t->batch_at++) {
		one = (struct error){ STATUS_OK, "" };
		t->decide.item = t->batch[t->batch_at];
		t->decide.token = -1;
		t->decide.here_only = true;
		st = review_decide(scr->session, &t->decide, &t->decided, &one);
		if (st == STATUS_BUSY)
			return error_set(err, st, "%s", one.text);
		if (st == STATUS_OK)
			task_remember(t, t->decide.item);
		else {
			t->batch_failed++;
			screen_fail(scr, "%s", one.text);
		}
	}
	return STATUS_OK;
}

static void
batch_done(struct screen *scr, enum status st, struct error *err)
{
	struct task *t = &scr->task;
	size_t done = t->batch_at - t->batch_failed;

	if (st != STATUS_OK)
		screen_fail(scr, "%zu of %zu decided; %s", done, t->nbatch,
		    err->text);
	else if (t->batch_failed > 0)
		screen_fail(scr, "%zu of %zu decided; M shows why not the rest",
		    done, t->nbatch);
	else
		screen_say(scr, "%zu decided", done);
	queue_view_untag(scr);
	queue_view_refresh(scr);
}

static const struct op op_batch = { "decide", batch_run, batch_done };

static void
batch_reason(struct screen *scr, void *arg, struct slice text)
{
	struct task *t = &scr->task;

	(void)arg;
	if (text.p == NULL) {
		screen_say(scr, "not decided");
		return;
	}
	buf_clear(&t->reason);
	buf_add_slice(&t->reason, text);
	t->decide.reason = t->reason.n > 0 ? buf_slice(&t->reason) : SLICE_NONE;
	screen_run(scr, &op_batch);
}

static void
batch_answered(struct screen *scr, void *arg, struct slice text)
{
	const struct queue_policy *queue = arg;

	if (text.p == NULL)
		screen_say(scr, "not decided");
	else if (scr->task.decide.decision == DECISION_ACCEPT)
		screen_run(scr, &op_batch);
	else
		prompt_choice(scr, "Reason (Enter: none):", queue->reasons,
		    queue->nreasons, batch_reason, NULL);
}

void
task_batch(struct screen *scr, enum decision decision, const int64_t *items,
    size_t n, const struct queue_policy *queue)
{
	struct task *t = &scr->task;
	char label[128];

	memset(&t->decide, 0, sizeof(t->decide));
	t->decide.decision = decision;
	t->batch = items;
	t->nbatch = n;
	t->batch_at = t->batch_failed = 0;
	(void)snprintf(label, sizeof(label), "%s %zu tagged item%s?",
	    decision_name(decision), n, n == 1 ? "" : "s");
	/* The policy outlives every prompt; it is only read. */
	prompt_confirm(scr, label, batch_answered, (void *)(uintptr_t)queue);
}
