#include "db/audit/verify_eval.h"

#include <math.h>

#include "core/json/value.h"
#include "core/suite/result.h"
#include "db/audit/bound.h"

/* What the leaf says of a run, under names that no other leaf has. */
static bool
leaf_number(const struct verify *v, const char *key, int64_t *out)
{
	uint32_t t = json_get(v->leaf.json, 0, key);

	return t != JSON_NONE && json_int64(v->leaf.json, t, out);
}

static bool
leaf_says(const struct verify *v, const char *key, struct slice want)
{
	uint32_t t = json_get(v->leaf.json, 0, key);

	if (t == JSON_NONE || json_kind(v->leaf.json, t) == TOKEN_NULL)
		return t != JSON_NONE && want.p == NULL;
	return json_kind(v->leaf.json, t) == TOKEN_STRING && slice_eq(
	    json_text(v->leaf.json, t, v->leaf.arena), want);
}

static bool
leaf_counts(const struct verify *v, const char *key, int64_t want)
{
	int64_t n;

	return leaf_number(v, key, &n) && n == want;
}

static double
known(double v)
{
	return isnan(v) ? -1 : v;
}

static void
hash_or_zeros(struct hash *h, struct slice b)
{
	memset(h, 0, sizeof(*h));
	if (b.n == HASH_LEN)
		memcpy(h->b, b.p, HASH_LEN);
}

static void
result_read(struct query *q, struct result *r)
{
	*r = (struct result){ .id = query_text(q, RESULTS_CASE_ID),
	    .repeat = (int)query_int(q, RESULTS_REPEAT),
	    .pass = query_int(q, RESULTS_PASS) != 0,
	    .error = query_text(q, RESULTS_ERROR),
	    .item = query_text(q, RESULTS_ITEM),
	    .score = known(query_double(q, RESULTS_SCORE)),
	    .input_tokens = query_int_or(q, RESULTS_INPUT_TOKENS, -1),
	    .output_tokens = query_int_or(q, RESULTS_OUTPUT_TOKENS, -1),
	    .cost_usd = known(query_double(q, RESULTS_COST_USD)),
	    .latency_ms = known(query_double(q, RESULTS_LATENCY_MS)) };
	hash_or_zeros(&r->output_sha256, query_blob(q, RESULTS_OUTPUT_SHA256));
}

/* The checks of result n; `checks` stands on its first, or behind it. */
struct check_cursor {
	struct query	*q;
	struct check_result *v;
	size_t		 n, cap;
	bool		 row;
};

static enum status
checks_of(struct check_cursor *c, int64_t n, struct arena *a, struct error *err)
{
	struct check_result *v;
	enum status st = STATUS_OK;
	size_t cap;

	for (c->n = 0; st == STATUS_OK && c->row &&
	    query_int(c->q, RESULT_CHECKS_N) == n;) {
		if (c->n == c->cap) {
			cap = c->cap == 0 ? 16 : c->cap * 2;
			if ((v = arena_alloc(a, cap * sizeof(*v))) == NULL)
				return error_nomem(err);
			if (c->n > 0)
				memcpy(v, c->v, c->n * sizeof(*v));
			c->v = v;
			c->cap = cap;
		}
		c->v[c->n] = (struct check_result){ .state = (enum check_state)
		    (query_int(c->q, RESULT_CHECKS_STATE) & 3),
		    .score = known(query_double(c->q, RESULT_CHECKS_SCORE)) };
		if (!query_keep(c->q, RESULT_CHECKS_NAME, a,
		    &c->v[c->n++].name))
			return error_nomem(err);
		st = query_step(c->q, &c->row, err);
	}
	return st;
}

