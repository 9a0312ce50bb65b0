/*
 * The record of our own, parts of which any other may carry.
 */
#ifndef CORE_SHAPE_NATIVE_H
#define CORE_SHAPE_NATIVE_H

#include "core/shape/shape.h"

/* The keys of the native record that every other shape may carry beside its
 * own: queue, variant, context, confidence and its source, guards. */
enum status	native_extras(struct reading *, struct item *) MUST_CHECK;
/* Every other native key but `output`, once those are read. */
enum status	native_beside(struct reading *, struct item *) MUST_CHECK;

#endif
