/*
 * Values of the input that a model's service does not see: <EMAIL_ADDRESS_1> goes to
 * it in their place, and they are put back into what it answers.
 *
 * The same value has the same number within one call, counted by kind in the order
 * of the input; a number that stands there literally is passed over.  One that comes
 * back within a URL, a link, code, or a tool's name stays as it is.
 */
#ifndef QUEUE_SERVE_PLACEHOLDERS_H
#define QUEUE_SERVE_PLACEHOLDERS_H

#include "core/guard/guard.h"

struct placeholders {
	struct placeholder {
		struct slice	token, value;	/* "<EMAIL_ADDRESS_1>" */
	}		*v;
	size_t		 n;
};

/*
 * Of the findings on "/messages/N/content" that are to be replaced; *replaced has the
 * texts as they go to the service, beside `texts`; one whose p is NULL stays.
 */
enum status	placeholders_make(struct placeholders *, const struct slice *texts,
		    size_t ntexts, const struct finding *, size_t n,
		    struct arena *, struct slice **replaced, struct error *)
		    MUST_CHECK;

/* One of them in a text; in JSON text its brackets may be escaped. */
struct placeholder_spot {
	size_t		start, end;	/* bytes */
	const struct placeholder *of;
	bool		misplaced;	/* it stays */
};
/* The first from `from` on. */
bool		placeholders_next(const struct placeholders *, struct slice text,
		    size_t from, bool json, struct placeholder_spot *);
/* Are values within this text to be escaped, as it is JSON? */
bool		placeholders_in_json(struct slice text);
/* Adds a value as it stands within a JSON string, without the quotes. */
void		placeholders_escape(struct buf *, struct slice value);
/* Puts the values back into a text; within JSON they are escaped for it. */
void		placeholders_text(const struct placeholders *, struct slice text,
		    struct buf *);
/* The same for each string of a JSON value; *stays: one could not be put back. */
enum status	placeholders_json(const struct placeholders *, struct slice json,
		    struct buf *, bool *stays, struct error *) MUST_CHECK;

#endif
