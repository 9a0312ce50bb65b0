#include "queue/loop/ask.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/query.h"
#include "db/write.h"
#include "queue/http_many.h"

/* A question on its way. */
struct ask_under_way {
	struct ask_under_way *next, **prev;	/* of those in flight; prev NULL: none */
	struct ask	 ask;
	size_t		 at;
	struct hash	 key;
};

struct ask_state {
	struct ask_run	*o;
	struct hasher	*hasher;
	size_t		 next;
	size_t		 flying;
	struct ask_under_way *first;	/* in flight */
	double		 dearest;	/* answer by now; NAN: none */
	bool		 over;		/* more would cost too much */
};

void
ask_release(struct ask *a)
{
	buf_release(&a->body);
	arena_release(&a->arena);
	*a = (struct ask){ .body = BUF_INIT };
}

static void
asked_free(struct ask_under_way *a)
{
	if (a == NULL)
		return;
	if (a->prev != NULL && (*a->prev = a->next) != NULL)
		a->next->prev = a->prev;
	ask_release(&a->ask);
	free(a);
}

static void
tell(const struct ask_state *r)
{
	if (r->o->tell != NULL)
		r->o->tell(r->o->tell_arg, r->o->progress);
}

/* Where it is asked: another base may stand in the environment. */
static enum status
url_make(struct ask *a, struct error *err)
{
	const struct suite_endpoint *e = a->endpoint;
	const char *base = e->base_env == NULL ? NULL : getenv(e->base_env);

	if (a->url == NULL)
		a->url = base == NULL || base[0] == '\0' ? e->url : arena_printf(
		    &a->arena, "%s%s", base, e->base_path == NULL ?
		    "/chat/completions" : e->base_path).p;
	return a->url == NULL ? error_nomem(err) : STATUS_OK;
}

/* A suite that names a variable means it; promptfoo's providers do by default. */
static enum status
headers_make(struct ask *a, struct error *err)
{
	const struct suite_endpoint *e = a->endpoint;
	const char *token = e->token_env == NULL ? NULL : getenv(e->token_env);
	size_t n = 0;

	if (e->token_env != NULL && e->base_env == NULL && token == NULL &&
	    !e->token_optional)
		return error_set(err, STATUS_INVALID, "endpoint \"%s\": %s: the "
		    "variable is not set", e->name, e->token_env);
	while (n < HTTP_CALL_HEADERS && a->headers[n] != NULL)
		n++;
	if (a->method == NULL)
		a->headers[n++] = "Content-Type: application/json";
	if (token == NULL)
		return STATUS_OK;
	a->headers[n] = arena_printf(&a->arena, "Authorization: Bearer %s",
	    token).p;
	return a->headers[n] == NULL ? error_nomem(err) : STATUS_OK;
}

static void
key_make(struct ask_state *r, struct ask_under_way *a)
{
	char repeat[24];
	const struct slice parts[] = {
		slice_of(a->ask.url), { "", 1 }, buf_slice(&a->ask.body),
		{ "", 1 }, { repeat, (size_t)snprintf(repeat, sizeof(repeat),
		    "%d", a->ask.repeat) }, a->ask.other
	};

	hash_parts(r->hasher, parts, a->ask.other.p == NULL ? 5 : 6, &a->key);
}

static enum status
cache_find(struct ask_state *r, const struct ask_under_way *a, struct arena *arena,
    struct ask_answer *out, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, r->o->session->store, QUERY_CACHE_GET, err)) !=
	    STATUS_OK)
		return st;
	query_bind_blob(q, CACHE_GET_key, (struct slice){
	    (const char *)a->key.b, HASH_LEN });
	query_bind_int(q, CACHE_GET_since, r->o->since_ms);
	if ((st = query_row(q, err)) == STATUS_OK) {
		out->cached = true;
		out->latency_ms = query_double(q, CACHE_GET_LATENCY_MS);
		if (!query_keep(q, CACHE_GET_ANSWER, arena, &out->body))
			st = error_nomem(err);
	}
	query_done(q);
	return st;
}

struct caching {
	struct ask_state	*r;
	const struct ask_under_way *a;
	const struct http_many_answer *answer;
};

static enum status
cache_write(void *arg, struct error *err)
{
	const struct caching *c = arg;
	struct store *store = c->r->o->session->store;
	struct query *q;
	enum status st;

	if ((st = query_get(&q, store, QUERY_CACHE_PUT, err)) != STATUS_OK)
		return st;
	query_bind_blob(q, CACHE_PUT_key, (struct slice){
	    (const char *)c->a->key.b, HASH_LEN });
	query_bind_int(q, CACHE_PUT_ts_ms, store_now_ms(store));
	query_bind_double(q, CACHE_PUT_latency_ms, c->answer->latency_ms);
	query_bind_text(q, CACHE_PUT_answer, c->answer->body);
	return query_run(q, err);
}

static enum status
answered(struct ask_state *r, size_t at, const struct ask_answer *a,
    struct error *err)
{
	struct ask_progress *p = r->o->progress;
	double usd = NAN;
	enum status st = r->o->done(r->o->arg, at, a, &usd, err);

	p->done++;
	p->cached += a->cached;
	p->failed += a->why != NULL;
	if (!a->cached && a->why == NULL) {
		if (isnan(usd) && !isnan(r->o->max_usd) && st == STATUS_OK)
			return error_set(err, STATUS_INVALID, "--max-usd: what "
			    "an answer costs is not known: give the endpoint "
			    "usd_in and usd_out");
		if (!isnan(usd)) {
			p->usd += usd;
			if (isnan(r->dearest) || usd > r->dearest)
				r->dearest = usd;
		}
	}
	tell(r);
	return st;
}

