/*
 * Making a schema ready to run.
 */
#ifndef CORE_SCHEMA_COMPILE_H
#define CORE_SCHEMA_COMPILE_H

#include "core/schema/schema.h"

/* STATUS_INVALID names the JSON pointer in the schema and what is wrong. */
enum status	schema_compile(struct schema **, struct slice text,
		    const struct schema_options *, struct error *) MUST_CHECK;
void		schema_free(struct schema *);

#endif
