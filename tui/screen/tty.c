#include "tui/screen/tty.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "tui/private.h"
#include "tui/screen/draw.h"
#include "tui/screen/locale.h"

/* Asks the terminal to mark what is pasted, and what the marks read as. */
#define PASTE_ON	"\033[?2004h"
#define PASTE_OFF	"\033[?2004l"
#define CODE_PASTE	(KEY_MAX + 1)
#define CODE_PASTE_END	(KEY_MAX + 2)
#define PASTE_STALL_MS	1000	/* its end was lost */

static const char *locale_missing;
static volatile sig_atomic_t got_leave, got_resize, got_suspend, got_child;

static struct {
	bool		 open, blind, left;
	SCREEN		*screen;
	FILE		*out;		/* /dev/null when blind */
	WINDOW		*keys;		/* a pad: reading it draws nothing */
	bool		 brackets;	/* it is asked to mark pasted text */
	bool		 pasting;	/* between the marks */
	int64_t		 read_ms;	/* the last byte */
	int64_t		 empty_ms;	/* nothing was there to be read */
	int64_t		 came_ms;	/* see tty_came_ms() */
	sigset_t	 caught, outside;	/* outside: the mask as it was */
	struct sigaction old[8];
} tty;

static const struct {
	int	signo;
	volatile sig_atomic_t *flag;
} signals[] = {
	/* SIGHUP is the first: signals_give_back() knows. */
	{ SIGHUP, &got_leave }, { SIGTERM, &got_leave }, { SIGINT, &got_leave },
	{ SIGQUIT, &got_leave }, { SIGWINCH, &got_resize },
	{ SIGTSTP, &got_suspend }, { SIGCHLD, &got_child }, { SIGPIPE, NULL }
};
#define NSIGNALS	(sizeof(signals) / sizeof(signals[0]))

const char *
tty_locale_missing(void)
{
	return locale_missing;
}

static void
on_signal(int signo)
{
	size_t i;

	for (i = 0; i < NSIGNALS; i++) {
		if (signals[i].signo == signo && signals[i].flag != NULL)
			*signals[i].flag = 1;
	}
}

static void
signals_take(void)
{
	struct sigaction sa;
	size_t i;

	memset(&sa, 0, sizeof(sa));
	sigemptyset(&tty.caught);
	for (i = 0; i < NSIGNALS; i++) {
		sa.sa_handler = on_signal;
		(void)sigaction(signals[i].signo, &sa, &tty.old[i]);
		/* What was ignored on purpose (nohup) stays ignored. */
		if (tty.old[i].sa_handler == SIG_IGN &&
		    signals[i].signo != SIGCHLD)
			(void)sigaction(signals[i].signo, &tty.old[i], NULL);
		sigaddset(&tty.caught, signals[i].signo);
	}
	(void)sigprocmask(SIG_BLOCK, &tty.caught, &tty.outside);
}

/*
 * A hang-up comes more than once (from the kernel, from the terminal's owner);
 * the later ones must not end the process while it saves and gives back.
 */
static void
signals_give_back(void)
{
	size_t i;

	if (got_leave) {
		tty.old[0].sa_handler = SIG_IGN;
		tty.old[0].sa_flags = 0;
	}

	for (i = 0; i < NSIGNALS; i++)
		(void)sigaction(signals[i].signo, &tty.old[i], NULL);
	(void)sigprocmask(SIG_SETMASK, &tty.outside, NULL);
}

/* Does the terminal mark pasted text when asked?  Its terminfo may not say. */
static bool
brackets_known(const char *term)
{
	static const char *const yes[] = { "xterm", "tmux", "screen" };
	static const char *const no[] = { "vt100", "linux", "dumb" };
	const char *be = tigetstr("BE");
	size_t i;

	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		if (strncmp(term, no[i], strlen(no[i])) == 0)
			return false;
	}
	for (i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		if (strncmp(term, yes[i], strlen(yes[i])) == 0)
			return true;
	}
	return be != NULL && be != (char *)-1;
}

