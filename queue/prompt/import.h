/* Prompts of others, taken into the store. */
#ifndef QUEUE_PROMPT_IMPORT_H
#define QUEUE_PROMPT_IMPORT_H

#include "core/prompt/foreign.h"
#include "queue/session.h"

struct prompts_import_options {
	const enum prompt_format *format;	/* NULL: by the keys of each */
	bool	 move;		/* labels that point elsewhere already too */
	/* Called with a line for each that is refused or in conflict, and each whose
	 * label stays where it was. */
	void	(*complain)(void *, const char *line);
	void	*arg;
};
struct prompts_import_counts {
	int64_t	added, known, conflicts, refused;
};
/*
 * The text is one object, an array of them, or one a line.  Those that can be taken
 * go in together, the others are told and counted.  STATUS_INVALID where it is not
 * JSON at all.
 */
enum status	prompts_import(struct session *, struct slice text,
		    const struct prompts_import_options *,
		    struct prompts_import_counts *, struct error *) MUST_CHECK;

#endif
