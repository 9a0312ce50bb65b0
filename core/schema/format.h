/*
 * The values of "format" that can be asserted; formats that are
 * not listed assert nothing.
 */
#ifndef CORE_SCHEMA_FORMAT_H
#define CORE_SCHEMA_FORMAT_H

#include "core/schema/schema.h"

struct format {
	const char		*name;
	const char		*expected;	/* "a date (2026-11-23)" */
	bool			(*ok)(struct slice);
	enum schema_draft	 from, to;
};

/* NULL where it is not known in that draft: then it asserts nothing. */
const struct format	*format_find(enum schema_draft, struct slice name);

bool	format_ipv6(struct slice);

#endif
