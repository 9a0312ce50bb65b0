/*
 * ECMA-262 patterns in the spelling of PCRE2.
 */
#ifndef CORE_SCHEMA_ECMA_H
#define CORE_SCHEMA_ECMA_H

#include "core/base/buf.h"

/* PCRE2's spelling of an ECMA pattern; false, with *why, where it is none. */
bool		regex_translate(struct slice, struct buf *, const char **why);

#endif
