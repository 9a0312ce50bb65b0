/*
 * The check of guard kind "format" for XML.
 */
#ifndef CORE_GUARD_FORMAT_XML_H
#define CORE_GUARD_FORMAT_XML_H

#include "core/base/buf.h"
#include "core/guard/format.h"

bool	format_xml(struct slice, struct format_fault *);

#endif
