/* The full-screen review (handrail-review.1). */
#ifndef TUI_SCREEN_SCREEN_H
#define TUI_SCREEN_SCREEN_H

#include "queue/review/review.h"

/*
 * Runs the screen on the terminal until the reviewer leaves, the terminal goes
 * away or a signal asks for an end; the terminal is then as it was and nothing
 * is held but what the session's end gives back.  STATUS_OK for each of these.
 *
 * The session should wait for the store only briefly (its wait_ms some tens of
 * milliseconds): what stays locked longer is tried again while keys are
 * answered.  With a script keys and expectations come from that file, nothing is
 * drawn on the terminal, and STATUS_CONFLICT names the first expectation that did
 * not hold ("FILE:7: ...").
 */
enum status	screen_review(struct session *, const struct list_filter *,
		    struct error *) MUST_CHECK;

/* The file of keys that HANDRAIL_SCRIPT names, for a test store; NULL: none, and
 * for a real store always. */
const char	*screen_script(const struct session *);

#endif
