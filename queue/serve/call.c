#include "queue/serve/call.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/http/target.h"
#include "core/wire/errors.h"
#include "queue/serve/gateway.h"
#include "queue/serve/inflate.h"
#include "queue/serve/window.h"

struct call *
call_new(struct call_pool *pool)
{
	struct call *c = pool->first;
	struct arena arena;

	if (c == NULL) {
		c = calloc(1, sizeof(*c));
	} else {
		pool->first = c->next;
		pool->n--;
		arena = c->arena;
		/* But for the text of its error, which is more than all else. */
		memset(c, 0, offsetof(struct call, err.text) + 1);
		c->arena = arena;
		arena_soon(&c->arena);
	}
	if (c == NULL)
		return NULL;
	bufs_take(&pool->bufs, &c->body);
	bufs_take(&pool->bufs, &c->out);
	return c;
}

void
call_free(struct call *c, struct call_pool *pool)
{
	if (c == NULL)
		return;
	gateway_free(c->gateway);
	c->gateway = NULL;
	inflater_free(c->inflater);
	c->inflater = NULL;
	if (pool != NULL) {
		bufs_give(&pool->bufs, &c->out);
		bufs_give(&pool->bufs, &c->body);
	}
	if (pool != NULL && pool->n < pool->most) {
		arena_trim(&c->arena);
		c->next = pool->first;
		pool->first = c;
		pool->n++;
		return;
	}
	arena_release(&c->arena);
	buf_release(&c->body);
	buf_release(&c->out);
	free(c);
}

void
call_pool_release(struct call_pool *pool)
{
	struct call *c;

	while ((c = pool->first) != NULL) {
		pool->first = c->next;
		call_free(c, NULL);
	}
	pool->n = 0;
	bufs_release(&pool->bufs);
}

enum call_next
call_fail(struct call *c, int status, const char *code, const char *fmt, ...)
{
	struct wire_error e = { .status = status, .code = code };
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	e.message = text;
	c->status = status;
	c->type = NULL;
	c->location = SLICE_NONE;
	c->retry_s = status == 503;
	/* Time that is over comes no sooner for being asked again. */
	c->final = status == 409 || status == 504;
	buf_clear(&c->out);
	/* Of a gateway whose head is out. */
	c->piece = c->streaming && c->gateway != NULL;
	if (c->piece) {
		e.sequence = window_sequence(c->gateway);
		wire_error_event(&c->out, c->api, &e);
	} else {
		wire_error_write(&c->out, c->api, &e);
		buf_putc(&c->out, '\n');
	}
	return CALL_ANSWERED;
}

enum call_next
call_fail_status(struct call *c, enum status st, const struct error *err)
{
	switch (st) {
	case STATUS_BUSY:
		return call_fail(c, 503, "store_busy",
		    "the store is locked by another process; try again");
	case STATUS_NOMEM:
		return call_fail(c, 503, "no_memory", "out of memory");
	case STATUS_INTERRUPTED:
		return call_fail(c, 503, "stopping", "the service is stopping");
	case STATUS_INVALID:
		return call_fail(c, 400, "invalid_request", "%s", err->text);
	case STATUS_NOT_FOUND:
		return call_fail(c, 404, "not_found", "%s", err->text);
	default:
		return call_fail(c, 503, "store_error", "the store could not be "
		    "used; the service's own log says why");
	}
}

bool
call_param(struct call *c, const char *name, struct slice *out)
{
	struct buf b = BUF_INIT;
	const char *why = NULL;
	struct slice v;

	*out = SLICE_NONE;
	if (c->query.p == NULL)
		return true;
	if (http_query_get(c->query, name, &b, &v, &why) != STATUS_OK) {
		(void)call_fail(c, 400, "invalid_parameter",
		    "the parameter %s: %s", name, why);
		buf_release(&b);
		return false;
	}
	if (v.p != NULL)
		*out = (struct slice){ arena_str(&c->arena, v), v.n };
	if (b.failed || (v.p != NULL && out->p == NULL)) {
		(void)call_fail_status(c, STATUS_NOMEM, NULL);
		buf_release(&b);
		return false;
	}
	buf_release(&b);
	return true;
}

bool
call_number(struct call *c, const char *name, int64_t max, int64_t *out)
{
	struct slice text;
	int64_t n = 0;
	size_t i;

	if (!call_param(c, name, &text))
		return false;
	if (text.p == NULL)
		return true;
	for (i = 0; i < text.n && text.p[i] >= '0' && text.p[i] <= '9' &&
	    n <= (INT64_MAX - 9) / 10; i++)
		n = n * 10 + (text.p[i] - '0');
	if (text.n == 0 || i < text.n || n > max) {
		(void)call_fail(c, 400, "invalid_parameter", "the parameter %s "
		    "is a whole number of 0 to %lld", name, (long long)max);
		return false;
	}
	*out = n;
	return true;
}

bool
call_policy_is(const struct call *c, const struct policy *p)
{
	return c->policy == p || strcmp(c->policy->id, p->id) == 0;
}

bool
call_may_queue(const struct call *c, struct slice queue)
{
	size_t i;

	if (c->key == NULL || c->key->nqueues == 0)
		return true;
	for (i = 0; i < c->key->nqueues; i++)
		if (slice_is(queue, c->key->queues[i]))
			return true;
	return false;
}
