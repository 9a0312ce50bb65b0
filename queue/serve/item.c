/*
 * Items: POST /v1/items stores a record, GET /v1/items/QUEUE/ID shows one,
 * .../release waits for what may go out.
 */
#include "queue/serve/item.h"

#include "core/http/target.h"
#include "core/json/write.h"
#include "queue/ingest/verdict_rows.h"
#include "queue/release/release.h"
#include "queue/review/item_json.h"
#include "queue/review/item_why.h"
#include "queue/serve/endpoint.h"
#include "queue/serve/record.h"
#include "queue/serve/server.h"

#define WAIT_MAX_S	600

/* One item of a record that was posted, as it stands. */
struct posted {
	struct slice	 id, queue, state, route, rule, release;
	bool		 released;
};

static void
posted_json(struct writer *w, const struct posted *p)
{
	write_object(w, NULL);
	write_text(w, "id", p->id);
	write_text(w, "queue", p->queue);
	write_text(w, "state", p->state);
	write_text(w, "route", p->route);
	write_text(w, "rule", p->rule);
	write_bool(w, "released", p->released);
	write_text(w, "release", p->release);
	write_end(w);
}

static void
posted_judged(struct posted *p, const struct judged_item *j)
{
	const struct verdict *v = &j->verdict;

	*p = (struct posted){ j->item.id, j->item.queue,
	    slice_of(route_state[v->route]), slice_of(route_name(v->route)),
	    slice_of(v->rule), v->release, v->released };
}

/* As the store has it now; its texts live until the next look. */
static enum status
posted_stored(struct server *s, int64_t item, struct call *c, struct posted *p)
{
	struct item_detail d;
	enum status st;

	error_clear(&c->err);
	arena_reset(&s->look);
	st = item_detail_load(s->session, item, &s->look, &d, &c->err);
	if (st == STATUS_OK)
		*p = (struct posted){ d.row.id, d.row.queue, d.row.state,
		    d.row.route, d.row.rule, d.release, d.released };
	return st;
}

static enum status
item_find(struct server *s, struct call *c, struct slice queue, struct slice id,
    int64_t *item)
{
	const char *q = arena_str(&c->arena, queue);
	const char *i = arena_str(&c->arena, id);

	error_clear(&c->err);
	if (q == NULL || i == NULL)
		return error_nomem(&c->err);
	return list_find(s->session, i, q, item, &c->err);
}

/* Does a release of it stand in the feed? */
static enum status
item_settled(struct server *s, int64_t item, bool *settled, struct error *err)
{
	struct release r;
	enum status st;

	error_clear(err);
	st = release_last(s->session, item, &r, err);
	*settled = st == STATUS_OK && !slice_is(r.state, "recalled");
	return st == STATUS_NOT_FOUND && err->code == STATUS_OK ? STATUS_OK :
	    st;
}

static void
location_set(struct call *c, const struct posted *p)
{
	struct buf b = BUF_INIT;

	buf_puts(&b, "/v1/items/");
	http_encode(p->queue, &b);
	buf_putc(&b, '/');
	http_encode(p->id, &b);
	if (!b.failed)
		c->location = (struct slice){ arena_str(&c->arena,
		    buf_slice(&b)), b.n };
	buf_release(&b);
}

/* Each item of the record as it stands: of one the object, of several a list. */
static enum call_next
items_answer(struct server *s, struct call *c, bool settled)
{
	struct writer w = WRITER(&c->out, WRITE_SHOWN);
	bool fresh = false;
	struct posted p;
	enum status st;
	size_t i;

	if (c->nitems > 1) {
		write_object(&w, NULL);
		write_array(&w, "items");
	}
	for (i = 0; i < c->nitems; i++) {
		posted_judged(&p, c->items[i].judged);
		fresh |= c->items[i].outcome == OUTCOME_NEW;
		/* What came again, or was waited for, may have gone on. */
		if (c->keys != NULL && (st = posted_stored(s, c->keys[i], c,
		    &p)) != STATUS_OK)
			return call_fail_status(c, st, &c->err);
		posted_json(&w, &p);
	}
	while (w.depth > 0)
		write_end(&w);
	write_line(&w);
	if (c->nitems == 1)
		location_set(c, &p);
	c->status = !fresh ? 200 : settled ? 201 : 202;
	c->final = !settled && c->waited;
	return CALL_ANSWERED;
}

static enum call_next
items_look(struct server *s, struct call *c)
{
	bool settled = true;
	enum status st;
	size_t i;

	for (i = 0; i < c->nitems && settled; i++)
		if ((st = item_settled(s, c->keys[i], &settled, &c->err)) !=
		    STATUS_OK)
			return call_fail_status(c, st, &c->err);
	return settled || c->wait_ms == 0 || c->last_look ?
	    items_answer(s, c, settled) : CALL_WAIT;
}

enum status
items_find(struct server *s, struct call *c)
{
	const struct item *item;
	enum status st = STATUS_OK;
	size_t i;

	c->keys = arena_alloc(&c->arena, c->nitems * sizeof(*c->keys));
	if (c->keys == NULL)
		return error_nomem(&c->err);
	for (i = 0; i < c->nitems && st == STATUS_OK; i++) {
		item = &c->items[i].judged->item;
		st = item_find(s, c, item->queue, item->id, &c->keys[i]);
	}
	return st;
}

