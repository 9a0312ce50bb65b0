#include "queue/serve/budget.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "db/query.h"
#include "db/write.h"

#define MORE_TIMES	16	/* what a call sets aside, as an allowance */
#define BACK_MS		60000	/* a clock that goes back by more was set */

struct budget {
	struct budget	*next;
	char		*key;
	struct span {
		char	name[SPAN_LEN];
		int64_t	tokens;
		double	usd;
	}		 day, month;
	struct span	 allow_day, allow_month;	/* tokens; USD */
	bool		 asking;	/* more is on its way to the store */
};

struct budgets {
	pthread_mutex_t	 lock;		/* of all */
	struct budget	*first;
	int64_t		 now_ms;	/* the latest of those that were said */
	int64_t		 day_n;		/* since 1970, of the names; 0: none yet */
	char		 day[SPAN_LEN], month[SPAN_LEN];
};

struct budgets *
budgets_new(void)
{
	struct budgets *b = calloc(1, sizeof(*b));

	if (b != NULL)
		(void)pthread_mutex_init(&b->lock, NULL);
	return b;
}

void
budgets_free(struct budgets *b)
{
	struct budget *k;

	if (b == NULL)
		return;
	while ((k = b->first) != NULL) {
		b->first = k->next;
		free(k->key);
		free(k);
	}
	(void)pthread_mutex_destroy(&b->lock);
	free(b);
}

static struct budget *
budget_find(const struct budgets *b, const char *key)
{
	struct budget *k;

	for (k = b->first; k != NULL; k = k->next)
		if (strcmp(k->key, key) == 0)
			return k;
	return NULL;
}

static enum status
budget_get(struct budgets *b, const char *key, struct budget **out,
    struct error *err)
{
	struct budget *k = budget_find(b, key);

	if (k == NULL) {
		if ((k = calloc(1, sizeof(*k))) == NULL ||
		    (k->key = strdup(key)) == NULL) {
			free(k);
			return error_nomem(err);
		}
		k->next = b->first;
		b->first = k;
	}
	*out = k;
	return STATUS_OK;
}

/* The span as the store has it, where another one was looked at before. */
static enum status
span_read(struct store *store, const char *key, const char *name,
    struct span *s, struct error *err)
{
	struct query *q;
	enum status st;

	if (strcmp(s->name, name) == 0)
		return STATUS_OK;
	if ((st = query_get(&q, store, QUERY_SPEND_OF, err)) != STATUS_OK)
		return st;
	query_bind_text(q, SPEND_OF_key, slice_of(key));
	query_bind_text(q, SPEND_OF_span, slice_of(name));
	st = query_row(q, err);
	if (st == STATUS_OK || (st == STATUS_NOT_FOUND &&
	    err->code == STATUS_OK)) {
		s->tokens = st == STATUS_OK ? query_int(q, SPEND_OF_TOKENS) : 0;
		s->usd = st == STATUS_OK ? query_double(q, SPEND_OF_USD) : 0;
		(void)snprintf(s->name, sizeof(s->name), "%s", name);
		st = STATUS_OK;
	}
	query_done(q);
	return st;
}

/* Asked with every call, and new once a day. */
static void
spans_name(struct budgets *b, int64_t now_ms, struct reservation *r)
{
	time_t t = (time_t)(now_ms / 1000);
	struct tm tm;

	if (b->day_n == 0 || b->day_n != now_ms / 86400000) {
		b->day_n = now_ms / 86400000;
		(void)gmtime_r(&t, &tm);
		(void)strftime(b->day, sizeof(b->day), "%Y-%m-%d", &tm);
		(void)strftime(b->month, sizeof(b->month), "%Y-%m", &tm);
	}
	memcpy(r->day, b->day, SPAN_LEN);
	memcpy(r->month, b->month, SPAN_LEN);
}

/* Where something is left, fewer tokens may do. */
static enum status
tokens_over(const struct service_key *key, int64_t tokens, int64_t spent,
    struct error *err)
{
	if ((uint64_t)spent >= key->tokens_day)
		return error_set(err, STATUS_DENIED, "the key %s has spent its "
		    "tokens of the day; the next one begins at 00:00 UTC",
		    key->name);
	return error_set(err, STATUS_DENIED, "the request may take %lld tokens, "
	    "and the key %s has %lld of its day left: ask for fewer, or after "
	    "00:00 UTC", (long long)tokens, key->name,
	    (long long)key->tokens_day - (long long)spent);
}

static enum status
usd_over(const struct service_key *key, double usd, double spent,
    struct error *err)
{
	if (spent >= key->usd_month)
		return error_set(err, STATUS_DENIED, "the key %s has spent its "
		    "budget of the month (UTC)", key->name);
	return error_set(err, STATUS_DENIED, "the request may cost %.4f USD, and "
	    "the key %s has %.4f of its month (UTC) left: ask for fewer tokens",
	    usd, key->name, key->usd_month - spent);
}

