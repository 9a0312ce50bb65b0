/*
 * Outputs as programs that trace others write them down: a text, a chat message,
 * a list of them, a whole response, or whatever a function gave back.
 */
#ifndef CORE_SHAPE_TRACED_H
#define CORE_SHAPE_TRACED_H

#include "core/shape/shape.h"

/* Sets output, context and stop by the value at t of d (the record, or
 * reader->inner); false: it is none of those, and *item is as it was. */
bool		traced_answer(struct reading *, const struct json *d, uint32_t t,
		    struct item *);
/* The same of the record's value, or of the JSON in a text; what is none of those
 * is taken as it stands. */
void		traced_output(struct reading *, uint32_t t, struct item *);
/* What was asked: messages, or an object that holds them, also as JSON in a text;
 * anything else is a message of the user. */
struct slice	traced_input(struct reading *, uint32_t t);

/*
 * The same of what a function gave back and was given, which is an object of its
 * results and arguments by name: {"output":x}, or an object with one member, stands
 * for it.
 */
void		traced_returned(struct reading *, uint32_t t, struct item *);
struct slice	traced_given(struct reading *, uint32_t t);
/* As OpenLLMetry writes down what LangChain calls back with: {"outputs":..,"kwargs":..};
 * false: it is none. */
bool		traced_callback(struct reading *, const struct json *d, uint32_t t,
		    struct item *);
/* The inputs that were called with, or t itself. */
uint32_t	traced_callback_given(const struct json *d, uint32_t t);

#endif
