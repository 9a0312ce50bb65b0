#include "tui/screen/paint.h"

#include <stdio.h>

#include "tui/screen/act.h"
#include "tui/screen/cell.h"
#include "tui/screen/draw.h"
#include "tui/screen/screen.h"

#define ROWS_READ	6	/* a window that shows less shows no text */
#define COLUMNS_READ	10
#define HINT_MAX	64	/* bytes of one key and its name */

/* "?:help  ", as the hint line has an action; 0: it has no key, or does nothing now. */
static size_t
hint_text(struct screen *scr, enum action a, char *out, size_t n)
{
	const struct view *v = view_top(scr);
	int key = keymap_first(&scr->keys, v->ops->keys, a);
	char name[KEY_NAME_MAX];

	out[0] = '\0';
	if (key == 0 || !screen_act_known(scr, a) || !screen_act_held(scr, a) ||
	    (v->ops->hinted != NULL && !v->ops->hinted(v, a)))
		return 0;
	key_text(key, name);
	(void)snprintf(out, n, "%s:%s  ", name, action_rows[a].name);
	return strlen(out);
}

/* What has no room drops out from the end; the help, which tells of the rest, never. */
static void
hints_draw(struct screen *scr, int row, int columns)
{
	const struct view_ops *ops = view_top(scr)->ops;
	const enum action *a;
	char text[HINT_MAX];
	int used = 0, left = columns, help = 0;

	for (a = ops->hints; *a != ACTION_NONE; a++)
		if (*a == ACTION_HELP)
			help = (int)hint_text(scr, *a, text, sizeof(text));
	if (ops->hint != NULL)
		used = ops->hint(view_top(scr), row, columns - help);
	for (a = ops->hints; *a != ACTION_NONE; a++) {
		if (*a == ACTION_HELP)
			help = 0;
		left = columns - used - help;
		if ((int)hint_text(scr, *a, text, sizeof(text)) - 2 <= left)
			used += draw_label(row, used, columns - used, FACE_HINT,
			    "%s", text);
		else if (help == 0)
			break;
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
	const struct message *said = messages_shown(&scr->messages);
	const struct prompt *p = &scr->prompt;
	int top, column = prompt_draw(scr, row, columns, &top);

	if (top > 0 && scr->calm.due_ms >= 0)
		wait_draw(scr, top - 1, columns);
	else if (top > 0 && said != NULL) {
		draw_clear(top - 1, 0, columns);
		message_draw(said, top - 1, columns);
	} else if (top > 0 && p->help != NULL && p->line.text.n == 0) {
		draw_clear(top - 1, 0, columns);
		(void)draw_label(top - 1, 0, columns - 1, FACE_HINT, "%s",
		    p->help);
	}
	draw_flush(row, column);
}

/* Where the cursor goes: into the prompt, else where the view has it. */
static void
last_line_draw(struct screen *scr, int row, int columns)
{
	const struct message *said = messages_shown(&scr->messages);
	struct view *v = view_top(scr);

	if (scr->prompt.kind != PROMPT_NONE) {
		prompt_last_draw(scr, row, columns);
		return;
	}
	if (scr->calm.due_ms >= 0)
		wait_draw(scr, row, columns);
	else if (scr->op != NULL && scr->op->works)
		(void)draw_label(row, 0, columns - 1, FACE_MESSAGE,
		    "%s (Esc stops)", scr->op->what);
	else if (scr->op != NULL)
		(void)draw_label(row, 0, columns - 1, FACE_ERROR,
		    "waiting for the store: %s (Esc stops waiting)", scr->op->what);
	else if (said != NULL)
		message_draw(said, row, columns);
	draw_flush(v->row, v->column);
}

bool
screen_readable(void)
{
	int rows, columns;

	draw_size(&rows, &columns);
	return rows >= ROWS_READ && columns >= COLUMNS_READ;
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
