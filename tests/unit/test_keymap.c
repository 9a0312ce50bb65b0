/* Keys: their names, the file that carries them, what wins over what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tui/screen/conf.h"
#include "tui/screen/keymap.h"
#include "tui/screen/theme.h"

static char problems[1024];

static void
problem(void *arg, const char *line)
{
	size_t n = strlen(problems);

	(void)arg;
	(void)snprintf(problems + n, sizeof(problems) - n, "%s\n", line);
}

static void
read_conf(struct keymap *map, struct theme *theme, struct slice text)
{
	struct conf_reader r = { map, theme_word, theme, NULL, NULL,
	    problem, NULL };
	struct error err = { STATUS_OK, "" };

	problems[0] = '\0';
	assert_int_equal(keymap_read(&r, "mine.conf", text, &err), STATUS_OK);
}

static void
test_names(void **state)
{
	static const char *const names[] = {
		"j", "^D", "Space", "Enter", "Esc", "F1", "F12", "PageDown",
		"]", ";", "\xc3\xa9", "Tab", "Backtab", "^Z"
	};
	char name[KEY_NAME_MAX];
	size_t i;
	int key;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_true(key_from(slice_of(names[i]), &key));
		key_text(key, name);
		assert_string_equal(name, names[i]);
	}
	assert_false(key_from(SLICE("F13"), &key));
	assert_false(key_from(SLICE("F"), &key) && key != 'F');
	assert_false(key_from(SLICE("jj"), &key));
	assert_false(key_from(SLICE(""), &key));
}

/* Every key that the design names does what it says there. */
static void
test_defaults(void **state)
{
	static const struct {
		enum key_view	view;
		const char	*key;
		enum action	action;
	} rows[] = {
		{ KEYS_QUEUE, "j", ACTION_DOWN }, { KEYS_ITEM, "k", ACTION_UP },
		{ KEYS_QUEUE, "Down", ACTION_DOWN },
		{ KEYS_QUEUE, "^D", ACTION_HALF_DOWN },
		{ KEYS_ITEM, "^U", ACTION_HALF_UP },
		{ KEYS_QUEUE, "Space", ACTION_PAGE_DOWN },
		{ KEYS_QUEUE, "b", ACTION_PAGE_UP },
		{ KEYS_QUEUE, "g", ACTION_FIRST }, { KEYS_QUEUE, "G", ACTION_LAST },
		{ KEYS_QUEUE, "Home", ACTION_FIRST },
		{ KEYS_QUEUE, "End", ACTION_LAST },
		{ KEYS_QUEUE, "Enter", ACTION_OPEN },
		{ KEYS_ITEM, "J", ACTION_NEXT_ITEM },
		{ KEYS_ITEM, "K", ACTION_PREV_ITEM },
		{ KEYS_ITEM, "Tab", ACTION_NEXT_PANEL },
		{ KEYS_ITEM, "1", ACTION_PANEL_1 }, { KEYS_ITEM, "6", ACTION_PANEL_6 },
		{ KEYS_ITEM, "]", ACTION_NEXT_FINDING },
		{ KEYS_ITEM, "[", ACTION_PREV_FINDING },
		{ KEYS_ITEM, "/", ACTION_SEARCH }, { KEYS_ITEM, "n", ACTION_NEXT_MATCH },
		{ KEYS_ITEM, "N", ACTION_PREV_MATCH },
		{ KEYS_QUEUE, "&", ACTION_FILTER }, { KEYS_QUEUE, "s", ACTION_SORT },
		{ KEYS_ITEM, "a", ACTION_ACCEPT }, { KEYS_ITEM, "e", ACTION_EDIT },
		{ KEYS_ITEM, "E", ACTION_EDIT_HERE },
		{ KEYS_ITEM, "r", ACTION_REJECT }, { KEYS_ITEM, "x", ACTION_ESCALATE },
		{ KEYS_ITEM, "R", ACTION_RETURN }, { KEYS_ITEM, "S", ACTION_SKIP },
		{ KEYS_ITEM, "u", ACTION_UNDO }, { KEYS_QUEUE, "u", ACTION_UNDO },
		{ KEYS_ITEM, "c", ACTION_NOTE }, { KEYS_ITEM, "l", ACTION_LABELS },
		{ KEYS_QUEUE, "t", ACTION_TAG }, { KEYS_QUEUE, "T", ACTION_TAG_ALL },
		{ KEYS_QUEUE, ";", ACTION_TAGGED },
		{ KEYS_QUEUE, ":", ACTION_COMMAND }, { KEYS_ITEM, "?", ACTION_HELP },
		{ KEYS_ITEM, "F1", ACTION_HELP }, { KEYS_ITEM, "q", ACTION_BACK },
		{ KEYS_ITEM, "Q", ACTION_QUIT }, { KEYS_PAGER, "^L", ACTION_REDRAW },
		{ KEYS_PAGER, "^Z", ACTION_SUSPEND },
		{ KEYS_CHECK, "Enter", ACTION_KEEP }, { KEYS_CHECK, "e", ACTION_EDIT },
		{ KEYS_CHECK, "Esc", ACTION_DROP }
	};
	struct keymap map = { NULL, 0, 0 };
	struct theme theme;
	size_t i;
	int key;

	(void)state;
	read_conf(&map, &theme, conf_default());
	assert_string_equal(problems, "");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(key_from(slice_of(rows[i].key), &key));
		assert_string_equal(
		    action_rows[keymap_find(&map, rows[i].view, key)].name,
		    action_rows[rows[i].action].name);
	}
	keymap_release(&map);
}

