/*
 * A chat completion as it goes to the client.
 */
#ifndef CORE_WIRE_CHAT_RELEASE_H
#define CORE_WIRE_CHAT_RELEASE_H

#include "core/json/parse.h"
#include "core/json/write.h"
#include "core/wire/release.h"

enum status	chat_write(struct writer *, const struct json *,
		    const struct wire_release *, struct error *);
void		chat_events(struct buf *, const struct json *);

#endif
