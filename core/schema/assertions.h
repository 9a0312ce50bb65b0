/*
 * The keywords that assert something of a value by itself.
 */
#ifndef CORE_SCHEMA_ASSERTIONS_H
#define CORE_SCHEMA_ASSERTIONS_H

#include "core/schema/keywords.h"

keyword_fn	kw_type, kw_enum, kw_const, kw_minimum, kw_maximum,
		kw_exclusive_minimum, kw_exclusive_maximum, kw_multiple_of,
		kw_min_length, kw_max_length, kw_pattern, kw_format;

#endif
