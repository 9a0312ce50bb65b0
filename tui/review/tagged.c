#include "tui/review/tagged.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/policy/policy.h"
#include "tui/review/plan.h"
#include "tui/review/queue_list.h"
#include "tui/review/queue_view.h"
#include "tui/review/review.h"
#include "tui/screen/cell.h"

#define FILTER_SHOWN	60	/* columns of it in a question */

static void
tagged_end(struct screen *scr)
{
	struct task *t = &review_of(scr)->task;

	aside_leave(t->planning);
	t->planning = NULL;
	t->plan = NULL;
}

static void
tagged_done(struct screen *scr, struct act_many *b, enum status st,
    struct error *err)
{
	size_t left = b->n - b->at;

	if (st == STATUS_BUSY && b->at > 0)
		screen_fail(scr, "stopped: %zu decided, %zu left as they were; "
		    "u takes them back", b->ndecided, left + b->failed);
	else if (st != STATUS_OK)
		screen_fail(scr, "%zu decided, %zu left as they were; %s",
		    b->ndecided, left + b->failed, err->text);
	else if (b->failed > 0)
		screen_fail(scr, "%zu decided, %zu left as they were: M says "
		    "why; u takes the %zu back", b->ndecided, b->failed,
		    b->ndecided);
	else
		screen_say(scr, "%s: %zu decided; u takes them back",
		    decision_name(b->decide.decision), b->ndecided);
	task_remember_many(&review_of(scr)->task, b->item, b->ndecided, b->seq);
	b->item = NULL;
	if (st == STATUS_OK)
		queue_view_untag(scr);
	queue_view_refresh(scr);
}

/* The plan is carried out. */
static void
tagged_go(struct screen *scr)
{
	struct task *t = &review_of(scr)->task;
	struct act_many *b = &t->batch;

	b->decide = (struct decide){ .decision = t->plan->decision,
	    .token = -1, .here_only = true,
	    .reason = t->reason.n > 0 ? buf_slice(&t->reason) : SLICE_NONE };
	b->item = t->plan->item;
	b->n = t->plan->n;
	b->done = tagged_done;
	t->plan->item = NULL;
	tagged_end(scr);
	many_run(scr, b);
}

static void
tagged_reason(struct screen *scr, void *arg, struct slice text)
{
	struct task *t = &review_of(scr)->task;

	(void)arg;
	if (text.p == NULL) {
		tagged_end(scr);
		screen_say(scr, "not decided");
		return;
	}
	buf_clear(&t->reason);
	buf_add_slice(&t->reason, text);
	task_last_set(t, t->plan->decision);
	tagged_go(scr);
}

static void
tagged_answered(struct screen *scr, void *arg, struct slice text)
{
	struct review *r = review_of(scr);
	struct task *t = &r->task;
	const struct queue_policy *queue;

	(void)arg;
	if (text.p == NULL) {
		tagged_end(scr);
		screen_say(scr, "not decided");
		return;
	}
	if (t->plan->decision == DECISION_ACCEPT || t->tagged_again) {
		task_last_set(t, t->plan->decision);
		tagged_go(scr);
		return;
	}
	if (t->plan->decision == DECISION_ESCALATE) {
		prompt_said(scr, "Reason (Enter: none):", tagged_reason, NULL);
		return;
	}
	queue = policy_queue(r->session->policy, slice_of(t->plan->queue));
	prompt_choice(scr, "Reason (Enter: none):", queue->reasons,
	    queue->nreasons, tagged_reason, NULL);
}

static enum status
plan_run(struct screen *scr, struct error *err)
{
	enum status st;

	return aside_ended(review_of(scr)->task.planning, &st, err) ? st :
	    STATUS_BUSY;
}

/* The plan, behind what the list is under where all of it is tagged. */
static void
plan_add(const struct review *r, struct buf *label)
{
	const struct plan *p = r->task.plan;
	struct buf under = BUF_INIT;

	if (p->tags.all && p->filter.where != NULL) {
		buf_puts(&under, " under & ");
		cell_ends(slice_of(r->typed), FILTER_SHOWN, &under);
	}
	buf_printf(label, "%s ", decision_name(p->decision));
	plan_text(p, buf_str(&under), label);
	buf_release(&under);
}

static void
plan_done(struct screen *scr, enum status st, struct error *err)
{
	struct task *t = &review_of(scr)->task;
	struct buf label = BUF_INIT;

	if (st != STATUS_OK || t->plan->n == 0) {
		if (st == STATUS_BUSY)
			screen_say(scr, "not decided");
		else if (st != STATUS_OK)
			screen_fail(scr, "%s", err->text);
		else
			screen_fail(scr, "%s: nothing is left to do: %zu high or "
			    "hidden, %zu in other hands",
			    decision_name(t->plan->decision),
			    t->plan->left_out, t->plan->held);
		tagged_end(scr);
		return;
	}
	plan_add(review_of(scr), &label);
	if (t->tagged_again && t->reason.n > 0)
		buf_printf(&label, " (%s)", buf_str(&t->reason));
	buf_putc(&label, '?');
	prompt_confirm(scr, buf_str(&label), tagged_answered, NULL);
	buf_release(&label);
}

static const struct op op_plan = {
	"looking at what is tagged", plan_run, plan_done, true
};

void
task_tagged(struct screen *scr, enum decision decision, bool again)
{
	struct review *r = review_of(scr);
	struct task *t = &r->task;
	struct error err = { STATUS_OK, "" };

	buf_clear(&t->reason);
	t->tagged_again = again;
	if (again)
		buf_add(&t->reason, t->last_reason.p, t->last_reason.n);
	t->plan = plan_new(decision, &r->filter, &queue_list_of(scr)->tags);
	if (t->plan == NULL || aside_start(&t->planning, r->session, plan_make,
	    t->plan, plan_free, &err) != STATUS_OK) {
		plan_free(t->plan);
		t->plan = NULL;
		screen_fail(scr, "%s", err.code == STATUS_OK ? "out of memory" :
		    err.text);
		return;
	}
	op_run(scr, &op_plan);
}
