#include "queue/ingest/joiner_audio.h"

#include "core/json/value.h"
#include "queue/ingest/joiner_piece.h"

void
audio_joiner_add(struct audio_joiner *a, const struct json *d, uint32_t audio)
{
	if (audio == JSON_NONE)
		return;
	a->used = true;
	if (a->id.n == 0)
		piece_inside(&a->id, d, json_get_kind(d, audio, "id",
		    TOKEN_STRING));
	piece_inside(&a->transcript, d, json_get_kind(d, audio, "transcript",
	    TOKEN_STRING));
}

void
audio_joiner_write(const struct audio_joiner *a, struct writer *w)
{
	if (!a->used)
		return;
	write_object(w, "audio");
	piece_write(w, "id", "\"\"", &a->id);
	if (a->transcript.n > 0)
		piece_write(w, "transcript", "\"\"", &a->transcript);
	write_end(w);
}

void
audio_joiner_release(struct audio_joiner *a)
{
	buf_release(&a->id);
	buf_release(&a->transcript);
}
