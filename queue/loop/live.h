/* Answers asked of a model: each case so often as it is to be repeated. */
#ifndef QUEUE_LOOP_LIVE_H
#define QUEUE_LOOP_LIVE_H

#include "queue/loop/answers.h"
#include "queue/loop/ask.h"

struct live_variant {
	const struct suite_prompt *prompt;	/* NULL: a case's own messages */
	const struct suite_endpoint *endpoint;
	const char	*name;
};

/*
 * Adds an answer for every case and repeat.  `how` has what goes for all that is
 * asked: session, limits, progress.  A case that cannot be made into a question is
 * STATUS_INVALID, naming it: nothing was asked then.
 */
enum status	live_answers(struct answers *, const struct live_variant *,
		    int repeat, const struct ask_run *how, struct error *)
		    MUST_CHECK;
/* The messages of a case as JSON: its own, or the prompt's with its variables. */
enum status	live_messages(const struct suite_prompt *,
		    const struct suite_case *, struct buf *, struct error *)
		    MUST_CHECK;
/* The same as one text: the only message's, else the chat as JSON; in the arena. */
enum status	live_text(const struct suite_prompt *, const struct suite_case *,
		    struct arena *, struct slice *, struct error *) MUST_CHECK;
/* {"model",...,"messages"} */
void		live_body(const struct suite_endpoint *, struct slice messages,
		    struct buf *);
/* What an answer of that many tokens costs; -1: not known. */
double		live_usd(const struct suite_endpoint *, const struct item *);

#endif
