/*
 * The checks of guard kind "format" for Markdown and SQL.
 */
#ifndef CORE_GUARD_FORMAT_TEXT_H
#define CORE_GUARD_FORMAT_TEXT_H

#include "core/base/buf.h"
#include "core/guard/format.h"

bool	format_markdown(struct slice, struct format_fault *);
bool	format_sql(struct slice, struct format_fault *);

#endif
