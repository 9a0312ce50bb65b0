/* Comma-separated values, RFC 4180. */
#ifndef CORE_SUITE_CSV_H
#define CORE_SUITE_CSV_H

#include "core/base/arena.h"

#define CSV_FIELDS_MAX	1000

struct csv {
	struct slice	 rest;
	int		 line;		/* of what comes next */
	char		 separator;	/* "," or ";" or TAB: as the first line has it */
	struct slice	*field;		/* of the row last read */
	size_t		 nfields;
};

/* Behind a byte order mark; the fields live in the arena or the text. */
enum status	csv_begin(struct csv *, struct slice text, struct arena *,
		    struct error *) MUST_CHECK;
/* *row is false at the end.  Blank lines are passed over.  STATUS_INVALID: a quote
 * that is never closed, too many fields. */
enum status	csv_next(struct csv *, struct arena *, bool *row,
		    struct error *) MUST_CHECK;

#endif
