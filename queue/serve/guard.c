/* The protocols of others that ask for a check (core/protocol); nothing is kept. */
#include <string.h>

#include "core/json/parse.h"
#include "core/json/write.h"
#include "core/protocol/protocol.h"
#include "queue/serve/endpoint.h"
#include "queue/serve/record.h"
#include "queue/serve/server.h"

/* Bytes that a loop judges itself: they may be many texts, each as costly as a short
 * record. */
#define GUARD_HERE_MAX	((size_t)1 << 10)

static enum status
body_read(struct call *c, struct asked *a)
{
	struct json_error why;
	enum status st;

	st = json_parse(&a->json, buf_slice(&c->body), JSON_DEPTH_MAX, 0, &why);
	if (st == STATUS_NOMEM)
		return error_nomem(&c->err);
	c->code = st == STATUS_OK ? "invalid_request" : "invalid_json";
	if (st != STATUS_OK)
		return error_set(&c->err, st, "byte %zu: %s", why.offset,
		    why.reason);
	return c->endpoint->protocol->read(a, &c->err);
}

static void
routes_count(struct call *c, const struct asked *a)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		if (a->v[i].verdict != NULL)
			c->nroutes[a->v[i].verdict->route]++;
}

static void
guard_judge(struct judge_scratch *scratch, struct call *c)
{
	const struct protocol *p = c->endpoint->protocol;
	struct writer w = WRITER(&c->out, WRITE_SHOWN);
	struct asked a = ASKED_INIT;

	a.arena = &c->arena;
	a.queue = c->request.queue;
	a.protocol = p->name;
	a.id = arena_printf(&c->arena, "modr-%llx",
	    (unsigned long long)c->begun_ns);
	a.key = c->store_key;
	c->st = body_read(c, &a);
	if (c->st == STATUS_OK)
		c->st = asked_judge(&a, scratch, &c->err);
	if (c->st == STATUS_OK) {
		routes_count(c, &a);
		c->st = p->answer(&a, &w, &c->err);
	}
	if (c->st == STATUS_OK) {
		write_line(&w);
		c->st = buf_check(&c->out, &c->err);
	}
	asked_release(&a);
}

static enum call_next
guard_failed(struct call *c)
{
	switch (c->st) {
	case STATUS_INVALID:
		return call_fail(c, 400, c->code, "%s", c->err.text);
	case STATUS_NOT_FOUND:
		return call_fail(c, 400, "no_guard", "%s", c->err.text);
	case STATUS_IO:
		return call_fail(c, 503, "guard_error", "%s", c->err.text);
	default:
		return call_fail_status(c, c->st, &c->err);
	}
}

static enum call_next
guard_done(struct server *s, struct call *c)
{
	void (*refuse)(struct writer *, const char *) =
	    c->endpoint->protocol->refuse;
	struct writer w = WRITER(&c->out, WRITE_SHOWN);
	size_t i;

	for (i = 0; i < 3; i++)
		s->metrics.routes[i] += c->nroutes[i];
	s->metrics.refused += c->st == STATUS_INVALID;
	if (c->st != STATUS_OK && refuse == NULL)
		return guard_failed(c);
	if (c->st != STATUS_OK) {
		buf_clear(&c->out);
		refuse(&w, c->err.text);
		write_line(&w);
	}
	c->status = 200;
	return CALL_ANSWERED;
}

enum call_next
guard_post(struct server *s, struct call *c)
{
	if (!record_queue(c))
		return CALL_ANSWERED;
	c->store_key = s->bench.o.key;
	c->apart = c->body.n > GUARD_HERE_MAX;
	c->judge = guard_judge;
	c->then = guard_done;
	return CALL_JUDGE;
}

/* The k-th kind of private data that the guard finds, or NULL. */
static const char *
private_kind(const struct guard *g, size_t k)
{
	return g->kind->private && g->kind->finds != NULL ?
	    g->kind->finds(g->compiled, k) : NULL;
}

/* Does the queue's guard i find it before its kind k, or one of those before? */
static bool
is_named(const struct queue_policy *q, size_t i, size_t k, const char *kind)
{
	const char *other;
	size_t n, m;

	for (n = 0; n <= i; n++)
		for (m = 0; (n < i || m < k) && (other = private_kind(
		    q->guards[n], m)) != NULL; m++)
			if (strcmp(other, kind) == 0)
				return true;
	return false;
}

/* GET /supportedentities: what the queue's guards of private data can find. */
enum call_next
entities_get(struct server *s, struct call *c)
{
	struct writer w = WRITER(&c->out, WRITE_SHOWN);
	const struct queue_policy *q;
	const char *kind;
	size_t i, k;

	(void)s;
	if (!record_queue(c))
		return CALL_ANSWERED;
	q = policy_queue(c->policy, c->request.queue);
	write_array(&w, NULL);
	for (i = 0; i < q->nguards; i++)
		for (k = 0; (kind = private_kind(q->guards[i], k)) != NULL; k++)
			if (!is_named(q, i, k, kind))
				write_word(&w, NULL, kind);
	write_end(&w);
	write_line(&w);
	c->status = 200;
	return CALL_ANSWERED;
}
