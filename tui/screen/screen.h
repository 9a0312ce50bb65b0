/*
 * The full screen: keys in, views and their actions, painting out.  Knows what
 * stands on it by what is handed in alone.
 */
#ifndef TUI_SCREEN_SCREEN_H
#define TUI_SCREEN_SCREEN_H

#include "tui/screen/act.h"
#include "tui/screen/deliberate.h"
#include "tui/screen/message.h"
#include "tui/screen/op.h"
#include "tui/screen/prompt.h"
#include "tui/screen/theme.h"
#include "tui/screen/view.h"

/* What whoever uses the screen does for it. */
struct screen_host {
	int64_t		(*clock)(void *owner);	/* wall clock, ms */
	/* After the answer to a key; it may take a moment. */
	void		(*answered)(struct screen *);
	/* Keeps in a file what is being typed, in place of what it kept before, should
	 * the terminal or the machine go away; absent: it is not needed any more. */
	void		(*keep)(struct screen *, struct slice typed);
	/* A line of a handrail.conf that is the owner's; false: it is none of its
	 * own, or it said why not in *why. */
	bool		(*setting)(void *owner, struct slice line,
			    const char **why);
	/* What `:` takes that is no action (false: nor that), and its names. */
	bool		(*command)(struct screen *, struct slice text);
	void		(*offer)(struct screen *, struct slice before,
			    struct complete *);
	const char	*commands;	/* what `:` takes */
	const char	*legend;	/* a line of the help: the list's marks */
};

struct screen {
	const struct screen_host *host;
	void			*owner;		/* whose host it is */
	struct keymap		 keys;
	struct theme		 theme;
	bool			 wheel;		/* the mouse's is asked for */
	struct view		 stack[VIEWS_MAX];
	size_t			 nviews;
	struct prompt		 prompt;
	bool			 unsettled;	/* what one took is not stored yet */
	struct history		 history[HISTORY_KINDS];	/* [NONE] stays empty */
	struct messages		 messages;
	const struct op		*op;		/* waiting for the store */
	int			 asides;	/* at work: looked after often */
	int			 key;		/* the last one */
	int64_t			 key_ms;	/* wall clock of the last key */
	int64_t			 now_ms;	/* what ages are shown by */
	struct deliberate	 calm;
	void			(*waits)(struct screen *);	/* when calm.due_ms comes */
	enum action		 waiting;	/* where that is an action */
	char			 notice[96];	/* of what waits */
	char			 refused[MESSAGE_BYTES];	/* why the open item cannot be claimed */
	bool			 leave;
};

/* With the keys and colours that the program carries. */
enum status	screen_init(struct screen *, const struct screen_host *,
		    void *owner, struct error *) MUST_CHECK;
/* Closes what is open. */
void		screen_release(struct screen *);
/* Reads a handrail.conf over what there is; wrong lines are said and passed over. */
enum status	screen_configure(struct screen *, const char *file,
		    struct slice text, struct error *) MUST_CHECK;
/*
 * Runs on the terminal, from the views that are pushed already, until the
 * reviewer leaves, the terminal goes away or a signal asks for an end; the
 * terminal is then as it was.  STATUS_OK for each of these.
 */
enum status	screen_show(struct screen *, struct error *) MUST_CHECK;
/* The same with keys and expectations from a file; nothing is drawn on the
 * terminal (script.h). */
enum status	screen_play(struct screen *, const char *file, struct slice text,
		    struct error *) MUST_CHECK;
/* Wall clock, ms. */
int64_t		screen_clock(const struct screen *);

/*
 * What came from the keyboard, between the two times (deliberate.h): a key, a
 * character of pasted text.
 */
void		screen_key(struct screen *, int key, int64_t came_ms,
		    int64_t read_ms);
void		screen_paste(struct screen *, int key, int64_t read_ms);
/* Does something in so long, unless a byte comes before; notice: meanwhile. */
void		screen_wait(struct screen *, int64_t ms, const char *notice,
		    void (*)(struct screen *));
/* Does what waited, if its time has come; false: nothing was due. */
bool		screen_due(struct screen *, int64_t now_ms);
/* A tick: tries waiting work again, looks for changes. */
void		screen_tick(struct screen *);

#endif
