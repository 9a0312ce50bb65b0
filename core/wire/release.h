/*
 * What goes to the client of a whole answer: as it came, with another text, or
 * withheld, as a body or as the events of a stream.
 */
#ifndef CORE_WIRE_RELEASE_H
#define CORE_WIRE_RELEASE_H

#include "core/base/buf.h"
#include "core/wire/wire.h"

/* One choice, in the order of the answer; the other APIs have one. */
struct wire_choice {
	/* The fallback or nothing, as finish_reason content_filter, the status
	 * incomplete, stop_reason refusal. */
	bool		withheld;
	/* Another output: a string is the answer's text; JSON the calls, the
	 * message, the content array or the output items that core/shape made the
	 * item's output of. */
	bool		changed, is_string;
	struct slice	text;
	/* Reasoning goes out with a choice as it came, and not with another text,
	 * in which what was found in it is gone; these say otherwise. */
	bool		keep_reasoning, cut_reasoning;
};

struct wire_release {
	const struct wire_choice *choice;
	size_t		 n;		/* of an answer that has more they stay */
	bool		 cut_usage;	/* chat: the others always have it */
	bool		 cut_logprobs;
	struct slice	 id, model;	/* absent: as they came */
	struct slice	 fallback;	/* absent: nothing */
	/* Where the answer says none and it is not cut; NULL: stays so. */
	const struct wire_usage *usage;
};

/*
 * Adds the answer: the bytes as they came but for what the release changes.  In a
 * choice with another text nothing stays that repeats the old one: logprobs,
 * annotations, citations, reasoning.  STATUS_INVALID: it is no answer of this API.
 */
enum status	wire_release_write(struct buf *, enum wire_api,
		    struct slice response, const struct wire_release *,
		    struct error *) MUST_CHECK;
/* The same as server-sent events, the last one included; gathered again they are
 * the same answer. */
enum status	wire_release_events(struct buf *, enum wire_api,
		    struct slice response, const struct wire_release *,
		    struct error *) MUST_CHECK;

#endif
