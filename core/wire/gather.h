/*
 * A stream as the APIs' own readers see it.
 */
#ifndef CORE_WIRE_GATHER_H
#define CORE_WIRE_GATHER_H

#include "core/wire/node.h"
#include "core/wire/stream.h"

/* A string of the last event that adds to a text, or repeats a part of it. */
struct piece {
	uint32_t	t;		/* its token */
	uint32_t	text;
	size_t		start, end;	/* in the text, decoded */
	bool		other;		/* it says otherwise than the text */
};

#define TEXT_NONE	UINT32_MAX
#define TEXTS_MAX	8192u	/* of one answer: each may be looked for in all */

struct wire_stream {
	enum wire_api	 api;
	size_t		 max;
	struct json	 d;		/* the last event */
	struct piece	*piece;		/* of it, by token */
	uint32_t	 npieces, piece_cap;
	bool		 ends;		/* it ends a choice or the answer */

	struct nodes	 nodes;
	struct wire_node *answer;	/* in its non-stream shape; NULL: none yet */
	struct wire_node *aside;	/* texts that have no place in it, or NULL */
	struct wire_text *text;
	uint32_t	*place;		/* beside them: the API's own */
	uint32_t	 ntexts, text_cap;
	uint32_t	 text_made;	/* have a buffer, maybe of an earlier answer */
	size_t		 text_bytes;
	uint32_t	 nparts;
	struct wire_usage usage;
	bool		 done, failed, too_long;
	bool		 unknown;	/* the event is none that this API had */
	bool		 whole;		/* nothing is a piece of what came before */
	const char	*bad;		/* why an event is none of this API */
};

/* A new text; TEXT_NONE: out of memory, or there are too many. */
uint32_t	gather_text(struct wire_stream *, enum wire_kind,
		    uint32_t choice, uint32_t part);
uint32_t	gather_part(struct wire_stream *);	/* a number for new ones */
/* The string goes on where the text ended. */
void		gather_add(struct wire_stream *, uint32_t text, uint32_t t);
/* The string is the text as a whole, or as far as it went when it was sent; what
 * it has more is added. */
void		gather_whole(struct wire_stream *, uint32_t text, uint32_t t);
void		gather_choice_ends(struct wire_stream *, uint32_t choice);
/* Why an event is none of the API, or NULL: it was taken. */
enum wire_outcome gather_outcome(const struct wire_stream *, const char *why,
		    struct error *);
/* node_text_fn: arg is the stream. */
void		gather_write_text(const void *arg, uint32_t text, struct writer *);

#endif
