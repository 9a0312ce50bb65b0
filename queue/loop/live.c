#include "queue/loop/live.h"

#include <math.h>

#include "core/json/value.h"
#include "core/json/write.h"
#include "core/shape/read.h"
#include "core/suite/fill.h"
#include "queue/loop/live_http.h"
#include "queue/loop/stored.h"

#define MILLION		1e6

struct live_asking {
	struct answers	*a;
	const struct live_variant *variant;
	int		 repeat;
	struct eval_answer	*first;		/* of this variant */
	size_t		 from;
	struct item_reader reader;
};

/* One message with a text. */
static void
message_put(struct buf *out, const char *role, struct slice text)
{
	struct writer w = WRITER(out, WRITE_KEPT);

	write_object(&w, NULL);
	write_word(&w, "role", role);
	write_text(&w, "content", text);
	write_end(&w);
}

static enum status
vars_parse(const struct suite_case *c, struct json *vars, struct error *err)
{
	struct json_error why;

	if (json_parse(vars, c->vars.p == NULL ? SLICE("{}") : c->vars,
	    JSON_DEPTH_MAX, JSON_NUL_ALLOWED, &why) == STATUS_OK)
		return STATUS_OK;
	return error_set(err, STATUS_INVALID, "vars: %s", why.reason);
}

/* A text is the user's message, or the system's before messages of the case. */
static enum status
text_put(const struct suite_prompt *p, const struct suite_case *c,
    const struct json *vars, struct buf *out, struct error *err)
{
	struct buf text = BUF_INIT;
	enum status st;

	if (c->prefix != NULL)
		st = fill_text(slice_of(c->prefix), vars, &text, err);
	else
		st = STATUS_OK;
	if (st == STATUS_OK)
		st = fill_text(p->text, vars, &text, err);
	if (st == STATUS_OK && c->suffix != NULL)
		st = fill_text(slice_of(c->suffix), vars, &text, err);
	if (st == STATUS_OK) {
		buf_putc(out, '[');
		message_put(out, c->messages.p == NULL ? "user" : "system",
		    buf_slice(&text));
		if (c->messages.n > 2) {
			buf_putc(out, ',');
			buf_add_slice(out, (struct slice){ c->messages.p + 1,
			    c->messages.n - 1 });
		} else
			buf_putc(out, ']');
	}
	buf_release(&text);
	return st;
}

enum status
live_messages(const struct suite_prompt *p, const struct suite_case *c,
    struct buf *out, struct error *err)
{
	struct json vars = JSON_INIT;
	enum status st;

	if (p == NULL) {
		if (c->messages.p == NULL)
			return error_set(err, STATUS_INVALID, "case %.200s has "
			    "no messages, and the suite no prompt", c->id);
		buf_add_slice(out, c->messages);
		return buf_check(out, err);
	}
	if ((st = vars_parse(c, &vars, err)) == STATUS_OK)
		st = p->body != NULL ? stored_messages(p, c, &vars, out, err) :
		    p->chat ? fill_json(p->text, &vars, out, err) :
		    text_put(p, c, &vars, out, err);
	json_release(&vars);
	if (st == STATUS_OK)
		return buf_check(out, err);
	return error_prefix(err, "case %.200s", c->id);
}

void
live_body(const struct suite_endpoint *e, struct slice messages,
    struct buf *out)
{
	struct writer w = WRITER(out, WRITE_KEPT);

	write_object(&w, NULL);
	if (e->model != NULL)
		write_word(&w, "model", e->model);
	if (e->params.p != NULL)
		write_inside(&w, e->params);
	write_raw(&w, "messages", messages);
	write_end(&w);
}

double
live_usd(const struct suite_endpoint *e, const struct item *it)
{
	if (it->cost_usd >= 0)
		return it->cost_usd;
	if (isnan(e->usd_in) || isnan(e->usd_out) || it->input_tokens < 0 ||
	    it->output_tokens < 0)
		return -1;
	return ((double)it->input_tokens * e->usd_in +
	    (double)it->output_tokens * e->usd_out) / MILLION;
}

static struct eval_answer *
answer_at(struct live_asking *x, size_t i)
{
	return &x->a->v[x->from + i];
}

/* What is sent as one text: the only message's, else the chat as JSON; in the arena. */
static enum status
sent_text(const struct suite_prompt *p, struct slice messages, struct arena *a,
    struct slice *out, struct error *err)
{
	struct json j = JSON_INIT;
	struct json_error why;
	uint32_t text = JSON_NONE;

	*out = messages;
	if (json_parse(&j, messages, JSON_DEPTH_MAX, JSON_NUL_ALLOWED, &why) !=
	    STATUS_OK) {
		json_release(&j);
		return error_set(err, STATUS_INVALID, "%s", why.reason);
	}
	if (j.tok[0].count == 1 && (p == NULL || !p->chat))
		text = json_get_kind(&j, 1, "content", TOKEN_STRING);
	if (text != JSON_NONE)
		*out = json_text(&j, text, a);
	if (out->p != NULL)
		out->p = arena_str(a, *out);
	json_release(&j);
	return out->p == NULL ? error_nomem(err) : STATUS_OK;
}

