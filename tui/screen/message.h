/* What the screen says on its last line, and the log of all it said. */
#ifndef TUI_SCREEN_MESSAGE_H
#define TUI_SCREEN_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

#define MESSAGES_MAX	200	/* kept for the log */
#define MESSAGE_BYTES	512

struct screen;

struct message {
	char	text[MESSAGE_BYTES];
	bool	error;
	int64_t	ms;
};
struct messages {
	struct message	*ring;
	size_t		 n;		/* ever */
	bool		 shown;		/* the last one is on the screen */
};

enum status	messages_init(struct messages *, struct error *) MUST_CHECK;
void		messages_release(struct messages *);
/* The first that is kept; those from it up to n are. */
size_t		messages_first(const struct messages *);
const struct message *messages_at(const struct messages *, size_t);
/* The one that is on the screen, or NULL. */
const struct message *messages_shown(const struct messages *);

void		screen_say(struct screen *, const char *, ...) PRINTF(2, 3);
void		screen_fail(struct screen *, const char *, ...) PRINTF(2, 3);

#endif
