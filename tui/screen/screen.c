#include "tui/screen/screen.h"

#include <stdio.h>

#include "tui/screen/conf.h"
#include "tui/screen/paint.h"
#include "tui/screen/script.h"
#include "tui/screen/tty.h"

#define TICK_BUSY_MS	100	/* how often waiting work is tried again */
#define TICK_IDLE_MS	2000	/* how often others' work is looked for */
#define AGES_MS		60000	/* ages are shown in minutes */
#define WHEEL_LINES	3	/* a step of the mouse's wheel */

int64_t
screen_clock(const struct screen *scr)
{
	return scr->host->clock(scr->owner);
}

void
screen_wait(struct screen *scr, int64_t ms, const char *notice,
    void (*waits)(struct screen *))
{
	(void)snprintf(scr->notice, sizeof(scr->notice), "%s", notice);
	scr->waits = waits;
	deliberate_wait(&scr->calm, ms);
}

bool
screen_due(struct screen *scr, int64_t now_ms)
{
	if (!deliberate_due(&scr->calm, now_ms))
		return false;
	scr->waits(scr);
	return true;
}

/* Bytes came: what waited is off, and that is said. */
static bool
wait_stop(struct screen *scr, int64_t came_ms, int64_t read_ms)
{
	if (!deliberate_key(&scr->calm, came_ms, read_ms))
		return false;
	screen_fail(scr, "%s: stopped by another key; nothing was done",
	    scr->notice);
	return true;
}

/* ^Z and ^L, or what they are bound to, do the same while a text is typed. */
static bool
key_of_terminal(struct screen *scr, int key)
{
	enum action action = keymap_find(&scr->keys, KEYS_ALL, key);

	return key < ' ' && (action == ACTION_SUSPEND ||
	    action == ACTION_REDRAW) && screen_act_own(scr, action);
}

static void
key_unknown(struct screen *scr, int key)
{
	char name[KEY_NAME_MAX], help[KEY_NAME_MAX];

	key_text(key, name);
	key_text(keymap_first(&scr->keys, KEYS_ALL, ACTION_HELP), help);
	screen_say(scr, "%s does nothing here; %s shows the keys", name, help);
}

/* A wheel scrolls, and answers no question. */
static void
wheel_turn(struct screen *scr, int key)
{
	enum action action = keymap_find(&scr->keys, view_top(scr)->ops->keys, key);
	int i;

	if (scr->prompt.kind != PROMPT_NONE || view_top(scr)->ops->key != NULL ||
	    action == ACTION_NONE || action_rows[action].group != GROUP_MOVE)
		return;
	for (i = 0; i < WHEEL_LINES; i++)
		screen_act(scr, action);
}

void
screen_key(struct screen *scr, int key, int64_t came_ms, int64_t read_ms)
{
	enum action action;
	bool stopped;

	scr->messages.shown = false;
	stopped = wait_stop(scr, came_ms, read_ms);
	scr->now_ms = scr->key_ms = screen_clock(scr);
	if (key == KEYS_WHEEL_UP || key == KEYS_WHEEL_DOWN) {
		wheel_turn(scr, key);
		return;
	}
	if (key_of_terminal(scr, key))
		return;
	if (scr->prompt.kind != PROMPT_NONE) {
		prompt_key(scr, key);
		scr->key = key;
		return;
	}
	scr->key = key;
	if (scr->op != NULL && key == KEYS_ESCAPE) {
		op_stop(scr);
		return;
	}
	if (view_top(scr)->ops->key != NULL) {
		view_top(scr)->ops->key(view_top(scr), key);
		return;
	}
	if (stopped)
		return;		/* that was what it was for */
	action = keymap_find(&scr->keys, view_top(scr)->ops->keys, key);
	if (action != ACTION_NONE)
		screen_act(scr, action);
	else if (!screen_act_any(scr))
		key_unknown(scr, key);
}

/* Bytes that are neither key nor pasted text. */
static void
screen_bytes(struct screen *scr, int64_t read_ms)
{
	(void)wait_stop(scr, read_ms, read_ms);
}

void
screen_paste(struct screen *scr, int key, int64_t read_ms)
{
	struct view *v = view_top(scr);
	bool text = key >= ' ' && key < KEYS_SPECIAL && key != KEYS_BACKSPACE;
	int last = scr->key;
	bool stopped;

	scr->messages.shown = false;
	stopped = wait_stop(scr, read_ms, read_ms);
	scr->key = key;
	if (prompt_paste(scr, key) || (stopped && v->ops->key == NULL))
		return;
	if (scr->prompt.kind != PROMPT_NONE || v->ops->key == NULL)
		screen_fail(scr, "pasted text is dropped: nothing here takes it");
	else if (text || key == KEYS_TAB)
		v->ops->key(v, key);
	else if (key == '\r' || (key == '\n' && last != '\r'))
		v->ops->key(v, KEYS_ENTER);
}

