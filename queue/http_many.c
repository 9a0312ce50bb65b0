#include "queue/http_many.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/clock.h"
#include "db/store.h"
#include "queue/http_easy.h"

#define PAUSE_MS	500	/* before the first retry; doubled for each next */
#define POLL_MS		200
#define WHY_MAX		400

/* A place in flight. */
struct slot {
	struct http_many_call call;
	CURL		*easy;
	struct curl_slist *headers;
	struct buf	 answer;
	int		 tries;
	int64_t		 again_ms;	/* waits until then; 0: on its way */
	bool		 used;
};

struct calling {
	const struct http_many *o;
	CURLM		*multi;
	struct slot	*slot;
	int		 busy;
	bool		 ended;		/* next() has no more */
};

static size_t
take_body(char *p, size_t size, size_t n, void *arg)
{
	struct buf *b = arg;

	if (b->n + size * n > CALL_ANSWER_MAX)
		return 0;
	buf_add(b, p, size * n);
	return b->failed ? 0 : size * n;
}

static struct curl_slist *
headers_make(const char *token)
{
	struct curl_slist *h = curl_slist_append(NULL,
	    "Content-Type: application/json"), *more;
	struct buf line = BUF_INIT;

	if (h != NULL && token != NULL) {
		buf_printf(&line, "Authorization: Bearer %s", token);
		if ((more = curl_slist_append(h, buf_str(&line))) == NULL)
			curl_slist_free_all(h);
		h = more;
	}
	buf_release(&line);
	return h;
}

static void
easy_set(struct slot *s)
{
	CURL *e = s->easy;

	http_easy_set(e, s->call.url, s->call.proxy);
	(void)curl_easy_setopt(e, CURLOPT_HTTPHEADER, s->headers);
	(void)curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE,
	    (curl_off_t)s->call.body.n);
	(void)curl_easy_setopt(e, CURLOPT_POSTFIELDS, s->call.body.p);
	(void)curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)s->call.timeout_ms);
	(void)curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "");
	(void)curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, take_body);
	(void)curl_easy_setopt(e, CURLOPT_WRITEDATA, &s->answer);
	(void)curl_easy_setopt(e, CURLOPT_PRIVATE, s);
}

static enum status
slot_send(struct calling *c, struct slot *s, struct error *err)
{
	buf_clear(&s->answer);
	s->again_ms = 0;
	if (s->easy == NULL && (s->easy = curl_easy_init()) == NULL)
		return error_nomem(err);
	curl_easy_reset(s->easy);
	curl_slist_free_all(s->headers);
	if ((s->headers = headers_make(s->call.token)) == NULL)
		return error_nomem(err);
	easy_set(s);
	return curl_multi_add_handle(c->multi, s->easy) == CURLM_OK ?
	    STATUS_OK : error_nomem(err);
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
why_put(char why[WHY_MAX], CURLcode rc, long code, const struct buf *answer)
{
	size_t n, i;

	if (rc == CURLE_WRITE_ERROR)
		(void)snprintf(why, WHY_MAX, "the answer is over 16 MiB");
	else if (rc != CURLE_OK)
		(void)snprintf(why, WHY_MAX, "%s", curl_easy_strerror(rc));
	else {
		n = answer->n > 200 ? 200 : answer->n;
		(void)snprintf(why, WHY_MAX, "HTTP status %ld%s%.*s", code,
		    n == 0 ? "" : ": ", (int)n, n == 0 ? "" : answer->p);
		for (i = 0; why[i] != '\0'; i++)
			if ((unsigned char)why[i] < ' ')
				why[i] = ' ';
	}
}

/* Half of the doubled pause is by chance, so that many calls spread out. */
static int64_t
pause_ms(struct slot *s)
{
	struct error ignored = { 0 };
	unsigned short chance = 0;
	curl_off_t asked = 0;
	int64_t ms;

	if (curl_easy_getinfo(s->easy, CURLINFO_RETRY_AFTER, &asked) ==
	    CURLE_OK && asked > 0)
		return asked > CALL_PAUSE_MAX_MS / 1000 ? CALL_PAUSE_MAX_MS :
		    (int64_t)asked * 1000;
	ms = (int64_t)PAUSE_MS << (s->tries > 6 ? 6 : s->tries - 1);
	if (store_random(&chance, sizeof(chance), &ignored) != STATUS_OK)
		chance = 0;
	return ms / 2 + ms / 2 * chance / 65536;
}

/* A try has ended: another follows, or the call is done. */
static enum status
slot_end(struct calling *c, struct slot *s, CURLcode rc, struct error *err)
{
	struct http_many_answer a = { .body = SLICE_NONE };
	char why[WHY_MAX];
	double seconds = 0;
	long code = 0;
	bool again;

	(void)curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &code);
	(void)curl_easy_getinfo(s->easy, CURLINFO_TOTAL_TIME, &seconds);
	(void)curl_multi_remove_handle(c->multi, s->easy);
	again = rc == CURLE_OK ? code == 429 || code == 408 || code >= 500 :
	    rc != CURLE_WRITE_ERROR && rc != CURLE_UNSUPPORTED_PROTOCOL &&
	    rc != CURLE_URL_MALFORMAT;
	s->tries++;
	if (again && s->tries <= s->call.retries) {
		s->again_ms = clock_boot_ms(NULL) + pause_ms(s);
		return STATUS_OK;
	}
	a.latency_ms = seconds * 1000;
	if (s->answer.failed)
		return error_nomem(err);
	if (rc == CURLE_OK && code >= 200 && code <= 299)
		a.body = buf_slice(&s->answer);
	else {
		why_put(why, rc, code, &s->answer);
		a.why = why;
	}
	s->used = false;
	c->busy--;
	return c->o->done(c->o->arg, &s->call, &a, err);
}

