/* Our guards over an item's output, or over the messages before it. */
#include "core/judge.h"

#include "core/text.h"

/*
 * Runs guard n of the queue over one text; what it finds gets the policy's
 * severity.
 */
static enum status
guard_text(struct judge *j, size_t n, struct slice text, bool is_string,
    struct slice on, struct error *err)
{
	const struct queue_policy *q = j->verdict->queue;
	const struct guard *g = q->guards[n];
	struct guard_run run = {
		.text = text, .is_string = is_string, .item = j->item,
		.scratch = j->scratch, .arena = j->out, .out = &j->found,
		.guard = g->name, .kind = g->kind
	};
	struct utf8_cursor c = { text, 0, 0 };
	size_t i = j->found.n;
	struct finding *f;
	enum status st;

	st = j->is_swept && sweep_has(q->sweep, n) ?
	    sweep_report(q->sweep, &j->swept, n, &run, err) :
	    g->kind->run(g->compiled, &run, err);
	for (; i < j->found.n; i++) {
		f = &j->found.v[i];
		if (g->severity != SEVERITY_NONE)
			f->severity = g->severity;
		f->redact = (int)g->redact;
		if (on.p != NULL) {
			f->on = on;
			f->start = (uint32_t)utf8_point(&c, f->start);
			f->end = (uint32_t)utf8_point(&c, f->end);
		}
		outcome_add(&j->outcomes[n], f);
	}
	return st;
}

/* A message's content: a string, or parts of which some have a text. */
static enum status
guard_content(struct judge *j, size_t n, uint32_t content, uint32_t message,
    struct error *err)
{
	const struct json *d = &j->messages;
	struct slice on, text;
	uint32_t t, part = 0;
	enum status st = STATUS_OK;

	if (json_kind(d, content) == TOKEN_ARRAY) {
		for (t = json_first(d, content); t != JSON_NONE &&
		    st == STATUS_OK; t = json_next(d, content, t), part++) {
			uint32_t s = json_kind(d, t) == TOKEN_OBJECT ?
			    json_get(d, t, "text") : JSON_NONE;
			if (s == JSON_NONE || json_kind(d, s) != TOKEN_STRING)
				continue;
			on = arena_printf(j->out, "/messages/%u/content/%u/text",
			    message, part);
			text = json_text(d, s, j->out);
			if (on.p == NULL || text.p == NULL)
				return error_nomem(err);
			st = guard_text(j, n, text, true, on, err);
		}
		return st;
	}
	if (json_kind(d, content) != TOKEN_STRING)
		return STATUS_OK;
	on = arena_printf(j->out, "/messages/%u/content", message);
	text = json_text(d, content, j->out);
	if (on.p == NULL || text.p == NULL)
		return error_nomem(err);
	return guard_text(j, n, text, true, on, err);
}

static enum status
guard_input(struct judge *j, size_t n, struct error *err)
{
	struct json_error why;
	struct json *d = &j->messages;
	uint32_t t, content, message = 0;
	enum status st = STATUS_OK;

	if (j->item->messages.p == NULL)
		return STATUS_OK;
	if (!j->messages_read) {
		st = json_parse(d, j->item->messages, JSON_DEPTH_MAX,
		    JSON_NUL_ALLOWED, &why);
		if (st != STATUS_OK)
			return error_set(err, st, "messages: %s", why.reason);
		j->messages_read = true;
	}
	if (json_kind(d, 0) != TOKEN_ARRAY)
		return STATUS_OK;
	for (t = json_first(d, 0); t != JSON_NONE && st == STATUS_OK;
	    t = json_next(d, 0, t), message++) {
		if (json_kind(d, t) != TOKEN_OBJECT)
			continue;
		content = json_get(d, t, "content");
		if (content != JSON_NONE)
			st = guard_content(j, n, content, message, err);
	}
	return st;
}

/*
 * The patterns that can be looked for together.  Where one of them runs away
 * (or each guard is timed) every guard runs by itself, so that only that one
 * has errored.
 */
static enum status
guards_sweep(struct judge *j, const struct queue_policy *q, struct error *err)
{
	struct error why;
	enum status st;

	j->is_swept = false;
	if (q->sweep == NULL || j->verdict->guard_ns != NULL)
		return STATUS_OK;
	error_clear(&why);
	st = sweep_run(q->sweep, j->item->output, j->scratch, &j->swept, &why);
	if (st == STATUS_NOMEM)
		return error_nomem(err);
	j->is_swept = st == STATUS_OK;
	return STATUS_OK;
}

enum status
guards_run(struct judge *j, const struct queue_policy *q, struct error *err)
{
	const struct guard *g;
	struct error why;
	struct slice message;
	enum status st;
	int64_t start = 0;
	size_t i;

	if ((st = guards_sweep(j, q, err)) != STATUS_OK)
		return st;
	for (i = 0; i < q->nguards; i++) {
		if (j->is_swept && sweep_clean(q->sweep, &j->swept, i))
			continue;
		g = q->guards[i];
		error_clear(&why);
		if (j->verdict->guard_ns != NULL)
			start = j->options.clock_ns();
		st = g->on_input ? guard_input(j, i, &why) :
		    guard_text(j, i, j->item->output,
		    j->item->output_is_string, SLICE_NONE, &why);
		if (j->verdict->guard_ns != NULL)
			j->verdict->guard_ns[i] = j->options.clock_ns() -
			    start;
		if (st == STATUS_OK)
			continue;
		if (st == STATUS_NOMEM)
			return error_nomem(err);
		message = arena_printf(j->out, "%s", why.text);
		if (message.p == NULL)
			return error_nomem(err);
		if ((st = guard_error_add(j, &j->outcomes[i], message,
		    g->fail_open, err)) != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}
