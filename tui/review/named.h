/* Filters that a handrail.conf gives a name (handrail.conf.5). */
#ifndef TUI_REVIEW_NAMED_H
#define TUI_REVIEW_NAMED_H

#include "tui/screen/complete.h"

#define NAMED_MAX	50

struct named {
	struct {
		char	*name, *condition;
	}	 v[NAMED_MAX];
	size_t	 n;
};

/* A line `filter "NAME" = "CONDITION"`; false: it is another, or *why is set. */
bool		 named_setting(struct named *, struct slice line,
		    const char **why);
/* The condition of that name; NULL: there is none. */
const char	*named_find(const struct named *, struct slice name);
void		 named_offer(const struct named *, struct complete *);
void		 named_release(struct named *);

#endif