/* Between what curses sends, which it sends whole. */
static void
brackets_ask(bool on)
{
	const char *ask = on ? PASTE_ON : PASTE_OFF;

	tty.pasting = false;
	/* Where it cannot be written, the terminal is gone. */
	if (tty.brackets && write(fileno(tty.out), ask, strlen(ask)) < 0)
		return;
}

void
tty_send(struct slice s)
{
	ssize_t n;

	for (; tty.out != NULL && s.n > 0; s.p += n, s.n -= (size_t)n) {
		n = write(fileno(tty.out), s.p, s.n);
		if (n <= 0)
			return;		/* the terminal is gone */
	}
}

bool
tty_copy(struct slice text)
{
	unsigned char *out;
	bool sent;
	int n;

	if (!tty.brackets || text.n > TTY_COPY_MAX ||
	    (out = malloc(16 + 4 * (text.n / 3 + 1))) == NULL)
		return false;
	memcpy(out, "\033]52;c;", 7);
	n = 7 + EVP_EncodeBlock(out + 7, (const unsigned char *)text.p,
	    (int)text.n);
	out[n++] = '\a';
	sent = write(fileno(tty.out), out, (size_t)n) == n;
	free(out);
	return sent;
}

static enum status
curses_start(struct error *err)
{
	const char *term = getenv("TERM");

	tty.out = stdout;
	if (tty.blind && (tty.out = fopen("/dev/null", "w")) == NULL)
		return error_set(err, STATUS_IO, "/dev/null: %s",
		    strerror(errno));
	if (getenv("ESCDELAY") == NULL)
		set_escdelay(25);
	tty.screen = newterm(tty.blind && term == NULL ? "xterm-256color" :
	    NULL, tty.out, stdin);
	if (tty.screen == NULL)
		return error_set(err, STATUS_INVALID,
		    "TERM=%s: no such terminal in terminfo; --plain needs "
		    "none", term == NULL ?
		    "" : term);
	if (tigetstr("cup") != NULL) {
		tty.brackets = !tty.blind && term != NULL &&
		    brackets_known(term);
		return STATUS_OK;
	}
	(void)endwin();
	delscreen(tty.screen);
	return error_set(err, STATUS_INVALID,
	    "TERM=%s: it cannot place the cursor; use review --plain",
	    term == NULL ? "" : term);
}

enum status
tty_open(bool blind, const struct theme *theme, struct error *err)
{
	enum status st;

	if (!blind && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)))
		return error_set(err, STATUS_INVALID,
		    "review: not on a terminal; use --plain");
	locale_missing = locale_take();
	tty.blind = blind;
	signals_take();
	st = curses_start(err);
	if (st != STATUS_OK) {
		signals_give_back();
		return st;
	}
	tty.open = true;
	(void)raw();
	(void)noecho();
	(void)nonl();
	(void)idlok(stdscr, TRUE);
	(void)leaveok(stdscr, FALSE);
	tty.keys = newpad(1, 1);
	if (tty.keys == NULL) {
		tty_close();
		return error_nomem(err);
	}
	(void)keypad(tty.keys, TRUE);
	(void)nodelay(tty.keys, TRUE);
	(void)define_key("\033[200~", CODE_PASTE);
	(void)define_key("\033[201~", CODE_PASTE_END);
	brackets_ask(true);
	if (blind)
		tty_resize(24, 80);
	draw_start(theme);
	return STATUS_OK;
}

