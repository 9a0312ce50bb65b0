#include "core/wire/chat_cut.h"

#include "core/json/value.h"
#include "core/wire/events.h"
#include "core/wire/gather.h"
#include "core/wire/get.h"

void
chat_opening(const struct json *d, struct opening *o)
{
	uint32_t choices = json_get_kind(d, 0, "choices", TOKEN_ARRAY), t, nth =
	    0;
	int64_t index;

	if (choices == JSON_NONE)
		return;
	for (t = json_first(d, choices); t != JSON_NONE;
	    t = json_next(d, choices, t), nth++) {
		index = wire_count(d, t, "index");
		if (index < 0)
			index = nth;
		if (index < WIRE_CHOICES_MAX)
			o->choices[index / 64] |= (uint64_t)1 << index % 64;
	}
}

/* The members that every chunk has. */
static void
begin_chunk(const struct wire_window *w, const struct wire_stream *s,
    struct writer *to)
{
	static const char *const each[] = { "created", "system_fingerprint",
		"service_tier", NULL };
	const struct wire_node *id = node_get(s->answer, "id"), *m;
	const struct wire_node *model = node_get(s->answer, "model");
	const char *const *name;

	write_object(to, NULL);
	if (w->release->id.p != NULL)
		write_text(to, "id", w->release->id);
	else
		write_raw(to, "id", id == NULL ? SLICE("\"\"") : id->raw);
	write_word(to, "object", "chat.completion.chunk");
	if (w->release->model.p != NULL)
		write_text(to, "model", w->release->model);
	else
		write_raw(to, "model", model == NULL ? SLICE("\"\"") :
		    model->raw);
	for (name = each; *name != NULL; name++)
		if ((m = node_get(s->answer, *name)) != NULL)
			write_raw(to, *name, m->raw);
}

static void
end_chunk(struct writer *to, struct buf *out)
{
	write_end(to);
	out->failed |= to->b->failed;
	events_add(out, NULL, buf_slice(to->b));
	buf_clear(to->b);
	*to = WRITER(to->b, WRITE_KEPT);
}

static void
choice_cut(const struct wire_window *w, const struct wire_stream *s,
    uint32_t index, struct writer *to, struct buf *out)
{
	begin_chunk(w, s, to);
	write_array(to, "choices");
	write_object(to, NULL);
	write_uint(to, "index", index);
	write_object(to, "delta");
	/* Who speaks is said once. */
	if ((w->choices[index / 64] >> index % 64 & 1) == 0) {
		write_word(to, "role", "assistant");
		write_word(to, "content", "");
	}
	write_end(to);
	write_null(to, "logprobs");
	write_word(to, "finish_reason", "content_filter");
	write_end(to);
	write_end(to);
	end_chunk(to, out);
}

enum status
chat_cut(const struct wire_window *w, const struct wire_stream *s,
    struct buf *out, struct error *err)
{
	const struct wire_node *choices = node_get(s->answer, "choices"), *c;
	const struct wire_node *usage = node_get(s->answer, "usage");
	struct buf b = BUF_INIT;
	struct writer to = WRITER(&b, WRITE_KEPT);

	(void)err;
	c = choices == NULL ? NULL : choices->first;
	if (c == NULL)
		choice_cut(w, s, 0, &to, out);
	for (; c != NULL; c = c->next)
		choice_cut(w, s, c->text, &to, out);
	if (!w->release->cut_usage && usage != NULL &&
	    !node_is(usage, "null")) {
		begin_chunk(w, s, &to);
		write_array(&to, "choices");
		write_end(&to);
		write_raw(&to, "usage", usage->raw);
		end_chunk(&to, out);
	}
	buf_puts(out, "data: [DONE]\n\n");
	buf_release(&b);
	return STATUS_OK;
}
