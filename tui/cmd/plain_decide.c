#include "tui/cmd/plain_decide.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LABELS_MAX	64

/* What the queue asks for beside it and was not given by a line before; false: it is
 * not to be decided. */
static bool
besides_ask(struct plain *p, const struct decide *d)
{
	const struct queue_policy *q = plain_queue(p);

	if (d->decision > DECISION_REJECT)
		return true;
	if (p->nrated == 0 && !plain_ask_ratings(&p->line, q, p->rated, &p->nrated))
		return false;
	return !q->evidence || p->nevidence > 0 ||
	    plain_ask_evidence(&p->line, p->evidence, &p->nevidence);
}

enum status
plain_decide(struct plain *p, struct decide *d, struct error *err)
{
	bool given = p->nrated + p->nevidence > 0;
	struct slice labels[LABELS_MAX];
	struct decided done;
	enum status st;

	if (!besides_ask(p, d))
		return error_set(err, STATUS_INTERRUPTED, "not decided: no answer");

	d->item = p->lease.item;
	d->token = p->lease.token;
	d->labels = labels;
	d->nlabels = p->labels.n == 0 ? 0 :
	    review_labels(buf_str(&p->labels), labels, LABELS_MAX);
	d->rated = p->rated;
	d->nrated = p->nrated;
	d->evidence = p->evidence;
	d->nevidence = p->nevidence;
	if ((st = review_decide(p->s, d, &done, err)) != STATUS_OK) {
		if (!given)
			p->nrated = p->nevidence = 0;	/* to be asked anew */
		return st;
	}
	p->last = d->item;
	p->last_seq = done.seq;
	plain_forget_many(p);
	plain_said(p, d->decision, d->reason.p != NULL ? d->reason : d->note);
	p->held = false;
	plain_say("%s: %.*s", done.state, SLICE_ARG(p->d.row.id));
	return STATUS_OK;
}

enum status
plain_accept(struct plain *p, const char *rest, struct error *err)
{
	struct decide d = { .decision = DECISION_ACCEPT, .note = plain_given(rest) };
	const char *warning = item_detail_warning(&p->d);
	char question[100];

	(void)snprintf(question, sizeof(question), "%s Type yes to accept it "
	    "all the same: ", warning == NULL ? "" : warning);
	if (warning != NULL && !plain_ask_yes(&p->line, question)) {
		plain_say("not accepted");
		return STATUS_OK;
	}
	return plain_decide(p, &d, err);
}

/*
 * What was given behind the word, by its number or in words; else, on a terminal, what
 * is asked for: in a pipe the next line is the next decision.  *asked is the caller's to
 * free.
 */
static enum status
reason_get(struct plain *p, const char *rest, const char *const *reasons, size_t n,
    char **asked, struct slice *reason, struct error *err)
{
	enum status st;

	*asked = NULL;
	if (rest[0] == '\0' && isatty(STDIN_FILENO) &&
	    !plain_ask_reason(&p->line, reasons, n, asked))
		return error_set(err, STATUS_INTERRUPTED, "no answer");
	if ((st = plain_reason(rest, reasons, n, &rest, err)) == STATUS_OK)
		*reason = plain_given(*asked != NULL ? *asked : rest);
	return st;
}

static enum status
decide_for_reason(struct plain *p, enum decision decision, const char *rest,
    const char *const *reasons, size_t n, struct error *err)
{
	struct decide d = { .decision = decision };
	char *asked;
	enum status st = reason_get(p, rest, reasons, n, &asked, &d.reason, err);

	if (st == STATUS_OK)
		st = plain_decide(p, &d, err);
	else
		(void)error_prefix(err, "not decided");
	free(asked);
	return st;
}

enum status
plain_reject(struct plain *p, const char *rest, struct error *err)
{
	const struct queue_policy *q = plain_queue(p);

	return decide_for_reason(p, DECISION_REJECT, rest, q->reasons, q->nreasons,
	    err);
}

enum status
plain_escalate(struct plain *p, const char *rest, struct error *err)
{
	if (slice_is(p->d.row.state, "escalated"))
		return error_set(err, STATUS_CONFLICT, "%.*s: it is escalated "
		    "already", SLICE_ARG(p->d.row.id));
	/* The queue's reasons say what is wrong with it. */
	return decide_for_reason(p, DECISION_ESCALATE, rest, NULL, 0, err);
}

enum status
plain_return(struct plain *p, const char *rest, struct error *err)
{
	struct decide d = { .decision = DECISION_RETURN, .note = plain_given(rest) };

	if (!slice_is(p->d.row.state, "escalated"))
		return error_set(err, STATUS_CONFLICT, "%.*s: only an escalated "
		    "item can be returned", SLICE_ARG(p->d.row.id));
	return plain_decide(p, &d, err);
}

/* The last decision again, with its reason. */
enum status
plain_again(struct plain *p, const char *rest, struct error *err)
{
	struct decide d = { .decision = p->said_as };
	struct slice said = p->said.n > 0 ? buf_slice(&p->said) : SLICE_NONE;

	(void)rest;
	if (!p->any_said)
		return error_set(err, STATUS_INVALID, "again: nothing was decided "
		    "in this session yet");
	if (p->said_as == DECISION_EDIT)
		return error_set(err, STATUS_INVALID, "again: the last decision "
		    "was an edit, which no other item can have");
	if (p->said_as == DECISION_ACCEPT)
		return plain_accept(p, said.n > 0 ? buf_str(&p->said) : "", err);
	if (p->said_as == DECISION_RETURN)
		d.note = said;
	else
		d.reason = said;
	return plain_decide(p, &d, err);
}

enum status
plain_skip(struct plain *p, const char *rest, struct error *err)
{
	const struct queue_policy *q = plain_queue(p);
	struct slice reason = SLICE_NONE;
	char *asked = NULL;
	enum status st = STATUS_OK;

	if (rest[0] != '\0' || q->nskip_reasons > 0)
		st = reason_get(p, rest, q->skip_reasons, q->nskip_reasons, &asked,
		    &reason, err);
	if (st != STATUS_OK)
		(void)error_prefix(err, "not skipped");
	else if ((st = review_skip(p->s, &p->lease, reason, err)) == STATUS_OK) {
		p->held = false;
		plain_say("skipped: %.*s", SLICE_ARG(p->d.row.id));
	}
	free(asked);
	return st;
}
