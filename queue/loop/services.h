/* Assertions that a service answers: webhook, moderation, classifier. */
#ifndef QUEUE_LOOP_SERVICES_H
#define QUEUE_LOOP_SERVICES_H

#include "queue/loop/answers.h"
#include "queue/loop/ask.h"
#include "core/suite/result.h"

/*
 * Asks for each of the results; one that does not answer, or not in its form, is an
 * error and no pass.  results[i] is of answers->v[i]; prompt (NULL: none) is what
 * they were asked with.
 */
enum status	services_run(const struct answers *, struct results *,
		    const struct suite_prompt *prompt, const struct ask_run *how,
		    struct error *) MUST_CHECK;

#endif
