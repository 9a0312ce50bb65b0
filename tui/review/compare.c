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

void
compare_show(struct screen *scr, const struct item_detail *d)
{
	int64_t other = other_tagged(scr, d->row.item);
	struct arena arena = ARENA_INIT;
	struct error err = { STATUS_OK, "" };
	struct item_detail x;
	char title[DIFF_TITLE];

	if (other < 0) {
		screen_say(scr, "nobody edited it; t in the list tags one other "
		    "item to compare it with");
		return;
	}
	if (item_detail_load(review_of(scr)->session, other, &arena, &x,
	    &err) != STATUS_OK)
		screen_fail(scr, "%s", err.text);
	else if (x.erased)
		screen_fail(scr, "%.*s was erased", SLICE_ARG(x.row.id));
	else {
		(void)snprintf(title, sizeof(title),
		    "By word: [-%.*s-] {+%.*s+}", SLICE_ARG(x.row.id),
		    SLICE_ARG(d->row.id));
		diff_view_show(scr, title, x.item.output, d->item.output);
	}
	arena_release(&arena);
}
