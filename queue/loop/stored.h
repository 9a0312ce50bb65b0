/* Prompts of the store that a suite, or whoever runs it, names. */
#ifndef QUEUE_LOOP_STORED_H
#define QUEUE_LOOP_STORED_H

#include "core/suite/suite.h"
#include "queue/session.h"

/*
 * By its reference, in the arena: its name is NAME@VERSION, whatever label led
 * there.  STATUS_INVALID where there is none.
 */
enum status	stored_prompt(struct session *, const char *ref, struct arena *,
		    const struct suite_prompt **, struct error *) MUST_CHECK;
/* Adds its messages with the variables of a case, and those of the case behind. */
enum status	stored_messages(const struct suite_prompt *,
		    const struct suite_case *, const struct json *vars,
		    struct buf *, struct error *) MUST_CHECK;

/* By a reference with a version: a text for a judge.  A label is STATUS_INVALID. */
enum status	stored_rubric(struct session *, const char *ref, struct arena *,
		    const struct suite_prompt **, struct error *) MUST_CHECK;
/* Adds its text with the variables of a case; `expect` is one of them, where the
 * case has none of that name. */
enum status	stored_criterion(const struct suite_prompt *,
		    const struct suite_case *, struct buf *, struct error *)
		    MUST_CHECK;

#endif
