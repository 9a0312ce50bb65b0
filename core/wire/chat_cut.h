/*
 * A completion that is cut in the middle.
 */
#ifndef CORE_WIRE_CHAT_CUT_H
#define CORE_WIRE_CHAT_CUT_H

#include "core/json/parse.h"
#include "core/wire/hold.h"

void		chat_opening(const struct json *, struct opening *);
enum status	chat_cut(const struct wire_window *, const struct wire_stream *,
		    struct buf *, struct error *);

#endif
