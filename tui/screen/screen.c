#include "tui/screen/screen.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "tui/screen/cell.h"
#include "tui/screen/tty.h"
#include "tui/screen/view.h"
#include "tui/review/views.h"

#define TICK_BUSY_MS	100	/* how often waiting work is tried again */
#define TICK_IDLE_MS	2000	/* how often others' work is looked for */
#define AGES_MS		60000	/* ages are shown in minutes */
#define ROWS_READ	6	/* a window that shows less shows no text */
#define COLUMNS_READ	10

struct view *
view_push(struct screen *scr, const struct view_ops *ops, void *data)
{
	struct view *v;

	if (scr->nviews == VIEWS_MAX) {
		screen_fail(scr, "too many views are open");
		return NULL;
	}
	v = &scr->stack[scr->nviews++];
	*v = (struct view){ ops, scr, data, 0, 0, 0 };
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
	return &scr->stack[scr->nviews - 1];
}

static void
message_add(struct screen *scr, bool error, const char *fmt, va_list ap)
{
	struct message *m = &scr->messages[(scr->nmessages +
	    MESSAGES_MAX - 1) % MESSAGES_MAX];
	char text[MESSAGE_BYTES];

	(void)vsnprintf(text, sizeof(text), fmt, ap);
	scr->message_shown = true;
	/* A key that is held says the same over and over. */
	if (scr->nmessages > 0 && strcmp(m->text, text) == 0)
		return;
	m = &scr->messages[scr->nmessages++ % MESSAGES_MAX];
	memcpy(m->text, text, sizeof(m->text));
	m->error = error;
	m->ms = store_now_ms(scr->session->store);
}

void
screen_say(struct screen *scr, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message_add(scr, false, fmt, ap);
	va_end(ap);
}

void
screen_fail(struct screen *scr, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message_add(scr, true, fmt, ap);
	va_end(ap);
}

/* One try; what is still locked stays in scr->op. */
static void
op_try(struct screen *scr)
{
	const struct op *op = scr->op;
	struct error err = { STATUS_OK, "" };
	enum status st;

	st = op->run(scr, &err);
	if (st == STATUS_BUSY)
		return;
	scr->op = NULL;
	op->done(scr, st, &err);
}

void
screen_run(struct screen *scr, const struct op *op)
{
	if (scr->op != NULL) {
		screen_fail(scr, "still waiting for the store: %s",
		    scr->op->what);
		return;
	}
	scr->op = op;
	op_try(scr);
}

static void
op_give_up(struct screen *scr)
{
	const struct op *op = scr->op;
	struct error err = { STATUS_OK, "" };

	scr->op = NULL;
	(void)error_set(&err, STATUS_BUSY,
	    "%s: given up; the store is in use by another process", op->what);
	op->done(scr, STATUS_BUSY, &err);
}

static void	act_ask(struct screen *, enum action, int64_t quiet_ms);

static void
command_typed(struct screen *scr, void *arg, struct slice text)
{
	enum action action;

	(void)arg;
	if (text.n == 0)
		return;
	if (!action_from(text, &action))
		screen_fail(scr, "no such action: %.*s", SLICE_ARG(text));
	else
		act_ask(scr, action, TYPED_MS);
}

/* Actions that mean the same in every view; false where it is another. */
static bool
act_everywhere(struct screen *scr, enum action action)
{
	switch (action) {
	case ACTION_NONE:
		return true;
	case ACTION_COMMAND:
		prompt_line(scr, ":", SLICE(""), command_typed, NULL);
		return true;
	case ACTION_HELP:
		help_view_show(scr);
		return true;
	case ACTION_MESSAGES:
		messages_view_show(scr);
		return true;
	case ACTION_STATS:
		stats_view_show(scr);
		return true;
	case ACTION_QUIT:
		scr->leave = true;
		return true;
	case ACTION_REDRAW:
		draw_again();
		return true;
	case ACTION_SUSPEND:
		tty_suspend();
		deliberate_new(&scr->calm);
		return true;
	default:
		return false;
	}
}

