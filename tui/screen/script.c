#include "tui/screen/script.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/base/text_cells.h"
#include "core/base/utf8.h"
#include "tui/screen/draw.h"
#include "tui/screen/paint.h"
#include "tui/screen/screen.h"
#include "tui/screen/tty.h"

#define SETTLE_MS	10000	/* longest wait for a locked store */
#define KEY_MS		1000	/* between keys, as of one who reads */
#define TYPE_MS		100	/* between the letters of a text */

/*
 * A script's line is a word and its argument.  What a script sees is what
 * stands in the cells, never the bytes that brought it there.
 */
struct script {
	struct screen	*scr;
	const char	*path;
	int		 line;
	int64_t		 now_ms;	/* the script's own time */
	int64_t		 key_ms;	/* of the last key */
	struct buf	 cells;		/* of the row last read */
};

/* Lets waiting work, and work aside, come to its end, then draws. */
static void
settle(struct script *s)
{
	struct screen *scr = s->scr;
	struct timespec step = { 0, 5 * 1000000L };
	int i;

	for (i = 0; (scr->op != NULL || scr->asides > 0) &&
	    i < SETTLE_MS / 5; i++) {
		screen_tick(scr);
		if (scr->op != NULL || scr->asides > 0)
			(void)nanosleep(&step, NULL);
	}
	if (!scr->leave)
		screen_draw(scr);
	deliberate_painted(&scr->calm, s->now_ms);
}

/* Lets the script's time go on, and what falls due in it happen. */
static void
pass(struct script *s, int64_t until_ms)
{
	struct deliberate *calm = &s->scr->calm;

	while (calm->due_ms >= 0 && calm->due_ms <= until_ms &&
	    !s->scr->leave) {
		s->now_ms = calm->due_ms;
		(void)screen_due(s->scr, s->now_ms);
		settle(s);
	}
	if (until_ms > s->now_ms)
		s->now_ms = until_ms;
}

static void
press(struct script *s, int key)
{
	screen_key(s->scr, key, s->now_ms, s->now_ms);
	s->key_ms = s->now_ms;
}

static enum status
fail(struct script *s, struct error *err, const char *why, struct slice what)
{
	return error_set(err, STATUS_CONFLICT, "%s:%d: %s: %.*s", s->path,
	    s->line, why, SLICE_ARG(what));
}

static const char *
row_read(struct script *s, int row)
{
	buf_clear(&s->cells);
	draw_read(row, &s->cells);
	return buf_str(&s->cells);
}

/* The row and the column (in cells, of what is one column wide) of a text. */
static bool
find(struct script *s, struct slice text, int *row, int *column)
{
	int rows, columns;
	const char *at;
	char *needle = strndup(text.p, text.n);

	draw_size(&rows, &columns);
	for (*row = 0; needle != NULL && *row < rows; (*row)++) {
		at = strstr(row_read(s, *row), needle);
		if (at == NULL)
			continue;
		*column = (int)text_width((struct slice){ s->cells.p,
		    (size_t)(at - s->cells.p) });
		free(needle);
		return true;
	}
	free(needle);
	return false;
}

/* Each word of a line of keys, gap_ms behind the one before it. */
static enum status
keys_press(struct script *s, struct slice arg, int64_t gap_ms,
    struct error *err)
{
	struct slice word;
	size_t i = 0, start;
	int key;

	while (i < arg.n && !s->scr->leave) {
		while (i < arg.n && arg.p[i] == ' ')
			i++;
		for (start = i; i < arg.n && arg.p[i] != ' ';)
			i++;
		word = (struct slice){ arg.p + start, i - start };
		if (word.n == 0)
			break;
		if (!key_from(word, &key))
			return fail(s, err, "no such key", word);
		if (gap_ms > 0)
			pass(s, s->key_ms + gap_ms);
		press(s, key);
		if (gap_ms > 0)
			settle(s);
	}
	return STATUS_OK;
}

/* keys KEY...: of somebody who takes a second for each. */
static enum status
do_keys(struct script *s, struct slice arg, struct error *err)
{
	enum status st = keys_press(s, arg, KEY_MS, err);

	pass(s, s->key_ms + KEY_MS);
	return st;
}