void
tty_wheel(void)
{
	(void)mousemask(BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	(void)mouseinterval(0);
}

/* Gives the terminal to others, and takes it back. */
static void
tty_leave(void)
{
	if (tty.open && !tty.left) {
		brackets_ask(false);
		(void)endwin();
		tty.left = true;
	}
}

void
tty_close(void)
{
	if (!tty.open)
		return;
	tty_leave();
	if (tty.keys != NULL)
		(void)delwin(tty.keys);
	delscreen(tty.screen);
	if (tty.blind)
		(void)fclose(tty.out);
	signals_give_back();
	memset(&tty, 0, sizeof(tty));
	got_leave = got_resize = got_suspend = got_child = 0;
}

static const struct {
	int	curses, key;
} curses_keys[] = {
	{ KEY_UP, KEYS_UP }, { KEY_DOWN, KEYS_DOWN }, { KEY_LEFT, KEYS_LEFT },
	{ KEY_RIGHT, KEYS_RIGHT }, { KEY_HOME, KEYS_HOME },
	{ KEY_END, KEYS_END }, { KEY_PPAGE, KEYS_PAGE_UP },
	{ KEY_NPAGE, KEYS_PAGE_DOWN }, { KEY_IC, KEYS_INSERT },
	{ KEY_DC, KEYS_DELETE }, { KEY_BTAB, KEYS_BACKTAB },
	{ KEY_BACKSPACE, KEYS_BACKSPACE }, { KEY_ENTER, KEYS_ENTER },
	{ KEY_A1, KEYS_HOME }, { KEY_A3, KEYS_PAGE_UP },
	{ KEY_C1, KEYS_END }, { KEY_C3, KEYS_PAGE_DOWN }
};

/* One code of curses; the marks about a paste are taken note of here alone. */
static int
code_read(wint_t *c)
{
	int kind = wget_wch(tty.keys, c);
	int64_t now = tty_now_ms();

	/* Curses' own word about a new size is no byte. */
	while (kind == KEY_CODE_YES && *c == KEY_RESIZE)
		kind = wget_wch(tty.keys, c);
	if (kind == ERR)
		return ERR;
	if (now - tty.read_ms > PASTE_STALL_MS)
		tty.pasting = false;
	tty.read_ms = now;
	if (kind == KEY_CODE_YES && (*c == CODE_PASTE || *c == CODE_PASTE_END))
		tty.pasting = *c == CODE_PASTE;
	return kind;
}

/*
 * What comes at once behind an Esc is the rest of a key that terminfo does not
 * know: Alt with a letter, an arrow with Ctrl.  It is taken away with the Esc,
 * so that no letter of it decides.  False where the Esc stood alone.
 */
static bool
escape_more(void)
{
	wint_t c;
	int kind = code_read(&c);

	if (kind != OK)
		return kind == KEY_CODE_YES;
	if (c == KEYS_ESCAPE) {
		(void)unget_wch((wchar_t)c);
		return false;
	}
	if (c == '[' || c == 'O') {
		while (code_read(&c) == OK && c >= ' ' && c < '@')
			;
	}
	return true;
}

static int
wheel_read(void)
{
	MEVENT e;

	if (getmouse(&e) != OK)
		return 0;
	return (e.bstate & BUTTON4_PRESSED) ? KEYS_WHEEL_UP :
	    (e.bstate & BUTTON5_PRESSED) ? KEYS_WHEEL_DOWN : 0;
}

/* The key that a code of curses stands for; 0: an unknown one. */
static int
key_of(wint_t c)
{
	size_t i;

	if (c == KEY_MOUSE)
		return wheel_read();
	for (i = 0; i < sizeof(curses_keys) / sizeof(curses_keys[0]); i++) {
		if (curses_keys[i].curses == (int)c)
			return curses_keys[i].key;
	}
	return c >= KEY_F(1) && c <= KEY_F(12) ?
	    KEYS_F1 + (int)(c - KEY_F(1)) : 0;
}

/* The next key that curses has. */
static enum tty_event
key_read(int *key)
{
	wint_t c;
	int kind = code_read(&c);

	if (kind == ERR)
		return TTY_NONE;
	if (kind == OK && c == KEYS_ESCAPE && escape_more())
		return TTY_BYTES;
	if (kind == KEY_CODE_YES)
		*key = key_of(c);
	else if (c == '\n' && !tty.pasting)
		*key = KEYS_ENTER;
	else
		*key = c < 0x110000 ? (int)c : 0;
	if (*key == 0)
		return TTY_BYTES;
	return tty.pasting ? TTY_PASTED : TTY_KEY;
}

/* A flag that a signal set, as an event. */
static enum tty_event
flag_event(void)
{
	if (got_leave)
		return TTY_LEAVE;
	if (got_suspend) {
		got_suspend = 0;
		return TTY_SUSPEND;
	}
	if (got_resize) {
		got_resize = 0;
		return TTY_RESIZE;
	}
	if (got_child) {
		got_child = 0;
		return TTY_CHILD;
	}
	return TTY_NONE;
}

/*
 * The end of a terminal reads as nothing to read: without this look at the
 * count a loop over curses' keys would spin after a hang-up.
 */
static bool
input_ended(short revents)
{
	int n = 0;

	if (revents & (POLLHUP | POLLERR | POLLNVAL))
		return true;
	return (revents & POLLIN) && ioctl(STDIN_FILENO, FIONREAD, &n) == 0 &&
	    n == 0;
}

int64_t
tty_now_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
tty_came_ms(void)
{
	return tty.came_ms;
}

enum tty_event
tty_wait(int timeout_ms, int *key)
{
	struct pollfd fd = { STDIN_FILENO, POLLIN, 0 };
	struct timespec ts = { timeout_ms / 1000,
	    (long)(timeout_ms % 1000) * 1000000 };
	sigset_t open_mask = tty.outside;
	int64_t start = tty_now_ms();
	enum tty_event ev;
	size_t i;
	int n;

	if ((ev = flag_event()) != TTY_NONE)
		return ev;
	/* What is there already came while something else was done; and curses
	 * may hold keys that it has read ahead. */
	tty.came_ms = tty.empty_ms;
	if ((ev = key_read(key)) != TTY_NONE)
		return ev;
	tty.empty_ms = start;
	for (i = 0; i < NSIGNALS; i++)
		sigdelset(&open_mask, signals[i].signo);
	n = ppoll(&fd, 1, &ts, &open_mask);
	tty.came_ms = tty_now_ms();
	if ((ev = flag_event()) != TTY_NONE)
		return ev;
	if (n <= 0)
		return TTY_NONE;
	if (input_ended(fd.revents)) {
		got_leave = 1;
		return TTY_LEAVE;
	}
	ev = key_read(key);
	return ev == TTY_NONE ? TTY_BYTES : ev;
}

bool
tty_pending(void)
{
	struct pollfd fd = { STDIN_FILENO, POLLIN, 0 };
	int64_t start = tty_now_ms();

	if (tty.blind)
		return false;
	if (poll(&fd, 1, 0) > 0 && (fd.revents & POLLIN))
		return true;
	tty.empty_ms = start;
	return false;
}

void
tty_resize(int rows, int columns)
{
	struct winsize ws;

	if (rows == 0) {
		if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) != 0 ||
		    ws.ws_row == 0 || ws.ws_col == 0)
			return;
		rows = ws.ws_row;
		columns = ws.ws_col;
	}
	(void)resizeterm(rows, columns);
	draw_again();
}

