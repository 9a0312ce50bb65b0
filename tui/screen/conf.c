#include "tui/screen/conf.h"

#include <assert.h>

#include "tui/embed.h"

struct slice
conf_default(void)
{
	const struct embedded *e = embedded_find("tui/screen/handrail.conf");

	assert(e != NULL);
	return (struct slice){ e->bytes, e->len };
}
