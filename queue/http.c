#include "queue/http.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "db/clock.h"
#include "db/store.h"
#include "queue/http_easy.h"
#include "queue/http_library.h"

#define PAUSE_MS	100	/* before the first retry; doubled for each next */

/* What is known of one service, shared by all threads. */
struct remote {
	struct remote	*next;
	char		*url;
	int		 in_flight;
	int		 failed;	/* calls in a row */
	int64_t		 closed_until;	/* boot time; 0: open */
	/* Handles that no call holds: each keeps its connection for the next. */
	CURL		*idle[GUARD_IN_FLIGHT_MAX];
	int		 nidle;
};

static struct remote *remotes;
static pthread_mutex_t remotes_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t remotes_changed = PTHREAD_COND_INITIALIZER;

/* The service of a URL, made on first sight; the lock is held. */
static struct remote *
remote_get(const char *url)
{
	struct remote *s;

	for (s = remotes; s != NULL; s = s->next)
		if (strcmp(s->url, url) == 0)
			return s;
	if ((s = calloc(1, sizeof(*s))) == NULL ||
	    (s->url = strdup(url)) == NULL) {
		free(s);
		return NULL;
	}
	s->next = remotes;
	return remotes = s;
}

/* Waits for a place among the calls in flight, at most as long as a call may
 * take; STATUS_IO at once while the service is left alone. */
static enum status
remote_enter(const struct guard_request *r, struct remote **out,
    struct error *err)
{
	struct timespec until;
	struct remote *s;
	enum status st = STATUS_OK;

	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += r->timeout_ms / 1000 + 1;
	pthread_mutex_lock(&remotes_lock);
	if ((*out = s = remote_get(r->url)) == NULL)
		st = error_nomem(err);
	while (st == STATUS_OK && s->in_flight >= r->in_flight)
		if (pthread_cond_timedwait(&remotes_changed, &remotes_lock,
		    &until) != 0)
			st = error_set(err, STATUS_IO, "no place among the %d "
			    "calls in flight", r->in_flight);
	if (st == STATUS_OK && s->closed_until > clock_boot_ms(NULL))
		st = error_set(err, STATUS_IO, "failed %d times in a row; not "
		    "asked again for some seconds", s->failed);
	if (st == STATUS_OK)
		s->in_flight++;
	pthread_mutex_unlock(&remotes_lock);
	return st;
}

/* NULL: no memory. */
static CURL *
easy_take(struct remote *s)
{
	CURL *easy = NULL;

	pthread_mutex_lock(&remotes_lock);
	if (s->nidle > 0)
		easy = s->idle[--s->nidle];
	pthread_mutex_unlock(&remotes_lock);
	return easy == NULL ? curl_easy_init() : easy;
}

static void
remote_leave(struct remote *s, CURL *easy, bool well)
{
	pthread_mutex_lock(&remotes_lock);
	if (easy != NULL)
		s->idle[s->nidle++] = easy;
	s->in_flight--;
	s->failed = well ? 0 : s->failed + 1;
	s->closed_until = s->failed >= HTTP_BREAK_AFTER ?
	    clock_boot_ms(NULL) + HTTP_BREAK_MS : 0;
	pthread_cond_broadcast(&remotes_changed);
	pthread_mutex_unlock(&remotes_lock);
}

static size_t
take_body(char *p, size_t size, size_t n, void *arg)
{
	struct buf *b = arg;

	if (b->n + size * n > HTTP_ANSWER_MAX)
		return 0;		/* ends the call */
	buf_add(b, p, size * n);
	return b->failed ? 0 : size * n;
}

static struct curl_slist *
headers_make(const struct guard_request *r)
{
	struct curl_slist *h, *more;
	struct buf line = BUF_INIT;
	const char *token;

	h = curl_slist_append(NULL, "Content-Type: application/json");
	token = r->token_env == NULL ? NULL : getenv(r->token_env);
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
easy_set(CURL *easy, const struct guard_request *r, struct curl_slist *headers,
    struct buf *answer)
{
	http_easy_set(easy, r->url, r->proxy);
	(void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	(void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
	    (curl_off_t)r->body.n);
	(void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, r->body.p);
	(void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, r->timeout_ms);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, answer);
}

/* One call.  *again: it failed in a way that may pass. */
static enum status
call(CURL *easy, const struct guard_request *r, struct buf *answer, bool *again,
    struct error *err)
{
	struct curl_slist *headers = headers_make(r);
	enum status st = STATUS_OK;
	long code = 0;
	CURLcode rc;

	*again = false;
	buf_clear(answer);
	if (headers == NULL)
		return error_nomem(err);
	easy_set(easy, r, headers, answer);
	rc = curl_easy_perform(easy);
	(void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &code);
	if (rc == CURLE_WRITE_ERROR)
		st = error_set(err, STATUS_IO, "the answer is over 1 MiB");
	else if (rc != CURLE_OK) {
		*again = true;
		st = error_set(err, STATUS_IO, "%s", curl_easy_strerror(rc));
	} else if (code < 200 || code > 299) {
		*again = code == 429 || code >= 500;
		st = error_set(err, STATUS_IO, "HTTP status %ld", code);
	}
	curl_easy_reset(easy);		/* the connection stays */
	curl_slist_free_all(headers);
	return st;
}

/* Half of the doubled pause is by chance, so that many callers spread out. */
static void
pause_before(int retry)
{
	unsigned short chance = 0;
	struct error ignored = { 0 };
	long ms = PAUSE_MS << retry;
	struct timespec t;

	if (store_random(&chance, sizeof(chance), &ignored) != STATUS_OK)
		chance = 0;
	ms = ms / 2 + ms / 2 * chance / 65536;
	t = (struct timespec){ ms / 1000, ms % 1000 * 1000000 };
	(void)nanosleep(&t, NULL);
}

static enum status
http_post(void *arg, const struct guard_request *r, struct buf *answer,
    struct error *err)
{
	struct remote *s;
	enum status st;
	bool again;
	CURL *easy;
	int i;

	(void)arg;
	if ((st = http_library_load(err)) != STATUS_OK ||
	    (st = remote_enter(r, &s, err)) != STATUS_OK)
		return st;
	again = (easy = easy_take(s)) != NULL;
	if (easy == NULL)
		st = error_nomem(err);
	for (i = 0; again && i <= r->retries; i++) {
		if (i > 0)
			pause_before(i - 1);
		error_clear(err);
		st = call(easy, r, answer, &again, err);
	}
	remote_leave(s, easy, st == STATUS_OK);
	return st;
}

const struct guard_outside http_outside = { http_post, NULL };
