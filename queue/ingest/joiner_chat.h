/*
 * One choice of a chat, or of a completion, out of its pieces.
 */
#ifndef QUEUE_INGEST_JOINER_CHAT_H
#define QUEUE_INGEST_JOINER_CHAT_H

#include "core/base/buf.h"
#include "core/json/parse.h"
#include "core/json/write.h"
#include "queue/ingest/joiner_audio.h"
#include "queue/ingest/joiner_calls.h"

/* Begins as all zero. */
struct chat_joiner {
	struct buf	text, refusal;	/* inside of a string */
	struct buf	logprobs;	/* tokens, with commas between */
	struct buf	sources;	/* annotations, the same */
	struct buf	context, filter;	/* Azure's, raw */
	struct audio_joiner audio;
	struct calls_joiner calls;
};

/* chat: the choice has a delta; else a text.  How many bytes it was that are kept. */
size_t	chat_joiner_add(struct chat_joiner *, const struct json *,
	    uint32_t choice, bool chat);
/* Its members, but for index and finish_reason. */
void	chat_joiner_write(const struct chat_joiner *, struct writer *, bool chat);
void	chat_joiner_release(struct chat_joiner *);

#endif
