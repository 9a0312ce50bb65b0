/*
 * Records that bear no shape's marks.
 */
#ifndef CORE_SHAPE_UNKNOWN_H
#define CORE_SHAPE_UNKNOWN_H

#include "core/shape/shape.h"

/* Refuses it, and says what it is instead and what to do. */
enum status	shape_unknown(struct reading *);

/* Why the run or span of a tool, a retriever, an embedding or the like is refused. */
extern const char shape_step[];

/* Is it what a guardrail said of a text, with its own "output"? */
bool		shape_is_verdict(const struct reading *);

/* Is it what a tool gave back, as an event of a UI message stream has it? */
bool		shape_is_ui_result(const struct reading *);

/* Does the reason of a refusal say what kind of record it is, rather than what is
 * wrong in that one? */
bool		shape_is_unknown(const char *reason);

#endif
