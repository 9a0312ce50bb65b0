/*
 * A decision is deliberate: it counts once what it is about has been on the
 * screen for a while, when no key came just before it and none comes just after.
 * So neither a key that is held down nor keys typed ahead nor pasted text decide.
 * Knows no screen and no clock: times are ms of any clock that only goes forward.
 */
#ifndef TUI_SCREEN_DELIBERATE_H
#define TUI_SCREEN_DELIBERATE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	SHOWN_MS = 400,		/* it is on the screen for so long */
	QUIET_MS = 250,		/* no key before one that decides */
	AFTER_MS = 100,		/* and none after it: then it goes through */
	TYPED_MS = 30,		/* before an Enter behind a text; pastes are faster */
	MORE_MS = 300		/* a reason by one key waits for more text */
};

struct deliberate {
	int64_t	shown_ms;	/* since when it is in sight; -1: not yet */
	int64_t	came_ms;	/* the last key came then, at the earliest */
	int64_t	read_ms;	/* and at the latest */
	int64_t	quiet_ms;	/* no key came for so long before it */
	int64_t	due_ms;		/* what waits goes through then; -1: nothing */
};

void	deliberate_init(struct deliberate *, int64_t now_ms);
/* Something else is shown from now on, which is not painted yet. */
void	deliberate_new(struct deliberate *);
void	deliberate_painted(struct deliberate *, int64_t now_ms);
/*
 * Bytes came, between the two times.  True where they stop what waited; what
 * they do themselves is the caller's to say.
 */
bool	deliberate_key(struct deliberate *, int64_t came_ms, int64_t read_ms);
/*
 * Why the last key does not decide, or NULL; quiet_ms: how long none may have
 * come before it (QUIET_MS, or TYPED_MS for what was spelt out).
 */
const char *deliberate_refusal(const struct deliberate *, int64_t quiet_ms);
/* From the last key on, something waits for so long. */
void	deliberate_wait(struct deliberate *, int64_t ms);
/* Has the time of what waits come?  Nothing waits then any more. */
bool	deliberate_due(struct deliberate *, int64_t now_ms);
/* How long until then, `most` at most. */
int	deliberate_left(const struct deliberate *, int64_t now_ms, int most);

#endif