/* burst KEY...: all at once, and the time stands still behind them. */
static enum status
do_burst(struct script *s, struct slice arg, struct error *err)
{
	enum status st = keys_press(s, arg, 0, err);

	settle(s);
	return st;
}

/* wait MS */
static enum status
do_wait(struct script *s, struct slice arg, struct error *err)
{
	char text[32], *end;
	long ms;

	(void)snprintf(text, sizeof(text), "%.*s", SLICE_ARG(arg));
	ms = strtol(text, &end, 10);
	if (end == text || *end != '\0' || ms < 0 || ms > 3600000)
		return fail(s, err, "use: wait MILLISECONDS", arg);
	pass(s, s->now_ms + ms);
	return STATUS_OK;
}

static enum status
do_type(struct script *s, struct slice arg, struct error *err)
{
	uint32_t cp;
	size_t i, n;

	pass(s, s->key_ms + KEY_MS);
	for (i = 0; i < arg.n && !s->scr->leave; i += n) {
		n = utf8_decode(arg.p + i, arg.n - i, &cp);
		if (n == 0)
			return fail(s, err, "not UTF-8", arg);
		if (i > 0)
			pass(s, s->key_ms + TYPE_MS);
		press(s, (int)cp);
	}
	settle(s);
	pass(s, s->key_ms + KEY_MS);
	return STATUS_OK;
}

/* paste TEXT, as a terminal marks it; \n in it is a line's end. */
static enum status
do_paste(struct script *s, struct slice arg, struct error *err)
{
	uint32_t cp;
	size_t i, n;

	for (i = 0; i < arg.n; i += n) {
		n = utf8_decode(arg.p + i, arg.n - i, &cp);
		if (n == 0)
			return fail(s, err, "not UTF-8", arg);
		if (cp == '\\' && i + 1 < arg.n && arg.p[i + 1] == 'n') {
			cp = '\n';
			n = 2;
		}
		screen_paste(s->scr, (int)cp, s->now_ms);
	}
	s->key_ms = s->now_ms;
	settle(s);
	return STATUS_OK;
}

static enum status
do_expect(struct script *s, struct slice arg, struct error *err)
{
	int row, column;

	return find(s, arg, &row, &column) ? STATUS_OK :
	    fail(s, err, "not on the screen", arg);
}

static enum status
do_absent(struct script *s, struct slice arg, struct error *err)
{
	int row, column;

	return find(s, arg, &row, &column) ?
	    fail(s, err, "on the screen", arg) : STATUS_OK;
}

/* attr ATTRIBUTES TEXT: "attr bold,underline Refund". */
static enum status
do_attr(struct script *s, struct slice arg, struct error *err)
{
	const char *space = memchr(arg.p, ' ', arg.n);
	struct buf got = BUF_INIT;
	struct slice text;
	enum status st = STATUS_OK;
	int row, column;
	size_t i, n;

	if (space == NULL)
		return fail(s, err, "use: attr ATTRIBUTES TEXT", arg);
	n = (size_t)(space - arg.p);
	text = (struct slice){ space + 1, arg.n - n - 1 };
	if (!find(s, text, &row, &column))
		return fail(s, err, "not on the screen", text);
	draw_attributes(row, column, &got);
	for (i = 0; i < got.n; i++) {
		if (got.p[i] == ' ')
			got.p[i] = ',';
	}
	if (!slice_eq((struct slice){ arg.p, n }, buf_slice(&got)))
		st = fail(s, err, "it looks otherwise", buf_slice(&got));
	buf_release(&got);
	return st;
}

/* cursor TEXT: the cursor's row holds it. */
static enum status
do_cursor(struct script *s, struct slice arg, struct error *err)
{
	int row, column, found_row, found_column;

	draw_cursor(&row, &column);
	if (find(s, arg, &found_row, &found_column) && found_row == row)
		return STATUS_OK;
	(void)row_read(s, row);
	return fail(s, err, "the cursor is elsewhere", buf_slice(&s->cells));
}

static enum status
do_size(struct script *s, struct slice arg, struct error *err)
{
	char text[32];
	int columns, rows;

	(void)snprintf(text, sizeof(text), "%.*s", SLICE_ARG(arg));
	if (sscanf(text, "%d %d", &columns, &rows) != 2 || columns < 1 ||
	    rows < 1 || columns > 1000 || rows > 1000)
		return fail(s, err, "use: size COLUMNS ROWS", arg);
	tty_resize(rows, columns);
	settle(s);
	return STATUS_OK;
}

