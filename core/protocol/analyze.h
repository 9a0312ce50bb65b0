/* What Presidio's two services have in common. */
#ifndef CORE_PROTOCOL_ANALYZE_H
#define CORE_PROTOCOL_ANALYZE_H

#include "core/protocol/asked.h"

/* Takes "text", or the list of texts that stands there.  STATUS_INVALID. */
enum status	analyze_texts(struct asked *, bool *several, struct error *)
		    MUST_CHECK;

#endif
