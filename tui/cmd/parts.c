#include "tui/cmd/parts.h"

#include "db/part.h"

static void
tell_swept(void *arg, const char *name)
{
	struct buf b = BUF_INIT;

	buf_printf(&b, "%s: removed: a copy that was broken off", name);
	cmd_complain(arg, buf_str(&b));
	buf_release(&b);
}

void
parts_sweep(const struct cmd_run *run, const char *path)
{
	part_sweep(path, true, tell_swept, (void *)(uintptr_t)run);
}
