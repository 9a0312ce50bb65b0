/* Where in a policy's files something is written. */
#ifndef CORE_POLICY_POSITION_H
#define CORE_POLICY_POSITION_H

#include "core/base/error.h"

struct position {
	const char	*file;		/* as messages show it */
	int		 line, column;	/* from 1; a column is a character */
	const char	*named;		/* the file as the policy names it */
};

/* Sets "FILE:LINE:COLUMN: " and the message. */
enum status	position_error(struct error *, struct position,
		    const char *, ...) PRINTF(3, 4);
/* Puts "FILE:LINE:COLUMN: WHAT "TITLE": " before the message that is set. */
enum status	position_prefix(struct error *, struct position,
		    const char *what, const char *title);

#endif
