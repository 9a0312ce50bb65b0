/*
 * The pieces of a response that came as a stream, joined into the response that
 * would have come without: OpenAI's chat, completions and Responses, Anthropic's
 * messages, Gemini, Ollama, and whatever else answers like one of these.
 */
#ifndef QUEUE_INGEST_JOINER_H
#define QUEUE_INGEST_JOINER_H

#include "core/base/buf.h"

struct joiner;

struct joiner	*joiner_new(void);		/* NULL: out of memory */
void		 joiner_free(struct joiner *);	/* may be NULL */
/*
 * One piece: the data of an event, or a line.  Responses that are whole by it are
 * added to `out`, a line each; so is, as it stands, what is no piece.  Out of
 * memory is asked of `out` (buf_check()).
 */
void		 joiner_add(struct joiner *, struct slice piece, struct buf *out);
/* No more pieces come: adds what there is.  An answer that did not come to an end
 * stopped for `incomplete`. */
void		 joiner_end(struct joiner *, struct buf *out);

#endif
