/*
 * Does a schema ask for anything?
 */
#ifndef CORE_SCHEMA_ASKS_H
#define CORE_SCHEMA_ASKS_H

#include "core/schema/schema.h"

/* Is there a value that it may not take?  False is sure; true may be wrong, and
 * is where there is no memory. */
bool	schema_asks(const struct schema *);

#endif
