#include "tui/screen/prompt.h"

#include <stdio.h>

#include "tui/screen/cell.h"
#include "tui/screen/draw.h"
#include "tui/screen/screen.h"

#define LABEL_ASKED	(PROMPT_LABEL - 40)	/* the keys must be told */
#define LABEL_ROWS	6	/* before the last one of a long question */

static void
prompt_open(struct screen *scr, enum prompt_kind kind, const char *label,
    prompt_fn *done, void *arg)
{
	struct prompt *p = &scr->prompt;

	prompt_close(scr);
	p->kind = kind;
	(void)snprintf(p->label, sizeof(p->label), "%s", label);
	p->done = done;
	p->arg = arg;
	scr->messages.shown = false;
}

void
prompt_keep(struct screen *scr)
{
	struct prompt *p = &scr->prompt;

	if (p->kind == PROMPT_NONE || !p->precious || !p->unkept)
		return;
	scr->host->keep(scr, p->line.text.n > 0 ? buf_slice(&p->line.text) :
	    SLICE_NONE);
	p->unkept = false;
}

void
prompt_settled(struct screen *scr)
{
	if (!scr->unsettled)
		return;
	scr->unsettled = false;
	scr->host->keep(scr, SLICE_NONE);
}

/* Its answer may wait for the store, or for what is asked beside it. */
static void
prompt_answered(struct screen *scr, bool precious, struct slice text)
{
	if (precious && text.p == NULL)
		scr->host->keep(scr, SLICE_NONE);
	else if (scr->op == NULL && scr->prompt.kind == PROMPT_NONE)
		prompt_settled(scr);
	else if (precious && scr->unsettled && text.n > 0)
		scr->host->keep(scr, text);
}

void
prompt_close(struct screen *scr)
{
	line_release(&scr->prompt.line);
	memset(&scr->prompt, 0, sizeof(scr->prompt));
	line_init(&scr->prompt.line);
}

void
prompt_line(struct screen *scr, const char *label, struct slice text,
    prompt_fn *done, void *arg)
{
	prompt_open(scr, PROMPT_LINE, label, done, arg);
	line_set(&scr->prompt.line, text);
}

void
prompt_said(struct screen *scr, const char *label, prompt_fn *done, void *arg)
{
	prompt_line(scr, label, SLICE(""), done, arg);
	scr->prompt.precious = true;
	scr->prompt.decides = true;
}

void
prompt_recall(struct screen *scr, enum history_kind kind, complete_fn *complete)
{
	scr->prompt.history = kind;
	scr->prompt.complete = complete;
}

void
prompt_help(struct screen *scr, const char *help)
{
	scr->prompt.help = help;
}

void
prompt_choice(struct screen *scr, const char *label,
    const char *const *choices, size_t n, prompt_fn *done, void *arg)
{
	prompt_open(scr, PROMPT_CHOICE, label, done, arg);
	scr->prompt.choices = choices;
	scr->prompt.nchoices = n < 10 ? n : 10;
	scr->prompt.precious = true;
	scr->prompt.decides = true;
}

void
prompt_toggle(struct screen *scr, const char *label,
    const char *const *choices, size_t n, uint64_t chosen, prompt_fn *done,
    void *arg)
{
	prompt_open(scr, PROMPT_TOGGLE, label, done, arg);
	scr->prompt.choices = choices;
	scr->prompt.nchoices = n < 10 ? n : 10;
	scr->prompt.chosen = chosen;
}

void
prompt_confirm(struct screen *scr, const char *label, prompt_fn *done,
    void *arg)
{
	char text[sizeof(scr->prompt.label)];
	int key = scr->key == 'y' ? '!' : 'y';

	(void)snprintf(text, sizeof(text), "%.*s  [%c: yes, else no]",
	    LABEL_ASKED, label, key);
	prompt_open(scr, PROMPT_CONFIRM, text, done, arg);
	scr->prompt.confirm_key = key;
	scr->prompt.decides = true;
	deliberate_new(&scr->calm);
}

