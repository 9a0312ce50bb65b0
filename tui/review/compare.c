#include "tui/review/compare.h"

#include <stdio.h>

#include "tui/review/diff_view.h"
#include "tui/review/queue_list.h"
#include "tui/review/review.h"

/* The one that is tagged beside this; -1: there is none, or there are several. */
static int64_t
other_tagged(struct screen *scr, int64_t item)
{
	const struct tags *t = &queue_list_of(scr)->tags;
	int64_t other = -1;
	size_t i;

	for (i = 0; !t->all && i < t->n; i++) {
		if (t->item[i] == item)
			continue;
		if (other >= 0)
			return -1;
		other = t->item[i];
	}
	return other;
}

static void
both_show(struct screen *scr, const struct item_detail *old,
    const struct item_detail *new)
{
	char title[DIFF_TITLE];

	if (old->erased || new->erased)
		screen_fail(scr, "%.*s was erased",
		    SLICE_ARG(old->erased ? old->row.id : new->row.id));
	else {
		(void)snprintf(title, sizeof(title),
		    "By word: [-%.*s-] {+%.*s+}", SLICE_ARG(old->row.id),
		    SLICE_ARG(new->row.id));
		diff_view_show(scr, title, old->item.output, new->item.output);
	}
}

void
compare_show(struct screen *scr, const struct item_detail *d)
{
	int64_t other = other_tagged(scr, d->row.item);
	struct arena arena = ARENA_INIT;
	struct error err = { STATUS_OK, "" };
	struct item_detail x;

	if (other < 0) {
		screen_say(scr, "nobody edited it; t in the list tags one other "
		    "item to compare it with");
		return;
	}
	if (item_detail_load(review_of(scr)->session, other, &arena, &x,
	    &err) != STATUS_OK)
		screen_fail(scr, "%s", err.text);
	else
		both_show(scr, &x, d);
	arena_release(&arena);
}

/* What is compared with the row at the cursor, or the two that are tagged; false: it is
 * said what to tag. */
static bool
pair_of(struct screen *scr, int64_t here, int64_t pair[2])
{
	const struct tags *t = &queue_list_of(scr)->tags;

	pair[0] = t->n > 0 ? t->item[0] : -1;
	pair[1] = t->n == 2 ? t->item[1] : here;
	if (t->all || t->n > 2)
		screen_say(scr, "more than two are tagged: d compares two");
	else if (t->n == 0)
		screen_say(scr, "t tags an item; d on another one compares the "
		    "two");
	else if (pair[0] == pair[1])
		screen_say(scr, "this is the one that is tagged: d on another "
		    "one compares the two");
	else
		return true;
	return false;
}

void
compare_tagged(struct screen *scr, int64_t here)
{
	struct session *s = review_of(scr)->session;
	struct arena arena = ARENA_INIT;
	struct error err = { STATUS_OK, "" };
	struct item_detail old, new;
	int64_t pair[2];

	if (!pair_of(scr, here, pair))
		return;
	if (item_detail_load(s, pair[0], &arena, &old, &err) != STATUS_OK ||
	    item_detail_load(s, pair[1], &arena, &new, &err) != STATUS_OK)
		screen_fail(scr, "%s", err.text);
	else
		both_show(scr, &old, &new);
	arena_release(&arena);
}
