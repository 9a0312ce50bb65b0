#include "tui/screen/keymap.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/base/near.h"
#include "core/base/utf8.h"

#define CONF_WORDS	10	/* of one line */

const char *const key_view_names[KEY_VIEWS] = {
	[KEYS_ALL] = "all", [KEYS_QUEUE] = "queue", [KEYS_ITEM] = "item",
	[KEYS_CHECK] = "check", [KEYS_PAGER] = "pager"
};

static const struct {
	const char	*name;
	int		 key;
} key_names[] = {
	{ "Enter", KEYS_ENTER }, { "Esc", KEYS_ESCAPE }, { "Tab", KEYS_TAB },
	{ "Space", ' ' }, { "Backspace", KEYS_BACKSPACE }, { "Up", KEYS_UP },
	{ "Down", KEYS_DOWN }, { "Left", KEYS_LEFT }, { "Right", KEYS_RIGHT },
	{ "Home", KEYS_HOME }, { "End", KEYS_END }, { "PageUp", KEYS_PAGE_UP },
	{ "PageDown", KEYS_PAGE_DOWN }, { "Insert", KEYS_INSERT },
	{ "Delete", KEYS_DELETE }, { "Backtab", KEYS_BACKTAB },
	{ "WheelUp", KEYS_WHEEL_UP }, { "WheelDown", KEYS_WHEEL_DOWN }
};
#define NKEYS	(sizeof(key_names) / sizeof(key_names[0]))

static bool
function_key_from(struct slice name, int *key)
{
	int f = 0;
	size_t i;

	if (name.n < 2 || name.n > 3 || name.p[0] != 'F')
		return false;
	for (i = 1; i < name.n; i++) {
		if (name.p[i] < '0' || name.p[i] > '9')
			return false;
		f = f * 10 + (name.p[i] - '0');
	}
	if (f < 1 || f > 12)
		return false;
	*key = KEYS_F1 + f - 1;
	return true;
}

bool
key_from(struct slice name, int *key)
{
	uint32_t cp;
	size_t i;

	for (i = 0; i < NKEYS; i++) {
		if (slice_is(name, key_names[i].name)) {
			*key = key_names[i].key;
			return true;
		}
	}
	if (function_key_from(name, key))
		return true;
	if (name.n == 2 && name.p[0] == '^' && name.p[1] >= '@' &&
	    name.p[1] <= '_') {
		*key = KEYS_CONTROL(name.p[1]);
		return true;
	}
	if (name.n == 0 || utf8_decode(name.p, name.n, &cp) != name.n ||
	    cp < ' ')
		return false;
	*key = (int)cp;
	return true;
}

void
key_text(int key, char out[KEY_NAME_MAX])
{
	char utf8[4];
	size_t i, n;

	for (i = 0; i < NKEYS; i++) {
		if (key_names[i].key == key) {
			(void)snprintf(out, KEY_NAME_MAX, "%s",
			    key_names[i].name);
			return;
		}
	}
	if (key >= KEYS_F1 && key <= KEYS_F12)
		(void)snprintf(out, KEY_NAME_MAX, "F%d", key - KEYS_F1 + 1);
	else if (key < ' ')
		(void)snprintf(out, KEY_NAME_MAX, "^%c", key + '@');
	else if (key >= KEYS_SPECIAL)
		(void)snprintf(out, KEY_NAME_MAX, "?");
	else {
		n = utf8_encode((uint32_t)key, utf8);
		(void)snprintf(out, KEY_NAME_MAX, "%.*s", (int)n, utf8);
	}
}

static enum status
keymap_add(struct keymap *map, struct key_binding b, struct error *err)
{
	struct key_binding *v;
	size_t cap;

	if (map->n == map->cap) {
		cap = map->cap == 0 ? 128 : map->cap * 2;
		v = realloc(map->v, cap * sizeof(*v));
		if (v == NULL)
			return error_nomem(err);
		map->v = v;
		map->cap = cap;
	}
	map->v[map->n++] = b;
	return STATUS_OK;
}

static bool
view_from(struct slice name, enum key_view *out)
{
	int i;

	for (i = 0; i < KEY_VIEWS; i++) {
		if (slice_is(name, key_view_names[i])) {
			*out = (enum key_view)i;
			return true;
		}
	}
	return false;
}

static const char *
view_name(void *arg, size_t i)
{
	(void)arg;
	return i < KEY_VIEWS ? key_view_names[i] : NULL;
}

static const char *
key_name(void *arg, size_t i)
{
	(void)arg;
	return i < NKEYS ? key_names[i].name : NULL;
}

/* What is wrong with a line of a configuration. */
struct wrong {
	const char	*why;		/* NULL: nothing */
	struct slice	 text;		/* the word, else the line */
	char		 hint[NEAR_TEXT];	/* what may have been meant */
};