/* No action without a key or a name that `:` takes. */
static void
test_reachable(void **state)
{
	struct keymap map = { NULL, 0, 0 };
	struct theme theme;
	enum action got;
	char keys[64];
	int i, view;
	bool any;

	(void)state;
	read_conf(&map, &theme, conf_default());
	for (i = 1; i < ACTION_COUNT; i++) {
		any = false;
		for (view = 0; view < KEY_VIEWS; view++) {
			keymap_keys(&map, (enum key_view)view, (enum action)i,
			    keys, sizeof(keys));
			any = any || keys[0] != '\0';
		}
		assert_true(any);
		assert_true(action_from(slice_of(action_rows[i].name), &got));
		assert_int_equal(got, i);
	}
	keymap_release(&map);
}

static void
test_user_wins(void **state)
{
	struct keymap map = { NULL, 0, 0 };
	struct theme theme;
	char keys[32];

	(void)state;
	read_conf(&map, &theme, conf_default());
	read_conf(&map, &theme, SLICE("# mine\n\nbind item a reject\n"
	    "bind all j up\nbind queue Space none\n"));
	assert_string_equal(problems, "");
	assert_int_equal(keymap_find(&map, KEYS_ITEM, 'a'), ACTION_REJECT);
	assert_int_equal(keymap_find(&map, KEYS_QUEUE, 'j'), ACTION_UP);
	assert_int_equal(keymap_find(&map, KEYS_QUEUE, ' '), ACTION_NONE);
	assert_int_equal(keymap_find(&map, KEYS_ITEM, ' '), ACTION_PAGE_DOWN);
	/* The help must not name a key that was taken away. */
	keymap_keys(&map, KEYS_ITEM, ACTION_DOWN, keys, sizeof(keys));
	assert_string_equal(keys, "Down WheelDown");
	assert_int_equal(keymap_first(&map, KEYS_ITEM, ACTION_ACCEPT), 0);
	keymap_release(&map);
}

static void
test_wrong_lines(void **state)
{
	struct keymap map = { NULL, 0, 0 };
	struct theme theme;

	(void)state;
	read_conf(&map, &theme, SLICE("bind item a frobnicate\nbind here a accept\n"
	    "bind item Hyper accept\nbind item\ncolor high purple\nmouse on\n"
	    "bind item a accept\nbind item a acept\nbind itm a accept\n"
	    "bind item spce accept"));
	assert_string_equal(problems,
	    "mine.conf:1: no such action: bind item a frobnicate\n"
	    "mine.conf:2: no such view: bind here a accept\n"
	    "mine.conf:3: no such key: bind item Hyper accept\n"
	    "mine.conf:4: use: bind VIEW KEY ACTION: bind item\n"
	    "mine.conf:5: no such colour: color high purple\n"
	    "mine.conf:6: no such setting: mouse on\n"
	    "mine.conf:8: no such action: acept; did you mean accept?\n"
	    "mine.conf:9: no such view: itm; did you mean item?\n"
	    "mine.conf:10: no such key: spce; did you mean Space?\n");
	assert_int_equal(map.n, 1);
	keymap_release(&map);
}

static void
test_theme(void **state)
{
	struct keymap map = { NULL, 0, 0 };
	struct theme theme;
	int i;

	(void)state;
	memset(&theme, 0, sizeof(theme));
	read_conf(&map, &theme, conf_default());
	/* What means something has more than a colour. */
	for (i = FACE_INFO; i <= FACE_CURRENT; i++)
		assert_true(theme.look[i].bold || theme.look[i].underline ||
		    theme.look[i].reverse);
	read_conf(&map, &theme, SLICE("color high green reverse\n"));
	assert_int_equal(theme.look[FACE_HIGH].color, 2);
	assert_true(theme.look[FACE_HIGH].reverse);
	assert_false(theme.look[FACE_HIGH].underline);
	read_conf(&map, &theme, SLICE("theme = light\ncolor code red bold\n"));
	assert_string_equal(problems, "");
	assert_int_equal(theme.look[FACE_LOW].color, 5);
	assert_int_equal(theme.look[FACE_CODE].color, 1);
	assert_int_equal(theme.look[FACE_HIGH].color, 2);	/* it says nothing of it */
	read_conf(&map, &theme, SLICE("theme = contrast\n"));
	for (i = FACE_INFO; i <= FACE_CURRENT; i++) {
		assert_int_equal(theme.look[i].color, -1);
		assert_true(theme.look[i].bold || theme.look[i].underline ||
		    theme.look[i].reverse);
	}
	/* Of two themes the last is taken whole, with the lines of one's own that it
	 * says nothing of. */
	read_conf(&map, &theme, SLICE("color current yellow bold\n"
	    "theme = light\ntheme = contrast\n"));
	assert_int_equal(theme.look[FACE_HEADING].color, -1);
	assert_true(theme.look[FACE_HEADING].bold);
	assert_int_equal(theme.look[FACE_CURRENT].color, 3);
	read_conf(&map, &theme, SLICE("theme = pink\ntheme dark color high\n"));
	assert_string_equal(problems,
	    "mine.conf:1: use: theme = dark, light or contrast: theme = pink\n"
	    "mine.conf:2: use: color FACE COLOUR [bold] [underline] [reverse] [dim]: "
	    "theme dark color high\n");
	keymap_release(&map);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_reachable),
		cmocka_unit_test(test_user_wins),
		cmocka_unit_test(test_wrong_lines),
		cmocka_unit_test(test_theme),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