static void
tty_return(void)
{
	if (!tty.open || !tty.left)
		return;
	tty.left = false;
	tty_resize(0, 0);
	draw_again();
	(void)refresh();
	brackets_ask(true);
}

void
tty_suspend(void)
{
	struct sigaction dfl, ours;
	sigset_t stop;

	tty_leave();
	memset(&dfl, 0, sizeof(dfl));
	dfl.sa_handler = SIG_DFL;
	(void)sigaction(SIGTSTP, &dfl, &ours);
	(void)kill(0, SIGTSTP);
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	(void)sigprocmask(SIG_UNBLOCK, &stop, NULL);
	/* Stopped here until somebody continues it. */
	(void)sigprocmask(SIG_BLOCK, &stop, NULL);
	(void)sigaction(SIGTSTP, &ours, NULL);
	got_suspend = 0;
	tty_return();
}

static void
child_end(pid_t pid)
{
	struct timespec step = { 0, 20 * 1000000L };
	int i, status;

	(void)kill(pid, SIGHUP);
	(void)kill(pid, SIGCONT);
	for (i = 0; i < 40; i++) {
		if (waitpid(pid, &status, WNOHANG) != 0)
			return;
		(void)nanosleep(&step, NULL);
	}
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, &status, 0);
}

/*
 * Waits for a child that has the terminal: its end, its stop (then this
 * process stops with it), or the end of the terminal.
 */
