#include "core/wire/responses_cut.h"

#include <stdio.h>

#include "core/json/value.h"
#include "core/wire/events.h"
#include "core/wire/gather.h"
#include "core/wire/get.h"
#include "core/wire/responses_gather.h"

void
responses_opening(const struct json *d, struct opening *o)
{
	static const struct {
		const char	*type, *part;
		enum opens	 what;
	} rows[] = {
		{ "response.created", NULL, OPENS_ANSWER },
		{ "response.output_item.added", NULL, OPENS_ITEM },
		{ "response.output_item.done", NULL, CLOSES_ITEM },
		{ "response.content_part.added", "content_index", OPENS_PART },
		{ "response.content_part.done", "content_index", CLOSES_PART },
		{ "response.reasoning_summary_part.added", "summary_index",
		    OPENS_SUMMARY },
		{ "response.reasoning_summary_part.done", "summary_index",
		    CLOSES_SUMMARY }
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (json_get_is(d, 0, "type", rows[i].type)) {
			o->what = rows[i].what;
			o->item = wire_count(d, 0, "output_index");
			o->part = rows[i].part == NULL ? -1 :
			    wire_count(d, 0, rows[i].part);
		}
}

/* Events on their way out. */
struct cutting {
	const struct wire_window *w;
	const struct wire_stream *s;
	struct buf		*out, b;
	struct writer		 to;
	int64_t			 sequence;
};

static void
begin_event(struct cutting *c, const char *type)
{
	buf_clear(&c->b);
	c->to = WRITER(&c->b, WRITE_KEPT);
	write_object(&c->to, NULL);
	write_word(&c->to, "type", type);
	write_int(&c->to, "sequence_number", c->sequence++);
}

static void
end_event(struct cutting *c, const char *type)
{
	write_end(&c->to);
	c->out->failed |= c->b.failed;
	events_add(c->out, type, buf_slice(&c->b));
}

static const struct wire_node *
element(const struct wire_node *owner, const char *list, int64_t index)
{
	const struct wire_node *array = node_get(owner, list), *e;

	e = array == NULL || array->kind != NODE_ARRAY ? NULL : array->first;
	while (e != NULL && e->text != index)
		e = e->next;
	return e;
}

/* Members that only name, and texts as far as they went out. */
static void
write_told(struct cutting *c, const struct wire_node *owner)
{
	static const char *const names[] = { "id", "type", "role", "call_id",
		NULL };
	const struct wire_node *m;
	const char *const *name;

	for (name = names; *name != NULL; name++)
		if ((m = node_get(owner, *name)) != NULL &&
		    m->kind == NODE_RAW)
			write_raw(&c->to, *name, m->raw);
	for (m = owner->first; m != NULL; m = m->next) {
		if (m->kind != NODE_TEXT)
			continue;
		write_name(&c->to, m->name);
		hold_write_told(c->w, m->text, &c->to);
	}
}

static void
write_part(struct cutting *c, const struct wire_node *part)
{
	write_told(c, part);
	if (!node_is(node_get(part, "type"), "\"output_text\""))
		return;
	write_array(&c->to, "annotations");
	write_end(&c->to);
	write_array(&c->to, "logprobs");
	write_end(&c->to);
}

static void
write_parts(struct cutting *c, const struct wire_node *item, const char *list,
    enum opens what)
{
	const struct wire_node *array = node_get(item, list), *e;

	if (array == NULL || array->kind != NODE_ARRAY)
		return;
	write_array(&c->to, list);
	for (e = array->first; e != NULL; e = e->next) {
		if (hold_find(c->w, what, item->text, e->text) == NULL)
			continue;
		write_object(&c->to, NULL);
		write_part(c, e);
		write_end(&c->to);
	}
	write_end(&c->to);
}

static void
write_item(struct cutting *c, const struct wire_node *item)
{
	const struct opened *o = hold_find(c->w, OPENS_ITEM, item->text, -1);
	const struct wire_node *status = node_get(item, "status");

	write_told(c, item);
	if (o != NULL && o->closed && status != NULL &&
	    status->kind == NODE_RAW)
		write_raw(&c->to, "status", status->raw);
	else
		write_word(&c->to, "status", "incomplete");
	write_parts(c, item, "summary", OPENS_SUMMARY);
	write_parts(c, item, "content", OPENS_PART);
}

/* The items that went out. */
static void
write_output(struct cutting *c)
{
	const struct wire_node *output = node_get(c->s->answer, "output"), *e;

	write_array(&c->to, "output");
	e = output == NULL || output->kind != NODE_ARRAY ? NULL : output->first;
	for (; e != NULL; e = e->next) {
		if (hold_find(c->w, OPENS_ITEM, e->text, -1) == NULL)
			continue;
		write_object(&c->to, NULL);
		write_item(c, e);
		write_end(&c->to);
	}
	write_end(&c->to);
}

static void
write_response(struct cutting *c, bool cut)
{
	static const char *const own[] = { "id", "model", "output", "status",
		"incomplete_details", "output_text", "error", NULL };
	const struct wire_release *r = c->w->release;
	const struct wire_node *id = node_get(c->s->answer, "id");
	const struct wire_node *model = node_get(c->s->answer, "model");

	write_object(&c->to, "response");
	if (r->id.p != NULL)
		write_text(&c->to, "id", r->id);
	else
		write_raw(&c->to, "id", id == NULL ? SLICE("\"\"") : id->raw);
	if (r->model.p != NULL)
		write_text(&c->to, "model", r->model);
	else
		write_raw(&c->to, "model", model == NULL ? SLICE("\"\"") :
		    model->raw);
	write_word(&c->to, "status", cut ? "incomplete" : "in_progress");
	write_null(&c->to, "error");
	if (cut) {
		write_object(&c->to, "incomplete_details");
		write_word(&c->to, "reason", "content_filter");
		write_end(&c->to);
	} else {
		write_null(&c->to, "incomplete_details");
	}
	if (c->s->answer != NULL)
		node_write_members(c->s->answer, &c->to, NULL, NULL, own);
	write_output(c);
	write_end(&c->to);
}

static void
begin_item_event(struct cutting *c, const char *type,
    const struct wire_node *item, const struct opened *o)
{
	const struct wire_node *id = node_get(item, "id");

	begin_event(c, type);
	write_raw(&c->to, "item_id", id == NULL || id->kind != NODE_RAW ?
	    SLICE("\"\"") : id->raw);
	write_int(&c->to, "output_index", o->item);
	if (o->part >= 0)
		write_int(&c->to, o->what == OPENS_SUMMARY ? "summary_index" :
		    "content_index", o->part);
}

/* Which text is a part's or an item's, or NULL. */
static const struct response_text *
text_of(const struct cutting *c, const struct wire_node *owner,
    const char *list)
{
	const struct response_text *r;
	const struct wire_node *m;

	for (r = response_texts; r->stem != NULL; r++) {
		if ((list == NULL) != (r->list == NULL) ||
		    (list != NULL && strcmp(list, r->list) != 0))
			continue;
		m = node_get(owner, r->member);
		if (m != NULL && m->kind == NODE_TEXT &&
		    c->s->text[m->text].kind == r->kind)
			return r;
	}
	return NULL;
}

#define TYPE_MAX	80u

static void
text_done(struct cutting *c, const struct wire_node *item,
    const struct opened *o, const struct wire_node *part,
    const struct response_text *r)
{
	char type[TYPE_MAX];

	(void)snprintf(type, sizeof(type), "response.%s.done", r->stem);
	begin_item_event(c, type, item, o);
	write_name(&c->to, node_get(part, r->member)->name);
	hold_write_told(c->w, node_get(part, r->member)->text, &c->to);
	if (r->kind == WIRE_TEXT) {
		write_array(&c->to, "logprobs");
		write_end(&c->to);
	}
	end_event(c, type);
}

static void
part_done(struct cutting *c, const struct wire_node *item,
    const struct opened *o)
{
	bool summary = o->what == OPENS_SUMMARY;
	const char *list = summary ? "summary" : "content";
	const char *type = summary ? "response.reasoning_summary_part.done" :
	    "response.content_part.done";
	const struct wire_node *part = element(item, list, o->part);
	const struct response_text *r;

	if (part == NULL)
		return;
	if ((r = text_of(c, part, list)) != NULL)
		text_done(c, item, o, part, r);
	begin_item_event(c, type, item, o);
	write_object(&c->to, "part");
	write_part(c, part);
	write_end(&c->to);
	end_event(c, type);
}

static void
item_done(struct cutting *c, const struct wire_node *item,
    const struct opened *o)
{
	begin_event(c, "response.output_item.done");
	write_int(&c->to, "output_index", o->item);
	write_object(&c->to, "item");
	write_item(c, item);
	write_end(&c->to);
	end_event(c, "response.output_item.done");
}

/* What was opened last is closed first. */
static void
close_all(struct cutting *c)
{
	const struct wire_node *item;
	const struct opened *o;
	size_t i;

	for (i = c->w->nopened; i-- > 0;) {
		o = &c->w->opened[i];
		item = element(c->s->answer, "output", o->item);
		if (o->closed || item == NULL)
			continue;
		if (o->what == OPENS_ITEM)
			item_done(c, item, o);
		else
			part_done(c, item, o);
	}
}

enum status
responses_cut(const struct wire_window *w, const struct wire_stream *s,
    struct buf *out, struct error *err)
{
	struct cutting c = { .w = w, .s = s, .out = out, .b = BUF_INIT,
	    .sequence = w->sequence };

	(void)err;
	if (!w->begun) {
		begin_event(&c, "response.created");
		write_response(&c, false);
		end_event(&c, "response.created");
	}
	close_all(&c);
	begin_event(&c, "response.incomplete");
	write_response(&c, true);
	end_event(&c, "response.incomplete");
	buf_release(&c.b);
	return STATUS_OK;
}
