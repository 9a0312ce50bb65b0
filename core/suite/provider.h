/* Providers of promptfoo: who is asked. */
#ifndef CORE_SUITE_PROVIDER_H
#define CORE_SUITE_PROVIDER_H

#include "core/suite/reading.h"

/*
 * The endpoint of a provider (a text, or an object), made where it is not there yet.
 * *taken is false where it cannot be asked from here, and what is said of it then
 * begins with `where`.
 */
enum status	provider_read(struct suite_reading *, const struct json *,
		    uint32_t t, const char *where, size_t *endpoint, bool *taken,
		    struct error *) MUST_CHECK;

#endif
