#include "tui/screen/conf.h"

#include "tui/embed.h"

struct slice
conf_default(void)
{
	const struct embedded *e = embedded_find("tui/screen/handrail.conf");

	return e == NULL ? SLICE_NONE : (struct slice){ e->bytes, e->len };
}
