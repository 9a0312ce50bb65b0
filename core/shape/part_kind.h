/*
 * What a part of a message is, whoever's message it is: a content block, an item
 * of an output, a part of a candidate.
 */
#ifndef CORE_SHAPE_PART_KIND_H
#define CORE_SHAPE_PART_KIND_H

#include "core/json/write.h"
#include "core/shape/shape.h"

enum part_kind {
	PART_TEXT,
	PART_REFUSAL,	/* a text too */
	PART_THOUGHT,	/* thinking, reasoning, what is encrypted */
	PART_HOSTED,	/* what a provider's own tool did and found */
	PART_CALL,	/* for the caller to make */
	PART_AUDIO,	/* with a transcript */
	PART_MEDIA,	/* an image, a video, a sound of Gemini's */
	PART_FILE,	/* that came beside the answer */
	PART_OTHER	/* what is not known */
};

/* As the mapping of that version has it (core/shape/read.h). */
enum part_kind	part_kind(const struct json *d, uint32_t part,
		    unsigned mapping);
/* The text of a text part or refusal, a string's token; JSON_NONE: none. */
uint32_t	part_words(const struct json *d, uint32_t part);
/* Is the value of `tool_calls` or `function_call` a call, and not an empty form? */
bool		part_calls(const struct json *d, uint32_t calls);
/*
 * Writes the value without what is neither an answer nor a call (thoughts,
 * signatures, citations and the like, whole parts of that kind); what a call is
 * given stays untouched.  How many members and parts were left out.
 */
unsigned	part_write(const struct json *d, uint32_t t, unsigned mapping,
		    struct writer *);

#endif
