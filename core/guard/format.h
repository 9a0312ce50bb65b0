/*
 * The checks of guard kind "format" that have a file of their own.  Each is true
 * where the text holds, else fills the fault.
 */
#ifndef CORE_GUARD_FORMAT_H
#define CORE_GUARD_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

struct format_fault {
	size_t		 at;		/* byte of the text */
	const char	*why;		/* static */
	bool		 nomem;
};

#endif
