/*
 * What each loop finds by itself and whoever runs the service is told once.  A loop has
 * one line about a matter at a time, the last that it said.  Not locked.
 */
#ifndef QUEUE_SERVE_SAID_H
#define QUEUE_SERVE_SAID_H

#include <stdbool.h>

#include "core/policy/policy.h"

/* NULL: nothing was said yet. */
struct loops_said {
	struct loops_said *next;
	char		*matter;
	char		*line[SERVICE_LOOPS_MAX];	/* NULL: none yet */
};

/* Loop `loop` of n says it.  True where it is to be told: */
/* ... all say the same now; what they say next is new. */
bool	said_by_all(struct loops_said **, const char *matter, unsigned loop, unsigned n,
	    const char *line);
/* ... it says so again, or no other one does. */
bool	said_by_one(struct loops_said **, const char *matter, unsigned loop, unsigned n,
	    const char *line);
void	said_free(struct loops_said *);

#endif