void
prompt_yes_no(struct screen *scr, const char *label, prompt_fn *done, void *arg)
{
	prompt_confirm(scr, label, done, arg);
	(void)snprintf(scr->prompt.label, sizeof(scr->prompt.label),
	    "%.*s  [%c: yes, n: no, Esc: later]", LABEL_ASKED, label,
	    scr->prompt.confirm_key);
	scr->prompt.asks_no = true;
}

void
prompt_digit(struct screen *scr, const char *label, int max, prompt_fn *done,
    void *arg)
{
	prompt_open(scr, PROMPT_DIGIT, label, done, arg);
	scr->prompt.max = max;
	scr->prompt.decides = true;
}

/* The prompt is closed before done is told, so that done may ask again. */
static void
prompt_finish(struct screen *scr, struct slice text)
{
	struct buf kept = BUF_INIT;
	prompt_fn *done = scr->prompt.done;
	void *arg = scr->prompt.arg;
	bool precious = scr->prompt.precious;

	if (text.p != NULL) {
		buf_add_slice(&kept, text);
		if (scr->prompt.history != HISTORY_NONE)
			history_add(&scr->history[scr->prompt.history],
			    text);
	}
	prompt_close(scr);
	if (text.p != NULL)
		text = (struct slice){ buf_str(&kept), kept.n };
	if (precious && text.p != NULL)
		scr->unsettled = true;
	done(scr, arg, text);
	prompt_answered(scr, precious, text);
	buf_release(&kept);
}

/* The choice that a digit stands for (0 is the tenth), or -1. */
static int
choice_of(const struct prompt *p, int key)
{
	int i = key == '0' ? 9 : key - '1';

	return key >= '0' && key <= '9' && i < (int)p->nchoices ? i : -1;
}

static void
toggle_key(struct screen *scr, int key)
{
	struct prompt *p = &scr->prompt;
	int i = choice_of(p, key);
	char bits[32];

	if (i >= 0)
		p->chosen ^= (uint64_t)1 << i;
	else if (key == KEYS_ENTER) {
		(void)snprintf(bits, sizeof(bits), "%llu",
		    (unsigned long long)p->chosen);
		prompt_finish(scr, slice_of(bits));
	} else if (key == KEYS_ESCAPE || key == KEYS_CONTROL('C'))
		prompt_finish(scr, SLICE_NONE);
}

static void
prompt_answer(struct screen *scr)
{
	struct prompt *p = &scr->prompt;
	struct slice text = { buf_str(&p->line.text), p->line.text.n };
	int i;

	while (p->decides && text.n > 0 && text.p[text.n - 1] == ' ')
		text.n--;
	i = p->kind == PROMPT_CHOICE && text.n == 1 ?
	    choice_of(p, text.p[0]) : -1;
	if (p->kind == PROMPT_CONFIRM)
		text = SLICE("y");
	else if (i >= 0)
		text = slice_of(p->choices[i]);
	prompt_finish(scr, text);
}

static void
confirm_key(struct screen *scr, int key)
{
	const char *why = deliberate_refusal(&scr->calm, QUIET_MS);

	if (key != scr->prompt.confirm_key && scr->prompt.asks_no &&
	    key != 'q' && key != KEYS_ESCAPE && key != KEYS_CONTROL('C')) {
		if (key == 'n')
			prompt_finish(scr, SLICE("n"));
		else
			screen_fail(scr, "%c for yes, n for no, or Esc for later",
			    scr->prompt.confirm_key);
	} else if (key != scr->prompt.confirm_key)
		prompt_finish(scr, SLICE_NONE);
	else if (why != NULL)
		screen_fail(scr, "%s", why);
	else
		screen_wait(scr, AFTER_MS, "yes", prompt_answer);
}

static void	enter_key(struct screen *);

static void
digit_key(struct screen *scr, int key)
{
	struct prompt *p = &scr->prompt;
	char digit[2] = { (char)key, '\0' };

	line_set(&p->line, SLICE(""));
	if (key >= '1' && key <= '0' + p->max) {
		line_set(&p->line, slice_of(digit));
		screen_wait(scr, AFTER_MS, digit, prompt_answer);
	} else if (key == KEYS_ENTER)
		enter_key(scr);
	else if (key == KEYS_ESCAPE || key == KEYS_CONTROL('C'))
		prompt_finish(scr, SLICE_NONE);
	else
		screen_fail(scr, "1 to %d, Enter for none, or Esc", p->max);
}

