#include "core/policy/section.h"

#include <string.h>

const struct setting *
conf_get(const struct section *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->nsettings; i++)
		if (strcmp(s->settings[i].name, name) == 0)
			return &s->settings[i];
	return NULL;
}

struct position
setting_position(const struct setting *set, size_t i)
{
	struct position at = set->at;

	if (i < set->n) {
		at.line = set->spots[i].line;
		at.column = set->spots[i].column;
	}
	return at;
}
