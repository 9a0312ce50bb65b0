/*
 * Running a queue's guards.
 */
#ifndef CORE_JUDGE_GUARDS_H
#define CORE_JUDGE_GUARDS_H

#include "core/judge/stages.h"

/* Runs the queue's own guards. */
enum status	guards_run(struct judge *, const struct queue_policy *,
		    struct error *) MUST_CHECK;
/* Runs those that redact over a text that stands in the output's place: what
 * they find is in j->found.  *ran is false where one of them could not run. */
enum status	guards_again(struct judge *, const struct item *, bool *ran,
		    struct error *) MUST_CHECK;
/* Runs guard n of the verdict's queue over one text, and no more: its findings
 * go behind those that are there, and count for nothing yet. */
enum status	guard_call(struct judge *, size_t n, struct slice text,
		    bool is_string, struct error *) MUST_CHECK;
/* Sets j->decoded, where nobody has yet. */
enum status	output_decode(struct judge *, struct error *) MUST_CHECK;

#endif
