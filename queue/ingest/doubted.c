#include "queue/ingest/doubted.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/policy/known.h"

static bool
is_told(const struct doubted *d, struct slice queue)
{
	unsigned i;

	for (i = 0; i < d->n; i++)
		if (d->told[i] != NULL && slice_is(queue, d->told[i]))
			return true;
	return false;
}

static void
doubt_tell(const struct policy *p, struct slice queue,
    void (*tell)(void *, const char *line), void *arg)
{
	bool rules = policy_queue(p, queue)->number != QUEUE_NONE;
	char line[1024], hint[QUEUE_HINT];

	(void)snprintf(line, sizeof(line), "queue %.*s%s is not in the policy: "
	    "%s%s", SLICE_ARG(queue), slice_is(queue, ITEM_QUEUE) ?
	    " (of records that name none)" : "", rules ?
	    "default's rules hold for it" : "all of it is flagged",
	    policy_queue_hint(hint, p, NULL, 0, queue));
	tell(arg, line);
}

void
doubted_note(struct doubted *d, const struct policy *p, struct slice queue,
    void (*tell)(void *, const char *line), void *arg)
{
	if (queue.p == NULL || queue.n > ITEM_NAME_MAX ||
	    d->n > DOUBTED_MAX || (d->any && slice_is(queue, d->last)))
		return;
	d->any = true;
	memcpy(d->last, queue.p, queue.n);
	d->last[queue.n] = '\0';
	if (!policy_doubts_queue(p, queue) || is_told(d, queue))
		return;
	if (d->n == DOUBTED_MAX) {
		d->n++;
		tell(arg, "further queues are not in the policy");
		return;
	}
	d->told[d->n++] = strdup(d->last);
	doubt_tell(p, queue, tell, arg);
}

void
doubted_release(struct doubted *d)
{
	unsigned i;

	for (i = 0; i < DOUBTED_MAX; i++)
		free(d->told[i]);
	*d = (struct doubted){ .n = 0 };
}
