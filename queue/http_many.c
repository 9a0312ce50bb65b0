#include "queue/http_many.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "db/store.h"

#define PAUSE_MS	500	/* before the first retry; doubled for each next */
#define POLL_MS		200
#define WHY_MAX		400

/* A place in flight. */
struct slot {
	struct http_many_call call;
	struct http_call *http;		/* NULL: it waits, or has ended */
	struct buf	 answer;
	int		 status;
	int64_t		 retry_after_s;	/* -1: not said */
	int64_t		 begun_us, ended_us;	/* -1: not yet */
	int64_t		 again_us;	/* waits until then; -1: does not */
	struct error	 err;		/* of the try that has ended */
	int		 tries;
	bool		 used, too_large;
};

struct calling {
	const struct http_many *o;
	struct http_calls *calls;
	struct slot	*slot;
	int		 busy;
	bool		 ended;		/* next() has no more */
};

static int64_t
now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void
got_head(void *arg, int status, int64_t retry_after_s, struct slice type)
{
	struct slot *s = arg;

	(void)type;
	s->status = status;
	s->retry_after_s = retry_after_s;
}

static bool
got_data(void *arg, struct slice bytes)
{
	struct slot *s = arg;

	s->too_large = s->answer.n + bytes.n > CALL_ANSWER_MAX;
	if (!s->too_large)
		buf_add_slice(&s->answer, bytes);
	return !s->too_large && !s->answer.failed;
}

static void
got_end(void *arg, enum status st, const struct error *err)
{
	struct slot *s = arg;

	s->http = NULL;
	s->ended_us = now_us();
	s->err = *err;
	s->err.code = st;
}

static enum status
slot_send(struct calling *c, struct slot *s, struct error *err)
{
	struct http_call_request r = { .url = s->call.url,
	    .method = s->call.method, .proxy = s->call.proxy,
	    .body = s->call.body, .timeout_ms = s->call.timeout_ms,
	    .unpack = true, .head = got_head, .data = got_data,
	    .end = got_end, .arg = s };

	memcpy(r.headers, s->call.headers, sizeof(r.headers));
	buf_clear(&s->answer);
	s->status = 0;
	s->retry_after_s = s->ended_us = s->again_us = -1;
	s->too_large = false;
	s->begun_us = now_us();
	return http_calls_start(c->calls, &r, &s->http, err);
}

static enum status
slots_fill(struct calling *c, struct error *err)
{
	enum status st;
	bool more = true;
	int i;

	for (i = 0; i < c->o->in_flight && !c->ended && more; i++) {
		if (c->slot[i].used)
			continue;
		if ((st = c->o->next(c->o->arg, &c->slot[i].call, &more,
		    err)) != STATUS_OK)
			return st;
		if (!more)
			break;
		c->slot[i].used = true;
		c->slot[i].tries = 0;
		c->busy++;
		if ((st = slot_send(c, &c->slot[i], err)) != STATUS_OK)
			return st;
	}
	c->ended = c->ended || (!more && c->busy == 0);
	return STATUS_OK;
}

/* What the service says of an error, on one line. */
static void
why_put(char why[WHY_MAX], const struct slot *s)
{
	size_t n = s->answer.n > 200 ? 200 : s->answer.n, i;

	if (s->too_large)
		(void)snprintf(why, WHY_MAX, "the answer is over 16 MiB");
	else if (s->err.code != STATUS_OK)
		(void)snprintf(why, WHY_MAX, "%.300s", s->err.text);
	else {
		(void)snprintf(why, WHY_MAX, "HTTP status %d%s%.*s", s->status,
		    n == 0 ? "" : ": ", (int)n, n == 0 ? "" : s->answer.p);
		for (i = 0; why[i] != '\0'; i++)
			if ((unsigned char)why[i] < ' ')
				why[i] = ' ';
	}
}

