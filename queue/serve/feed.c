/*
 * GET /v1/releases: the feed of what may go out, as JSON Lines a page at a time, or
 * as an event stream that goes on.
 */
#include <stdio.h>

#include "core/http/sse.h"
#include "queue/release/release.h"
#include "queue/serve/conn.h"
#include "queue/serve/endpoint.h"
#include "queue/serve/server.h"

#define WAIT_MAX_S	600
#define PAGE_ROWS	1000
#define PAGE_BYTES	((size_t)1 << 20)
#define BEAT_MS		10000	/* a comment, so that no proxy gives up */

struct feed_page {
	struct call	*call;
	struct buf	 row;
	int64_t		 looked, rows, last;	/* rows looked at; to be told */
};

/* Another row of the page; STATUS_LIMIT, with no error set, where it is full. */
static enum status
page_row(void *arg, const struct release *r, struct error *err)
{
	struct feed_page *p = arg;
	struct call *c = p->call;
	char id[24];

	if (p->looked == PAGE_ROWS || c->out.n >= PAGE_BYTES)
		return STATUS_LIMIT;
	p->looked++;
	p->last = r->n;
	if (!call_may_queue(c, r->queue))
		return STATUS_OK;
	p->rows++;
	if (!c->events) {
		release_json(&c->out, r);
		buf_putc(&c->out, '\n');
		return buf_check(&c->out, err);
	}
	buf_clear(&p->row);
	release_json(&p->row, r);
	(void)snprintf(id, sizeof(id), "%lld", (long long)r->n);
	sse_write(&c->out, &(struct sse_event){ .id = slice_of(id),
	    .data = buf_slice(&p->row) });
	return buf_check(&c->out, err);
}

/* The rows behind call->after; false after call_fail(). */
static bool
page_read(struct server *s, struct call *c, int64_t *rows, bool *more)
{
	struct feed_page p = { .call = c, .last = c->after };
	const char *queue = c->request.queue.p;
	enum status st;
	int64_t last;

	buf_clear(&c->out);
	error_clear(&c->err);
	st = release_each(s->session, c->after, queue, page_row, &p, &last,
	    &c->err);
	buf_release(&p.row);
	*rows = p.rows;
	*more = st == STATUS_LIMIT && c->err.code == STATUS_OK;
	if (st == STATUS_CONFLICT) {
		(void)call_fail(c, 409, "behind_the_end", "the feed ends before "
		    "%lld: after a restore begin again at the backup's last",
		    (long long)c->after);
		return false;
	}
	if (st != STATUS_OK && !*more) {
		(void)call_fail_status(c, st, &c->err);
		return false;
	}
	c->after = p.last;
	return true;
}

static enum call_next
lines_look(struct server *s, struct call *c)
{
	int64_t rows;
	bool more;

	if (!page_read(s, c, &rows, &more))
		return CALL_ANSWERED;
	/* Nothing for this key so far: further on in the next turn. */
	c->poll = rows == 0 && more;
	s->hurry |= c->poll;
	if (rows == 0 && (more || (c->wait_ms > 0 && !c->last_look)))
		return CALL_WAIT;
	c->status = 200;
	c->type = "application/x-ndjson";
	return CALL_ANSWERED;
}

/* Pages as long as the client takes them; a comment where nothing comes. */
static enum call_next
events_look(struct server *s, struct call *c)
{
	bool room = c->conn != NULL && conn_has_room(c->conn), more = false;
	int64_t rows;

	if (room) {
		if (!page_read(s, c, &rows, &more))
			return CALL_ANSWERED;
		if (rows > 0) {
			room = conn_stream(c->conn, c, buf_slice(&c->out));
			c->beat_ms = s->now_ms;
		}
	}
	s->hurry |= more && room;
	if (c->conn == NULL || c->last_look)
		return CALL_ANSWERED;
	if (room && s->now_ms - c->beat_ms >= BEAT_MS) {
		buf_clear(&c->out);
		sse_comment(&c->out, SLICE("wait"));
		(void)conn_stream(c->conn, c, buf_slice(&c->out));
		c->beat_ms = s->now_ms;
	}
	conn_resume(c->conn);
	return CALL_WAIT;
}

static enum call_next
events_begin(struct server *s, struct call *c)
{
	int64_t rows;
	bool more;

	/* A feed that does not go so far is said before the stream begins. */
	if (!page_read(s, c, &rows, &more))
		return CALL_ANSWERED;
	c->status = 200;
	c->type = "text/event-stream";
	c->closes = true;
	sse_comment(&c->out, SLICE("wait"));
	(void)conn_stream(c->conn, c, buf_slice(&c->out));
	c->beat_ms = s->now_ms;
	c->poll = true;
	c->until_ms = INT64_MAX;
	c->then = events_look;
	return events_look(s, c);
}

enum call_next
releases_get(struct server *s, struct call *c)
{
	int64_t wait = c->wait_ms / 1000;
	size_t i;

	if (!call_number(c, "after", INT64_MAX - 1, &c->after) ||
	    !call_number(c, "wait", WAIT_MAX_S, &wait) ||
	    !call_param(c, "queue", &c->request.queue))
		return CALL_ANSWERED;
	if (c->request.queue.p != NULL && !call_may_queue(c, c->request.queue))
		return call_fail(c, 404, "unknown_queue",
		    "the key %s may see no such queue", c->key->name);
	if (c->events && c->last_event.p != NULL) {
		for (i = 0, c->after = 0; i < c->last_event.n && i < 18 &&
		    c->last_event.p[i] >= '0' && c->last_event.p[i] <= '9'; i++)
			c->after = c->after * 10 + (c->last_event.p[i] - '0');
		if (i < c->last_event.n || i == 0)
			return call_fail(c, 400, "invalid_parameter",
			    "Last-Event-ID is a number of the feed");
	}
	if (c->events)
		return events_begin(s, c);
	c->wait_ms = wait * 1000;
	c->until_ms = s->now_ms + c->wait_ms;
	c->then = lines_look;
	return lines_look(s, c);
}
