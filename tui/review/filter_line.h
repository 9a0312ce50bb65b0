/* The line that a list's condition is typed in. */
#ifndef TUI_REVIEW_FILTER_LINE_H
#define TUI_REVIEW_FILTER_LINE_H

#include "queue/session.h"
#include "tui/review/filter.h"
#include "tui/screen/screen.h"

#define FILTER_GONE	"no filter; & and Up bring it back"
#define FILTER_MAX	4096	/* bytes of a condition, and of what was typed */

struct filter_line {
	enum filter_of		 of;
	enum history_kind	 history;
	prompt_fn		*done;
	/* Whether the list takes it. */
	enum status		(*check)(struct session *, const char *where,
				    struct error *);
};

void	filter_line_ask(struct screen *, const struct filter_line *,
	    struct slice text);
/*
 * The condition that was typed, by words, by a filter's name or itself; empty: none.
 * False where it is none: why is said, and the line is asked for again.
 */
bool	filter_line_read(struct screen *, const struct filter_line *,
	    struct slice typed, struct buf *where);

#endif
