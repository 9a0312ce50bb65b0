#include "tui/cmd/plain_besides.h"

#include "queue/review/labels.h"

enum status
plain_note(struct plain *p, const char *rest, struct error *err)
{
	enum status st;

	if (rest[0] == '\0')
		return error_set(err, STATUS_INVALID,
		    "note: the text is wanted behind it");
	st = review_note(p->s, p->lease.item, slice_of(rest), err);
	if (st == STATUS_OK)
		plain_say("noted");
	return st;
}

enum status
plain_labels(struct plain *p, const char *rest, struct error *err)
{
	struct slice labels[64];
	enum status st = labels_check(plain_queue(p), labels,
	    review_labels(rest, labels, 64), err);

	if (st != STATUS_OK)
		return st;
	buf_clear(&p->labels);
	buf_puts(&p->labels, rest);
	plain_say(rest[0] == '\0' ? "no labels" : "to be labelled with the decision");
	return buf_check(&p->labels, err);
}

enum status
plain_ratings(struct plain *p, const char *rest, struct error *err)
{
	enum status st;

	buf_clear(&p->ratings);
	buf_puts(&p->ratings, rest);
	if ((st = buf_check(&p->ratings, err)) == STATUS_OK)
		st = rated_parse(buf_str(&p->ratings), p->rated, RATINGS_MAX,
		    &p->nrated, err);
	if (st != STATUS_OK)
		p->nrated = 0;
	else
		plain_say(p->nrated == 0 ? "no ratings" : "to go with the decision");
	return st;
}

enum status
plain_evidence(struct plain *p, const char *rest, struct error *err)
{
	enum status st = evidence_parse(rest, p->evidence, EVIDENCE_MAX,
	    &p->nevidence, err);

	if (st != STATUS_OK)
		p->nevidence = 0;
	else
		plain_say(p->nevidence == 0 ? "no evidence" :
		    "to go with the decision");
	return st;
}