/* The lines of a run, again, from its rows. */
static enum status
lines_make(struct verify *v, int64_t run, struct buf *lines, struct error *err)
{
	struct arena a = ARENA_INIT;
	struct check_cursor c = { .n = 0 };
	struct result r;
	struct query *q;
	enum status st;
	bool row;

	if ((st = query_get(&c.q, v->store, QUERY_RESULT_CHECKS, err)) !=
	    STATUS_OK || (st = query_get(&q, v->store, QUERY_RESULTS, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(c.q, OF_RUN_run, run);
	query_bind_int(q, OF_RUN_run, run);
	st = query_step(c.q, &c.row, err);
	while (st == STATUS_OK && (st = query_step(q, &row, err)) ==
	    STATUS_OK && row) {
		arena_reset(&a);
		c.cap = 0;
		result_read(q, &r);
		if ((st = checks_of(&c, query_int(q, RESULTS_N), &a, err)) !=
		    STATUS_OK)
			break;
		r.checks = c.v;
		r.nchecks = c.n;
		result_line(lines, &r);
	}
	query_done(q);
	query_done(c.q);
	arena_release(&a);
	return st == STATUS_OK ? buf_check(lines, err) : st;
}

static bool
leaf_names(const struct verify *v, const char *key, const struct hash *h)
{
	struct hash said;

	return hash_from_hex(leaf_other_text(&v->leaf, key), &said) &&
	    hash_eq(h, &said);
}

static enum status
results_check(struct verify *v, int64_t run, struct error *err)
{
	struct buf lines = BUF_INIT;
	struct hash sum;
	enum status st = lines_make(v, run, &lines, err);

	if (st == STATUS_OK) {
		hash_bytes(v->chain.hasher, buf_slice(&lines), &sum);
		if (!leaf_names(v, "results_sha256", &sum))
			verify_problem(v, "run %lld: its results are not those "
			    "of leaf %lld", (long long)run, (long long)v->seq);
	}
	buf_release(&lines);
	return st;
}

/* Older leaves bind no more than the figures. */
static enum status
bound_check(struct verify *v, int64_t run, struct error *err)
{
	struct hash h;
	enum status st;

	if (v->leaf.at[LEAF_KEY_ROW] == JSON_NONE)
		return STATUS_OK;
	if ((st = bound_run(v->store, run, v->chain.hasher, &h, err)) == STATUS_OK &&
	    !leaf_names(v, "row_sha256", &h))
		verify_problem(v, "run %lld: its author, cases, cost or times are not those "
		    "that leaf %lld binds", (long long)run, (long long)v->seq);
	return st;
}

static enum status
texts_check(struct verify *v, int64_t run, struct error *err)
{
	struct query *q;
	struct slice text, sha;
	struct hash h;
	enum status st = query_get(&q, v->store, QUERY_AUDIT_RESULT_TEXTS, err);
	bool row;

	if (st != STATUS_OK)
		return st;
	query_bind_int(q, OF_RUN_run, run);
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		text = query_text(q, AUDIT_RESULT_TEXTS_OUTPUT);
		sha = query_blob(q, AUDIT_RESULT_TEXTS_OUTPUT_SHA256);
		hash_bytes(v->chain.hasher, text, &h);
		if (text.p == NULL || !slice_eq(sha, (struct slice){
		    (const char *)h.b, HASH_LEN }))
			verify_problem(v, "run %lld: the output of its result %lld "
			    "is not the one that was judged", (long long)run,
			    (long long)query_int(q, AUDIT_RESULT_TEXTS_N));
	}
	query_done(q);
	return st;
}

/* The files of its suite are there; that they are its is verify_policies_end()'s. */
static enum status
suite_check(struct verify *v, struct error *err)
{
	struct slice suite = leaf_other_text(&v->leaf, "suite");
	struct query *q;
	enum status st;

	if (suite.p == NULL)
		return STATUS_OK;
	if ((st = query_get(&q, v->store, QUERY_SUITE_KNOWN, err)) != STATUS_OK)
		return st;
	query_bind_text(q, SUITE_KNOWN_suite, suite);
	st = query_row(q, err);
	query_done(q);
	if (st != STATUS_NOT_FOUND)
		return st;
	verify_problem(v, "suite %.*s: its files are gone", SLICE_ARG(suite));
	return STATUS_OK;
}

static bool
run_same(const struct verify *v, struct query *q)
{
	struct hash sum;

	hash_or_zeros(&sum, query_blob(q, RUN_SHA256));
	return leaf_counts(v, "run", query_int(q, RUN_RUN)) &&
	    leaf_says(v, "name", query_text(q, RUN_NAME)) &&
	    leaf_says(v, "variant", query_text(q, RUN_VARIANT)) &&
	    leaf_says(v, "source", query_text(q, RUN_SOURCE)) &&
	    leaf_says(v, "suite", query_text(q, RUN_SUITE)) &&
	    leaf_says(v, "verdict", query_text(q, RUN_VERDICT)) &&
	    leaf_counts(v, "of", query_int(q, RUN_RESULTS)) &&
	    leaf_counts(v, "passed", query_int(q, RUN_PASSED)) &&
	    leaf_counts(v, "errors", query_int(q, RUN_ERRORS)) &&
	    leaf_names(v, "results_sha256", &sum) &&
	    v->leaf.ts_ms == query_int(q, RUN_ENDED_MS);
}

enum status
verify_eval(struct verify *v, struct error *err)
{
	struct query *q;
	enum status st;
	int64_t run;
	bool same;

	if ((st = query_get(&q, v->store, QUERY_AUDIT_RUN, err)) != STATUS_OK)
		return st;
	query_bind_int(q, AUDIT_RUN_seq, v->seq);
	if ((st = query_row(q, err)) == STATUS_NOT_FOUND) {
		query_done(q);
		verify_problem(v, "run of leaf %lld: missing",
		    (long long)v->seq);
		return STATUS_OK;
	}
	if (st != STATUS_OK) {
		query_done(q);
		return st;
	}
	run = query_int(q, RUN_RUN);
	same = run_same(v, q);
	query_done(q);
	if (!same)
		verify_problem(v, "run %lld: not what leaf %lld says",
		    (long long)run, (long long)v->seq);
	if ((st = results_check(v, run, err)) != STATUS_OK ||
	    (st = texts_check(v, run, err)) != STATUS_OK ||
	    (st = bound_check(v, run, err)) != STATUS_OK)
		return st;
	return suite_check(v, err);
}

enum status
verify_eval_label(struct verify *v, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, v->store, QUERY_AUDIT_RUN_LABEL, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(q, AUDIT_RUN_LABEL_seq, v->seq);
	st = query_row(q, err);
	if (st == STATUS_NOT_FOUND)
		verify_problem(v, "label of leaf %lld: missing",
		    (long long)v->seq);
	else if (st == STATUS_OK && (!leaf_says(v, "label", query_text(q,
	    AUDIT_RUN_LABEL_LABEL)) || !leaf_counts(v, "run", query_int(q,
	    AUDIT_RUN_LABEL_RUN))))
		verify_problem(v, "label of leaf %lld: not what the leaf says",
		    (long long)v->seq);
	query_done(q);
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

enum status
verify_evals_end(struct verify *v, struct error *err)
{
	struct query *q;
	enum status st;
	bool row;

	if ((st = query_get(&q, v->store, QUERY_AUDIT_RUNS_STRAY, err)) !=
	    STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row)
		verify_problem(v, "%.*s: no leaf stands for it", SLICE_ARG(
		    query_text(q, AUDIT_RUNS_STRAY_WHAT)));
	query_done(q);
	return st;
}