static enum status
do_screen(struct script *s, struct slice arg, struct error *err)
{
	int rows, columns, i;

	(void)arg;
	draw_size(&rows, &columns);
	for (i = 0; i < rows; i++) {
		if (puts(row_read(s, i)) == EOF)
			return error_set(err, STATUS_IO, "standard output: %s",
			    strerror(errno));
	}
	return STATUS_OK;
}

/* cells TEXT: the row that holds it, each run of cells with its attributes. */
static enum status
do_cells(struct script *s, struct slice arg, struct error *err)
{
	struct buf now = BUF_INIT, last = BUF_INIT;
	int row, column, i, rows, columns;

	if (!find(s, arg, &row, &column))
		return fail(s, err, "not on the screen", arg);
	draw_size(&rows, &columns);
	(void)puts(row_read(s, row));
	for (i = 0; i < columns; i++) {
		buf_clear(&now);
		draw_attributes(row, i, &now);
		if (!slice_eq(buf_slice(&now), buf_slice(&last)))
			(void)printf("  %d %s\n", i, buf_str(&now));
		buf_clear(&last);
		buf_add_slice(&last, buf_slice(&now));
	}
	buf_release(&now);
	buf_release(&last);
	return STATUS_OK;
}

/* picture NAME: each run of cells, for what draws it (man/picture.awk). */
static enum status
do_picture(struct script *s, struct slice arg, struct error *err)
{
	struct buf text = BUF_INIT, look = BUF_INIT;
	int rows, columns, row, column, width;

	draw_size(&rows, &columns);
	(void)printf("picture\t%.*s\t%d\t%d\n", SLICE_ARG(arg), columns, rows);
	for (row = 0; row < rows; row++) {
		for (column = 0; column < columns; column += width) {
			buf_clear(&text);
			buf_clear(&look);
			width = draw_run(row, column, &text, &look);
			if (width < 1)
				break;
			(void)printf("%d\t%d\t%d\t%s\t%s\n", row, column, width,
			    buf_str(&look), buf_str(&text));
		}
	}
	buf_release(&text);
	buf_release(&look);
	return ferror(stdout) ? fail(s, err, "not printed", arg) : STATUS_OK;
}

static const struct {
	const char	*word;
	enum status	(*run)(struct script *, struct slice, struct error *);
} commands[] = {
	{ "keys", do_keys }, { "burst", do_burst }, { "wait", do_wait },
	{ "type", do_type }, { "paste", do_paste }, { "expect", do_expect },
	{ "absent", do_absent }, { "attr", do_attr }, { "cursor", do_cursor },
	{ "size", do_size }, { "screen", do_screen }, { "cells", do_cells },
	{ "picture", do_picture }
};

static enum status
script_line(struct script *s, struct slice line, struct error *err)
{
	const char *space = line.n == 0 ? NULL : memchr(line.p, ' ', line.n);
	struct slice word = line, arg = { "", 0 };
	size_t i;

	if (line.n == 0 || line.p[0] == '#')
		return STATUS_OK;
	if (s->scr->leave)
		return fail(s, err, "the screen is left already", line);
	if (space != NULL) {
		word.n = (size_t)(space - line.p);
		arg = (struct slice){ space + 1, line.n - word.n - 1 };
	}
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (slice_is(word, commands[i].word))
			return commands[i].run(s, arg, err);
	}
	return error_set(err, STATUS_INVALID, "%s:%d: no such word: %.*s",
	    s->path, s->line, SLICE_ARG(word));
}

enum status
script_run(struct screen *scr, const char *file, struct slice text,
    struct error *err)
{
	struct script s = { .scr = scr, .path = file, .cells = BUF_INIT };
	struct slice line;
	const char *lf;
	enum status st = STATUS_OK;
	size_t at = 0;

	deliberate_init(&scr->calm, s.now_ms);
	settle(&s);
	while (st == STATUS_OK && at < text.n) {
		lf = memchr(text.p + at, '\n', text.n - at);
		line.p = text.p + at;
		line.n = lf == NULL ? text.n - at : (size_t)(lf - line.p);
		at += line.n + 1;
		s.line++;
		st = script_line(&s, line, err);
	}
	buf_release(&s.cells);
	return st;
}