/* Half of the doubled pause is by chance, so that many calls spread out. */
static int64_t
pause_ms(const struct slot *s)
{
	struct error ignored = { 0 };
	unsigned short chance = 0;
	int64_t ms;

	if (s->retry_after_s > 0)
		return s->retry_after_s > CALL_PAUSE_MAX_MS / 1000 ?
		    CALL_PAUSE_MAX_MS : s->retry_after_s * 1000;
	ms = (int64_t)PAUSE_MS << (s->tries > 6 ? 6 : s->tries - 1);
	if (store_random(&chance, sizeof(chance), &ignored) != STATUS_OK)
		chance = 0;
	return ms / 2 + ms / 2 * chance / 65536;
}

/* A try has ended: another follows, or the call is done. */
static enum status
slot_end(struct calling *c, struct slot *s, struct error *err)
{
	struct http_many_answer a = { .body = SLICE_NONE,
	    .latency_ms = (double)(s->ended_us - s->begun_us) / 1000 };
	char why[WHY_MAX];
	bool again;

	if (s->answer.failed)
		return error_nomem(err);
	again = s->err.code == STATUS_OK ? s->status == 429 ||
	    s->status == 408 || s->status >= 500 :
	    s->err.code == STATUS_IO && !s->too_large;
	s->ended_us = -1;
	s->tries++;
	if (again && s->tries <= s->call.retries) {
		s->again_us = now_us() + pause_ms(s) * 1000;
		return STATUS_OK;
	}
	if (s->err.code == STATUS_OK && s->status >= 200 && s->status <= 299)
		a.body = buf_slice(&s->answer);
	else {
		why_put(why, s);
		a.why = why;
	}
	s->used = false;
	c->busy--;
	return c->o->done(c->o->arg, &s->call, &a, err);
}

/* Ends what has ended, sends again what has waited; how long the rest has to. */
static enum status
slots_step(struct calling *c, int *wait_ms, struct error *err)
{
	int64_t now = now_us(), left;
	enum status st = STATUS_OK;
	struct slot *s;
	int i;

	*wait_ms = POLL_MS;
	for (i = 0; i < c->o->in_flight && st == STATUS_OK; i++) {
		s = &c->slot[i];
		if (!s->used)
			continue;
		if (s->ended_us >= 0)
			st = slot_end(c, s, err);
		else if (s->again_us < 0)
			continue;
		else if ((left = (s->again_us - now) / 1000) <= 0)
			st = slot_send(c, s, err);
		else if (left < *wait_ms)
			*wait_ms = (int)left;
	}
	return st;
}

static enum status
calls_wait(struct calling *c, int wait_ms, struct error *err)
{
	struct pollfd p = { .fd = http_calls_fd(c->calls), .events = POLLIN };
	int most = http_calls_timeout(c->calls);

	if (most >= 0 && most < wait_ms)
		wait_ms = most;
	if (poll(&p, 1, wait_ms) < 0 && errno != EINTR)
		return error_set(err, STATUS_IO, "the calls cannot go on");
	http_calls_run(c->calls);
	return STATUS_OK;
}

static void
calls_release(struct calling *c)
{
	int i;

	http_calls_free(c->calls);
	for (i = 0; c->slot != NULL && i < c->o->in_flight; i++) {
		if (c->slot[i].used)
			c->o->drop(c->o->arg, &c->slot[i].call);
		buf_release(&c->slot[i].answer);
	}
	free(c->slot);
}

enum status
http_many_run(const struct http_many *o, struct error *err)
{
	struct calling c = { .o = o };
	enum status st = http_calls_new(&c.calls, err);
	int wait_ms;

	c.slot = calloc((size_t)o->in_flight, sizeof(*c.slot));
	if (st == STATUS_OK && c.slot == NULL)
		st = error_nomem(err);
	while (st == STATUS_OK && !c.ended) {
		if (o->stop != NULL && *o->stop)
			st = STATUS_INTERRUPTED;
		else if ((st = slots_step(&c, &wait_ms, err)) == STATUS_OK &&
		    (st = slots_fill(&c, err)) == STATUS_OK && !c.ended)
			st = calls_wait(&c, wait_ms, err);
	}
	calls_release(&c);
	return st;
}
