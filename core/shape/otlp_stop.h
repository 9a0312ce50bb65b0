/*
 * How a span's work ended.
 */
#ifndef CORE_SHAPE_OTLP_STOP_H
#define CORE_SHAPE_OTLP_STOP_H

#include "core/shape/shape.h"

/* Why the model stopped in the span's choice i of n (from 0), by the attributes
 * of the span. */
enum stop	otlp_stop(struct reading *, uint32_t span, uint32_t i,
		    uint32_t n);
/* What the span's status says went wrong; absent: nothing. */
struct slice	otlp_failure(struct reading *, uint32_t span);

#endif
