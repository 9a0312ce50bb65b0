/* Results of other tools taken in as runs, so that they get a statistical answer. */
#ifndef QUEUE_LOOP_IMPORT_H
#define QUEUE_LOOP_IMPORT_H

#include "queue/session.h"

#define IMPORT_RUNS_MAX	100	/* of one file */

struct import_options {
	const char	*path;		/* "-": standard input */
	const char	*format;	/* NULL: by what the file shows */
	const char	*name;		/* of the run; NULL: as the file says */
	const char	*score;		/* passes by this check alone; NULL: by all */
	double		 threshold;	/* a number passes from here on */
};

struct imported {
	const char	*source;	/* the format's name */
	struct {
		int64_t		 run;
		const char	*variant;
		size_t		 results, passed, errors;
	}		*run;
	size_t		 n;
	struct arena	 arena;
};
void		imported_release(struct imported *);

/* One run for each variant in the file, all or none.  STATUS_INVALID names the line
 * or the element that is not of the format. */
enum status	run_import(struct session *, const struct import_options *,
		    struct imported *, struct error *) MUST_CHECK;

#endif
