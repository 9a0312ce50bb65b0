#include "tui/review/names.h"

#include <ctype.h>

#include "tui/review/queue_list.h"
#include "tui/review/review.h"

static const char *const functions[] = {
	"failed(", "errored(", "score(", "kind(", "ago(", "num(", "like(",
	"instr(", "words(", NULL
};

/* Where the word begins: behind an open quote, else at a letter of a name. */
static size_t
word_begin(struct slice s, bool *quoted)
{
	size_t i, quote = 0;

	*quoted = false;
	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '\'') {
			*quoted = !*quoted;
			quote = i + 1;
		}
	}
	if (*quoted)
		return quote;
	for (i = s.n; i > 0 && (isalnum((unsigned char)s.p[i - 1]) ||
	    s.p[i - 1] == '_'); i--)
		;
	return i;
}

static void
offer_all(struct complete *c, const char *const *names)
{
	for (; *names != NULL; names++)
		complete_offer(c, slice_of(*names));
}

/* A quote within a name would end it. */
static void
offer_value(struct complete *c, struct slice name)
{
	if (name.p != NULL && memchr(name.p, '\'', name.n) == NULL)
		complete_offer(c, name);
}

static void
values_offer(struct screen *scr, struct complete *c)
{
	const struct policy *p = review_of(scr)->session->policy;
	const struct rows *rows = &queue_list_of(scr)->rows;
	size_t i, k;

	for (i = 0; i < p->nqueues; i++) {
		offer_value(c, slice_of(p->queues[i].name));
		for (k = 0; k < p->queues[i].nrules; k++)
			offer_value(c, slice_of(p->queues[i].rules[k].name));
	}
	for (i = 0; i < p->nguards; i++)
		offer_value(c, slice_of(p->guards[i].name));
	for (i = 0; i < p->service.nmodels; i++)
		offer_value(c, slice_of(p->service.models[i].name));
	for (i = 0; i < rows->n; i++) {
		offer_value(c, rows_at(rows, i)->model);
		offer_value(c, rows_at(rows, i)->rule);
		offer_value(c, rows_at(rows, i)->prompt);
	}
}

void
names_offer(struct screen *scr, struct slice before, enum filter_of of,
    struct complete *c)
{
	bool quoted;
	size_t from = word_begin(before, &quoted);

	/* A whole line was offered: no word of it beside. */
	if (c->n > 0 && from > 0)
		return;
	c->word = (struct slice){ before.p + from, before.n - from };
	if (quoted) {
		values_offer(scr, c);
		return;
	}
	offer_all(c, filter_columns[of][0]);
	if (filter_columns[of][1] != NULL)
		offer_all(c, filter_columns[of][1]);
	/* They would be in the way where nothing is typed yet. */
	if (c->word.n > 0)
		offer_all(c, functions);
}