static enum status
child_wait(pid_t pid, int *code, struct error *err)
{
	struct pollfd fd = { tty.blind ? -1 : STDIN_FILENO, 0, 0 };
	struct timespec look = { 1, 0 };
	sigset_t open_mask = tty.outside;
	int status;
	pid_t got;

	sigdelset(&open_mask, SIGHUP);
	sigdelset(&open_mask, SIGTERM);
	sigdelset(&open_mask, SIGCHLD);
	for (;;) {
		got = waitpid(pid, &status, (tty.open ? WNOHANG : 0) |
		    WUNTRACED);
		if (got == pid && WIFSTOPPED(status)) {
			(void)raise(SIGSTOP);
			(void)kill(pid, SIGCONT);
			continue;
		}
		if (got == pid) {
			*code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
			break;
		}
		if (got < 0 && errno != EINTR)
			return error_set(err, STATUS_IO, "editor: %s",
			    strerror(errno));
		if (!tty.open)
			continue;
		got_child = 0;
		if (got_leave || (ppoll(&fd, 1, &look, &open_mask) > 0 &&
		    (fd.revents & (POLLHUP | POLLERR)))) {
			got_leave = 1;
			child_end(pid);
			break;
		}
	}
	got_suspend = got_child = 0;
	return got_leave ? error_set(err, STATUS_INTERRUPTED,
	    "the terminal went away") : STATUS_OK;
}

static bool
child_takes(int fd, int as)
{
	return fd < 0 || dup2(fd, as) == as;
}

enum status
tty_run(char *const argv[], const int fd[2], struct slice shown, int *code,
    struct error *err)
{
	struct sigaction dfl, ignore, old_int, old_quit;
	enum status st;
	pid_t pid;

	memset(&dfl, 0, sizeof(dfl));
	dfl.sa_handler = SIG_DFL;
	ignore = dfl;
	ignore.sa_handler = SIG_IGN;
	tty_leave();
	tty_send(shown);
	/* ^C in the editor is the editor's. */
	(void)sigaction(SIGINT, &ignore, &old_int);
	(void)sigaction(SIGQUIT, &ignore, &old_quit);
	pid = fork();
	if (pid == 0) {
		size_t i;

		for (i = 0; i < NSIGNALS; i++)
			(void)sigaction(signals[i].signo, &tty.old[i], NULL);
		(void)sigprocmask(SIG_SETMASK, &tty.outside, NULL);
		if (fd != NULL && (!child_takes(fd[0], STDIN_FILENO) ||
		    !child_takes(fd[1], STDOUT_FILENO) ||
		    !child_takes(fd[1], STDERR_FILENO)))
			_exit(126);
		private_end();
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0)
		st = error_set(err, STATUS_IO, "editor: %s", strerror(errno));
	else
		st = child_wait(pid, code, err);
	(void)sigaction(SIGINT, &old_int, NULL);
	(void)sigaction(SIGQUIT, &old_quit, NULL);
	if (!got_leave)
		tty_return();
	return st;
}
