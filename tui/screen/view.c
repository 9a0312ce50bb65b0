#include "tui/screen/view.h"

#include <assert.h>

#include "tui/screen/screen.h"

struct view *
view_push(struct screen *scr, const struct view_ops *ops, void *data)
{
	struct view *v;

	if (scr->nviews == VIEWS_MAX) {
		screen_fail(scr, "too many views are open");
		return NULL;
	}
	v = &scr->stack[scr->nviews++];
	*v = (struct view){ ops, ops->actions, scr, data, 0, 0, 0 };
	deliberate_new(&scr->calm);
	return v;
}

void
view_pop(struct screen *scr)
{
	struct view *v = view_top(scr);

	scr->nviews--;
	v->ops->close(v);
	deliberate_new(&scr->calm);
	if (scr->nviews > 0 && view_top(scr)->ops->refresh != NULL)
		view_top(scr)->ops->refresh(view_top(scr));
}

struct view *
view_top(struct screen *scr)
{
	assert(scr->nviews > 0);
	return &scr->stack[scr->nviews - 1];
}

struct view *
view_find(struct screen *scr, const struct view_ops *ops)
{
	size_t i;

	for (i = scr->nviews; i-- > 0;) {
		if (scr->stack[i].ops == ops)
			return &scr->stack[i];
	}
	return NULL;
}

void
view_leave(struct screen *scr, const struct view_ops *ops)
{
	const struct view *v = view_find(scr, ops);

	while (v != NULL && scr->stack + scr->nviews > v)
		view_pop(scr);
}

unsigned
view_holds(const struct view *v)
{
	return v->ops->holds == NULL ? 0 : v->ops->holds(v);
}
