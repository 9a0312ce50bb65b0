#include "tui/review/many.h"

#include <stdio.h>
#include <stdlib.h>

#include "tui/review/review.h"
#include "tui/screen/tty.h"

#define STEP_MS		50	/* then the keys are looked at */

static enum status
chunk_decide(struct screen *scr, struct act_many *b, struct error *err)
{
	struct session *s = review_of(scr)->session;
	size_t n = b->n - b->at < DECIDE_MANY ? b->n - b->at : DECIDE_MANY, i;
	struct decided_one *one = calloc(DECIDE_MANY, sizeof(*one));
	enum status st;

	if (one == NULL)
		return error_nomem(err);
	st = review_decide_many(s, &b->decide, b->item + b->at, n, one, err);
	for (i = 0; st == STATUS_OK && i < n; i++) {
		if (one[i].status == STATUS_OK) {
			b->item[b->ndecided++] = b->item[b->at + i];
			b->seq = one[i].decided.seq;
		} else {
			b->failed++;
			screen_fail(scr, "%s", one[i].err.text);
		}
	}
	if (st == STATUS_OK)
		b->at += n;
	free(one);
	return st;
}

static enum status
many_step(struct screen *scr, struct error *err)
{
	struct act_many *b = &review_of(scr)->task.batch;
	int64_t until = tty_now_ms() + STEP_MS;
	enum status st;

	while (b->at < b->n) {
		st = chunk_decide(scr, b, err);
		if (st != STATUS_OK)
			return st;
		(void)snprintf(b->progress, sizeof(b->progress),
		    "%s: %zu of %zu", decision_name(b->decide.decision), b->at,
		    b->n);
		if (b->at < b->n && tty_now_ms() >= until)
			return STATUS_BUSY;
	}
	return STATUS_OK;
}

static void
many_ended(struct screen *scr, enum status st, struct error *err)
{
	struct act_many *b = &review_of(scr)->task.batch;

	b->done(scr, b, st, err);
}

void
many_run(struct screen *scr, struct act_many *b)
{
	b->at = b->ndecided = b->failed = 0;
	(void)snprintf(b->progress, sizeof(b->progress), "%s: 0 of %zu",
	    decision_name(b->decide.decision), b->n);
	b->op = (struct op){ b->progress, many_step, many_ended, true };
	op_run(scr, &b->op);
}