/* A blank where a line ended in what is pasted into one line. */
static void
blank_insert(struct line *l)
{
	if (l->at > 0 && l->text.p[l->at - 1] != ' ')
		line_insert(l, ' ');
}

static void
enter_key(struct screen *scr)
{
	struct prompt *p = &scr->prompt;

	if (!p->decides)
		prompt_answer(scr);
	else if (scr->calm.quiet_ms < TYPED_MS) {
		blank_insert(&p->line);
		screen_fail(scr, "not sent yet: Enter came with the text, as if "
		    "pasted; press it again");
	} else
		screen_wait(scr, AFTER_MS, "sent", prompt_answer);
}

bool
prompt_paste(struct screen *scr, int key)
{
	struct prompt *p = &scr->prompt;

	if (p->kind != PROMPT_LINE && p->kind != PROMPT_CHOICE)
		return false;
	p->unkept = true;
	if (key == '\r' || key == '\n' || key == '\t')
		blank_insert(&p->line);
	else if (key >= ' ' && key < KEYS_SPECIAL && key != KEYS_BACKSPACE)
		line_insert(&p->line, key);
	return true;
}

/* Up and Down: earlier lines; behind the latest an empty one. */
static void
recall_key(struct screen *scr, int key)
{
	struct prompt *p = &scr->prompt;
	size_t back = key == KEYS_UP ? p->back + 1 : p->back - (p->back > 0);
	const char *line = history_at(&scr->history[p->history], back);

	if (line == NULL && back > 0) {
		screen_say(scr, "nothing was typed before that");
		return;
	}
	if (line != NULL || p->back > 0)
		line_set(&p->line, slice_of(line == NULL ? "" : line));
	p->back = back;
}

static void
complete_key(struct screen *scr)
{
	struct prompt *p = &scr->prompt;
	struct complete c = { .n = 0 };
	struct buf names = BUF_INIT;

	p->complete(scr, (struct slice){ buf_str(&p->line.text), p->line.at },
	    &c);
	if (!complete_apply(&c, &p->line)) {
		complete_text(&c, &names);
		screen_say(scr, "%s", c.n == 0 ? "no name begins so" :
		    buf_str(&names));
	}
	buf_release(&names);
}

/* What only some lines take; false: it was another key. */
static bool
line_help_key(struct screen *scr, int key)
{
	const struct prompt *p = &scr->prompt;

	if (p->history != HISTORY_NONE && (key == KEYS_UP || key == KEYS_DOWN))
		recall_key(scr, key);
	else if (p->complete != NULL && key == KEYS_TAB)
		complete_key(scr);
	else
		return false;
	return true;
}

void
prompt_key(struct screen *scr, int key)
{
	struct prompt *p = &scr->prompt;
	int i;

	p->unkept = true;
	if (p->kind == PROMPT_CONFIRM) {
		confirm_key(scr, key);
		return;
	}
	if (p->kind == PROMPT_TOGGLE) {
		toggle_key(scr, key);
		return;
	}
	if (p->kind == PROMPT_DIGIT) {
		digit_key(scr, key);
		return;
	}
	if (line_help_key(scr, key))
		return;
	i = p->kind == PROMPT_CHOICE && p->line.text.n == 0 ?
	    choice_of(p, key) : -1;
	if (i >= 0) {
		line_insert(&p->line, key);
		screen_wait(scr, MORE_MS, p->choices[i], prompt_answer);
		return;
	}
	switch (line_key(&p->line, key)) {
	case LINE_DONE:
		enter_key(scr);
		break;
	case LINE_CANCEL:
		prompt_finish(scr, SLICE_NONE);
		break;
	case LINE_MORE:
		break;
	}
}

struct screen_spot {
	int	row, column;
};

