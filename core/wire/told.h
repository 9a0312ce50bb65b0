/*
 * What the strings of an answer are to its client, by the names of their members.
 */
#ifndef CORE_WIRE_TOLD_H
#define CORE_WIRE_TOLD_H

#include "core/wire/gather.h"

/* Where strings of an event belong. */
struct told {
	uint32_t	choice, part;
	enum wire_kind	kind;		/* of strings whose name says none */
};

bool		told_is_one_of(const struct json *, uint32_t,
		    const char *const *names);
/* Does the key name, type or refer? */
bool		told_is_whole(const struct json *, uint32_t key);
enum wire_kind	told_kind(const struct json *, uint32_t key,
		    const struct told *);
/* Each string of a value of the event that is kept as it came is a text of its
 * own, and ended. */
void		told_strings(struct wire_stream *, uint32_t t,
		    const struct told *);

#endif
