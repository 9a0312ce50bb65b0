/*
 * The answer of a message, gathered from its parts, whoever's they are: the texts
 * one after the other, the calls that are to be made, and what a provider's own
 * tools found, as context.  Thoughts are passed over.
 *
 *	struct gather g;
 *
 *	gather_begin(&g, r, d);
 *	gather_content(&g, content);
 *	gather_end(&g, item);
 */
#ifndef CORE_SHAPE_GATHER_H
#define CORE_SHAPE_GATHER_H

#include "core/shape/shape.h"

#define GATHER_SEEN	256	/* sources that are told once */

struct gather {
	struct reading	*r;
	const struct json *d;		/* the record, or reader->inner */
	struct buf	text;		/* inside of a JSON string */
	struct buf	parts;		/* what counts, as an array */
	struct buf	context;	/* sources, as an array without its end */
	unsigned	texts, calls, others, refusals;
	unsigned	images, sounds, files;	/* that have no words */
	bool		said;		/* a text, a call or the like */
	bool		whole;		/* parts are kept by their message */
	uint32_t	logprobs;	/* of the only text */
	uint32_t	seen[GATHER_SEEN];
	size_t		nseen;
};

void	gather_begin(struct gather *, struct reading *, const struct json *d);
/* A text, a part, or a list of them. */
void	gather_content(struct gather *, uint32_t t);
/* A text by itself. */
void	gather_words(struct gather *, uint32_t string);
/* Keeps a value, less what is unsaid, among the parts. */
void	gather_keep(struct gather *, uint32_t t);
/* Calls in a list of their own, kept and counted; nothing where it is an empty
 * form or JSON_NONE. */
void	gather_calls(struct gather *, uint32_t calls);
/* Images beside a message's text, in a list (JSON_NONE: none). */
void	gather_media(struct gather *, uint32_t list);
/* Sources anywhere in a value (JSON_NONE: none): objects with a title, an address
 * or a text, addresses alone. */
void	gather_sources(struct gather *, uint32_t t);
/*
 * Sets output, silent and context, and releases what was gathered.  The output is
 * the text or, with a call or a part of another kind, the parts.  Images, sounds and
 * files are passed over beside a text (files are named in the context); alone they
 * are refused.
 */
void	gather_end(struct gather *, struct item *);
/* The same, with the value at t, less what is unsaid, for the output (JSON_NONE:
 * the text). */
void	gather_end_as(struct gather *, uint32_t t, struct item *);

#endif
