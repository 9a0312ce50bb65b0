/*
 * The terminal: into screen mode and out of it, keys, signals, size.  Signal
 * handlers set flags only; signals are let in nowhere but while waiting.
 */
#ifndef TUI_SCREEN_TTY_H
#define TUI_SCREEN_TTY_H

#include "tui/screen/keymap.h"
#include "tui/screen/theme.h"

enum tty_event {
	TTY_NONE,		/* the time passed */
	TTY_KEY,
	TTY_PASTED,		/* a character of pasted text, or a key in it */
	TTY_BYTES,		/* bytes that are no key: a strange sequence */
	TTY_RESIZE,
	TTY_SUSPEND,		/* somebody sent SIGTSTP */
	TTY_CHILD,		/* a child changed */
	TTY_LEAVE		/* hang-up, end of file, SIGTERM, SIGINT */
};

/*
 * Enters screen mode on standard input and output.  With `blind` nothing is
 * shown (a script runs): the drawing goes to /dev/null at 80x24.
 */
enum status	tty_open(bool blind, const struct theme *, struct error *)
		    MUST_CHECK;
/* Asks for the mouse's wheel, where terminfo knows of one, until tty_close(). */
void		tty_wheel(void);
/* Leaves it, the terminal as it was; harmless when not open. */
void		tty_close(void);
/* Waits up to so many ms; key is filled for TTY_KEY and TTY_PASTED. */
enum tty_event	tty_wait(int timeout_ms, int *key);
/* A clock that only goes forward. */
int64_t		tty_now_ms(void);
/* The last key was not there yet at this time. */
int64_t		tty_came_ms(void);
/* Is a key there already? */
bool		tty_pending(void);
/* Takes over a new size. */
void		tty_resize(int rows, int columns);	/* 0: ask the kernel */
/* Stops this process as ^Z would, and comes back when it is continued. */
void		tty_suspend(void);

/* Bytes between what curses sends, the cursor being where curses left it. */
void		tty_send(struct slice);

#define TTY_COPY_MAX	56250	/* bytes; xterm takes no more than 75,000 of base64 */
/* Text to the clipboard, by OSC 52; false: it is too long, or the terminal is none
 * that knows marks as these. */
bool		tty_copy(struct slice);

/*
 * Runs argv in the foreground with the terminal as it was.  fd: its standard input,
 * and its standard output and error (-1: the terminal); NULL: all the terminal.  shown
 * stands on the terminal before it prints anything of its own.  *code: its exit
 * status, or -1 where a signal ended it.  STATUS_INTERRUPTED: the terminal went
 * away or an end was asked for meanwhile; the child is gone then.
 */
enum status	tty_run(char *const argv[], const int fd[2], struct slice shown,
		    int *code, struct error *) MUST_CHECK;

/* The locale that the environment asks for but is not installed, since tty_open();
 * C.UTF-8 is taken in its place.  NULL: it is. */
const char	*tty_locale_missing(void);

#endif