/* Sends again what has waited long enough; how long the rest has to. */
static enum status
slots_again(struct calling *c, int *wait_ms, struct error *err)
{
	int64_t now = clock_boot_ms(NULL), left;
	enum status st;
	int i;

	*wait_ms = POLL_MS;
	for (i = 0; i < c->o->in_flight; i++) {
		if (!c->slot[i].used || c->slot[i].again_ms == 0)
			continue;
		left = c->slot[i].again_ms - now;
		if (left <= 0) {
			if ((st = slot_send(c, &c->slot[i], err)) != STATUS_OK)
				return st;
		} else if (left < *wait_ms)
			*wait_ms = (int)left;
	}
	return STATUS_OK;
}

static enum status
calls_step(struct calling *c, struct error *err)
{
	enum status st;
	struct slot *s;
	CURLMsg *msg;
	CURLcode rc;
	int running, left, wait_ms;

	if ((st = slots_again(c, &wait_ms, err)) != STATUS_OK)
		return st;
	if (curl_multi_perform(c->multi, &running) != CURLM_OK ||
	    curl_multi_poll(c->multi, NULL, 0, wait_ms, NULL) != CURLM_OK)
		return error_set(err, STATUS_IO, "the calls cannot go on");
	while ((msg = curl_multi_info_read(c->multi, &left)) != NULL) {
		if (msg->msg != CURLMSG_DONE)
			continue;
		rc = msg->data.result;
		(void)curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE,
		    (char **)&s);
		if ((st = slot_end(c, s, rc, err)) != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

static void
calls_release(struct calling *c)
{
	int i;

	for (i = 0; c->slot != NULL && i < c->o->in_flight; i++) {
		if (c->slot[i].used)
			c->o->drop(c->o->arg, &c->slot[i].call);
		if (c->slot[i].easy != NULL) {
			(void)curl_multi_remove_handle(c->multi,
			    c->slot[i].easy);
			curl_easy_cleanup(c->slot[i].easy);
		}
		curl_slist_free_all(c->slot[i].headers);
		buf_release(&c->slot[i].answer);
	}
	free(c->slot);
	if (c->multi != NULL)
		(void)curl_multi_cleanup(c->multi);
}

enum status
http_many_run(const struct http_many *o, struct error *err)
{
	struct calling c = { .o = o };
	enum status st = STATUS_OK;

	http_begin();
	c.multi = curl_multi_init();
	c.slot = calloc((size_t)o->in_flight, sizeof(*c.slot));
	if (c.multi == NULL || c.slot == NULL)
		st = error_nomem(err);
	while (st == STATUS_OK && !c.ended) {
		if (o->stop != NULL && *o->stop)
			st = STATUS_INTERRUPTED;
		else if ((st = slots_fill(&c, err)) == STATUS_OK && !c.ended)
			st = calls_step(&c, err);
	}
	calls_release(&c);
	return st;
}
