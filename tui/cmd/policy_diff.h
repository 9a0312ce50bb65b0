/* `policy diff`: two policies' files beside each other, by diff(1). */
#ifndef TUI_CMD_POLICY_DIFF_H
#define TUI_CMD_POLICY_DIFF_H

#include "core/policy/policy.h"

/* Appends a unified diff of every file that differs; *differ: one does. */
enum status	policy_diff(struct buf *, const struct policy *,
		    const struct policy *, bool *differ, struct error *)
		    MUST_CHECK;

#endif
