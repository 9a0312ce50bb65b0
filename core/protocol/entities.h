/*
 * Entities as Presidio has them: what was found in a text, where, and how sure.
 */
#ifndef CORE_PROTOCOL_ENTITIES_H
#define CORE_PROTOCOL_ENTITIES_H

#include "core/protocol/asked.h"

struct entity {
	struct slice	 type;
	size_t		 start, end;	/* code points */
	double		 score;
	size_t		 number;	/* in the order that they came */
	const struct finding *found;	/* NULL: it was given */
};

struct entities {
	struct entity	*v;		/* in the arena */
	size_t		 n;
};

#define ENTITIES_MAX	4096	/* given with one text */

/* Which of those that were found count; tokens of lists of texts, or JSON_NONE. */
struct entity_filter {
	uint32_t	types, allowed;
	double		score;
};

/* What guards that find private data found in the text, and what the policy covers, by
 * its place.  STATUS_NOT_FOUND: the queue has no such guard; STATUS_IO: one could not
 * run; STATUS_INVALID: there are too many. */
enum status	entities_found(const struct asked *, const struct asked_text *,
		    const struct entity_filter *, struct entities *,
		    struct error *) MUST_CHECK;
/* Those that a body gives for a text, at a token.  STATUS_INVALID: they are none. */
enum status	entities_given(const struct asked *, uint32_t list,
		    struct slice text, struct entities *, struct error *)
		    MUST_CHECK;
/* Of one type those that overlap, or have only blanks between them, become one; what
 * lies within another is left out.  Both ends ascend then. */
void		entities_settle(struct entities *, struct slice text);

/* Is this text in the list? */
bool		entities_list_has(const struct asked *, uint32_t list, struct slice);

#endif
