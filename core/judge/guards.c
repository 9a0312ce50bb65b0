/* Our guards over an item's output, or over the messages before it. */
#include "core/judge/guards.h"

#include "core/base/arena.h"
#include "core/base/utf8.h"
#include "core/json/value.h"
#include "core/judge/caller.h"
#include "core/judge/decoded.h"
#include "core/judge/stages.h"

enum status
guard_call(struct judge *j, size_t n, struct slice text, bool is_string,
    struct error *err)
{
	const struct queue_policy *q = j->verdict->queue;
	const struct guard *g = q->guards[n];
	struct guard_run run = {
		.text = text, .is_string = is_string, .item = j->item,
		.scratch = j->scratch, .arena = j->out, .out = &j->found,
		.guard = g->name, .kind = g->kind
	};

	return j->is_swept && sweep_has(q->sweep, n) ?
	    sweep_report(q->sweep, &j->swept, n, &run, err) :
	    g->kind->run(g->compiled, &run, err);
}

/* What was found from `from` on gets the policy's severity and redaction. */
static void
findings_settle(struct judge *j, size_t n, size_t from)
{
	const struct guard *g = j->verdict->queue->guards[n];
	struct finding *f;

	for (; from < j->found.n; from++) {
		f = &j->found.v[from];
		if (g->severity != SEVERITY_NONE)
			f->severity = g->severity;
		f->redact = (int)g->redact;
	}
}

/* A new output begins. */
static void
output_begin(struct judge *j)
{
	const struct item *it = j->item;

	j->is_decoded = j->joined.made = false;
	j->differs = decoded_differs(it->output, it->output_is_string);
}

enum status
output_decode(struct judge *j, struct error *err)
{
	enum status st;

	if (j->is_decoded)
		return STATUS_OK;
	st = decoded_read(&j->decoded, j->item->output,
	    j->item->output_is_string, err);
	j->is_decoded = st == STATUS_OK;
	return st;
}

static enum status
guard_output(struct judge *j, size_t n, struct error *err)
{
	size_t from = j->found.n;
	enum status st;

	if (j->verdict->queue->guards[n]->reads != READS_OUTPUT)
		st = guard_decoded(j, n, err);
	else
		st = guard_call(j, n, j->item->output,
		    j->item->output_is_string, err);
	findings_settle(j, n, from);
	return st;
}

/* Runs guard n over a text of the input; spans count its code points. */
static enum status
guard_text(struct judge *j, size_t n, struct slice text, struct slice on,
    struct error *err)
{
	struct utf8_cursor c = { text, 0, 0 };
	size_t i = j->found.n;
	struct finding *f;
	enum status st;

	st = guard_call(j, n, text, true, err);
	findings_settle(j, n, i);
	for (; i < j->found.n; i++) {
		f = &j->found.v[i];
		f->on = on;
		f->start = (uint32_t)utf8_point(&c, f->start);
		f->end = (uint32_t)utf8_point(&c, f->end);
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
			st = guard_text(j, n, text, on, err);
		}
		return st;
	}
	if (json_kind(d, content) != TOKEN_STRING)
		return STATUS_OK;
	on = arena_printf(j->out, "/messages/%u/content", message);
	text = json_text(d, content, j->out);
	if (on.p == NULL || text.p == NULL)
		return error_nomem(err);
	return guard_text(j, n, text, on, err);
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

/* Runs guard n over the record as it came; it says itself where in it. */
static enum status
guard_record(struct judge *j, size_t n, struct error *err)
{
	size_t from = j->found.n;
	enum status st;

	if (j->item->record.p == NULL)
		return error_set(err, STATUS_INVALID, "there is no record");
	st = guard_call(j, n, j->item->record, true, err);
	findings_settle(j, n, from);
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
	if (q->sweep == NULL || j->what == JUDGE_INPUT || j->verdict->guard_ns != NULL)
		return STATUS_OK;
	error_clear(&why);
	st = sweep_run(q->sweep, j->item->output, j->scratch, &j->swept, &why);
	if (st == STATUS_NOMEM)
		return error_nomem(err);
	j->is_swept = st == STATUS_OK;
	return STATUS_OK;
}

/* It would find nothing, or is not asked now. */
static bool
guard_is_passed(const struct judge *j, const struct queue_policy *q, size_t i)
{
	return (j->is_swept && sweep_clean(q->sweep, &j->swept, i)) ||
	    (j->what == JUDGE_INPUT && !q->guards[i]->on_input);
}

enum status
guards_run(struct judge *j, const struct queue_policy *q, struct error *err)
{
	const struct guard *g;
	struct error why;
	struct slice message;
	enum status st;
	int64_t start = 0;
	size_t i, from;

	output_begin(j);
	if ((st = guards_sweep(j, q, err)) != STATUS_OK)
		return st;
	for (i = 0; i < q->nguards; i++) {
		if (guard_is_passed(j, q, i))
			continue;
		if (j->options.stop != NULL && *j->options.stop != 0)
			return error_set(err, STATUS_INTERRUPTED,
			    "interrupted");
		g = q->guards[i];
		error_clear(&why);
		if (j->verdict->guard_ns != NULL)
			start = j->options.clock_ns();
		from = j->found.n;
		st = g->on_input ? guard_input(j, i, &why) : g->on_record ?
		    guard_record(j, i, &why) : guard_output(j, i, &why);
		for (; from < j->found.n; from++)
			outcome_add(&j->outcomes[i], &j->found.v[from]);
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

enum status
guards_again(struct judge *j, const struct item *it, bool *ran,
    struct error *err)
{
	const struct queue_policy *q = j->verdict->queue;
	const struct guard *g;
	struct error why;
	enum status st;
	size_t i;

	*ran = true;
	j->item = it;
	j->is_swept = false;
	j->found.n = 0;
	output_begin(j);
	for (i = 0; i < q->nguards; i++) {
		g = q->guards[i];
		if (g->redact == REDACT_OFF || g->on_input)
			continue;
		error_clear(&why);
		st = guard_output(j, i, &why);
		if (st == STATUS_NOMEM)
			return error_nomem(err);
		*ran &= st == STATUS_OK || g->fail_open;
	}
	return STATUS_OK;
}