static enum status
key_reserve(struct budgets *b, struct store *reads, const struct service_key *key,
    struct reservation *r, struct error *err)
{
	const int64_t tokens = r->tokens;
	struct budget *k = NULL;
	enum status st;

	if (key->request_tokens > 0 && (uint64_t)tokens > key->request_tokens)
		return error_set(err, STATUS_DENIED, "the request may take %lld "
		    "tokens, and the key %s may spend %llu on one: ask for "
		    "fewer", (long long)tokens, key->name,
		    (unsigned long long)key->request_tokens);
	if ((st = budget_get(b, key->name, &k, err)) != STATUS_OK ||
	    (st = span_read(reads, key->name, r->day, &k->day, err)) !=
	    STATUS_OK ||
	    (st = span_read(reads, key->name, r->month, &k->month, err)) !=
	    STATUS_OK)
		return st;
	if (key->tokens_day > 0 &&
	    (uint64_t)(k->day.tokens + tokens) > key->tokens_day)
		return tokens_over(key, tokens, k->day.tokens, err);
	if (key->usd_month >= 0 && k->month.usd + r->usd > key->usd_month)
		return usd_over(key, r->usd, k->month.usd, err);
	k->day.tokens += tokens;
	k->month.usd += r->usd;
	return STATUS_OK;
}

enum status
budget_reserve(struct budgets *b, struct store *reads,
    const struct service_key *key, int64_t tokens, double usd, int64_t now_ms,
    struct reservation *r, struct error *err)
{
	enum status st;

	*r = (struct reservation){ .tokens = tokens, .usd = usd };
	(void)pthread_mutex_lock(&b->lock);
	/* Who looked at the clock first need not be the first here: a day that has
	 * begun does not end again. */
	if (now_ms > b->now_ms || b->now_ms - now_ms > BACK_MS)
		b->now_ms = now_ms;
	spans_name(b, b->now_ms, r);
	st = key_reserve(b, reads, key, r, err);
	(void)pthread_mutex_unlock(&b->lock);
	return st;
}

static void
key_settle(struct budget *k, const struct reservation *r, int64_t tokens,
    double usd)
{
	if (strcmp(k->day.name, r->day) == 0)
		k->day.tokens += tokens - r->tokens;
	if (strcmp(k->month.name, r->month) == 0)
		k->month.usd += usd - r->usd;
	if (!r->allowed)
		return;
	/* What is over it has been stored. */
	if (strcmp(k->allow_day.name, r->day) == 0 && tokens < r->tokens)
		k->allow_day.tokens += r->tokens - tokens;
	if (strcmp(k->allow_month.name, r->month) == 0 && usd < r->usd)
		k->allow_month.usd += r->usd - usd;
}

void
budget_settle(struct budgets *b, const struct service_key *key,
    const struct reservation *r, int64_t tokens, double usd)
{
	struct budget *k;

	(void)pthread_mutex_lock(&b->lock);
	if ((k = budget_find(b, key->name)) != NULL)
		key_settle(k, r, tokens, usd);
	(void)pthread_mutex_unlock(&b->lock);
}

/* Another day or month begins with nothing. */
static void
allow_span(struct span *s, const char *name)
{
	if (strcmp(s->name, name) == 0)
		return;
	*s = (struct span){ .tokens = 0 };
	(void)snprintf(s->name, sizeof(s->name), "%s", name);
}

/* As much again several times, as far as the key may still spend it. */
static void
more_find(const struct budget *k, const struct service_key *key,
    struct reservation *r)
{
	int64_t left = (int64_t)key->tokens_day - k->day.tokens -
	    k->allow_day.tokens;
	double usd = key->usd_month - k->month.usd - k->allow_month.usd;

	r->more_tokens = r->tokens * MORE_TIMES;
	r->more_usd = r->usd * MORE_TIMES;
	if (key->tokens_day > 0 && r->more_tokens > left)
		r->more_tokens = left > 0 ? left : 0;
	if (key->usd_month >= 0 && r->more_usd > usd)
		r->more_usd = usd > 0 ? usd : 0;
	r->more = true;
}

bool
budget_limits(const struct service_key *key)
{
	return key->tokens_day > 0 || key->usd_month >= 0;
}

