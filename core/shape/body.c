#include "core/shape/body.h"

#include "core/shape/anthropic.h"
#include "core/shape/openai_chat.h"
#include "core/shape/openai_responses.h"
#include "core/shape/part_value.h"

static bool
is_chat(const struct json *d, uint32_t body)
{
	return part_get(d, body, "choices", TOKEN_ARRAY) != JSON_NONE;
}

static bool
is_response(const struct json *d, uint32_t body)
{
	return part_get(d, body, "output", TOKEN_ARRAY) != JSON_NONE;
}

static bool
is_message(const struct json *d, uint32_t body)
{
	return part_is(d, body, "type", "message") &&
	    part_get(d, body, "content", TOKEN_ARRAY) != JSON_NONE;
}

static const struct body {
	bool		(*is)(const struct json *, uint32_t body);
	enum status	(*read)(struct reading *, uint32_t body,
			    const struct item *base);
} bodies[] = {
	{ is_chat, openai_chat_body },
	{ is_response, openai_responses_body },
	{ is_message, anthropic_body }
};

static const struct body *
body_find(const struct json *d, uint32_t t)
{
	size_t i;

	for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		if (bodies[i].is(d, t))
			return &bodies[i];
	return NULL;
}

bool
body_known(const struct reading *r, uint32_t body)
{
	return body_find(r->d, body) != NULL;
}

enum status
body_read(struct reading *r, uint32_t body, const struct item *base,
    bool *known)
{
	const struct body *b = body_find(r->d, body);

	*known = b != NULL;
	return b == NULL ? STATUS_OK : b->read(r, body, base);
}
