/*
 * Streams of a text whose events have the same form as a response that came whole, with
 * a piece of the text: Cloudflare's Workers AI, watsonx.ai, DashScope (or with all of it
 * so far) and Hunyuan.
 */
#ifndef QUEUE_INGEST_JOINER_TEXT_H
#define QUEUE_INGEST_JOINER_TEXT_H

#include "core/base/buf.h"
#include "core/json/parse.h"

/* Begins as all zero. */
struct text_joiner {
	unsigned	kind;		/* 0: nothing is under way */
	bool		grew;		/* events seem to have all of it so far, */
	bool		pieces;		/* which one of them had not */
	struct buf	last;		/* the last event, raw */
	struct buf	usage;		/* raw */
	struct buf	text;		/* inside of a string, all pieces */
	struct buf	so_far;		/* the longest text, the same */
};

/* True: the event was one of these, and says no more for now; a response that ended
 * before it is added to `out`. */
bool	text_joiner_add(struct text_joiner *, const struct json *, struct buf *out);
void	text_joiner_end(struct text_joiner *, struct buf *out);
void	text_joiner_release(struct text_joiner *);

#endif
