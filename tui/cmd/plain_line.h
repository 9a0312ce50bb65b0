/* Lines that a review without the screen prints and reads. */
#ifndef TUI_CMD_PLAIN_LINE_H
#define TUI_CMD_PLAIN_LINE_H

#include "core/policy/policy.h"
#include "queue/review/rating.h"

struct plain_line {
	char	*text;		/* the line that was read last, NUL-terminated */
	struct buf in;		/* what was read of the input, it included */
	size_t	 next;		/* where the line after it begins there */
	bool	 ended;		/* the input, a signal, or nobody reads the output */
	bool	 unread;	/* the last of these */
	bool	dropping;	/* up to its end, a line that is too long */
};
void	plain_line_release(struct plain_line *);

/* One line, safe on any terminal. */
void	plain_say(const char *, ...) PRINTF(1, 2);
/* Lines of a text as it is, each behind "> ". */
void	plain_quote(struct slice);
/* Reads a line; false where it has ended.  Nobody is left waiting for a reader that
 * went away: that is seen while the line is waited for.  A line of more than 1 MiB
 * is dropped whole, which is said, and asked for again. */
bool	plain_ask(struct plain_line *, const char *question);
bool	plain_ask_yes(struct plain_line *, const char *question);

/* What the queue asks for with a decision, one after the other; an empty line is
 * none.  False: it has ended, and nothing is to be decided.  The names are the
 * policy's. */
bool	plain_ask_ratings(struct plain_line *, const struct queue_policy *,
	    struct rated *, size_t *n);
bool	plain_ask_evidence(struct plain_line *, struct evidence *, size_t *n);
/* What was typed for a reason: one of these by its number, or words of one's own.
 * STATUS_INVALID: a number that none of them has. */
enum status	plain_reason(const char *typed, const char *const *reasons,
		    size_t n, const char **out, struct error *) MUST_CHECK;
/* Asks for it; copied; *text NULL: none. */
bool	plain_ask_reason(struct plain_line *, const char *const *reasons, size_t n,
	    char **text);

#endif
