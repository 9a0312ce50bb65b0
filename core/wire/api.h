/*
 * What there is of each API: one row.
 */
#ifndef CORE_WIRE_API_H
#define CORE_WIRE_API_H

#include "core/json/parse.h"
#include "core/json/write.h"
#include "core/wire/release.h"
#include "core/wire/stream.h"
#include "core/wire/window.h"

struct opening;

/* How a request asks. */
struct wire_asks {
	const char	*messages;	/* the member that holds them */
	const char	*system;	/* what the system says; NULL: a message */
	bool		 may_be_string, may_be_empty;	/* messages */
	bool		 splits_system;	/* no message may be the system's */
	bool		 has_choices;	/* n */
	bool		 asks_usage;	/* of a stream, by stream_options */
	const char *const *max_tokens;	/* names, the one to be written first */
	const char *const *config;	/* what a prompt's config may set beside */
	bool		(*usage)(const struct json *);
	bool		(*logprobs)(const struct json *);
	bool		(*json)(const struct json *);
	/* The member by which logprobs are asked for, and its value; NULL: the API
	 * has none. */
	const char	*logprobs_member;
	void		(*write_logprobs)(const struct json *, struct buf *);
};

struct wire_row {
	struct wire_asks	asks;
	void			(*usage)(const struct json *, uint32_t usage,
				    struct wire_usage *);
	/* Adds the event, whose tokens stream->d has: an object that is no error. */
	enum wire_outcome	(*event)(struct wire_stream *,
				    const struct sse_event *, struct error *);
	/* Adds a whole answer, the object in stream->d. */
	enum wire_outcome	(*whole)(struct wire_stream *, struct error *);
	/* An event that is no JSON and ends the answer; NULL: there is none. */
	bool			(*is_end)(struct slice data);
	enum wire_outcome	(*end)(struct wire_stream *, struct error *);
	/* Writes the answer, or what there is of it. */
	void			(*response)(const struct wire_stream *,
				    struct writer *);
	/* Writes a whole answer d as it is to be released. */
	enum status		(*write)(struct writer *, const struct json *d,
				    const struct wire_release *, struct error *);
	/* Adds the events of a whole answer. */
	void			(*events)(struct buf *, const struct json *d);

	/* Of events in a window: the member that has the answer's id and model
	 * (NULL: they are the event's own), what stands for no logprobs (absent:
	 * the API has none), what an event begins or ends (NULL: nothing). */
	const char		*names_in;
	struct slice		no_logprobs;
	void			(*opening)(const struct json *d, struct opening *);
	/* Adds the events that end a stream in the middle. */
	enum status		(*cut)(const struct wire_window *,
				    const struct wire_stream *, struct buf *,
				    struct error *);
};

extern const struct wire_row wire_chat, wire_responses, wire_messages;

const struct wire_row *wire_row(enum wire_api);

#endif
