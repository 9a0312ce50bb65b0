#include "tui/cmd/plain.h"

#include <stdlib.h>

#include "queue/review/item_why.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/plain_edit.h"
#include "tui/cmd/show_text.h"

enum status
plain_show(struct plain *p, const char *rest, struct error *err)
{
	struct buf b = BUF_INIT;
	enum status st;

	(void)rest;
	show_text(&b, &p->d);
	st = cmd_print(&b, err);
	buf_release(&b);
	return st;
}

/* Reads and prints what was just claimed; what was to go with another item's decision
 * does not go with its. */
static enum status
claimed(struct plain *p, struct error *err)
{
	enum status st;

	buf_clear(&p->labels);
	p->nrated = p->nevidence = 0;
	arena_reset(&p->arena);
	p->held = true;
	st = item_detail_load(p->s, p->lease.item, &p->arena, &p->d, err);
	if (st == STATUS_OK)
		st = item_why_load(p->s, &p->d, &p->arena, err);
	return st == STATUS_OK ? plain_show(p, "", err) : st;
}

enum status
plain_next(struct plain *p, struct error *err)
{
	enum status st;

	st = review_claim_next(p->s, p->filter, &p->lease, err);
	if (st == STATUS_NOT_FOUND && err->code == STATUS_OK) {
		plain_say("nothing left to review here");
		return STATUS_OK;
	}
	if (st == STATUS_OK)
		st = claimed(p, err);
	return st == STATUS_OK ? plain_draft_offer(p, err) : st;
}

enum status
plain_take(struct plain *p, int64_t item, struct error *err)
{
	enum status st;

	if (p->held &&
	    (st = review_release(p->s, &p->lease, err)) != STATUS_OK)
		return st;
	p->held = false;
	st = review_claim(p->s, item, &p->lease, err);
	return st == STATUS_OK ? claimed(p, err) : st;
}

const struct queue_policy *
plain_queue(struct plain *p)
{
	return p->d.queue = policy_queue(p->s->policy, p->d.row.queue);
}

void
plain_said(struct plain *p, enum decision decision, struct slice said)
{
	p->any_said = true;
	p->said_as = decision;
	if (said.p != buf_str(&p->said)) {
		buf_clear(&p->said);
		buf_add_slice(&p->said, said);
	}
}

void
plain_forget_many(struct plain *p)
{
	free(p->many);
	p->many = NULL;
	p->nmany = 0;
}

struct slice
plain_given(const char *rest)
{
	return rest[0] == '\0' ? SLICE_NONE : slice_of(rest);
}

void
plain_release(struct plain *p)
{
	plain_line_release(&p->line);
	buf_release(&p->labels);
	buf_release(&p->ratings);
	buf_release(&p->said);
	plain_forget_many(p);
	arena_release(&p->arena);
}
