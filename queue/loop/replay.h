/* Items of the store asked anew with another prompt. */
#ifndef QUEUE_LOOP_REPLAY_H
#define QUEUE_LOOP_REPLAY_H

#include "queue/loop/answers.h"

/*
 * Takes out of each case's messages the prompt that it was asked with, so that
 * another can stand in its place: the messages of the version that the item names,
 * with its variables (metadata.variables), where they are what it begins with; else
 * the messages of system and developer that it begins with.  The variables become
 * the case's own.
 */
enum status	replay_cases(struct answers *, struct session *, struct error *)
		    MUST_CHECK;

#endif
