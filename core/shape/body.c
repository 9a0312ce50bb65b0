#include "core/shape/body.h"

#include "core/shape/anthropic.h"
#include "core/shape/openai_chat.h"
#include "core/shape/openai_responses.h"
#include "core/shape/part_value.h"

enum status
body_read(struct reading *r, uint32_t body, const struct item *base,
    bool *known)
{
	const struct json *d = r->d;

	*known = true;
	if (part_get(d, body, "choices", TOKEN_ARRAY) != JSON_NONE)
		return openai_chat_body(r, body, base);
	if (part_get(d, body, "output", TOKEN_ARRAY) != JSON_NONE)
		return openai_responses_body(r, body, base);
	if (part_is(d, body, "type", "message") &&
	    part_get(d, body, "content", TOKEN_ARRAY) != JSON_NONE)
		return anthropic_body(r, body, base);
	*known = false;
	return STATUS_OK;
}