/* What is missing for an action, or NULL. */
static const char *
act_missing(struct screen *scr, enum action action)
{
	struct view *v = view_top(scr);
	unsigned holds = v->ops->holds(v);
	unsigned lacks = action_rows[action].needs & ~holds;

	if (lacks & NEED_OPEN)
		return "open an item first";
	if ((lacks & NEED_ITEM) || ((lacks & NEED_LEASE) &&
	    !(holds & NEED_ITEM)))
		return "there is no item here";
	if (lacks & NEED_LEASE)
		return "read only: Enter claims it";
	return NULL;
}

/* False, and said why, where it cannot be done now. */
static bool
act_allowed(struct screen *scr, enum action action)
{
	const char *missing;

	if (scr->op != NULL && action_rows[action].group != GROUP_MOVE &&
	    action != ACTION_QUIT && action != ACTION_REDRAW) {
		screen_fail(scr, "waiting for the store: %s (Esc gives up)",
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
	struct view *v = view_top(scr);

	if (act_everywhere(scr, action) || v->ops->act(v, action))
		return;
	if (action != ACTION_BACK)
		screen_fail(scr, "%s: not here", action_rows[action].name);
	else if (scr->nviews > 1)
		view_pop(scr);
	else
		scr->leave = true;
}

static void
act_waited(struct screen *scr)
{
	if (act_allowed(scr, scr->waiting))
		act_go(scr, scr->waiting);
}

static bool
window_reads(void)
{
	int rows, columns;

	draw_size(&rows, &columns);
	return rows >= ROWS_READ && columns >= COLUMNS_READ;
}

/* quiet_ms: how long no key may have come before one that decides. */
static void
act_ask(struct screen *scr, enum action action, int64_t quiet_ms)
{
	struct view *v = view_top(scr);
	const char *why;

	if (!act_allowed(scr, action))
		return;
	if (!(action_rows[action].needs & ~v->ops->holds(v) & NEED_CALM)) {
		act_go(scr, action);
		return;
	}
	why = window_reads() ? deliberate_refusal(&scr->calm, quiet_ms) :
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
	    action == ACTION_REDRAW) && act_everywhere(scr, action);
}

static void
key_unknown(struct screen *scr, int key)
{
	char name[KEY_NAME_MAX], help[KEY_NAME_MAX];

	key_text(key, name);
	key_text(keymap_first(&scr->keys, KEYS_ALL, ACTION_HELP), help);
	screen_say(scr, "%s does nothing here; %s shows the keys", name, help);
}

void
screen_key(struct screen *scr, int key, int64_t came_ms, int64_t read_ms)
{
	enum action action;
	bool stopped;

	scr->message_shown = false;
	stopped = wait_stop(scr, came_ms, read_ms);
	scr->now_ms = scr->key_ms = store_now_ms(scr->session->store);
	if (key_of_terminal(scr, key))
		return;
	if (scr->prompt.kind != PROMPT_NONE) {
		prompt_key(scr, key);
		scr->key = key;
		return;
	}
	scr->key = key;
	if (scr->op != NULL && key == KEYS_ESCAPE) {
		op_give_up(scr);
		return;
	}
	if (view_top(scr)->ops->key != NULL) {
		(void)view_top(scr)->ops->key(view_top(scr), key);
		return;
	}
	if (stopped)
		return;		/* that was what it was for */
	action = keymap_find(&scr->keys, view_top(scr)->ops->keys, key);
	if (action == ACTION_NONE)
		key_unknown(scr, key);
	else
		screen_act(scr, action);
}

void
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

	scr->message_shown = false;
	stopped = wait_stop(scr, read_ms, read_ms);
	scr->key = key;
	if (prompt_paste(scr, key) || (stopped && v->ops->key == NULL))
		return;
	if (scr->prompt.kind != PROMPT_NONE || v->ops->key == NULL)
		screen_fail(scr, "pasted text is dropped: nothing here takes it");
	else if (text || key == KEYS_TAB)
		(void)v->ops->key(v, key);
	else if (key == '\r' || (key == '\n' && last != '\r'))
		(void)v->ops->key(v, KEYS_ENTER);
}

void
screen_tick(struct screen *scr)
{
	struct view *v = view_top(scr);

	if (scr->op != NULL) {
		op_try(scr);
		return;
	}
	if (store_now_ms(scr->session->store) - scr->now_ms >= AGES_MS)
		scr->now_ms = scr->key_ms = store_now_ms(scr->session->store);
	if (scr->prompt.kind == PROMPT_NONE && v->ops->tick != NULL)
		v->ops->tick(v);
}

