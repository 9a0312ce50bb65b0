/*
 * The pieces of a response that came as a stream, joined into the response that
 * would have come without: OpenAI's chat, completions and Responses, Anthropic's
 * messages, Gemini, Ollama, and whatever else answers like one of these.
 */
#ifndef QUEUE_INGEST_JOINED_H
#define QUEUE_INGEST_JOINED_H

#include "core/base/buf.h"

struct joined;

struct joined	*joined_new(void);		/* NULL: out of memory */
void		 joined_free(struct joined *);	/* may be NULL */
/*
 * One piece: the data of an event, or a line.  Responses that are whole by it are
 * added to `out`, a line each; so is, as it stands, what is no piece.  Out of
 * memory is asked of `out` (buf_check()).
 */
void		 joined_add(struct joined *, struct slice piece, struct buf *out);
/* No more pieces come: adds what there is.  An answer that did not come to an end
 * stopped for `incomplete`. */
void		 joined_end(struct joined *, struct buf *out);

#endif
