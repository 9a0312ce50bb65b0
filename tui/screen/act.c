#include "tui/screen/act.h"

#include "core/base/near.h"
#include "tui/screen/draw.h"
#include "tui/screen/pager.h"
#include "tui/screen/paint.h"
#include "tui/screen/pane.h"
#include "tui/screen/screen.h"
#include "tui/screen/tty.h"

static void	act_ask(struct screen *, enum action, int64_t quiet_ms);

static void
own_nothing(struct view *v, enum action action)
{
	(void)v;
	(void)action;
}

static void
command_typed(struct screen *scr, void *arg, struct slice text)
{
	char hint[NEAR_TEXT];
	enum action action;

	(void)arg;
	if (text.n == 0)
		return;
	if (!action_from(text, &action)) {
		if (!scr->host->command(scr, text))
			screen_fail(scr, "no such action, nor item: %.*s%s",
			    SLICE_ARG(text), near_hint(hint, text, action_name,
			    NULL));
	} else
		act_ask(scr, action, TYPED_MS);
}

static void	command_complete(struct screen *, struct slice, struct complete *);

static void
own_command(struct view *v, enum action action)
{
	(void)action;
	prompt_line(v->scr, ":", SLICE(""), command_typed, NULL);
	prompt_recall(v->scr, HISTORY_COMMAND, command_complete);
	prompt_help(v->scr, v->scr->host->commands);
}

static void
own_help(struct view *v, enum action action)
{
	(void)action;
	help_view_show(v->scr);
}

static void
own_messages(struct view *v, enum action action)
{
	(void)action;
	messages_view_show(v->scr);
}

static void
own_back(struct view *v, enum action action)
{
	(void)action;
	if (v->scr->nviews > 1)
		view_pop(v->scr);
	else
		v->scr->leave = true;
}

static void
own_quit(struct view *v, enum action action)
{
	(void)action;
	v->scr->leave = true;
}

static void
own_redraw(struct view *v, enum action action)
{
	(void)v;
	(void)action;
	draw_again();
}

static void
own_suspend(struct view *v, enum action action)
{
	(void)action;
	tty_suspend();
	deliberate_new(&v->scr->calm);
}

static const struct view_action own_actions[] = {
	{ ACTION_NONE, 0, own_nothing },
	{ ACTION_COMMAND, 0, own_command },
	{ ACTION_HELP, 0, own_help },
	{ ACTION_MESSAGES, 0, own_messages },
	{ ACTION_BACK, 0, own_back },
	{ ACTION_QUIT, 0, own_quit },
	{ ACTION_REDRAW, 0, own_redraw },
	{ ACTION_SUSPEND, 0, own_suspend },
	{ ACTION_NONE, 0, NULL }
};

static const struct view_action *
row_find(const struct view_action *rows, enum action action)
{
	for (; rows->fn != NULL; rows++) {
		if (rows->action == action)
			return rows;
		if (rows->action == ACTION_ANY &&
		    row_find(own_actions, action) == NULL)
			return rows;
	}
	return NULL;
}

static const struct view_action *
view_row(const struct view *v, enum action action)
{
	const struct view_action *row = v->actions == NULL ? NULL :
	    row_find(v->actions, action);

	return row == NULL && v->ops->pane != NULL ?
	    row_find(pane_actions, action) : row;
}

/* The row that takes an action, of the topmost view that has one, else of the
 * screen; NULL: none does. */
static const struct view_action *
act_find(struct screen *scr, enum action action, struct view **v)
{
	const struct view_action *row;
	size_t i;

	for (i = scr->nviews; i-- > 0;) {
		*v = &scr->stack[i];
		row = view_row(*v, action);
		if (row != NULL && (*v == view_top(scr) ||
		    !(row->needs & NEED_TOP)))
			return row;
	}
	*v = view_top(scr);
	return row_find(own_actions, action);
}

bool
screen_act_known(struct screen *scr, enum action action)
{
	struct view *v;

	return act_find(scr, action, &v) != NULL;
}

