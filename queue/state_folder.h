/* $XDG_STATE_HOME/handrail: what one person keeps between two runs. */
#ifndef QUEUE_STATE_FOLDER_H
#define QUEUE_STATE_FOLDER_H

#include <stddef.h>

#include "core/base/error.h"

/* STATUS_INVALID where neither XDG_STATE_HOME nor HOME says where. */
enum status	state_folder_name(char *path, size_t n, struct error *) MUST_CHECK;
/* The same, or a folder in it, made where it is not there: one that nobody else may
 * put files into.  sub may be NULL. */
enum status	state_folder(char *path, size_t n, const char *sub, struct error *)
		    MUST_CHECK;

#endif
