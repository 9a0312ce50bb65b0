/* The shape "generic". */
#ifndef CORE_GUARD_HTTP_GENERIC_H
#define CORE_GUARD_HTTP_GENERIC_H

#include "core/guard/http_shape.h"

/* Sends {"text":...}; reads any answer by JSON pointers. */
json_t		*http_generic_ask(const struct http_guard *,
		    const struct guard_run *);
enum status	http_generic_read(struct reply *, struct error *);

#endif
