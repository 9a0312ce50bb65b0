#include "queue/loop/run_results.h"

#include <math.h>

#include "db/query.h"

#define NAMES_MAX	64	/* of checks, each kept once */

static double
known(double v)
{
	return isnan(v) ? -1 : v;
}

static bool
result_fill(struct query *q, struct result *r, struct arena *a)
{
	const struct kept_text texts[] = {
		{ RESULTS_CASE_ID, &r->id }, { RESULTS_ERROR, &r->error },
		{ RESULTS_ITEM, &r->item }
	};
	struct slice sha = query_blob(q, RESULTS_OUTPUT_SHA256);

	r->repeat = (int)query_int(q, RESULTS_REPEAT);
	r->pass = query_int(q, RESULTS_PASS) != 0;
	r->score = known(query_double(q, RESULTS_SCORE));
	r->input_tokens = query_int_or(q, RESULTS_INPUT_TOKENS, -1);
	r->output_tokens = query_int_or(q, RESULTS_OUTPUT_TOKENS, -1);
	r->cost_usd = known(query_double(q, RESULTS_COST_USD));
	r->latency_ms = known(query_double(q, RESULTS_LATENCY_MS));
	if (sha.n == HASH_LEN)
		memcpy(r->output_sha256.b, sha.p, HASH_LEN);
	return query_keep_all(q, texts, sizeof(texts) / sizeof(texts[0]), a);
}

/* Names of checks come again and again. */
struct check_names {
	struct slice	v[NAMES_MAX];
	size_t		n;
};

static bool
name_keep(struct check_names *names, struct slice name, struct arena *a,
    struct slice *out)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		if (slice_eq(names->v[i], name)) {
			*out = names->v[i];
			return true;
		}
	*out = (struct slice){ arena_str(a, name), name.n };
	if (out->p != NULL && names->n < NAMES_MAX)
		names->v[names->n++] = *out;
	return out->p != NULL;
}

/* Of one result, its rows come together. */
static enum status
checks_read(struct store *store, int64_t run, struct results *r,
    struct error *err)
{
	struct check_names names = { .n = 0 };
	struct check_result *c = NULL, *v;
	struct result *of;
	struct query *q;
	enum status st;
	size_t n, cap = 0, used = 0;
	bool row;

	if ((st = query_get(&q, store, QUERY_RESULT_CHECKS, err)) != STATUS_OK)
		return st;
	query_bind_int(q, OF_RUN_run, run);
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		n = (size_t)query_int(q, RESULT_CHECKS_N);
		if (n >= r->n)
			continue;
		of = &r->v[n];
		if (used == cap) {
			/* What is begun goes along, so that it stays in one piece. */
			cap = 1024 + of->nchecks;
			v = arena_alloc(&r->arena, cap * sizeof(*v));
			if (v == NULL) {
				st = error_nomem(err);
				break;
			}
			if (of->nchecks > 0)
				memcpy(v, of->checks, of->nchecks *
				    sizeof(*v));
			of->checks = c = v;
			used = of->nchecks;
		}
		if (of->nchecks == 0)
			of->checks = c + used;
		v = &c[used++];
		of->nchecks++;
		*v = (struct check_result){
		    .state = (enum check_state)(query_int(q,
		    RESULT_CHECKS_STATE) & 3), .weight = 1,
		    .score = known(query_double(q, RESULT_CHECKS_SCORE)) };
		if (!name_keep(&names, query_text(q, RESULT_CHECKS_NAME),
		    &r->arena, &v->name) || !query_keep(q,
		    RESULT_CHECKS_REASON, &r->arena, &v->reason)) {
			st = error_nomem(err);
			break;
		}
	}
	query_done(q);
	return st;
}

enum status
run_results(struct session *s, int64_t run, struct results *r,
    struct error *err)
{
	struct result *one;
	struct query *q;
	enum status st;
	bool row;

	if ((st = query_get(&q, s->store, QUERY_RESULTS, err)) != STATUS_OK)
		return st;
	query_bind_int(q, OF_RUN_run, run);
	while ((st = query_step(q, &row, err)) == STATUS_OK && row)
		if ((one = results_add(r)) == NULL ||
		    !result_fill(q, one, &r->arena)) {
			st = error_nomem(err);
			break;
		}
	query_done(q);
	return st == STATUS_OK ? checks_read(s->store, run, r, err) : st;
}

enum status
run_text(struct session *s, int64_t run, size_t n, struct arena *a,
    struct slice *out, struct error *err)
{
	struct query *q;
	enum status st;

	*out = SLICE_NONE;
	if ((st = query_get(&q, s->store, QUERY_RESULT_TEXT, err)) != STATUS_OK)
		return st;
	query_bind_int(q, RESULT_TEXT_run, run);
	query_bind_int(q, RESULT_TEXT_n, (int64_t)n);
	st = query_row(q, err);
	if (st == STATUS_OK && !query_keep(q, RESULT_TEXT_OUTPUT, a, out))
		st = error_nomem(err);
	query_done(q);
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}