/* Would one more cost too much?  The first goes alone, to see what one costs. */
static bool
too_dear(struct ask_state *r, bool *wait)
{
	const struct ask_run *o = r->o;

	*wait = false;
	if (isnan(o->max_usd))
		return false;
	if (isnan(r->dearest)) {
		*wait = r->flying > 0;
		return o->progress->usd >= o->max_usd;
	}
	return o->progress->usd + (double)(r->flying + 1) * r->dearest >
	    o->max_usd;
}

static enum status
asked_make(struct ask_state *r, struct ask_under_way **out, struct error *err)
{
	struct ask_under_way *a = calloc(1, sizeof(*a));
	enum status st;

	*out = a;
	if (a == NULL)
		return error_nomem(err);
	a->at = r->next;
	if ((st = r->o->make(r->o->arg, r->next, &a->ask, err)) != STATUS_OK ||
	    (st = buf_check(&a->ask.body, err)) != STATUS_OK ||
	    (st = url_make(&a->ask, err)) != STATUS_OK)
		return st;
	key_make(r, a);
	return STATUS_OK;
}

static enum status
call_fill(struct http_many_call *call, struct ask_under_way *a, struct error *err)
{
	const struct suite_endpoint *e = a->ask.endpoint;
	enum status st;

	if ((st = headers_make(&a->ask, err)) != STATUS_OK)
		return st;
	*call = (struct http_many_call){ .url = a->ask.url,
	    .method = a->ask.method, .proxy = e->proxy,
	    .body = buf_slice(&a->ask.body), .timeout_ms = e->timeout_ms,
	    .retries = e->retries, .arg = a };
	memcpy(call->headers, a->ask.headers, sizeof(call->headers));
	return STATUS_OK;
}

static bool
is_flying(const struct ask_state *r, const struct ask_under_way *a)
{
	const struct ask_under_way *f;

	for (f = r->first; f != NULL; f = f->next)
		if (memcmp(f->key.b, a->key.b, HASH_LEN) == 0)
			return true;
	return false;
}

static void
fly(struct ask_state *r, struct ask_under_way *a)
{
	if ((a->next = r->first) != NULL)
		a->next->prev = &a->next;
	a->prev = &r->first;
	r->first = a;
	r->flying++;
}

static enum status
call_next(void *arg, struct http_many_call *call, bool *more, struct error *err)
{
	struct ask_state *r = arg;
	struct ask_answer kept;
	struct arena arena = ARENA_INIT;
	struct ask_under_way *a = NULL;
	enum status st = STATUS_OK;
	bool wait;

	*more = false;
	while (st == STATUS_OK && !*more && r->next < r->o->n && !r->over) {
		if (r->o->stop != NULL && *r->o->stop) {
			st = STATUS_INTERRUPTED;
			break;
		}
		kept = (struct ask_answer){ .cached = false };
		arena_reset(&arena);
		if ((st = asked_make(r, &a, err)) != STATUS_OK)
			break;
		st = cache_find(r, a, &arena, &kept, err);
		if (st == STATUS_OK) {
			r->next++;
			st = answered(r, a->at, &kept, err);
		} else if (st == STATUS_NOT_FOUND) {
			st = STATUS_OK;
			/* The same question waits for the answer to the first. */
			if (is_flying(r, a))
				break;
			r->over = too_dear(r, &wait);
			if (wait || r->over)
				break;
			if ((st = call_fill(call, a, err)) != STATUS_OK)
				break;
			fly(r, a);
			a = NULL;	/* call_done() frees it */
			r->next++;
			*more = true;
		}
		asked_free(a);
		a = NULL;
	}
	asked_free(a);
	arena_release(&arena);
	return st;
}

static enum status
call_done(void *arg, const struct http_many_call *call, const struct http_many_answer *h,
    struct error *err)
{
	struct ask_state *r = arg;
	struct ask_under_way *a = call->arg;
	struct caching c = { r, a, h };
	struct ask_answer answer = { h->body, h->why, h->latency_ms, false };
	enum status st = STATUS_OK;

	r->flying--;
	if (h->why == NULL)
		st = store_write(r->o->session->store, DURABLE_LATER,
		    cache_write, &c, err);
	if (st == STATUS_OK)
		st = answered(r, a->at, &answer, err);
	asked_free(a);
	return st;
}

static void
call_drop(void *arg, const struct http_many_call *call)
{
	(void)arg;
	asked_free(call->arg);
}

enum status
ask_run(struct ask_run *o, struct error *err)
{
	struct ask_state r = { .o = o, .dearest = NAN };
	struct http_many calls = { .in_flight = 1, .next = call_next,
	    .done = call_done, .drop = call_drop, .arg = &r, .stop = o->stop };
	struct ask first = { .body = BUF_INIT };
	enum status st;

	o->progress->of += o->n;
	if (o->n == 0)
		return STATUS_OK;
	if ((st = hasher_new(&r.hasher, err)) != STATUS_OK)
		return st;
	/* The first says to whom they go, and so how many at once. */
	if ((st = o->make(o->arg, 0, &first, err)) == STATUS_OK) {
		calls.in_flight = first.endpoint->in_flight;
		st = http_many_run(&calls, err);
	}
	ask_release(&first);
	hasher_free(r.hasher);
	if (st == STATUS_OK && r.over)
		st = error_set(err, STATUS_LIMIT, "stopped before --max-usd %g: "
		    "%g USD spent, %zu of %zu answered; --resume goes on",
		    o->max_usd, o->progress->usd, o->progress->done,
		    o->progress->of);
	return st;
}