static bool
key_allow(struct budget *k, const struct service_key *key, struct reservation *r)
{
	allow_span(&k->allow_day, r->day);
	allow_span(&k->allow_month, r->month);
	if (k->allow_day.tokens >= r->tokens && k->allow_month.usd >= r->usd) {
		k->allow_day.tokens -= r->tokens;
		k->allow_month.usd -= r->usd;
		return r->allowed = true;
	}
	if (!k->asking)
		more_find(k, key, r);
	k->asking |= r->more;
	return false;
}

bool
budget_allow(struct budgets *b, const struct service_key *key,
    struct reservation *r)
{
	struct budget *k;
	bool allowed;

	if (!budget_limits(key))
		return true;		/* it may spend what it likes */
	(void)pthread_mutex_lock(&b->lock);
	allowed = (k = budget_find(b, key->name)) != NULL && key_allow(k, key, r);
	(void)pthread_mutex_unlock(&b->lock);
	return allowed;
}

static void
key_allowed(struct budget *k, const struct reservation *r, bool stored)
{
	k->asking = false;
	if (stored && strcmp(k->allow_day.name, r->day) == 0)
		k->allow_day.tokens += r->more_tokens;
	if (stored && strcmp(k->allow_month.name, r->month) == 0)
		k->allow_month.usd += r->more_usd;
}

void
budget_allowed(struct budgets *b, const struct service_key *key,
    struct reservation *r, bool stored)
{
	struct budget *k;

	if (!r->more)
		return;
	r->more = false;
	(void)pthread_mutex_lock(&b->lock);
	if ((k = budget_find(b, key->name)) != NULL)
		key_allowed(k, r, stored);
	(void)pthread_mutex_unlock(&b->lock);
}

static enum status
spend_write(struct store *store, const struct spend *s, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, store, QUERY_SPEND_ADD, err)) != STATUS_OK)
		return st;
	query_bind_text(q, SPEND_ADD_key, slice_of(s->key));
	query_bind_text(q, SPEND_ADD_span, slice_of(s->span));
	query_bind_int(q, SPEND_ADD_tokens, s->tokens);
	query_bind_double(q, SPEND_ADD_usd, s->usd);
	return query_run(q, err);
}

enum status
spends_store(struct spends *all, struct store *store, struct error *err)
{
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < all->n && st == STATUS_OK; i++)
		st = spend_write(store, &all->v[i], err);
	all->n = 0;
	return st;
}

static enum status
span_add(struct spends *all, struct store *store, const char *key,
    const char *span, int64_t tokens, double usd, struct error *err)
{
	enum status st;
	size_t i;

	for (i = 0; i < all->n; i++)
		if (strcmp(all->v[i].key, key) == 0 &&
		    strcmp(all->v[i].span, span) == 0)
			break;
	if (i == SPENDS_MOST) {
		if ((st = spends_store(all, store, err)) != STATUS_OK)
			return st;
		i = 0;
	}
	if (i == all->n) {
		all->v[all->n] = (struct spend){ .key = key };
		memcpy(all->v[all->n++].span, span, SPAN_LEN);
	}
	all->v[i].tokens += tokens;
	all->v[i].usd += usd;
	return STATUS_OK;
}

enum status
spends_add(struct spends *all, struct store *store, const char *key,
    const struct reservation *r, int64_t tokens, double usd, struct error *err)
{
	enum status st = span_add(all, store, key, r->day, tokens, usd, err);

	return st != STATUS_OK ? st :
	    span_add(all, store, key, r->month, tokens, usd, err);
}

/* Both spans were given both. */
static enum status
allow_return(const struct budget *k, struct store *store, struct error *err)
{
	struct spends all = { .n = 0 };
	struct reservation r;
	enum status st;

	memcpy(r.day, k->allow_day.name, SPAN_LEN);
	memcpy(r.month, k->allow_month.name, SPAN_LEN);
	if (k->allow_day.tokens == 0 && k->allow_month.usd == 0)
		return STATUS_OK;
	st = spends_add(&all, store, k->key, &r, -k->allow_day.tokens,
	    -k->allow_month.usd, err);
	return st == STATUS_OK ? spends_store(&all, store, err) : st;
}

struct returning {
	struct budgets	*budgets;
	struct store	*store;
};

static enum status
all_return(void *arg, struct error *err)
{
	const struct returning *x = arg;
	const struct budget *k;
	enum status st = STATUS_OK;

	for (k = x->budgets->first; k != NULL && st == STATUS_OK; k = k->next)
		st = allow_return(k, x->store, err);
	return st;
}

enum status
budgets_return(struct budgets *b, struct store *store, struct error *err)
{
	struct returning x = { b, store };
	const struct budget *k;

	for (k = b->first; k != NULL; k = k->next)
		if (k->allow_day.tokens != 0 || k->allow_month.usd != 0)
			return store_write(store, DURABLE_NOW, all_return, &x,
			    err);
	return STATUS_OK;
}
