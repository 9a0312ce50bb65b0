#include "queue/serve/record.h"

#include "core/json/parse.h"
#include "core/shape/shape.h"

bool
record_params(struct call *c)
{
	struct slice format, queue;

	if (!call_param(c, "format", &format) || !call_param(c, "queue", &queue))
		return false;
	if (format.p != NULL && shape_find(format) == NULL) {
		(void)call_fail(c, 400, "unknown_format", "the parameter format "
		    "is no shape of a record; handrail-record(5) lists them");
		return false;
	}
	if (queue.p != NULL && (queue.n == 0 || queue.n > ITEM_NAME_MAX)) {
		(void)call_fail(c, 400, "invalid_parameter", "the parameter "
		    "queue has 1 to %d bytes", ITEM_NAME_MAX);
		return false;
	}
	if (queue.p != NULL && !call_may_queue(c, queue)) {
		(void)call_fail(c, 404, "unknown_queue", "the key %s may see no "
		    "such queue", c->key->name);
		return false;
	}
	c->request.format = format.p;
	c->request.queue = queue;
	return true;
}

static bool
queue_is(const struct policy *p, struct slice queue)
{
	uint32_t i;

	return titles_find(&p->queue_titles, 0, queue, &i);
}

/* The only queue that a call of this key can be for; absent: there are several. */
static struct slice
queue_only(const struct call *c)
{
	if (c->key != NULL && c->key->nqueues > 0)
		return c->key->nqueues == 1 ? slice_of(c->key->queues[0]) :
		    SLICE_NONE;
	return c->policy->nqueues == 1 ? slice_of(c->policy->queues[0].name) :
	    SLICE_NONE;
}

bool
record_queue(struct call *c)
{
	struct slice queue;

	if (!call_param(c, "queue", &queue))
		return false;
	if (queue.p == NULL)
		queue = c->queue;
	if (queue.p == NULL)
		queue = queue_only(c);
	if (queue.p == NULL) {
		(void)call_fail(c, 400, "no_queue", "which queue's guards and "
		    "rules?  Name one by ?queue= or X-Handrail-Queue, or give "
		    "the key one queue");
		return false;
	}
	if (!queue_is(c->policy, queue) || !call_may_queue(c, queue)) {
		(void)call_fail(c, 404, "unknown_queue", "the policy has no such "
		    "queue, or the key may not see it");
		return false;
	}
	c->request.queue = queue;
	return true;
}

size_t
record_told(const char *why)
{
	const char *byte = strstr(why, ": "), *words = byte == NULL ? NULL :
	    strstr(byte + 2, ": ");

	return words == NULL ? strlen(why) : (size_t)(words - why);
}

enum call_next
record_refused(struct call *c, const struct error *why)
{
	struct json json = JSON_INIT;
	struct json_error bad;
	enum status st = json_parse(&json, buf_slice(&c->body), JSON_DEPTH_MAX,
	    0, &bad);

	json_release(&json);
	if (st == STATUS_NOMEM)
		return call_fail_status(c, st, NULL);
	if (st != STATUS_OK)
		return call_fail(c, 400, "invalid_json", "byte %zu: %s",
		    bad.offset, bad.reason);
	return call_fail(c, 422, "record_refused", "the record is refused: %.*s",
	    (int)record_told(why->text), why->text);
}
