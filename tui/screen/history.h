/* Lines that were typed, to be recalled; those of one kind of prompt. */
#ifndef TUI_SCREEN_HISTORY_H
#define TUI_SCREEN_HISTORY_H

#include "core/base/buf.h"

#define HISTORY_LINES	64

enum history_kind { HISTORY_NONE, HISTORY_SEARCH, HISTORY_FILTER, HISTORY_LOG,
	HISTORY_COMMAND, HISTORY_PIPE, HISTORY_FILE, HISTORY_KINDS };
struct history {
	char	*line[HISTORY_LINES];	/* the latest last */
	size_t	 n;
};

/* The latest once; an empty line is none. */
void		 history_add(struct history *, struct slice);
/* The one so many back, from 1; NULL: there are not so many. */
const char	*history_at(const struct history *, size_t back);
void		 history_release(struct history *);

#endif
