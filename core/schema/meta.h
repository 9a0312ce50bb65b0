/*
 * The metaschemas that come with us.
 */
#ifndef CORE_SCHEMA_META_H
#define CORE_SCHEMA_META_H

#include "core/schema/schema.h"

/* The metaschemas that come with us (meta.c). */
struct meta {
	const char		*uri;
	enum schema_draft	 draft;
	unsigned		 vocab;		/* of a vocabulary's own document */
	const char		*text;
};
extern const struct meta	metaschemas[];	/* ends with a null uri */

#endif