static void
wrong_word(struct wrong *w, const char *why, struct slice word, near_name *names)
{
	w->why = why;
	if (near_hint(w->hint, word, names, NULL)[0] != '\0')
		w->text = word;
}

static void
bind_from(struct slice word[], size_t n, struct key_binding *b, struct wrong *w)
{
	if (n != 4)
		w->why = "use: bind VIEW KEY ACTION";
	else if (!view_from(word[1], &b->view))
		wrong_word(w, "no such view", word[1], view_name);
	else if (!key_from(word[2], &b->key))
		wrong_word(w, "no such key", word[2], key_name);
	else if (!action_from(word[3], &b->action))
		wrong_word(w, "no such action", word[3], action_name);
}

static size_t
words_of(struct slice line, struct slice word[CONF_WORDS])
{
	size_t i = 0, n = 0, start;

	while (n < CONF_WORDS) {
		while (i < line.n && (line.p[i] == ' ' || line.p[i] == '\t'))
			i++;
		start = i;
		while (i < line.n && line.p[i] != ' ' && line.p[i] != '\t')
			i++;
		if (i == start)
			break;
		word[n++] = (struct slice){ line.p + start, i - start };
	}
	return n;
}

static enum status
conf_line(const struct conf_reader *r, struct slice line, struct wrong *w,
    struct error *err)
{
	struct slice word[CONF_WORDS];
	struct key_binding b;
	size_t n;

	*w = (struct wrong){ .text = line };
	n = words_of(line, word);
	if (n == 0 || word[0].p[0] == '#')
		return STATUS_OK;
	if (slice_is(word[0], "bind")) {
		bind_from(word, n, &b, w);
		return w->why != NULL ? STATUS_OK : keymap_add(r->keys, b, err);
	}
	if (r->other == NULL || !r->other(r->other_arg, word, n, &w->why)) {
		if (w->why == NULL && r->line != NULL &&
		    r->line(r->line_arg, line, &w->why))
			return STATUS_OK;
		if (w->why == NULL)
			w->why = "no such setting";
	}
	return STATUS_OK;
}

enum status
keymap_read(const struct conf_reader *r, const char *file, struct slice text,
    struct error *err)
{
	struct buf msg = BUF_INIT;
	struct slice line;
	struct wrong wrong;
	enum status st = STATUS_OK;
	const char *lf;
	size_t at = 0;
	int number;

	for (number = 1; at < text.n && st == STATUS_OK; number++) {
		lf = memchr(text.p + at, '\n', text.n - at);
		line.p = text.p + at;
		line.n = lf == NULL ? text.n - at : (size_t)(lf - line.p);
		at += line.n + 1;
		st = conf_line(r, line, &wrong, err);
		if (st != STATUS_OK || wrong.why == NULL || r->problem == NULL)
			continue;
		buf_clear(&msg);
		buf_printf(&msg, "%s:%d: %s: ", file, number, wrong.why);
		buf_add_slice(&msg, wrong.text);
		buf_puts(&msg, wrong.hint);
		r->problem(r->problem_arg, buf_str(&msg));
	}
	buf_release(&msg);
	return st;
}

enum action
keymap_find(const struct keymap *map, enum key_view view, int key)
{
	const struct key_binding *b;
	size_t i;

	for (i = map->n; i-- > 0;) {
		b = &map->v[i];
		if (b->key == key && b->view == view)
			return b->action;
	}
	return view == KEYS_ALL ? ACTION_NONE : keymap_find(map, KEYS_ALL, key);
}

void
keymap_keys(const struct keymap *map, enum key_view view, enum action action,
    char *out, size_t n)
{
	char name[KEY_NAME_MAX];
	size_t at = 0, i;
	int got;

	out[0] = '\0';
	for (i = 0; i < map->n; i++) {
		if (map->v[i].action != action ||
		    (map->v[i].view != view && map->v[i].view != KEYS_ALL) ||
		    keymap_find(map, view, map->v[i].key) != action)
			continue;
		key_text(map->v[i].key, name);
		got = snprintf(out + at, n - at, "%s%s", at == 0 ? "" : " ",
		    name);
		if (got < 0 || (size_t)got >= n - at)
			return;
		at += (size_t)got;
	}
}

int
keymap_first(const struct keymap *map, enum key_view view, enum action action)
{
	size_t i;

	for (i = 0; i < map->n; i++) {
		if (map->v[i].action == action &&
		    (map->v[i].view == view || map->v[i].view == KEYS_ALL) &&
		    keymap_find(map, view, map->v[i].key) == action)
			return map->v[i].key;
	}
	return 0;
}

void
keymap_release(struct keymap *map)
{
	free(map->v);
	*map = (struct keymap){ NULL, 0, 0 };
}
