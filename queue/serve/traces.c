/*
 * POST /v1/traces: OTLP/HTTP in JSON.  Each span with an output is stored as a record
 * of its own; what of the calls of models could not be taken is said in
 * partialSuccess.
 */
#include "core/protocol/traces.h"

#include "core/json/write.h"
#include "queue/serve/endpoint.h"
#include "queue/serve/record.h"
#include "queue/serve/server.h"

/* Spans that came, and of those not taken how many, and why the first was not. */
struct spans {
	uint64_t	n, rejected;
	struct slice	why;
};

static void
span_reject(struct call *c)
{
	struct spans *s = c->kept;

	if (s->rejected++ == 0)
		s->why = arena_printf(&c->arena, "span %llu: %.*s",
		    (unsigned long long)s->n, (int)record_told(c->err.text),
		    c->err.text);
}

static enum status
span_judge(struct judge_scratch *scratch, struct call *c, bool model,
    struct judged_item ***end)
{
	const struct judged_item *j;
	enum status st;

	error_clear(&c->err);
	st = judge_record(scratch, &c->request, &c->arena, &j, &c->err);
	if (st == STATUS_INVALID) {
		/* What is no call of a model has no output to judge. */
		if (model)
			span_reject(c);
		return STATUS_OK;
	}
	if (st != STATUS_OK)
		return st;
	/* The list is this call's own. */
	**end = (struct judged_item *)(uintptr_t)j;
	for (; **end != NULL; *end = &(**end)->next)
		;
	return STATUS_OK;
}

static void
traces_judge(struct judge_scratch *scratch, struct call *c)
{
	struct judged_item *first = NULL, **end = &first;
	struct traces traces = TRACES_INIT;
	struct spans *s = arena_zalloc(&c->arena, sizeof(*s));
	bool model;

	c->kept = s;
	c->request.format = "otlp-span";
	c->st = s == NULL ? error_nomem(&c->err) :
	    traces_read(&traces, buf_slice(&c->body), &c->err);
	while (c->st == STATUS_OK && traces_next(&traces, &c->request.record,
	    &model)) {
		s->n++;
		c->st = span_judge(scratch, c, model, &end);
	}
	traces_release(&traces);
	if (c->st == STATUS_OK)
		c->st = ingest_items_new(first, &c->arena, &c->items,
		    &c->nitems, &c->err);
}

static enum call_next
traces_answer(struct call *c)
{
	struct writer w = WRITER(&c->out, WRITE_SHOWN);
	const struct spans *s = c->kept;
	struct slice text;

	write_object(&w, NULL);
	if (s->rejected > 0) {
		text = arena_printf(&c->arena, "%llu of %llu spans not taken: "
		    "%.*s", (unsigned long long)s->rejected,
		    (unsigned long long)s->n, SLICE_ARG(s->why));
		write_object(&w, "partialSuccess");
		write_uint(&w, "rejectedSpans", s->rejected);
		write_text(&w, "errorMessage", text);
		write_end(&w);
	}
	write_end(&w);
	write_line(&w);
	c->status = 200;
	return CALL_ANSWERED;
}

static enum call_next
traces_stored(struct server *s, struct call *c)
{
	const char *span = NULL;
	const struct item *item;
	struct spans *of = c->kept;
	size_t i;

	(void)s;
	if (c->st != STATUS_OK)
		return call_fail_status(c, c->st, &c->err);
	for (i = 0; i < c->nitems; i++) {
		item = &c->items[i].judged->item;
		/* Of a span with several outputs one is enough. */
		if (c->items[i].outcome != OUTCOME_CONFLICT ||
		    item->record.p == span)
			continue;
		span = item->record.p;
		if (of->rejected++ == 0)
			of->why = SLICE("an item of this queue and id is there "
			    "with other bytes");
	}
	return traces_answer(c);
}

static enum call_next
traces_judged(struct server *s, struct call *c)
{
	const struct spans *of = c->kept;
	size_t i;

	if (c->st == STATUS_INVALID)
		return call_fail(c, 400, "invalid_json", "%s", c->err.text);
	if (c->st != STATUS_OK)
		return call_fail_status(c, c->st, &c->err);
	s->metrics.refused += of->rejected;
	for (i = 0; i < c->nitems; i++)
		s->metrics.routes[c->items[i].judged->verdict.route]++;
	c->then = traces_stored;
	return c->nitems == 0 ? traces_answer(c) : CALL_STORE;
}

enum call_next
traces_post(struct server *s, struct call *c)
{
	(void)s;
	if (c->protobuf)
		return call_fail(c, 415, "unsupported_type", "spans come as "
		    "JSON: OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/json");
	if (!record_queue(c))
		return CALL_ANSWERED;
	c->judge = traces_judge;
	c->then = traces_judged;
	return CALL_JUDGE;
}
