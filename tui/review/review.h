/*
 * The full-screen review (handrail-review.1): what knows items, on a screen that
 * knows none.
 */
#ifndef TUI_REVIEW_REVIEW_H
#define TUI_REVIEW_REVIEW_H

#include "queue/review/list.h"
#include "tui/review/log_proof.h"
#include "tui/review/named.h"
#include "tui/review/task.h"
#include "tui/screen/screen.h"

struct review {
	struct screen		 scr;		/* whose owner this is */
	struct session		*session;
	struct list_filter	 filter;	/* its where is in `where` */
	char			 queue[257];	/* that `:` chose */
	char			 where[4096];
	char			 typed[4096];	/* as that was typed */
	enum list_state		 home;		/* of the list begun with */
	bool			 copies;	/* handrail.conf allows OSC 52 */
	struct buf		 exported;	/* the condition of an export */
	struct buf		 to_file;	/* as typed, for what is written */
	struct arena		 offered;	/* ids that `:` completes */
	struct named		 named;		/* filters of the handrail.conf */
	struct log_proof	 proof;
	struct task		 task;
};

/* The review that a screen of it belongs to. */
struct review	*review_of(const struct screen *);

/*
 * Runs the review on the terminal until the reviewer leaves, the terminal goes
 * away or a signal asks for an end; the terminal is then as it was and nothing
 * is held but what the session's end gives back.  STATUS_OK for each of these.
 *
 * The session should wait for the store only briefly (its wait_ms some tens of
 * milliseconds): what stays locked longer is tried again while keys are
 * answered.  With a script keys and expectations come from that file, nothing is
 * drawn on the terminal, and STATUS_CONFLICT names the first expectation that did
 * not hold ("FILE:7: ...").
 */
enum status	review_screen(struct session *, const struct list_filter *,
		    struct error *) MUST_CHECK;

/* The file of keys that HANDRAIL_SCRIPT names, for a test store; NULL: none, and
 * for a real store always. */
const char	*review_script(const struct session *);

#endif
