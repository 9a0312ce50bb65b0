/*
 * An item handed on: to a command, to the reviewer's pager, to the clipboard, to a
 * file.  No text of an item ever becomes part of a command's line, and what a
 * command prints is shown as any other text of theirs is.
 */
#ifndef TUI_REVIEW_HAND_H
#define TUI_REVIEW_HAND_H

#include "tui/screen/action.h"

struct screen;
struct view;

/* The answer, byte for byte, to a command that is asked for. */
void	hand_pipe(struct view *, enum action);
/* The item in $PAGER. */
void	hand_page(struct view *, enum action);
/* To the clipboard by OSC 52, where handrail.conf allows it. */
void	hand_copy(struct screen *, const char *what, struct slice text);
void	hand_copy_item(struct view *, enum action);
/* The answer to a file that is asked for. */
void	hand_write(struct view *, enum action);
/* What the list holds, as list --json prints it, to such a file. */
void	hand_write_list(struct view *, enum action);
/* What was decided, as labelled data, for which a condition holds ("": all). */
void	hand_export(struct screen *, const char *where);

#endif