enum status
live_text(const struct suite_prompt *p, const struct suite_case *c,
    struct arena *a, struct slice *out, struct error *err)
{
	struct buf messages = BUF_INIT;
	enum status st = live_messages(p, c, &messages, err);

	if (st == STATUS_OK)
		st = sent_text(p, buf_slice(&messages), a, out, err);
	buf_release(&messages);
	return st;
}

static enum status
ask_make(void *arg, size_t i, struct ask *ask, struct error *err)
{
	struct live_asking *x = arg;
	const struct eval_answer *v = answer_at(x, i);
	const struct suite_prompt *p = x->variant->prompt;
	const struct suite_case *c = &x->a->cases[v->at];
	struct buf messages = BUF_INIT;
	struct slice text;
	enum status st;

	ask->endpoint = x->variant->endpoint;
	ask->repeat = v->repeat;
	if (ask->endpoint->kind == ENDPOINT_HTTP) {
		st = live_text(p, c, &ask->arena, &text, err);
		return st == STATUS_OK ? live_http_make(c, text, ask, err) : st;
	}
	if ((st = live_messages(p, c, &messages, err)) == STATUS_OK)
		live_body(ask->endpoint, buf_slice(&messages), &ask->body);
	buf_release(&messages);
	return st;
}

static enum status
item_keep(void *arg, const struct item *it, struct error *err)
{
	struct eval_answer *v = arg;

	(void)err;
	if (v->item.record.p == NULL)	/* the first choice */
		v->item = *it;
	return STATUS_OK;
}

static enum status
error_keep(struct live_asking *x, struct eval_answer *v, const char *why,
    struct error *err)
{
	v->error = (struct slice){ arena_str(&x->a->arena, slice_of(why)),
	    strlen(why) };
	return v->error.p == NULL ? error_nomem(err) : STATUS_OK;
}

static enum status
answer_read(struct live_asking *x, struct eval_answer *v, struct slice body,
    struct error *err)
{
	const struct suite_endpoint *e = x->variant->endpoint;
	char *kept;

	if (e->kind == ENDPOINT_HTTP)
		return live_http_take(e, body, &x->a->arena, &v->item, err);
	if ((kept = arena_str(&x->a->arena, body)) == NULL)
		return error_nomem(err);
	return item_read(&x->reader, (struct slice){ kept, body.n }, item_keep,
	    v, err);
}

static enum status
ask_done(void *arg, size_t i, const struct ask_answer *a, double *usd,
    struct error *err)
{
	struct live_asking *x = arg;
	struct eval_answer *v = answer_at(x, i);
	const struct suite_case *c = &x->a->cases[v->at];
	struct error why = { 0 };
	double cost;
	enum status st;

	if (a->why != NULL)
		return error_keep(x, v, a->why, err);
	st = answer_read(x, v, a->body, &why);
	if (st == STATUS_NOMEM)
		return error_nomem(err);
	if (st != STATUS_OK)
		return error_keep(x, v, why.text, err);
	v->item.id = slice_of(c->id);
	v->item.variant = slice_of(x->variant->name);
	v->item.messages = c->messages;
	v->item.latency_ms = a->latency_ms;
	cost = live_usd(x->variant->endpoint, &v->item);
	v->item.cost_usd = cost;
	if (cost >= 0)
		*usd = cost;
	return STATUS_OK;
}

/* What is sent is what comes back: for prompts alone. */
static enum status
echo(struct live_asking *x, size_t n, struct error *err)
{
	const struct suite_case *c;
	struct eval_answer *v;
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < n && st == STATUS_OK; i++) {
		v = answer_at(x, i);
		c = &x->a->cases[v->at];
		v->item.id = slice_of(c->id);
		v->item.shape = "native";
		v->item.output_is_string = true;
		v->item.latency_ms = v->item.cost_usd = 0;
		st = live_text(x->variant->prompt, c, &x->a->arena,
		    &v->item.output, err);
	}
	return st;
}

/* Every question can be made, before one is asked. */
static enum status
questions_check(struct live_asking *x, size_t n, struct error *err)
{
	struct ask ask = { .body = BUF_INIT };
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < n && st == STATUS_OK; i++)
		if (answer_at(x, i)->repeat == 1) {
			st = ask_make(x, i, &ask, err);
			ask_release(&ask);
		}
	return st;
}

enum status
live_answers(struct answers *a, const struct live_variant *v, int repeat,
    const struct ask_run *how, struct error *err)
{
	struct live_asking x = { .a = a, .variant = v, .repeat = repeat,
	    .from = a->n };
	struct ask_run run = *how;
	enum status st = STATUS_OK;
	size_t i;
	int r;

	for (i = 0; i < a->ncases; i++)
		for (r = 1; r <= repeat; r++)
			if (answers_add(a, i, r) == NULL)
				return error_nomem(err);
	run.n = a->n - x.from;
	x.reader.arena = &a->arena;
	if (v->endpoint->kind == ENDPOINT_ECHO)
		st = echo(&x, run.n, err);
	else if ((st = questions_check(&x, run.n, err)) == STATUS_OK) {
		run.make = ask_make;
		run.done = ask_done;
		run.arg = &x;
		st = ask_run(&run, err);
	}
	item_reader_release(&x.reader);
	return st;
}
