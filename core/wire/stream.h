/*
 * Gathers the events of an answer into the answer that the API would have given
 * without `stream`, and the texts in it as they grow.
 */
#ifndef CORE_WIRE_STREAM_H
#define CORE_WIRE_STREAM_H

#include "core/http/sse.h"
#include "core/wire/wire.h"

/*
 * One text that a client would see.  What a service repeats of it later on (the
 * events named "done") is the same text; where that goes on, so does the text.
 */
struct wire_text {
	enum wire_kind	kind;
	uint32_t	choice;		/* 0 but in chat: the choice's `index` */
	uint32_t	part;		/* a number that the name and the arguments
					 * of one call share, and no other text */
	bool		ended;		/* it grows no more */
	struct buf	text;		/* decoded */
};

struct wire_stream;
/* max_bytes bounds what is kept of all events.  NULL: out of memory. */
struct wire_stream *wire_stream_new(enum wire_api, size_t max_bytes);
void		wire_stream_free(struct wire_stream *);
/* Empty again, for another answer; what memory it keeps is small. */
void		wire_stream_reset(struct wire_stream *, enum wire_api);

enum wire_outcome {
	WIRE_MORE,	/* also for an event that is none of the known: it is passed on */
	WIRE_DONE,	/* its last event; what follows is ignored */
	WIRE_ERROR,	/* an error event, response.failed or .cancelled */
	WIRE_BAD,	/* not an event of this API: why is in the error */
	WIRE_TOO_LONG,
	WIRE_NO_MEMORY
};
/*
 * The end is [DONE] in chat, response.completed or .incomplete, and message_stop.
 * One that comes too early (a [DONE] before every choice had its finish_reason) is
 * WIRE_BAD.  After an outcome but WIRE_MORE only the calls below are of use.
 */
enum wire_outcome wire_stream_event(struct wire_stream *,
		    const struct sse_event *, struct error *) MUST_CHECK;
/* A whole answer, as though it had come in events; nothing came before. */
enum wire_outcome wire_stream_whole(struct wire_stream *, struct slice response,
		    struct error *) MUST_CHECK;

/* What wire_stream_whole() was given, parsed: it must still be there.  NULL: it was
 * given nothing that is JSON. */
const struct json *wire_stream_json(const struct wire_stream *);

/* In the order in which they began; good until the next event. */
const struct wire_text *wire_stream_texts(const struct wire_stream *, size_t *n);
const struct wire_usage *wire_stream_usage(const struct wire_stream *);
/*
 * Adds the answer in its non-stream shape.  One that broke off has a
 * finish_reason or stop_reason of null, or the status "incomplete", and is for the
 * log.  STATUS_NOT_FOUND where nothing of an answer came.
 */
enum status	wire_stream_response(const struct wire_stream *, struct buf *,
		    struct error *) MUST_CHECK;

#endif
