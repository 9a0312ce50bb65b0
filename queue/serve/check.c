/* POST /v1/check: verdicts, and nothing is kept. */
#include "core/judge/verdict.h"
#include "core/policy/known.h"
#include "queue/ingest/judged.h"
#include "queue/serve/endpoint.h"
#include "queue/serve/record.h"
#include "queue/serve/server.h"

/* One record's verdicts; call->st where there are none. */
static void
record_check(struct judge_scratch *scratch, struct call *c, struct slice record,
    struct arena *arena)
{
	const struct judged_item *i;

	c->request.record = record;
	error_clear(&c->err);
	c->st = judge_record(scratch, &c->request, arena, &i, &c->err);
	for (; c->st == STATUS_OK && i != NULL; i = i->next) {
		if (!call_may_queue(c, i->item.queue)) {
			c->st = error_set(&c->err, STATUS_DENIED, "%s",
			    RECORD_OTHER_QUEUE);
			return;
		}
		c->nroutes[i->verdict.route]++;
		if (c->doubted == NULL &&
		    !policy_has_queue(c->policy, i->item.queue))
			c->doubted = arena_str(&c->arena, i->item.queue);
		verdict_json(&c->out, &i->item, &i->verdict,
		    slice_of(c->policy->id));
	}
}

static void
one_check(struct judge_scratch *scratch, struct call *c)
{
	record_check(scratch, c, buf_slice(&c->body), &c->arena);
}

/* A line that is refused says so in its place. */
static void
lines_check(struct judge_scratch *scratch, struct call *c)
{
	struct slice rest = buf_slice(&c->body), line;
	struct arena arena = ARENA_INIT;
	uint64_t n = 0;
	const char *lf;

	while (rest.n > 0 && c->st == STATUS_OK) {
		lf = memchr(rest.p, '\n', rest.n);
		line = (struct slice){ rest.p, lf == NULL ? rest.n :
		    (size_t)(lf - rest.p) };
		rest.p += line.n + (lf != NULL);
		rest.n -= line.n + (lf != NULL);
		n++;
		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		if (line.n == 0)
			continue;
		arena_reset(&arena);
		record_check(scratch, c, line, &arena);
		if (c->st == STATUS_INVALID || c->st == STATUS_DENIED) {
			c->nrefused++;
			refusal_json(&c->out, n, c->err.text);
			c->st = STATUS_OK;
		}
	}
	arena_release(&arena);
}

static enum call_next
check_done(struct server *s, struct call *c)
{
	size_t i;

	for (i = 0; i < 3; i++)
		s->metrics.routes[i] += c->nroutes[i];
	if (c->doubted != NULL)
		service_doubt(s->service, c->policy, slice_of(c->doubted));
	s->metrics.refused += c->nrefused + (c->st == STATUS_INVALID);
	if (c->st == STATUS_INVALID)
		return record_refused(c, &c->err);
	if (c->st == STATUS_DENIED)
		return call_fail(c, 404, "unknown_queue", "%s", c->err.text);
	if (c->st != STATUS_OK)
		return call_fail_status(c, c->st, &c->err);
	c->status = 200;
	c->type = c->lines ? "application/x-ndjson" : NULL;
	return CALL_ANSWERED;
}

enum call_next
check_post(struct server *s, struct call *c)
{
	(void)s;
	if (!record_params(c))
		return CALL_ANSWERED;
	if (!c->lines && c->body.n > ITEM_RECORD_MAX)
		return call_fail(c, 413, "body_too_large", "a record may have "
		    "%zu bytes; several come as application/x-ndjson",
		    ITEM_RECORD_MAX);
	c->judge = c->lines ? lines_check : one_check;
	c->then = check_done;
	return CALL_JUDGE;
}