bool
screen_act_any(struct screen *scr)
{
	struct view *v = view_top(scr);
	const struct view_action *row = v->actions;

	for (; row != NULL && row->fn != NULL; row++) {
		if (row->action == ACTION_ANY) {
			row->fn(v, ACTION_NONE);
			return true;
		}
	}
	return false;
}

static unsigned
act_lacks(struct screen *scr, enum action action)
{
	struct view *v;
	const struct view_action *row = act_find(scr, action, &v);
	unsigned needs = action_rows[action].needs |
	    (row == NULL ? 0 : row->needs);

	return needs & ~view_holds(view_top(scr)) & ~(unsigned)NEED_TOP;
}

bool
screen_act_held(struct screen *scr, enum action action)
{
	return !(act_lacks(scr, action) & NEED_LEASE);
}

/* What is missing for an action, or NULL. */
static const char *
act_missing(struct screen *scr, enum action action)
{
	unsigned lacks = act_lacks(scr, action);

	if (lacks & NEED_OPEN)
		return "open an item first";
	if ((lacks & NEED_ITEM) || ((lacks & NEED_LEASE) &&
	    !(view_holds(view_top(scr)) & NEED_ITEM)))
		return "there is no item here";
	if (lacks & NEED_LEASE)
		return scr->refused[0] != '\0' ? scr->refused :
		    "read only: Enter claims it";
	return NULL;
}

/* Only what would do something here and now. */
static void
command_complete(struct screen *scr, struct slice before, struct complete *c)
{
	size_t i;

	c->word = before;
	for (i = 0; i < ACTION_COUNT; i++)
		if (i != ACTION_NONE && screen_act_known(scr, (enum action)i) &&
		    act_missing(scr, (enum action)i) == NULL)
			complete_offer(c, slice_of(action_rows[i].name));
	scr->host->offer(scr, before, c);
}

/* False, and said why, where it cannot be done now. */
static bool
act_allowed(struct screen *scr, enum action action)
{
	const char *missing;

	if (scr->op != NULL && action_rows[action].group != GROUP_MOVE &&
	    action != ACTION_QUIT && action != ACTION_REDRAW) {
		screen_fail(scr, scr->op->works ? "still at work: %s (Esc stops)" :
		    "waiting for the store: %s (Esc stops waiting)",
		    scr->op->what);
		return false;
	}
	missing = act_missing(scr, action);
	if (missing != NULL)
		screen_fail(scr, "%s: %s", action_rows[action].name, missing);
	return missing == NULL;
}

static void
act_go(struct screen *scr, enum action action)
{
	struct view *v;
	const struct view_action *row = act_find(scr, action, &v);

	if (row != NULL)
		row->fn(v, action);
	else
		screen_fail(scr, "%s does nothing in this view",
		    action_rows[action].name);
}

static void
act_waited(struct screen *scr)
{
	if (act_allowed(scr, scr->waiting))
		act_go(scr, scr->waiting);
}

/* quiet_ms: how long no key may have come before one that decides. */
static void
act_ask(struct screen *scr, enum action action, int64_t quiet_ms)
{
	const char *why;

	if (!act_allowed(scr, action))
		return;
	if (!(act_lacks(scr, action) & NEED_CALM)) {
		act_go(scr, action);
		return;
	}
	why = screen_readable() ? deliberate_refusal(&scr->calm, quiet_ms) :
	    "the window is too small to read what this is about";
	if (why != NULL) {
		screen_fail(scr, "%s: %s", action_rows[action].name, why);
		return;
	}
	scr->waiting = action;
	screen_wait(scr, AFTER_MS, action_rows[action].name, act_waited);
}

void
screen_act(struct screen *scr, enum action action)
{
	act_ask(scr, action, QUIET_MS);
}

bool
screen_act_own(struct screen *scr, enum action action)
{
	const struct view_action *row = row_find(own_actions, action);

	if (row != NULL)
		row->fn(view_top(scr), action);
	return row != NULL;
}
