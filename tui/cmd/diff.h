/* Two texts beside each other, by diff(1). */
#ifndef TUI_CMD_DIFF_H
#define TUI_CMD_DIFF_H

#include "core/base/buf.h"

/* Adds what differs, as `diff -u` has it; the labels stand for the files. */
enum status	diff_bytes(struct buf *, struct slice old, struct slice new,
		    const char *label_a, const char *label_b, struct error *)
		    MUST_CHECK;

#endif
