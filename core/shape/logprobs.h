/*
 * A confidence out of token log-probabilities: exp(mean), which is the geometric
 * mean of the tokens' probabilities.
 */
#ifndef CORE_SHAPE_LOGPROBS_H
#define CORE_SHAPE_LOGPROBS_H

#include "core/shape/shape.h"

/* OpenAI writes this for a token outside of the 20 most likely. */
#define LOGPROB_UNKNOWN	(-9999.0)

struct logprobs {
	double	sum;
	size_t	n;
};

/* LOGPROB_UNKNOWN is left out. */
void		logprobs_add(struct logprobs *, double);
/* Sets confidence and its source; nothing where nothing was added. */
void		logprobs_confidence(const struct logprobs *, struct item *,
		    const char *source);
/*
 * The same from an array of OpenAI's tokens ({"token","bytes","logprob"}).  Where
 * the item's output is a JSON array or object, only tokens that hold a part of a
 * value count, source "logprobs-values": brackets and keys are nearly certain
 * whatever the values are.
 */
enum status	logprobs_tokens(struct reading *, struct item *, uint32_t array)
		    MUST_CHECK;
/*
 * The same, source "logprobs", from whatever else holds them, one a token: a list
 * of numbers, or of objects that have one or a list of them (logprob,
 * logProbability, logprobs).  JSON_NONE: nothing.
 */
void		logprobs_flat(const struct reading *, struct item *, uint32_t t);

#endif
