/* A script's lines in place of a person; see handrail.conf(5). */
#ifndef TUI_SCREEN_SCRIPT_H
#define TUI_SCREEN_SCRIPT_H

#include "core/base/buf.h"

struct screen;

/* STATUS_CONFLICT names the first expectation that did not hold ("FILE:7: ..."). */
enum status	script_run(struct screen *, const char *file, struct slice text,
		    struct error *) MUST_CHECK;

#endif
