/*
 * The parts of guard kind "hidden": characters that do not show (hidden.c), and
 * markup that does not show or carries text out (hidden_markup.c,
 * hidden_tag.c).
 */
#ifndef CORE_GUARD_HIDDEN_H
#define CORE_GUARD_HIDDEN_H

#include "core/guard/guard.h"

struct hidden {
	const char *const	*allow;	/* kinds, "U+200B", hosts */
	size_t			 nallow;
	bool			 look[256];	/* bytes that need one */
};

struct hidden_scan {
	const struct hidden	*hidden;
	struct guard_run	*run;
	struct slice		 text;
	size_t			 code_end;	/* inside code up to here */
	size_t			 image;		/* where the last "![" begins */
	/* No address ends in here; parts of paths that carry nothing. */
	size_t			 plain_from, plain_to, clean_from, clean_to;
	unsigned		 references;	/* looked for so far */
	/* Of the line of the last bidirectional control. */
	size_t			 line_start, line_end;
	bool			 line_fits;
	/* Letters in the text, once they are counted. */
	bool			 counted, latin, plain_other;
	bool			 page;		/* of HTML: scripts belong to it */
	bool			 fenced;
	bool			 full;		/* FINDINGS_MAX is reached */
};

bool		hidden_allows(const struct hidden *, const char *name, size_t);
/* A finding, unless its kind is allowed. */
enum status	hidden_add(struct hidden_scan *, const char *kind,
		    enum severity, size_t start, size_t end, struct slice message,
		    struct error *) MUST_CHECK;

#endif
