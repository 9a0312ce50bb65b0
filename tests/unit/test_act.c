/* Which view takes an action: rows of made-up views, without a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/screen/screen.h"

static const char *taken_by;	/* the view that did the last action */
static enum action taken;

static void
take(struct view *v, enum action action)
{
	taken_by = v->data;
	taken = action;
}

static void
close_nothing(struct view *v)
{
	(void)v;
}

static unsigned
holds_item(const struct view *v)
{
	(void)v;
	return NEED_ITEM | NEED_OPEN;
}

static const enum action no_hints[] = { ACTION_NONE };
static const struct view_action list_rows[] = {
	{ ACTION_SORT, NEED_TOP, take },
	{ ACTION_STATS, 0, take },
	{ ACTION_BACK, NEED_TOP, take },
	{ ACTION_LABELS, 0, take },
	{ ACTION_NONE, 0, NULL }
};
static const struct view_action item_rows[] = {
	{ ACTION_DIFF, NEED_TOP, take },
	{ ACTION_NOTE, NEED_LEASE, take },
	{ ACTION_NONE, 0, NULL }
};
static const struct view_action mode_rows[] = {
	{ ACTION_SORT, NEED_TOP, take },
	{ ACTION_ANY, NEED_TOP, take },
	{ ACTION_NONE, 0, NULL }
};
static const struct view_ops list_ops = {
	.actions = list_rows, .close = close_nothing, .hints = no_hints
};
static const struct view_ops item_ops = {
	.actions = item_rows, .holds = holds_item, .close = close_nothing,
	.hints = no_hints
};

static int64_t
no_time(void *owner)
{
	(void)owner;
	return 0;
}

static const struct screen_host host = { .clock = no_time, .legend = "" };

static int
setup(void **state)
{
	static struct screen scr;
	struct error err = { STATUS_OK, "" };

	if (screen_init(&scr, &host, NULL, &err) != STATUS_OK)
		return -1;
	(void)view_push(&scr, &list_ops, "list");
	*state = &scr;
	return 0;
}

static int
teardown(void **state)
{
	screen_release(*state);
	return 0;
}

/* Who takes it; else what is said of that. */
static const char *
act(struct screen *scr, enum action action)
{
	const struct message *m;

	taken_by = NULL;
	scr->messages.shown = false;
	screen_act(scr, action);
	m = messages_shown(&scr->messages);
	return taken_by != NULL ? taken_by : m == NULL ? "" : m->text;
}

static void
test_top_first(void **state)
{
	struct screen *scr = *state;

	assert_string_equal(act(scr, ACTION_SORT), "list");
	assert_int_equal(taken, ACTION_SORT);
	assert_string_equal(act(scr, ACTION_BACK), "list");
	assert_false(scr->leave);
	(void)view_push(scr, &item_ops, "item");
	assert_string_equal(act(scr, ACTION_DIFF), "item");
	assert_string_equal(act(scr, ACTION_STATS), "list");
	assert_string_equal(act(scr, ACTION_SORT), "sort does nothing in this view");
	/* The screen's own row, since the list's is for the list alone. */
	assert_string_equal(act(scr, ACTION_BACK), "");
	assert_int_equal(scr->nviews, 1);
	assert_string_equal(act(scr, ACTION_QUIT), "");
	assert_true(scr->leave);
}

static void
test_needs(void **state)
{
	struct screen *scr = *state;

	assert_string_equal(act(scr, ACTION_PREVIEW),
	    "preview: open an item first");
	assert_string_equal(act(scr, ACTION_LABELS),
	    "labels: there is no item here");
	(void)view_push(scr, &item_ops, "item");
	assert_string_equal(act(scr, ACTION_LABELS),
	    "labels: read only: Enter claims it");
	/* What a row needs beside what the action does. */
	assert_string_equal(act(scr, ACTION_NOTE),
	    "note: read only: Enter claims it");
}

/* Rows in force for a while, one of them for whatever is left. */
static void
test_any(void **state)
{
	struct screen *scr = *state;

	view_top(scr)->actions = mode_rows;
	assert_string_equal(act(scr, ACTION_FILTER), "list");
	assert_int_equal(taken, ACTION_FILTER);
	assert_string_equal(act(scr, ACTION_QUIT), "");
	assert_true(scr->leave);
	(void)view_push(scr, &item_ops, "item");
	assert_string_equal(act(scr, ACTION_FILTER), "filter does nothing in this view");
}

static void
test_leave(void **state)
{
	struct screen *scr = *state;

	(void)view_push(scr, &item_ops, "item");
	(void)view_push(scr, &list_ops, "above");
	view_leave(scr, &item_ops);
	assert_int_equal(scr->nviews, 1);
	view_leave(scr, &item_ops);
	assert_int_equal(scr->nviews, 1);
	assert_ptr_equal(view_find(scr, &list_ops), view_top(scr));
}

/* A store that stays locked: tried again until it is free, or nobody waits. */
static int tries;
static enum status ended;

static enum status
op_locked(struct screen *scr, struct error *err)
{
	(void)scr;
	return ++tries < 3 ? error_set(err, STATUS_BUSY, "locked") : STATUS_OK;
}

static void
op_ended(struct screen *scr, enum status st, struct error *err)
{
	(void)scr;
	(void)err;
	ended = st;
}

static void
test_op(void **state)
{
	static const struct op op = { .what = "decide", .run = op_locked,
	    .done = op_ended };
	struct screen *scr = *state;

	tries = 0;
	ended = STATUS_NOT_FOUND;
	op_run(scr, &op);
	assert_string_equal(act(scr, ACTION_SORT),
	    "waiting for the store: decide (Esc stops waiting)");
	screen_tick(scr);
	assert_ptr_equal(scr->op, &op);
	screen_tick(scr);
	assert_null(scr->op);
	assert_int_equal(ended, STATUS_OK);
	assert_string_equal(act(scr, ACTION_SORT), "list");

	tries = 0;
	op_run(scr, &op);
	screen_key(scr, KEYS_ESCAPE, 0, 0);
	assert_null(scr->op);
	assert_int_equal(ended, STATUS_BUSY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_top_first, setup, teardown),
		cmocka_unit_test_setup_teardown(test_needs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_any, setup, teardown),
		cmocka_unit_test_setup_teardown(test_leave, setup, teardown),
		cmocka_unit_test_setup_teardown(test_op, setup, teardown)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
