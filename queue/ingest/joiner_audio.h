/*
 * What was spoken in a chat (delta.audio): its id and its transcript, without the
 * sound.
 */
#ifndef QUEUE_INGEST_JOINER_AUDIO_H
#define QUEUE_INGEST_JOINER_AUDIO_H

#include "core/base/buf.h"
#include "core/json/parse.h"
#include "core/json/write.h"

/* Begins as all zero. */
struct audio_joiner {
	bool		used;
	struct buf	id, transcript;	/* inside of a string */
};

/* audio: an object, or JSON_NONE. */
void	audio_joiner_add(struct audio_joiner *, const struct json *, uint32_t audio);
/* A member "audio", if there was some. */
void	audio_joiner_write(const struct audio_joiner *, struct writer *);
void	audio_joiner_release(struct audio_joiner *);

#endif
