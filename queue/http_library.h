/* libcurl, which is loaded when it is first needed. */
#ifndef QUEUE_HTTP_LIBRARY_H
#define QUEUE_HTTP_LIBRARY_H

#include "core/base/error.h"

/* Loads it, once in the process; before any of its functions is called.
 * STATUS_IO: it is not there, or is too old. */
enum status	http_library_load(struct error *) MUST_CHECK;

#endif
