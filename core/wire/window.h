/*
 * The events of a stream, held until the texts that they add to may go out.
 */
#ifndef CORE_WIRE_WINDOW_H
#define CORE_WIRE_WINDOW_H

#include "core/wire/release.h"
#include "core/wire/stream.h"

/* Bytes of a text's decoded form, and what stands in their place; in arguments,
 * which are JSON, the mark is escaped as it has to be in a string of theirs. */
struct wire_edit {
	size_t		start, end;
	struct slice	mark;
};

/* What may go out of one text. */
struct wire_passage {
	size_t		 upto;		/* decoded bytes, before edits */
	const struct wire_edit *edit;	/* by start, none within another */
	size_t		 n;
};

struct wire_window;
/* Of the release only cut_usage, cut_logprobs, id and model count, and it must live
 * as long.  NULL: out of memory. */
struct wire_window *wire_window_new(enum wire_api, const struct wire_release *);
void		wire_window_free(struct wire_window *);
/* The event that wire_stream_event() took just now, with WIRE_MORE or WIRE_DONE. */
enum status	wire_window_event(struct wire_window *,
		    const struct wire_stream *, const struct sse_event *,
		    struct error *) MUST_CHECK;
/* Bytes of the events that are held. */
size_t		wire_window_held(const struct wire_window *);
/*
 * Adds, in order, the events up to the first that adds to a text beyond its
 * `upto` or, unless `ends`, that ends a choice or the answer.  The passages stand
 * beside wire_stream_texts(); of a text that has none (n is less) nothing goes out.
 * With `ends` every event goes out, whatever `upto` is: the passages' edits alone
 * count.  An event that an edit touches is written anew, its logprobs cut.
 * STATUS_CONFLICT: an edit begins in what went out before; cut the stream.
 */
enum status	wire_window_out(struct wire_window *, const struct wire_stream *,
		    const struct wire_passage *, size_t n, bool ends,
		    struct buf *out, struct error *) MUST_CHECK;
/* Responses: the number of the event that goes out next. */
int64_t		wire_window_sequence(const struct wire_window *);
/* Bytes of a text that went out, before edits. */
size_t		wire_window_sent(const struct wire_window *, size_t text);
/*
 * Adds the events that end a stream in the middle, and what is open in it, as one
 * that a filter cut: finish_reason content_filter and [DONE], response.incomplete,
 * stop_reason refusal and message_stop.  What is held is gone.
 */
enum status	wire_window_cut(struct wire_window *, const struct wire_stream *,
		    struct buf *out, struct error *) MUST_CHECK;

#endif
