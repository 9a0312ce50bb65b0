#include "core/wire/messages_cut.h"

#include "core/json/value.h"
#include "core/wire/events.h"
#include "core/wire/gather.h"
#include "core/wire/get.h"

void
messages_opening(const struct json *d, struct opening *o)
{
	o->item = wire_count(d, 0, "index");
	if (json_get_is(d, 0, "type", "message_start"))
		o->what = OPENS_ANSWER;
	else if (json_get_is(d, 0, "type", "content_block_start"))
		o->what = OPENS_ITEM;
	else if (json_get_is(d, 0, "type", "content_block_stop"))
		o->what = CLOSES_ITEM;
}

static void
begin_event(struct writer *to, const char *type)
{
	write_object(to, NULL);
	write_word(to, "type", type);
}

static void
end_event(struct writer *to, struct buf *out, const char *type)
{
	write_end(to);
	out->failed |= to->b->failed;
	events_add(out, type, buf_slice(to->b));
	buf_clear(to->b);
	*to = WRITER(to->b, WRITE_KEPT);
}

static void
write_usage(const struct wire_stream *s, struct writer *to)
{
	const struct wire_node *usage = node_get(s->answer, "usage");

	if (usage != NULL && usage->kind == NODE_OBJECT) {
		write_name(to, SLICE("\"usage\""));
		node_write(usage, to, NULL, NULL);
		return;
	}
	write_object(to, "usage");
	write_int(to, "input_tokens", 0);
	write_int(to, "output_tokens", 0);
	write_end(to);
}

/* What began nothing has to begin first. */
static void
message_start(const struct wire_window *w, const struct wire_stream *s,
    struct writer *to)
{
	const struct wire_node *id = node_get(s->answer, "id");
	const struct wire_node *model = node_get(s->answer, "model");

	begin_event(to, "message_start");
	write_object(to, "message");
	if (w->release->id.p != NULL)
		write_text(to, "id", w->release->id);
	else
		write_raw(to, "id", id == NULL ? SLICE("\"\"") : id->raw);
	write_word(to, "type", "message");
	write_word(to, "role", "assistant");
	if (w->release->model.p != NULL)
		write_text(to, "model", w->release->model);
	else
		write_raw(to, "model", model == NULL ? SLICE("\"\"") :
		    model->raw);
	write_array(to, "content");
	write_end(to);
	write_null(to, "stop_reason");
	write_null(to, "stop_sequence");
	write_usage(s, to);
	write_end(to);
}

enum status
messages_cut(const struct wire_window *w, const struct wire_stream *s,
    struct buf *out, struct error *err)
{
	struct buf b = BUF_INIT;
	struct writer to = WRITER(&b, WRITE_KEPT);
	size_t i;

	(void)err;
	if (!w->begun) {
		message_start(w, s, &to);
		end_event(&to, out, "message_start");
	}
	for (i = 0; i < w->nopened; i++) {
		if (w->opened[i].closed)
			continue;
		begin_event(&to, "content_block_stop");
		write_int(&to, "index", w->opened[i].item);
		end_event(&to, out, "content_block_stop");
	}
	begin_event(&to, "message_delta");
	write_object(&to, "delta");
	write_word(&to, "stop_reason", "refusal");
	write_null(&to, "stop_sequence");
	write_end(&to);
	write_usage(s, &to);
	end_event(&to, out, "message_delta");
	begin_event(&to, "message_stop");
	end_event(&to, out, "message_stop");
	buf_release(&b);
	return STATUS_OK;
}
