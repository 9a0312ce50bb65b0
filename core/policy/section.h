/* The sections of a policy file as they were read: titles, settings, values. */
#ifndef CORE_POLICY_SECTION_H
#define CORE_POLICY_SECTION_H

#include <stddef.h>

#include "core/policy/position.h"

/* "name = value" or "name = { a, b }". */
struct setting {
	const char	*name;
	struct position	 at;		/* of its name */
	const char	**v;
	struct spot {
		int	line, column;
	}		*spots;		/* beside v */
	size_t		 n, cap;
};

struct section_row;		/* core/policy/names.h */

struct section {
	const struct section_row *row;
	const char	*title;
	struct position	 at;		/* of its title */
	struct setting	*settings;
	size_t		 nsettings, cap;
	struct sections {
		struct section	*v;
		size_t		 n, cap;
	}		 inner;		/* a queue's rules, a guard's own kinds ... */
};

/* NULL: not set. */
const struct setting *conf_get(const struct section *, const char *name);
/* Of value i; of the setting's name where there is none. */
struct position	setting_position(const struct setting *, size_t i);

#endif
