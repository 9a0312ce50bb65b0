#include "core/item/severity.h"

static const char *const names[] = {
	[SEVERITY_INFO] = "info", [SEVERITY_LOW] = "low",
	[SEVERITY_MEDIUM] = "medium", [SEVERITY_HIGH] = "high",
	[SEVERITY_CRITICAL] = "critical"
};

#define NAMES	(int)(sizeof(names) / sizeof(names[0]))

const char *
severity_name(enum severity s)
{
	return (int)s < 0 || (int)s >= NAMES ? NULL : names[s];
}

bool
severity_from(struct slice text, enum severity *out)
{
	int i;

	for (i = 0; i < NAMES; i++) {
		if (slice_is(text, names[i])) {
			*out = (enum severity)i;
			return true;
		}
	}
	return false;
}
