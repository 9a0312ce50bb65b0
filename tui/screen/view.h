/*
 * The screen's own state and the views on it.  A view is a const table of a few
 * functions over a cursor; views stand in a stack, and the top one is shown.
 */
#ifndef TUI_SCREEN_VIEW_H
#define TUI_SCREEN_VIEW_H

#include "queue/file.h"
#include "queue/review/review.h"
#include "tui/screen/deliberate.h"
#include "tui/screen/draw.h"
#include "tui/screen/keymap.h"
#include "tui/screen/line.h"
#include "tui/review/task.h"

#define VIEWS_MAX	8
#define MESSAGES_MAX	200	/* kept for the message log */
#define MESSAGE_BYTES	512

struct screen;
struct view;

struct view_ops {
	const char	*title;
	enum key_view	 keys;
	/* Draws rows top..bottom-1; sets view->row and column for the cursor. */
	void		(*draw)(struct view *, int top, int bottom);
	/* Takes every key as it is, in place of actions; NULL: it does not. */
	bool		(*key)(struct view *, int key);
	/* False: the action means nothing here. */
	bool		(*act)(struct view *, enum action);
	/* The needs (enum need) that hold. */
	unsigned	(*holds)(const struct view *);
	/* Shown again: what it shows is read anew; or NULL. */
	void		(*refresh)(struct view *);
	/* Some time went by without a key; or NULL. */
	void		(*tick)(struct view *);
	/* The terminal went away: keeps in a file what was typed; or NULL. */
	void		(*keep)(struct view *);
	void		(*close)(struct view *);
	/* What the hint line names, in this order; ends with ACTION_NONE. */
	const enum action *hints;
};

struct view {
	const struct view_ops	*ops;
	struct screen		*scr;
	void			*data;
	int			 row, column;	/* of the hardware cursor */
	int			 height;	/* rows it had last */
};

/*
 * Work on the store that may have to wait for it: run is tried again, keys
 * being answered meanwhile, until it says something other than STATUS_BUSY;
 * then done is told.  given_up: the reviewer would not wait any longer.
 */
struct op {
	const char	*what;		/* "accept" */
	enum status	(*run)(struct screen *, struct error *);
	void		(*done)(struct screen *, enum status, struct error *);
};

/* What is asked on the last line. */
enum prompt_kind { PROMPT_NONE, PROMPT_LINE, PROMPT_CHOICE, PROMPT_TOGGLE, PROMPT_CONFIRM };
/* text: what was typed or chosen; absent: cancelled. */
typedef void prompt_fn(struct screen *, void *arg, struct slice text);
struct prompt {
	enum prompt_kind	 kind;
	char			 label[256];
	struct line		 line;
	const char *const	*choices;
	size_t			 nchoices;
	uint64_t		 chosen;	/* TOGGLE: a bit a choice */
	int			 confirm_key;
	bool			 precious;	/* kept as a draft on a hang-up */
	bool			 decides;	/* its answer is deliberate */
	prompt_fn		*done;
	void			*arg;
};

struct message {
	char	text[MESSAGE_BYTES];
	bool	error;
	int64_t	ms;
};

struct screen {
	struct session		*session;
	struct list_filter	 filter;	/* where points to `where` */
	char			 where[4096];
	struct keymap		 keys;
	struct theme		 theme;
	struct view		 stack[VIEWS_MAX];
	size_t			 nviews;
	struct prompt		 prompt;
	struct message		*messages;	/* a ring */
	size_t			 nmessages;	/* ever */
	bool			 message_shown;
	const struct op		*op;		/* waiting for the store */
	int			 asides;	/* at work: looked after often */
	struct task		 task;
	int			 key;		/* the last one */
	int64_t			 key_ms;	/* wall clock of the last key */
	int64_t			 now_ms;	/* what ages are shown by */
	struct deliberate	 calm;
	void			(*waits)(struct screen *);	/* when calm.due_ms comes */
	enum action		 waiting;	/* where that is an action */
	char			 notice[96];	/* of what waits */
	bool			 leave, hangup;
};

/* Views.  The new one is on top; data belongs to it from then on. */
struct view	*view_push(struct screen *, const struct view_ops *, void *data);
void		 view_pop(struct screen *);
struct view	*view_top(struct screen *);

/* The message line; kept in the log. */
void		screen_say(struct screen *, const char *, ...) PRINTF(2, 3);
void		screen_fail(struct screen *, const char *, ...) PRINTF(2, 3);

/* Runs work on the store; one at a time, another is refused with a message. */
void		screen_run(struct screen *, const struct op *);

/* Does one action as if its key had been pressed. */
void		screen_act(struct screen *, enum action);
/*
 * What came from the keyboard, between the two times (deliberate.h): a key, a
 * character of pasted text, bytes that are neither.
 */
void		screen_key(struct screen *, int key, int64_t came_ms,
		    int64_t read_ms);
void		screen_paste(struct screen *, int key, int64_t read_ms);
void		screen_bytes(struct screen *, int64_t read_ms);
/* Does something in so long, unless a byte comes before; notice: meanwhile. */
void		screen_wait(struct screen *, int64_t ms, const char *notice,
		    void (*)(struct screen *));
/* Does what waited, if its time has come; false: nothing was due. */
bool		screen_due(struct screen *, int64_t now_ms);
void		screen_draw(struct screen *);
/* A tick: tries waiting work again, looks for changes. */
void		screen_tick(struct screen *);

void		prompt_line(struct screen *, const char *label, struct slice,
		    prompt_fn *, void *arg);
/* By one key from a list, or free text; the answer decides. */
void		prompt_choice(struct screen *, const char *label,
		    const char *const *choices, size_t n, prompt_fn *, void *arg);
void		prompt_toggle(struct screen *, const char *label,
		    const char *const *choices, size_t n, uint64_t chosen,
		    prompt_fn *, void *arg);
/* The key that says yes is never the one just pressed. */
void		prompt_confirm(struct screen *, const char *label, prompt_fn *,
		    void *arg);
void		prompt_key(struct screen *, int key);
/* Pasted text is inserted, and never ends it; false: it takes none. */
bool		prompt_paste(struct screen *, int key);
/* The cursor's column; *top: the first row that it took. */
int		prompt_draw(struct screen *, int row, int columns, int *top);
void		prompt_close(struct screen *);

/* A script's lines in place of a person; see handrail.conf(5). */
enum status	script_run(struct screen *, const char *path, struct error *)
		    MUST_CHECK;

/* "3m", "4h", "2d": never seconds, so that an idle screen has nothing to say. */
void		minutes_text(int64_t ms, char out[16]);

/* Typed text that could not be stored: "PATH", or what went wrong. */
enum status	draft_save(const char *what, int64_t item, struct slice text,
		    char *path, size_t n, struct error *) MUST_CHECK;
/* How many of earlier sessions there are, and in which folder. */
size_t		draft_left(char *path, size_t n);
/* A new private folder for an edit, below the state folder. */
enum status	draft_folder(char *path, size_t n, struct error *) MUST_CHECK;

#endif
