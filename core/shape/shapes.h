/* The rows of the table in shape.c, each defined in the file of its name. */
#ifndef CORE_SHAPE_SHAPES_H
#define CORE_SHAPE_SHAPES_H

#include "core/shape/shape.h"

extern const struct shape shape_native;

#endif
