/* promptfooconfig.yaml, read as it is. */
#ifndef CORE_SUITE_PROMPTFOO_H
#define CORE_SUITE_PROMPTFOO_H

#include "core/suite/reading.h"

/* A whole config; what cannot be run here is in r->skipped. */
enum status	promptfoo_read(struct suite_reading *, const struct policy_file *,
		    struct error *) MUST_CHECK;

#endif
