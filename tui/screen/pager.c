#include "tui/screen/pager.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/base/arena.h"
#include "core/base/time.h"
#include "tui/screen/draw.h"
#include "tui/screen/pane.h"
#include "tui/screen/screen.h"

#define HELP_HANG	35	/* columns of the keys and the name */

/* A text to read: the help, the messages. */
struct pager {
	struct pane	 pane;
	struct arena	 arena;
	const char	*title;
};

static void
pager_draw(struct view *v, int top, int bottom)
{
	struct pager *p = v->data;
	int rows, columns;

	draw_size(&rows, &columns);
	(void)draw_label(top, 0, columns, FACE_HEADER, "%s", p->title);
	pane_draw(&p->pane, top + 1, 0, columns, bottom - top - 1, &v->row,
	    &v->column);
}

static struct pane *
pager_pane(struct view *v)
{
	struct pager *p = v->data;

	return &p->pane;
}

static void
pager_close(struct view *v)
{
	struct pager *p = v->data;

	pane_release(&p->pane);
	arena_release(&p->arena);
	free(p);
}

static const enum action pager_hints[] = {
	ACTION_DOWN, ACTION_PAGE_DOWN, ACTION_SEARCH, ACTION_BACK, ACTION_NONE
};

static const struct view_ops pager_ops = {
	.keys = KEYS_PAGER, .pane = pager_pane, .draw = pager_draw,
	.close = pager_close, .hints = pager_hints
};

static struct pager *
pager_new(struct screen *scr, const char *title)
{
	struct pager *p = calloc(1, sizeof(*p));

	if (p == NULL) {
		screen_fail(scr, "out of memory");
		return NULL;
	}
	pane_init(&p->pane);
	p->title = title;
	if (view_push(scr, &pager_ops, p) == NULL) {
		free(p);
		return NULL;
	}
	return p;
}

void
pager_show(struct screen *scr, const char *title, struct slice text)
{
	struct pager *p = pager_new(scr, title);
	const char *kept = p == NULL ? NULL : arena_str(&p->arena, text), *lf;
	size_t left = kept == NULL ? 0 : text.n;

	while (left > 0) {
		lf = memchr(kept, '\n', left);
		struct slice line = { kept, lf == NULL ? left :
		    (size_t)(lf - kept) };

		doc_add(&p->pane.doc, FACE_TEXT, 0, line);
		line.n += lf != NULL;
		kept += line.n;
		left -= line.n;
	}
}

/* The keys of an action here, else of the first view that has some. */
static void
help_keys(const struct keymap *keys, enum key_view view, enum action action,
    char *out, size_t n)
{
	static const enum key_view others[] = {
		KEYS_QUEUE, KEYS_ITEM, KEYS_CHECK
	};
	size_t i, used;

	keymap_keys(keys, view, action, out, n);
	for (i = 0; out[0] == '\0' && i < sizeof(others) / sizeof(others[0]);
	    i++) {
		keymap_keys(keys, others[i], action, out, n);
		used = strlen(out);
		if (used > 0)
			(void)snprintf(out + used, n - used, " (%s)",
			    key_view_names[others[i]]);
	}
}

static void
help_group(struct pager *p, const struct keymap *keys, enum key_view view,
    int group)
{
	char text[128];
	int i;

	doc_add(&p->pane.doc, FACE_TEXT, 0, SLICE(""));
	doc_add(&p->pane.doc, FACE_HEADING, 0, slice_of(action_groups[group]));
	for (i = 1; i < ACTION_COUNT; i++) {
		if ((int)action_rows[i].group != group)
			continue;
		help_keys(keys, view, (enum action)i, text, sizeof(text));
		doc_add_hanging(&p->pane.doc, FACE_TEXT, 2, HELP_HANG,
		    arena_printf(&p->arena, "%-16s %-17s %s", text, action_rows[i].name,
		    action_rows[i].help));
	}
}

void
help_view_show(struct screen *scr)
{
	enum key_view view = view_top(scr)->ops->keys;
	struct pager *p;
	size_t g;

	p = pager_new(scr, "Help");
	if (p == NULL)
		return;
	doc_add(&p->pane.doc, FACE_TEXT, 0, arena_printf(&p->arena,
	    "Keys here (%s), the names that : takes, and what they do.",
	    key_view_names[view]));
	doc_add(&p->pane.doc, FACE_TEXT, 0, slice_of(scr->host->legend));
	for (g = GROUP_MOVE; g <= GROUP_SCREEN; g++)
		help_group(p, &scr->keys, view, (int)g);
}

void
messages_view_show(struct screen *scr)
{
	const struct messages *all = &scr->messages;
	const struct message *m;
	char when[TIME_LOCAL];
	struct pager *p;
	size_t i;

	p = pager_new(scr, "Messages");
	if (p == NULL)
		return;
	for (i = messages_first(all); i < all->n; i++) {
		m = messages_at(all, i);
		time_local(m->ms, when);
		doc_add(&p->pane.doc, m->error ? FACE_ERROR : FACE_TEXT, 0,
		    arena_printf(&p->arena, "%s  %s", when, m->text));
	}
	if (all->n == 0)
		doc_add(&p->pane.doc, FACE_TEXT, 0, SLICE("No messages yet."));
	p->pane.cur = SIZE_MAX;
}
