/*
 * Events of a message into the message.
 */
#ifndef CORE_WIRE_MESSAGES_GATHER_H
#define CORE_WIRE_MESSAGES_GATHER_H

#include "core/json/write.h"
#include "core/wire/stream.h"

enum wire_outcome messages_whole(struct wire_stream *, struct error *);
enum wire_outcome messages_event(struct wire_stream *, const struct sse_event *,
		    struct error *);
void		messages_response(const struct wire_stream *, struct writer *);

#endif
