/*
 * Which key does what, read from lines "bind VIEW KEY ACTION": first the file
 * that the program carries (tui/screen/handrail.conf, the only definition of
 * the default keys), then the user's own.  Knows no terminal.
 */
#ifndef TUI_SCREEN_KEYMAP_H
#define TUI_SCREEN_KEYMAP_H

#include "tui/screen/action.h"

/* A key is a code point, or one of these. */
enum key {
	KEYS_SPECIAL = 0x110000,
	KEYS_UP, KEYS_DOWN, KEYS_LEFT, KEYS_RIGHT, KEYS_HOME, KEYS_END,
	KEYS_PAGE_UP, KEYS_PAGE_DOWN, KEYS_INSERT, KEYS_DELETE, KEYS_BACKTAB,
	KEYS_F1, KEYS_F12 = KEYS_F1 + 11,
	KEYS_WHEEL_UP, KEYS_WHEEL_DOWN,
	KEYS_END_OF_LIST
};
enum { KEYS_ENTER = '\r', KEYS_ESCAPE = 27, KEYS_TAB = '\t', KEYS_BACKSPACE = 127 };
#define KEYS_CONTROL(c)	((c) & 0x1f)
#define KEY_NAME_MAX	16

/* Where a binding holds; the rows of view_names[]. */
enum key_view { KEYS_ALL, KEYS_QUEUE, KEYS_ITEM, KEYS_CHECK, KEYS_PAGER, KEY_VIEWS };
extern const char *const key_view_names[KEY_VIEWS];

struct key_binding {
	enum key_view	view;
	int		key;
	enum action	action;
};
struct keymap {
	struct key_binding	*v;
	size_t			 n, cap;
};

/* "j", "^D", "Space", "F1": false where it is not a key's name. */
bool		key_from(struct slice name, int *key);
void		key_text(int key, char out[KEY_NAME_MAX]);

/*
 * Reads a configuration; `file` is for messages.  A wrong line is reported
 * ("FILE:3: no such action: acept; did you mean accept?", else with the whole line)
 * and passed over.  Lines that are not about
 * keys are given to `other` (false: it knows no such line); NULL: none.
 */
struct conf_reader {
	struct keymap	*keys;
	bool		(*other)(void *, struct slice word[], size_t n,
			    const char **why);
	void		*other_arg;
	/* And a line that this knows neither, whole; NULL: none. */
	bool		(*line)(void *, struct slice, const char **why);
	void		*line_arg;
	void		(*problem)(void *, const char *line);
	void		*problem_arg;
};
enum status	keymap_read(const struct conf_reader *, const char *file,
		    struct slice text, struct error *) MUST_CHECK;

enum action	keymap_find(const struct keymap *, enum key_view, int key);
/* The keys of an action in a view, "j Down", cut at n bytes. */
void		keymap_keys(const struct keymap *, enum key_view, enum action,
		    char *out, size_t n);
/* The first key of an action in a view; 0: none. */
int		keymap_first(const struct keymap *, enum key_view, enum action);
void		keymap_release(struct keymap *);

#endif
