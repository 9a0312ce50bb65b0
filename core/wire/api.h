/*
 * What there is of each API: one row.
 */
#ifndef CORE_WIRE_API_H
#define CORE_WIRE_API_H

#include "core/json/parse.h"
#include "core/wire/wire.h"

/* How a request asks. */
struct wire_asks {
	const char	*messages;	/* the member that holds them */
	const char	*system;	/* what the system says; NULL: a message */
	bool		 may_be_string, may_be_empty;	/* messages */
	bool		 splits_system;	/* no message may be the system's */
	bool		 has_choices;	/* n */
	bool		 asks_usage;	/* of a stream, by stream_options */
	const char *const *max_tokens;	/* names, the one to be written first */
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
};

extern const struct wire_row wire_chat, wire_responses, wire_messages;

const struct wire_row *wire_row(enum wire_api);

#endif
