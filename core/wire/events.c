#include "core/wire/events.h"

#include "core/http/sse.h"

/* Line breaks between its values would break the line. */
static void
add_on_one_line(struct buf *b, struct slice json)
{
	bool in_string = false;
	size_t i, from = 0;
	char c;

	for (i = 0; i < json.n; i++) {
		c = json.p[i];
		if (c == '\\') {
			i++;
		} else if (c == '"') {
			in_string = !in_string;
		} else if (!in_string && (unsigned char)c <= ' ') {
			buf_add(b, json.p + from, i - from);
			from = i + 1;
		}
	}
	buf_add(b, json.p + from, json.n - from);
}

void
events_add(struct buf *b, const char *type, struct slice json)
{
	struct buf data = BUF_INIT;
	struct sse_event e = { .type = slice_of(type) };

	add_on_one_line(&data, json);
	e.data = buf_slice(&data);
	b->failed |= data.failed;
	sse_write(b, &e);
	buf_release(&data);
}