void
screen_tick(struct screen *scr)
{
	struct view *v = view_top(scr);

	if (scr->op != NULL) {
		op_try(scr);
		return;
	}
	if (screen_clock(scr) - scr->now_ms >= AGES_MS)
		scr->now_ms = scr->key_ms = screen_clock(scr);
	if (scr->prompt.kind != PROMPT_NONE)
		prompt_keep(scr);
	else if (v->ops->tick != NULL)
		v->ops->tick(v);
}

static void
screen_loop(struct screen *scr)
{
	int key, tick;

	while (!scr->leave) {
		if (!tty_pending()) {
			screen_draw(scr);
			deliberate_painted(&scr->calm, tty_now_ms());
			/* After the answer, since it may wait for the store. */
			scr->host->answered(scr);
		}
		tick = scr->op != NULL || scr->asides > 0 ? TICK_BUSY_MS :
		    TICK_IDLE_MS;
		switch (tty_wait(deliberate_left(&scr->calm, tty_now_ms(),
		    tick), &key)) {
		case TTY_KEY:
			screen_key(scr, key, tty_came_ms(), tty_now_ms());
			break;
		case TTY_PASTED:
			screen_paste(scr, key, tty_now_ms());
			break;
		case TTY_BYTES:
			screen_bytes(scr, tty_now_ms());
			break;
		case TTY_RESIZE:
			if (!screen_readable())
				deliberate_new(&scr->calm);
			tty_resize(0, 0);
			break;
		case TTY_SUSPEND:
			screen_bytes(scr, tty_now_ms());
			tty_suspend();
			deliberate_new(&scr->calm);
			break;
		case TTY_LEAVE:
			scr->leave = true;
			break;
		case TTY_CHILD:
			break;
		case TTY_NONE:
			if (scr->calm.due_ms < 0)
				screen_tick(scr);
			else if (!tty_pending())
				(void)screen_due(scr, tty_now_ms());
			break;
		}
	}
}

/* What was being typed when the terminal went away, or still waited for the store. */
static void
typing_keep(struct screen *scr)
{
	size_t i;

	scr->leave = true;
	if (scr->op != NULL)
		op_stop(scr);
	for (i = 0; i < scr->nviews; i++) {
		if (scr->stack[i].ops->keep != NULL)
			scr->stack[i].ops->keep(&scr->stack[i]);
	}
	prompt_keep(scr);
}

static void
locale_say(struct screen *scr)
{
	const char *name = tty_locale_missing();

	if (name != NULL)
		screen_say(scr, "the locale %s is not installed: C.UTF-8 is taken",
		    name);
}

enum status
screen_show(struct screen *scr, struct error *err)
{
	enum status st = tty_open(false, &scr->theme, err);

	if (st != STATUS_OK)
		return st;
	if (scr->wheel)
		tty_wheel();
	locale_say(scr);
	screen_loop(scr);
	typing_keep(scr);
	tty_close();
	return STATUS_OK;
}

enum status
screen_play(struct screen *scr, const char *file, struct slice text,
    struct error *err)
{
	enum status st = tty_open(true, &scr->theme, err);

	if (st != STATUS_OK)
		return st;
	locale_say(scr);
	st = script_run(scr, file, text, err);
	typing_keep(scr);
	tty_close();
	return st;
}

/* What is the screen's own to take. */
static bool
conf_word(void *arg, struct slice word[], size_t n, const char **why)
{
	struct screen *scr = arg;

	if (!slice_is(word[0], "mouse"))
		return theme_word(&scr->theme, word, n, why);
	if (n == 3 && slice_is(word[1], "=") && slice_is(word[2], "wheel"))
		scr->wheel = true;
	else
		*why = "use: mouse = wheel";
	return *why == NULL;
}

static void
conf_problem(void *arg, const char *line)
{
	screen_fail(arg, "%s", line);
}

enum status
screen_configure(struct screen *scr, const char *file, struct slice text,
    struct error *err)
{
	struct conf_reader r = { &scr->keys, conf_word, scr,
	    scr->host->setting, scr->owner, conf_problem, scr };

	return keymap_read(&r, file, text, err);
}

enum status
screen_init(struct screen *scr, const struct screen_host *host, void *owner,
    struct error *err)
{
	int i;

	memset(scr, 0, sizeof(*scr));
	scr->host = host;
	scr->owner = owner;
	line_init(&scr->prompt.line);
	scr->now_ms = screen_clock(scr);
	deliberate_init(&scr->calm, tty_now_ms());
	for (i = 0; i < FACE_COUNT; i++)
		scr->theme.look[i].color = scr->theme.own[i].color = -1;
	if (messages_init(&scr->messages, err) != STATUS_OK)
		return err->code;
	return screen_configure(scr, "handrail.conf", conf_default(), err);
}

void
screen_release(struct screen *scr)
{
	size_t i;

	while (scr->nviews > 0) {
		scr->nviews--;
		scr->stack[scr->nviews].ops->close(&scr->stack[scr->nviews]);
	}
	for (i = 0; i < HISTORY_KINDS; i++)
		history_release(&scr->history[i]);
	prompt_close(scr);
	keymap_release(&scr->keys);
	messages_release(&scr->messages);
}