/*
 * "1 wrong fact  2 tone": what the keys stand for, over as many rows as that
 * takes.  Moves the spot behind the last one; drawn down to row `last`.
 */
static void
choices_place(const struct prompt *p, struct screen_spot *at, int columns, int last)
{
	size_t i, width;
	char key[8];

	for (i = 0; i < p->nchoices; i++) {
		(void)snprintf(key, sizeof(key), " %d%s", (int)(i + 1) % 10,
		    p->kind != PROMPT_TOGGLE ? " " : p->chosen >> i & 1 ?
		    "[x]" : "[ ]");
		(void)cell_fit(slice_of(p->choices[i]), (size_t)columns, &width);
		if (at->column + (int)(strlen(key) + width) > columns) {
			at->row++;
			at->column = 0;
		}
		if (at->row <= last) {
			(void)draw_label(at->row, at->column, columns -
			    at->column, FACE_MESSAGE, "%s", key);
			(void)draw_text(at->row, at->column + (int)strlen(key),
			    columns - at->column - (int)strlen(key), FACE_TEXT,
			    slice_of(p->choices[i]));
		}
		at->column += (int)(strlen(key) + width);
	}
}

/* As much of a label as one row takes, to the last blank where there is more. */
static struct slice
label_row(struct slice *label, int columns)
{
	size_t n = cell_fit(*label, columns > 1 ? (size_t)columns - 1 : 1, NULL);
	struct slice piece = { label->p, n }, text = *label;

	if (n < text.n) {
		while (n > 0 && text.p[n - 1] != ' ')
			n--;
		piece.n = n > 0 ? n : piece.n;
	}
	label->p += piece.n;
	label->n -= piece.n;
	return piece.n > 0 ? piece : text;
}

/* The rows that a label takes before its last one, and that. */
static struct slice
label_fold(const struct prompt *p, int columns, int *rows)
{
	struct slice rest = slice_of(p->label), piece;

	*rows = 0;
	for (piece = label_row(&rest, columns); rest.n > 0 && *rows < LABEL_ROWS;
	    piece = label_row(&rest, columns))
		(*rows)++;
	return piece;
}

/* The label and the choices, the last of them in this row; the column behind. */
static int
question_draw(const struct prompt *p, int row, int columns, int *top)
{
	struct screen_spot end = { 0, 0 };
	struct slice label, rest = slice_of(p->label);
	size_t width;
	int i, folded;

	label = label_fold(p, columns, &folded);
	(void)cell_fit(label, (size_t)columns - 1, &width);
	end.column = (int)width;
	if (p->line.text.n == 0)
		choices_place(p, &end, columns - 1, -1);
	end.row = end.row < row ? row - end.row : 0;
	*top = end.row > folded ? end.row - folded : 0;
	for (i = *top; i <= row; i++)
		draw_clear(i, 0, columns);
	for (i = end.row - folded; i < end.row; i++) {
		struct slice piece = label_row(&rest, columns);

		if (i >= 0)
			(void)draw_text(i, 0, columns - 1, FACE_MESSAGE, piece);
	}
	end.column = draw_text(end.row, 0, columns - 1, FACE_MESSAGE, label);
	if (p->line.text.n == 0)
		choices_place(p, &end, columns - 1, row);
	return end.column;
}

int
prompt_draw(struct screen *scr, int row, int columns, int *top)
{
	struct prompt *p = &scr->prompt;
	struct slice shown;
	size_t from, column;
	int used;

	used = question_draw(p, row, columns, top);
	if (p->kind == PROMPT_CONFIRM || p->kind == PROMPT_TOGGLE)
		return used;
	if (used > columns - 12)
		used = columns > 12 ? columns - 12 : 0;
	used++;
	line_window(&p->line, (size_t)(columns - used), &from, &column);
	shown = (struct slice){ p->line.text.p + from, p->line.text.n - from };
	if (shown.n > 0) {
		draw_clear(row, used, columns - used);
		(void)draw_text(row, used, columns - used, FACE_TEXT, shown);
	}
	return used + (int)column;
}
