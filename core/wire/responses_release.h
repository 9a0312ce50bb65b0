/*
 * A response as it goes to the client.
 */
#ifndef CORE_WIRE_RESPONSES_RELEASE_H
#define CORE_WIRE_RESPONSES_RELEASE_H

#include "core/json/parse.h"
#include "core/json/write.h"
#include "core/wire/release.h"

enum status	responses_write(struct writer *, const struct json *,
		    const struct wire_release *, struct error *);

#endif
