/*
 * What a window knows of the events that it holds, and of those that went out.
 */
#ifndef CORE_WIRE_HOLD_H
#define CORE_WIRE_HOLD_H

#include "core/json/write.h"
#include "core/wire/window.h"

/* A value of an event that may be written otherwise. */
enum spot_kind {
	SPOT_TEXT,	/* a piece of a text */
	SPOT_FIXED,	/* always */
	SPOT_LOGPROBS	/* where an edit touches the event */
};
struct wire_spot {
	enum spot_kind	 kind;
	uint32_t	 at, end;	/* in the event's data */
	uint32_t	 text;
	size_t		 from, to;	/* in the text */
	bool		 other;
	struct slice	 with;		/* lives as long as the window */
};

/* What an event begins or ends, as far as a stream that is cut has to end it. */
enum opens { OPENS_NOTHING, OPENS_ANSWER, OPENS_ITEM, OPENS_PART, OPENS_SUMMARY,
	CLOSES_ITEM, CLOSES_PART, CLOSES_SUMMARY };
struct opening {
	enum opens	what;
	int64_t		item, part;
	uint64_t	choices[WIRE_CHOICES_MAX / 64];	/* a bit each, of chat */
};

struct held_event {
	struct buf	 bytes;		/* the type, then the data */
	size_t		 type_n;
	struct wire_spot	*spot;		/* by `at` */
	size_t		 n;
	bool		 ends;
	struct opening	 opening;
	int64_t		 sequence;	/* Responses; -1: none */
};

/* One that was opened by what went out. */
struct opened {
	enum opens	 what;		/* OPENS_... */
	int64_t		 item, part;
	bool		 closed;
};

/* What went out of a text. */
struct sent_text {
	size_t		 n;		/* bytes before edits */
	size_t		 edits;		/* that began in them */
	struct buf	 told;		/* with the edits */
};

struct wire_window {
	enum wire_api		 api;
	const struct wire_release *release;
	struct buf		 names;		/* id and model as strings */
	size_t			 id_n;
	struct held_event	*held;
	size_t			 first, n, cap;
	size_t			 bytes;		/* held */
	struct sent_text	*text;
	size_t			 ntexts;
	struct opened		*opened;
	size_t			 nopened, opened_cap;
	bool			 begun;		/* the answer: see OPENS_ANSWER */
	uint64_t		 choices[WIRE_CHOICES_MAX / 64];
	int64_t			 sequence;	/* of the next event */
};

/* Did it go out, and is it still open? */
const struct opened *hold_find(const struct wire_window *, enum opens,
		    int64_t item, int64_t part);
/* node_text_fn: what went out of a text; arg is the window. */
void		hold_write_told(const void *arg, uint32_t text, struct writer *);

#endif
