/*
 * The spans of an OTLP/HTTP request in JSON (opentelemetry-proto,
 * collector/trace/v1: ExportTraceServiceRequest), one after the other.
 */
#ifndef CORE_PROTOCOL_TRACES_H
#define CORE_PROTOCOL_TRACES_H

#include "core/json/parse.h"

/* The envelope's levels beside a record's own. */
#define TRACES_DEPTH	(JSON_DEPTH_MAX + 6)

struct traces {
	struct json	 json;
	uint32_t	 at[3];		/* of resourceSpans, scopeSpans and spans */
};

#define TRACES_INIT	{ .json = JSON_INIT }

/*
 * The body lives as long as the spans.  STATUS_INVALID where it is no JSON, a key is
 * there twice, or it is no such request; where a text of a span has what a record may
 * not have, that span's record is refused, not the whole.
 */
enum status	traces_read(struct traces *, struct slice body, struct error *)
		    MUST_CHECK;
/* The next span's bytes; *model: it is said to be the call of a model, which has an
 * output.  False: there is none. */
bool		traces_next(struct traces *, struct slice *span, bool *model);
void		traces_release(struct traces *);

#endif
