/* What is asked on the last line. */
#ifndef TUI_SCREEN_PROMPT_H
#define TUI_SCREEN_PROMPT_H

#include "tui/screen/complete.h"
#include "tui/screen/history.h"
#include "tui/screen/line.h"

struct screen;

#define PROMPT_LABEL	640	/* bytes of a question, with what answers it */

enum prompt_kind { PROMPT_NONE, PROMPT_LINE, PROMPT_CHOICE, PROMPT_TOGGLE, PROMPT_CONFIRM,
    PROMPT_DIGIT };
/* text: what was typed or chosen; absent: cancelled. */
typedef void prompt_fn(struct screen *, void *arg, struct slice text);
/* Offers what the text may go on with; the word is set by it (its end the cursor). */
typedef void complete_fn(struct screen *, struct slice before, struct complete *);
struct prompt {
	enum prompt_kind	 kind;
	char			 label[PROMPT_LABEL];
	struct line		 line;
	const char *const	*choices;
	size_t			 nchoices;
	uint64_t		 chosen;	/* TOGGLE: a bit a choice */
	int			 confirm_key;
	bool			 asks_no;	/* CONFIRM: no has its own key, n */
	int			 max;		/* DIGIT */
	bool			 precious;	/* kept as a draft while it is typed */
	bool			 unkept;	/* something was typed since */
	bool			 decides;	/* its answer is deliberate */
	enum history_kind	 history;	/* what Up recalls from */
	size_t			 back;		/* how far it went; 0: typed */
	complete_fn		*complete;	/* on Tab; NULL */
	const char		*help;		/* while nothing is typed; NULL */
	prompt_fn		*done;
	void			*arg;
};

void		prompt_line(struct screen *, const char *label, struct slice,
		    prompt_fn *, void *arg);
/* A line of the reviewer's own words; it decides, and is kept on a hang-up. */
void		prompt_said(struct screen *, const char *label, prompt_fn *,
		    void *arg);
/* The line that was just asked for has a history, and names to go on with (or
 * NULL). */
void		prompt_recall(struct screen *, enum history_kind, complete_fn *);
/* What can be typed there stands above it until something is; the text stays the
 * caller's. */
void		prompt_help(struct screen *, const char *);
/* By one key from a list, or free text; the answer decides. */
void		prompt_choice(struct screen *, const char *label,
		    const char *const *choices, size_t n, prompt_fn *, void *arg);
void		prompt_toggle(struct screen *, const char *label,
		    const char *const *choices, size_t n, uint64_t chosen,
		    prompt_fn *, void *arg);
/* By one key from 1 to max (9 at most), or Enter for none; the answer decides. */
void		prompt_digit(struct screen *, const char *label, int max,
		    prompt_fn *, void *arg);
/* The key that says yes is never the one just pressed. */
void		prompt_confirm(struct screen *, const char *label, prompt_fn *,
		    void *arg);
/* The same where no does something, too: "y", "n", or absent for neither (Esc, q);
 * another key is told. */
void		prompt_yes_no(struct screen *, const char *label, prompt_fn *,
		    void *arg);
void		prompt_key(struct screen *, int key);
/* Pasted text is inserted, and never ends it; false: it takes none. */
bool		prompt_paste(struct screen *, int key);
/* The cursor's column; *top: the first row that it took. */
int		prompt_draw(struct screen *, int row, int columns, int *top);
/* What is precious is kept as it is now. */
void		prompt_keep(struct screen *);
/* What was last typed is stored, or lies elsewhere: what is kept of it goes. */
void		prompt_settled(struct screen *);
void		prompt_close(struct screen *);

#endif
