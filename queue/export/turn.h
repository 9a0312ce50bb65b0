/*
 * One message of a conversation in OpenAI's form, whoever's it was: blocks that call
 * a tool become tool_calls, and what a tool gave back a message of its own.
 */
#ifndef QUEUE_EXPORT_TURN_H
#define QUEUE_EXPORT_TURN_H

#include "core/json/parse.h"
#include "core/json/write.h"

/* Writes the message, or the several that it makes, into the array that is begun;
 * false, with nothing written: it holds what OpenAI's form has no place for.
 * weight -1: none. */
bool		turn_write(struct writer *, const struct json *d,
		    uint32_t message, int weight);

#endif
