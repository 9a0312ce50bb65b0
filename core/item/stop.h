/*
 * Why a model stopped: one word for what each provider calls something else.
 */
#ifndef CORE_ITEM_STOP_H
#define CORE_ITEM_STOP_H

#include "core/base/buf.h"

enum stop {
	STOP_UNKNOWN, STOP_END, STOP_LENGTH, STOP_FILTER, STOP_REFUSAL,
	STOP_TOOL, STOP_ERROR
};

/* "end", "length" and so on; absent: unknown. */
struct slice	stop_name(enum stop);
/*
 * Of a finish reason as a provider wrote it, in any case, its words joined by
 * _, - or nothing, and with or without the name of its enumeration before it
 * (content_filter, content-filter, contentFilter, FinishReason.MAX_TOKENS).
 */
enum stop	stop_from(struct slice reason);

#endif
