/* How bad a finding is; a guard fails at `low` and above. */
#ifndef CORE_ITEM_SEVERITY_H
#define CORE_ITEM_SEVERITY_H

#include "core/base/buf.h"

enum severity {
	SEVERITY_NONE = -1, SEVERITY_INFO, SEVERITY_LOW, SEVERITY_MEDIUM,
	SEVERITY_HIGH, SEVERITY_CRITICAL
};

const char	*severity_name(enum severity);	/* NULL for SEVERITY_NONE */
bool		 severity_from(struct slice, enum severity *);

#endif
