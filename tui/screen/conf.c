#include "tui/embed.h"
#include "tui/screen/keymap.h"

struct slice
keymap_default(void)
{
	const struct embedded *e = embedded_find("tui/screen/handrail.conf");

	return e == NULL ? SLICE_NONE : (struct slice){ e->bytes, e->len };
}
