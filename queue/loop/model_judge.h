/* Checks that a judge model is asked about. */
#ifndef QUEUE_LOOP_MODEL_JUDGE_H
#define QUEUE_LOOP_MODEL_JUDGE_H

#include "queue/loop/answers.h"
#include "queue/loop/ask.h"
#include "core/suite/result.h"

/*
 * Asks for every check of the results that a judge has to tell, each in two orders:
 * criterion first, and output first, with the words for the verdict turned round
 * too.  It passes where both verdicts can be read and both pass; where they differ
 * it is a tie, which is no pass; what cannot be read is an error.  A judge with
 * `trust` is CHECK_UNTRUSTED as long as nothing compares it with people.  results[i]
 * is of answers->v[i]; rubrics[i], or NULL, is the prompt of the suite's check i.
 */
enum status	judges_run(const struct answers *, struct results *,
		    const struct suite_prompt *const *rubrics,
		    const struct ask_run *how, struct error *) MUST_CHECK;

#endif
