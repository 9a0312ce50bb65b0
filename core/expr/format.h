/*
 * printf() and format() of a condition: SQLite's own, once the widths that the
 * text asks for have been added up.  SQLite makes a width of two thousand
 * million one character at a time, and nothing stops it.
 */
#ifndef CORE_EXPR_FORMAT_H
#define CORE_EXPR_FORMAT_H

#include "core/base/error.h"

/* Characters that all widths and precisions of one call may ask for. */
#define FORMAT_WIDTH_MAX	((int64_t)1 << 20)

/* Puts both in the place of SQLite's for one connection (an sqlite3 *). */
enum status	expr_format_install(void *sqlite, struct error *) MUST_CHECK;

#endif
