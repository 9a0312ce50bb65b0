/*
 * Records that bear no shape's marks.
 */
#ifndef CORE_SHAPE_UNKNOWN_H
#define CORE_SHAPE_UNKNOWN_H

#include "core/shape/shape.h"

/* Refuses it, and says what it is instead and what to do. */
enum status	shape_unknown(struct reading *);

#endif
