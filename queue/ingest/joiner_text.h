/*
 * Streams of a text whose events have the same form as a response that came whole, with
 * a piece of the text, or all of it so far: Cloudflare's Workers AI, watsonx.ai,
 * DashScope and Hunyuan.
 */
#ifndef QUEUE_INGEST_JOINER_TEXT_H
#define QUEUE_INGEST_JOINER_TEXT_H

#include "core/base/buf.h"
#include "core/json/parse.h"

/* Begins as all zero. */
struct text_joiner {
	unsigned	kind;		/* 0: nothing is under way */
	unsigned	pieces;
	bool		whole;		/* each event has all of it so far */
	struct buf	last;		/* the last event, raw */
	struct buf	usage;		/* raw */
	struct buf	text;		/* inside of a string */
};

/* True: the event was one of these, and says no more for now; a response that ended
 * before it is added to `out`. */
bool	text_joiner_add(struct text_joiner *, const struct json *, struct buf *out);
void	text_joiner_end(struct text_joiner *, struct buf *out);
void	text_joiner_release(struct text_joiner *);

#endif
