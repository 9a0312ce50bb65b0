/*
 * Events of streams that are made here.
 */
#ifndef CORE_WIRE_EVENTS_H
#define CORE_WIRE_EVENTS_H

#include "core/base/buf.h"

/* Adds one whose data is the JSON, on one line; type NULL: none is named. */
void	events_add(struct buf *, const char *type, struct slice json);

#endif
