#include "core/policy/policy.h"

#include <assert.h>
#include <stdlib.h>

#include "core/expr/expr.h"
#include "core/guard/sweep.h"

/* For a queue that the policy does not name. */
static const struct queue_policy flag_all = {
	.name = ITEM_QUEUE, .number = QUEUE_NONE, .lease_ms = 900000,
	.sla_ms = 86400000
};

const char *
route_name(enum route r)
{
	static const char *const names[] = {
		[ROUTE_APPROVE] = "approve", [ROUTE_FLAG] = "flag",
		[ROUTE_ESCALATE] = "escalate"
	};

	assert((size_t)r < sizeof(names) / sizeof(names[0]));
	return names[r];
}

enum status
policy_files_id(const struct policy_file *files, size_t n, char id[HASH_HEX],
    struct error *err)
{
	struct buf manifest = BUF_INIT;
	char hex[HASH_HEX];
	struct hasher *h;
	struct hash sum;
	enum status st;
	size_t i;

	if ((st = hasher_new(&h, err)) != STATUS_OK)
		return st;
	for (i = 0; i < n; i++) {
		hash_bytes(h, files[i].bytes, &sum);
		hash_hex(&sum, hex);
		buf_printf(&manifest, "%s  %s\n", hex, files[i].path);
	}
	if ((st = buf_check(&manifest, err)) == STATUS_OK) {
		hash_bytes(h, buf_slice(&manifest), &sum);
		hash_hex(&sum, id);
	}
	hasher_free(h);
	buf_release(&manifest);
	return st;
}

void
policy_free(struct policy *p)
{
	size_t i;

	if (p == NULL)
		return;
	for (i = 0; i < p->nguards; i++)
		if (p->guards[i].kind != NULL && p->guards[i].kind->free != NULL)
			p->guards[i].kind->free(p->guards[i].compiled);
	for (i = 0; i < p->nqueues; i++)
		if (!p->queues[i].sweep_shared)
			sweep_free(p->queues[i].sweep);
	titles_release(&p->queue_titles);
	arena_release(&p->arena);
	free(p);
}

const struct queue_policy *
policy_queue(const struct policy *p, struct slice name)
{
	uint32_t i;

	if (titles_find(&p->queue_titles, 0, name, &i) ||
	    titles_find(&p->queue_titles, 0, slice_of(ITEM_QUEUE), &i))
		return &p->queues[i];
	return &flag_all;
}

const struct gateway *
policy_gateway(const struct policy *p, struct slice name)
{
	size_t i;

	for (i = 0; i < p->service.ngateways; i++)
		if (slice_is(name, p->service.gateways[i].name))
			return &p->service.gateways[i];
	return NULL;
}

enum status
policy_names(struct arena *a, const struct queue_policy *q,
    struct expr_names *out, struct error *err)
{
	const char **v = arena_alloc(a, (q->nguards + q->nexpects + 1) *
	    sizeof(*v));
	size_t i;

	if (v == NULL)
		return error_nomem(err);
	for (i = 0; i < q->nguards; i++)
		v[i] = q->guards[i]->name;
	for (i = 0; i < q->nexpects; i++)
		v[q->nguards + i] = q->expects[i];
	*out = (struct expr_names){ v, q->nguards + q->nexpects, q->name,
	    q->suite };
	return STATUS_OK;
}

const char *
may_name(unsigned may)
{
	static const char *const names[] = {
		"review", "escalated", "undo", "lease", "export", "audit",
		"policy", "erase", "hook"
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (may == 1u << i)
			return names[i];
	return NULL;
}