static void
hints_draw(struct screen *scr, int row, int columns)
{
	const struct view_ops *ops = view_top(scr)->ops;
	char name[KEY_NAME_MAX];
	const enum action *a;
	int used = 0, key, width;

	if (ops->keys == KEYS_QUEUE && scr->filter.where != NULL)
		used = draw_label(row, 0, columns / 2, FACE_MESSAGE, "& %s",
		    scr->filter.where) + 2;
	for (a = ops->hints; *a != ACTION_NONE; a++) {
		key = keymap_first(&scr->keys, ops->keys, *a);
		if (key == 0)
			continue;
		key_text(key, name);
		width = (int)(strlen(name) + strlen(action_rows[*a].name) + 3);
		if (used + width > columns)
			break;
		used += draw_label(row, used, columns - used, FACE_HINT,
		    "%s:%s  ", name, action_rows[*a].name);
	}
}

/* A message that is too long for its line takes the hints' line too. */
static void
message_draw(const struct message *m, int row, int columns)
{
	enum face face = m->error ? FACE_ERROR : FACE_MESSAGE;
	struct slice text = slice_of(m->text);
	size_t n = cell_fit(text, (size_t)columns - 1, NULL);

	if (n < text.n && row > 0) {
		draw_clear(row - 1, 0, columns);
		(void)draw_text(row - 1, 0, columns - 1, face, text);
		text.p += n;
		text.n -= n;
	}
	(void)draw_text(row, 0, columns - 1, face, text);
}

static void
wait_draw(const struct screen *scr, int row, int columns)
{
	draw_clear(row, 0, columns);
	(void)draw_label(row, 0, columns - 1, FACE_MESSAGE, "%s ...  (any key "
	    "stops it)", scr->notice);
}

/* What there is to say meanwhile stands above the question. */
static void
prompt_last_draw(struct screen *scr, int row, int columns)
{
	int top, column = prompt_draw(scr, row, columns, &top);

	if (top > 0 && scr->calm.due_ms >= 0)
		wait_draw(scr, top - 1, columns);
	else if (top > 0 && scr->message_shown && scr->nmessages > 0) {
		draw_clear(top - 1, 0, columns);
		message_draw(&scr->messages[(scr->nmessages - 1) %
		    MESSAGES_MAX], top - 1, columns);
	}
	draw_flush(row, column);
}

/* Where the cursor goes: into the prompt, else where the view has it. */
static void
last_line_draw(struct screen *scr, int row, int columns)
{
	struct view *v = view_top(scr);

	if (scr->prompt.kind != PROMPT_NONE) {
		prompt_last_draw(scr, row, columns);
		return;
	}
	if (scr->calm.due_ms >= 0)
		wait_draw(scr, row, columns);
	else if (scr->op != NULL)
		(void)draw_label(row, 0, columns - 1, FACE_ERROR,
		    "waiting for the store: %s (Esc gives up)", scr->op->what);
	else if (scr->message_shown && scr->nmessages > 0)
		message_draw(&scr->messages[(scr->nmessages - 1) %
		    MESSAGES_MAX], row, columns);
	draw_flush(v->row, v->column);
}

void
screen_draw(struct screen *scr)
{
	struct view *v = view_top(scr);
	int rows, columns, bottom;

	draw_size(&rows, &columns);
	bottom = rows >= 5 ? rows - 2 : rows - 1;
	draw_erase();
	v->height = bottom;
	if (bottom > 0)
		v->ops->draw(v, 0, bottom);
	if (bottom == rows - 2)
		hints_draw(scr, rows - 2, columns);
	last_line_draw(scr, rows - 1, columns);
}

