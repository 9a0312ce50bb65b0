#include "tui/private.h"

#include <stdbool.h>
#include <sys/resource.h>

static struct rlimit before;
static bool changed;

void
private_begin(void)
{
	struct rlimit none;

	if (getrlimit(RLIMIT_CORE, &before) != 0)
		return;
	none = before;
	none.rlim_cur = 0;	/* the hard one stays, so that a child may have it */
	changed = setrlimit(RLIMIT_CORE, &none) == 0;
}

void
private_end(void)
{
	if (changed)
		(void)setrlimit(RLIMIT_CORE, &before);
}
