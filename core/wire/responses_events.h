/*
 * The events of a whole response.
 */
#ifndef CORE_WIRE_RESPONSES_EVENTS_H
#define CORE_WIRE_RESPONSES_EVENTS_H

#include "core/base/buf.h"
#include "core/json/parse.h"

void	responses_events(struct buf *, const struct json *);

#endif