/* Which of them; of a record with a conflict none is stored. */
static enum call_next
items_conflict(struct call *c)
{
	struct buf which = BUF_INIT;
	size_t i;

	for (i = 0; i < c->nitems; i++)
		if (c->items[i].outcome == OUTCOME_CONFLICT && which.n < 200)
			buf_printf(&which, "%s%zu", which.n == 0 ? "" : ", ", i + 1);
	if (c->nitems == 1)
		(void)call_fail(c, 409, "conflict", "an item of this queue and "
		    "id is there with other bytes");
	else
		(void)call_fail(c, 409, "conflict", "of the record's %zu items "
		    "these are there with other bytes: %s; none is stored",
		    c->nitems, buf_str(&which));
	buf_release(&which);
	return CALL_ANSWERED;
}

static enum call_next
items_stored(struct server *s, struct call *c)
{
	bool settled = true, fresh = true;
	enum status st;
	size_t i;

	if (c->st != STATUS_OK)
		return call_fail_status(c, c->st, &c->err);
	for (i = 0; i < c->nitems; i++) {
		if (c->items[i].outcome == OUTCOME_CONFLICT)
			return items_conflict(c);
		fresh &= c->items[i].outcome == OUTCOME_NEW;
		settled &= c->items[i].judged->verdict.route == ROUTE_APPROVE;
	}
	if (fresh && (settled || c->wait_ms == 0))
		return items_answer(s, c, settled);
	if ((st = items_find(s, c)) != STATUS_OK)
		return call_fail_status(c, st, &c->err);
	c->waited = c->wait_ms > 0;
	c->until_ms = s->now_ms + c->wait_ms;
	c->then = items_look;
	return items_look(s, c);
}

static enum call_next
items_judged(struct server *s, struct call *c)
{
	size_t i;

	if (c->st == STATUS_INVALID) {
		s->metrics.refused++;
		return record_refused(c, &c->err);
	}
	if (c->st == STATUS_DENIED)
		return call_fail(c, 404, "unknown_queue", "%s", c->err.text);
	if (c->st != STATUS_OK)
		return call_fail_status(c, c->st, &c->err);
	for (i = 0; i < c->nitems; i++) {
		s->metrics.routes[c->items[i].judged->verdict.route]++;
		service_doubt(s->service, c->policy,
		    c->items[i].judged->item.queue);
	}
	c->then = items_stored;
	return CALL_STORE;
}

static void
items_judge(struct judge_scratch *scratch, struct call *c)
{
	const struct judged_item *j, *i;

	c->request.record = buf_slice(&c->body);
	c->st = judge_record(scratch, &c->request, &c->arena, &j, &c->err);
	if (c->st != STATUS_OK)
		return;
	for (i = j; i != NULL; i = i->next)
		if (!call_may_queue(c, i->item.queue)) {
			c->st = error_set(&c->err, STATUS_DENIED, "%s",
			    RECORD_OTHER_QUEUE);
			return;
		}
	c->st = ingest_items_new(j, &c->arena, &c->items, &c->nitems, &c->err);
}

enum call_next
item_post(struct server *s, struct call *c)
{
	(void)s;
	if (!record_params(c))
		return CALL_ANSWERED;
	c->judge = items_judge;
	c->then = items_judged;
	return CALL_JUDGE;
}

/* The item of the path; false after call_fail(). */
static bool
item_of(struct server *s, struct call *c)
{
	enum status st;

	if (!call_may_queue(c, c->part[0]))
		st = STATUS_NOT_FOUND;
	else
		st = item_find(s, c, c->part[0], c->part[1], &c->item);
	if (st == STATUS_NOT_FOUND)
		(void)call_fail(c, 404, "unknown_item",
		    "there is no such item, or the key may not see it");
	else if (st != STATUS_OK)
		(void)call_fail_status(c, st, &c->err);
	return st == STATUS_OK;
}

enum call_next
item_get(struct server *s, struct call *c)
{
	struct writer w = WRITER(&c->out, WRITE_SHOWN);
	struct item_detail d;
	enum status st;

	if (!item_of(s, c))
		return CALL_ANSWERED;
	st = item_detail_load(s->session, c->item, &c->arena, &d, &c->err);
	if (st == STATUS_OK)
		st = item_why_load(s->session, &d, &c->arena, &c->err);
	if (st != STATUS_OK)
		return call_fail_status(c, st, &c->err);
	item_detail_json(&w, &d, NULL);
	write_line(&w);
	c->status = 200;
	return CALL_ANSWERED;
}

/* The last row of the feed where it stands; else the item, waiting. */
static enum call_next
release_look(struct server *s, struct call *c)
{
	struct writer w = WRITER(&c->out, WRITE_SHOWN);
	struct release r;
	struct posted p;
	enum status st;

	error_clear(&c->err);
	st = release_last(s->session, c->item, &r, &c->err);
	if (st == STATUS_OK && !slice_is(r.state, "recalled")) {
		buf_clear(&c->out);
		release_json(&c->out, &r);
		buf_putc(&c->out, '\n');
		c->status = 200;
		return CALL_ANSWERED;
	}
	if (st != STATUS_OK && (st != STATUS_NOT_FOUND ||
	    c->err.code != STATUS_OK))
		return call_fail_status(c, st, &c->err);
	if (c->wait_ms > 0 && !c->last_look)
		return CALL_WAIT;
	if ((st = posted_stored(s, c->item, c, &p)) != STATUS_OK)
		return call_fail_status(c, st, &c->err);
	buf_clear(&c->out);
	posted_json(&w, &p);
	write_line(&w);
	c->status = 202;
	c->final = c->wait_ms > 0;
	return CALL_ANSWERED;
}

enum call_next
item_release_get(struct server *s, struct call *c)
{
	int64_t wait = c->wait_ms / 1000;

	if (!call_number(c, "wait", WAIT_MAX_S, &wait) || !item_of(s, c))
		return CALL_ANSWERED;
	c->wait_ms = wait * 1000;
	c->until_ms = s->now_ms + c->wait_ms;
	c->then = release_look;
	return release_look(s, c);
}