/* What was being typed when the terminal went away. */
static void
typing_save(struct screen *scr)
{
	const struct item_detail *d = item_view_detail(scr);
	struct error ignored = { STATUS_OK, "" };
	char path[512];
	size_t i;

	for (i = 0; i < scr->nviews; i++) {
		if (scr->stack[i].ops->keep != NULL)
			scr->stack[i].ops->keep(&scr->stack[i]);
	}
	if (scr->prompt.kind != PROMPT_NONE && scr->prompt.precious &&
	    scr->prompt.line.text.n > 0 && draft_save("typed",
	    d == NULL ? 0 : d->row.item, buf_slice(&scr->prompt.line.text),
	    path, sizeof(path), &ignored) != STATUS_OK)
		return;	/* nowhere to say so: the terminal is gone */
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
			task_touch(scr);
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
			if (!window_reads())
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

static void
conf_problem(void *arg, const char *line)
{
	screen_fail(arg, "%s", line);
}

/* The keys and colours: the program's own, then the user's. */
static enum status
conf_load(struct screen *scr, struct error *err)
{
	struct conf_reader r = { &scr->keys, theme_word, &scr->theme,
	    conf_problem, scr };
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct buf text = BUF_INIT;
	char path[600];
	enum status st;
	int i;

	for (i = 0; i < FACE_COUNT; i++)
		scr->theme.look[i].color = -1;
	st = keymap_read(&r, "handrail.conf", keymap_default(), err);
	if (st != STATUS_OK)
		return st;
	if (config != NULL && config[0] == '/')
		(void)snprintf(path, sizeof(path), "%s/handrail/handrail.conf",
		    config);
	else
		(void)snprintf(path, sizeof(path),
		    "%s/.config/handrail/handrail.conf",
		    home == NULL ? "" : home);
	if (access(path, F_OK) != 0)
		return STATUS_OK;
	st = file_read(path, &text, err);
	if (st == STATUS_OK)
		st = keymap_read(&r, path, buf_slice(&text), err);
	buf_release(&text);
	return st;
}

static enum status
screen_init(struct screen *scr, struct session *session,
    const struct list_filter *filter, struct error *err)
{
	char folder[512];
	size_t left;

	memset(scr, 0, sizeof(*scr));
	scr->session = session;
	scr->filter = *filter;
	if (filter->where != NULL) {
		(void)snprintf(scr->where, sizeof(scr->where), "%s",
		    filter->where);
		scr->filter.where = scr->where;
	}
	line_init(&scr->prompt.line);
	task_init(&scr->task);
	scr->now_ms = store_now_ms(scr->session->store);
	deliberate_init(&scr->calm, tty_now_ms());
	scr->messages = calloc(MESSAGES_MAX, sizeof(*scr->messages));
	if (scr->messages == NULL)
		return error_nomem(err);
	left = draft_left(folder, sizeof(folder));
	if (left > 0)
		screen_say(scr, "%zu draft%s of earlier: %s", left,
		    left == 1 ? "" : "s", folder);
	return conf_load(scr, err);
}

static void
screen_release(struct screen *scr)
{
	struct error ignored = { STATUS_OK, "" };

	if (review_release_all(scr->session, &ignored) != STATUS_OK)
		ignored.code = STATUS_OK;	/* they end by themselves */
	while (scr->nviews > 0) {
		scr->nviews--;
		scr->stack[scr->nviews].ops->close(&scr->stack[scr->nviews]);
	}
	prompt_close(scr);
	task_release(&scr->task);
	keymap_release(&scr->keys);
	free(scr->messages);
}

const char *
screen_script(const struct session *session)
{
	const char *script = !store_is_test(session->store) ? NULL :
	    getenv("HANDRAIL_SCRIPT");

	return script == NULL || script[0] == '\0' ? NULL : script;
}

enum status
screen_review(struct session *session, const struct list_filter *filter,
    struct error *err)
{
	const char *script = screen_script(session);
	struct screen *scr;
	enum status st;

	scr = malloc(sizeof(*scr));
	if (scr == NULL)
		return error_nomem(err);
	st = screen_init(scr, session, filter, err);
	if (st == STATUS_OK)
		st = queue_view_open(scr, err);
	if (st == STATUS_OK)
		st = tty_open(script != NULL, &scr->theme, err);
	if (st == STATUS_OK) {
		if (script != NULL)
			st = script_run(scr, script, err);
		else
			screen_loop(scr);
		typing_save(scr);
		tty_close();
	}
	screen_release(scr);
	free(scr);
	return st;
}

void
minutes_text(int64_t ms, char out[16])
{
	int64_t m = ms < 0 ? 0 : ms / 60000;

	if (m < 100)
		(void)snprintf(out, 16, "%lldm", (long long)m);
	else if (m < 100 * 60)
		(void)snprintf(out, 16, "%lldh", (long long)(m / 60));
	else
		(void)snprintf(out, 16, "%lldd", (long long)(m / 1440 % 100000));
}
