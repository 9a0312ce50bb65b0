#include "tui/review/filter_line.h"

#include "tui/review/names.h"
#include "tui/review/review.h"

/* A filter's whole name may be typed, or the next word of a condition. */
static void
offer(struct screen *scr, enum filter_of of, struct slice before,
    struct complete *c)
{
	c->word = before;
	if (of != FILTER_AUDIT)
		named_offer(&review_of(scr)->named, c);
	names_offer(scr, before, of, c);
}

static void
offer_items(struct screen *scr, struct slice before, struct complete *c)
{
	offer(scr, FILTER_ITEMS, before, c);
}

static void
offer_decided(struct screen *scr, struct slice before, struct complete *c)
{
	offer(scr, FILTER_DECIDED, before, c);
}

static void
offer_audit(struct screen *scr, struct slice before, struct complete *c)
{
	offer(scr, FILTER_AUDIT, before, c);
}

void
filter_line_ask(struct screen *scr, const struct filter_line *l,
    struct slice text)
{
	static complete_fn *const offers[] = {
		[FILTER_ITEMS] = offer_items, [FILTER_DECIDED] = offer_decided,
		[FILTER_AUDIT] = offer_audit
	};
	static const char *const helps[] = {
		[FILTER_ITEMS] = "words, or as confidence < 0.9 AND failures = 0; "
		    "Tab: names; empty: no filter",
		[FILTER_DECIDED] = "a word, or as by = 'ana' AND decided_at > "
		    "'yesterday'; Tab: names",
		[FILTER_AUDIT] = "a word, or as event = 'route' AND by = 'ana'; "
		    "Tab: names"
	};

	prompt_line(scr, "&", text, l->done, NULL);
	prompt_recall(scr, l->history, offers[l->of]);
	prompt_help(scr, helps[l->of]);
}

/* The line is kept, and why it is not taken is said. */
static void
ask_again(struct screen *scr, const struct filter_line *l, struct slice typed,
    const struct error *err)
{
	filter_line_ask(scr, l, typed);
	screen_fail(scr, "%s", err->text);
}

bool
filter_line_read(struct screen *scr, const struct filter_line *l,
    struct slice typed, struct buf *where)
{
	struct review *r = review_of(scr);
	const char *named = l->of == FILTER_AUDIT ? NULL :
	    named_find(&r->named, typed);
	struct error err = { STATUS_OK, "" };
	enum status st;

	if (named != NULL)
		buf_puts(where, named);
	else
		filter_condition(l->of, typed, where);
	if (typed.n >= FILTER_MAX || where->n >= FILTER_MAX)
		st = error_set(&err, STATUS_LIMIT, "filter: longer than %d bytes",
		    FILTER_MAX - 1);
	else if (where->n == 0)
		st = STATUS_OK;
	else
		st = l->check(r->session, buf_str(where), &err);
	if (st != STATUS_OK)
		ask_again(scr, l, typed, &err);
	return st == STATUS_OK;
}
