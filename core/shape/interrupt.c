#include "core/shape/interrupt.h"

#include "core/json/value.h"
#include "core/shape/shapes.h"

uint32_t
interrupt_request(const struct json *d, uint32_t root)
{
	uint32_t t = json_get_value(d, root, "value");

	if (t != JSON_NONE && json_kind(d, t) == TOKEN_ARRAY &&
	    d->tok[t].count == 1)
		t++;
	return t != JSON_NONE && json_kind(d, t) == TOKEN_OBJECT ? t : root;
}

static bool
interrupt_marks(const struct reading *r)
{
	return reading_has(r, KEY___interrupt__, TOKEN_ARRAY);
}

/* Each is a record of its own: its bytes, read again, are a single one. */
static enum status
interrupt_read(struct reading *r)
{
	const struct json *d = r->d;
	uint32_t all = json_get_kind(d, r->root, "__interrupt__", TOKEN_ARRAY),
	    t;
	size_t from;
	enum status st;

	if (all == JSON_NONE || d->tok[all].count == 0)
		return reading_refuse(r, r->root, "no __interrupt__");
	for (t = json_first(d, all); t != JSON_NONE; t = json_next(d, all, t)) {
		if (json_kind(d, t) != TOKEN_OBJECT)
			return reading_refuse(r, t, "an interrupt is not an "
			    "object");
		reading_keys(r, t);
		if (r->at[KEY___interrupt__] != JSON_NONE)
			return reading_refuse(r, t, "an interrupt within one");
		from = r->n;
		if ((st = shape_read(r, NULL)) != STATUS_OK)
			return st;
		for (; from < r->n; from++)
			if (r->item[from].record.p == NULL)
				r->item[from].record = json_raw(d, t);
	}
	return STATUS_OK;
}

const struct shape shape_interrupt = {
	.name = "interrupt",
	.in_array = true,
	.marks = interrupt_marks,
	.by = { KEY___interrupt__, KEY_COUNT },
	.mark = "an array __interrupt__",
	.read = interrupt_read,
	.hints = { KEY___interrupt__, KEY_COUNT }
};
