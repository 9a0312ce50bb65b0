#include "queue/serve/budget.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "db/query.h"

struct budget {
	struct budget	*next;
	char		*key;
	struct span {
		char	name[SPAN_LEN];
		int64_t	tokens;
		double	usd;
	}		 day, month;
};

struct budgets {
	struct budget	*first;
};

struct budgets *
budgets_new(void)
{
	return calloc(1, sizeof(struct budgets));
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

static void
spans_name(int64_t now_ms, struct reservation *r)
{
	time_t t = (time_t)(now_ms / 1000);
	struct tm tm;

	(void)gmtime_r(&t, &tm);
	(void)strftime(r->day, sizeof(r->day), "%Y-%m-%d", &tm);
	(void)strftime(r->month, sizeof(r->month), "%Y-%m", &tm);
}

enum status
budget_reserve(struct budgets *b, struct store *reads,
    const struct service_key *key, int64_t tokens, double usd, int64_t now_ms,
    struct reservation *r, struct error *err)
{
	struct budget *k = NULL;
	enum status st;

	*r = (struct reservation){ .tokens = tokens, .usd = usd };
	spans_name(now_ms, r);
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
		return error_set(err, STATUS_DENIED, "the key %s has spent its "
		    "tokens of the day; the next one begins at 00:00 UTC",
		    key->name);
	if (key->usd_month >= 0 && k->month.usd + usd > key->usd_month)
		return error_set(err, STATUS_DENIED, "the key %s has spent its "
		    "budget of the month (UTC)", key->name);
	k->day.tokens += tokens;
	k->month.usd += usd;
	return STATUS_OK;
}

void
budget_settle(struct budgets *b, const struct service_key *key,
    const struct reservation *r, int64_t tokens, double usd)
{
	struct budget *k = budget_find(b, key->name);

	if (k == NULL)
		return;
	if (strcmp(k->day.name, r->day) == 0)
		k->day.tokens += tokens - r->tokens;
	if (strcmp(k->month.name, r->month) == 0)
		k->month.usd += usd - r->usd;
}

static enum status
span_add(struct store *store, const char *key, const char *span,
    int64_t tokens, double usd, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, store, QUERY_SPEND_ADD, err)) != STATUS_OK)
		return st;
	query_bind_text(q, SPEND_ADD_key, slice_of(key));
	query_bind_text(q, SPEND_ADD_span, slice_of(span));
	query_bind_int(q, SPEND_ADD_tokens, tokens);
	query_bind_double(q, SPEND_ADD_usd, usd);
	return query_run(q, err);
}

enum status
budget_store(struct store *store, const char *key, const struct reservation *r,
    int64_t tokens, double usd, struct error *err)
{
	enum status st = span_add(store, key, r->day, tokens, usd, err);

	return st != STATUS_OK ? st :
	    span_add(store, key, r->month, tokens, usd, err);
}
