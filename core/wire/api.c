#include "core/wire/api.h"

const struct wire_row *
wire_row(enum wire_api api)
{
	static const struct wire_row *const rows[WIRE_APIS] = {
		[WIRE_CHAT] = &wire_chat,
		[WIRE_RESPONSES] = &wire_responses,
		[WIRE_MESSAGES] = &wire_messages
	};

	return rows[api];
}
