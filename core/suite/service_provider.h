/* Whom an assertion asks that a service answers (core/suite/assert_service.h). */
#ifndef CORE_SUITE_SERVICE_PROVIDER_H
#define CORE_SUITE_SERVICE_PROVIDER_H

#include "core/suite/reading.h"

/*
 * Its endpoint: the URL that is a webhook's value, else by its provider (JSON_NONE:
 * none is named).  One that cannot be asked from here is skipped: *taken is false.
 */
enum status	service_provider(struct suite_reading *, const struct json *,
		    uint32_t provider, const char *where,
		    const struct assertion *, size_t *endpoint, bool *taken,
		    struct error *) MUST_CHECK;

#endif
