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

/*
 * Is there one of that name and config already, at *at?  Without a config the one of
 * that name is meant; with another it is one more, "openai:gpt-4.1#2".
 */
enum status	provider_find(struct suite_reading *, struct suite_endpoint *,
		    size_t *at, bool *same, struct error *) MUST_CHECK;

#endif
