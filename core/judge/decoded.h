/*
 * A guard over what a JSON output says, and over its bytes where it reads both.
 */
#ifndef CORE_JUDGE_DECODED_H
#define CORE_JUDGE_DECODED_H

#include "core/judge/stages.h"

enum status	guard_decoded(struct judge *, size_t n, struct error *)
		    MUST_CHECK;

#endif
