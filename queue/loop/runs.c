#include "queue/loop/runs.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/utf8.h"
#include "db/audit/bound.h"
#include "db/query.h"
#include "db/write.h"

#define LABEL_MAX	64

/* As the store and the log have it. */
static struct slice
run_name(const char *name)
{
	return utf8_clip(slice_of(name), RUN_NAME_MAX);
}

struct beginning {
	struct session	*s;
	const struct run_begin *b;
	int64_t		*run;
};

static enum status
suite_keep(struct store *store, const struct suite *s, struct error *err)
{
	struct query *q;
	enum status st;
	size_t i;

	if ((st = query_get(&q, store, QUERY_SUITE_KNOWN, err)) != STATUS_OK)
		return st;
	query_bind_text(q, SUITE_KNOWN_suite, slice_of(s->id));
	st = query_row(q, err);
	query_done(q);
	for (i = 0; st == STATUS_NOT_FOUND && i < s->nfiles; i++) {
		if (query_get(&q, store, QUERY_SUITE_INSERT, err) != STATUS_OK)
			return err->code;
		query_bind_text(q, SUITE_INSERT_suite, slice_of(s->id));
		query_bind_int(q, SUITE_INSERT_n, (int64_t)i);
		query_bind_text(q, SUITE_INSERT_path, slice_of(s->files[i].path));
		query_bind_blob(q, SUITE_INSERT_bytes, s->files[i].bytes.n == 0 ?
		    SLICE("") : s->files[i].bytes);
		if (query_run(q, err) != STATUS_OK)
			return err->code;
	}
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

static enum status
begin_write(void *arg, struct error *err)
{
	struct beginning *x = arg;
	struct store *store = x->s->store;
	struct query *q;
	enum status st;

	if (x->b->suite != NULL &&
	    (st = suite_keep(store, x->b->suite, err)) != STATUS_OK)
		return st;
	if ((st = query_get(&q, store, QUERY_RUN_NEXT, err)) != STATUS_OK)
		return st;
	if ((st = query_row(q, err)) == STATUS_OK)
		*x->run = query_int(q, RUN_NEXT_RUN);
	query_done(q);
	if (st != STATUS_OK ||
	    (st = query_get(&q, store, QUERY_RUN_BEGIN, err)) != STATUS_OK)
		return st;
	query_bind_int(q, RUN_BEGIN_run, *x->run);
	query_bind_text(q, RUN_BEGIN_name, run_name(x->b->name));
	if (x->b->suite != NULL)
		query_bind_text(q, RUN_BEGIN_suite, slice_of(x->b->suite->id));
	query_bind_text(q, RUN_BEGIN_variant, run_name(x->b->variant));
	query_bind_text(q, RUN_BEGIN_source, slice_of(x->b->source));
	query_bind_text(q, RUN_BEGIN_by, slice_of(x->s->who.name));
	query_bind_int(q, RUN_BEGIN_started_ms, store_now_ms(store));
	if (x->b->since_ms > 0)
		query_bind_int(q, RUN_BEGIN_since_ms, x->b->since_ms);
	/* Nobody has a number that was not given out. */
	(void)store_own(store, *x->run);
	return query_run(q, err);
}

enum status
run_begin(struct session *s, const struct run_begin *b, int64_t *run,
    struct error *err)
{
	struct beginning x = { s, b, run };

	return store_write(s->store, DURABLE_LATER, begin_write, &x, err);
}

static enum status
drop_write(void *arg, struct error *err)
{
	const struct beginning *x = arg;
	struct query *q;
	enum status st;

	if ((st = query_get(&q, x->s->store, QUERY_RUN_DROP, err)) != STATUS_OK)
		return st;
	query_bind_int(q, RUN_DROP_run, *x->run);
	return query_run(q, err);
}

enum status
run_drop(struct session *s, int64_t run, struct error *err)
{
	struct beginning x = { s, NULL, &run };

	return store_write(s->store, DURABLE_LATER, drop_write, &x, err);
}

struct resuming {
	struct session	*s;
	const char	*suite, *variant;
	int64_t		*run, *since_ms;
};

/* Who writes sees no run that another has just ended. */
static enum status
resume_write(void *arg, struct error *err)
{
	const struct resuming *x = arg;
	bool row, mine = false, found = false;
	struct query *q;
	enum status st;

	if ((st = query_get(&q, x->s->store, QUERY_RUN_UNFINISHED, err)) !=
	    STATUS_OK)
		return st;
	query_bind_text(q, RUN_UNFINISHED_suite, slice_of(x->suite));
	query_bind_text(q, RUN_UNFINISHED_variant, run_name(x->variant));
	while (!mine && (st = query_step(q, &row, err)) == STATUS_OK && row) {
		found = true;
		*x->run = query_int(q, RUN_UNFINISHED_RUN);
		*x->since_ms = query_int_or(q, RUN_UNFINISHED_SINCE_MS, 0);
		mine = store_own(x->s->store, *x->run);
	}
	query_done(q);
	if (st != STATUS_OK || mine)
		return st;
	return found ? error_set(err, STATUS_BUSY, "--resume: run %lld is not "
	    "broken off: another process is at work on it",
	    (long long)*x->run) : STATUS_NOT_FOUND;
}

enum status
run_resume(struct session *s, const char *suite, const char *variant,
    int64_t *run, int64_t *since_ms, struct error *err)
{
	struct resuming x = { s, suite, variant, run, since_ms };

	return store_write(s->store, DURABLE_LATER, resume_write, &x, err);
}

struct ending {
	struct session	*s;
	const struct run_end *e;
	struct hasher	*hasher;
	struct hash	 sum, row;	/* of the lines; of what else is bound */
};

static void
bind_known(struct query *q, enum query_parameter p, double v)
{
	query_bind_double(q, p, v >= 0 ? v : NAN);
}

static void
bind_count(struct query *q, enum query_parameter p, int64_t v)
{
	if (v >= 0)
		query_bind_int(q, p, v);
}

static enum status
check_write(struct store *store, int64_t run, size_t n, size_t k,
    const struct check_result *c, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, store, QUERY_RESULT_CHECK_INSERT, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(q, RESULT_CHECK_INSERT_run, run);
	query_bind_int(q, RESULT_CHECK_INSERT_n, (int64_t)n);
	query_bind_int(q, RESULT_CHECK_INSERT_k, (int64_t)k);
	query_bind_text(q, RESULT_CHECK_INSERT_name, c->name);
	query_bind_int(q, RESULT_CHECK_INSERT_state, c->state);
	bind_known(q, RESULT_CHECK_INSERT_score, c->score);
	query_bind_text(q, RESULT_CHECK_INSERT_reason, c->reason);
	return query_run(q, err);
}

static enum status
text_write(struct store *store, int64_t run, size_t n, struct slice text,
    struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, store, QUERY_RESULT_TEXT_INSERT, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(q, RESULT_TEXT_INSERT_run, run);
	query_bind_int(q, RESULT_TEXT_INSERT_n, (int64_t)n);
	query_bind_text(q, RESULT_TEXT_INSERT_output, text);
	return query_run(q, err);
}

static enum status
result_write(struct store *store, int64_t run, size_t n, const struct result *r,
    struct error *err)
{
	struct query *q;
	enum status st;
	size_t k;

	if ((st = query_get(&q, store, QUERY_RESULT_INSERT, err)) != STATUS_OK)
		return st;
	query_bind_int(q, RESULT_INSERT_run, run);
	query_bind_int(q, RESULT_INSERT_n, (int64_t)n);
	query_bind_text(q, RESULT_INSERT_case_id, r->id);
	query_bind_int(q, RESULT_INSERT_repeat, r->repeat);
	query_bind_int(q, RESULT_INSERT_pass, r->pass);
	bind_known(q, RESULT_INSERT_score, r->score);
	query_bind_text(q, RESULT_INSERT_error, r->error);
	query_bind_text(q, RESULT_INSERT_item, r->item);
	query_bind_blob(q, RESULT_INSERT_output_sha256, (struct slice){
	    (const char *)r->output_sha256.b, HASH_LEN });
	bind_count(q, RESULT_INSERT_input_tokens, r->input_tokens);
	bind_count(q, RESULT_INSERT_output_tokens, r->output_tokens);
	bind_known(q, RESULT_INSERT_cost_usd, r->cost_usd);
	bind_known(q, RESULT_INSERT_latency_ms, r->latency_ms);
	if ((st = query_run(q, err)) != STATUS_OK)
		return st;
	if (r->output.p != NULL && r->item.p == NULL &&
	    (st = text_write(store, run, n, r->output, err)) != STATUS_OK)
		return st;
	for (k = 0; k < r->nchecks && st == STATUS_OK; k++)
		st = check_write(store, run, n, k, &r->checks[k], err);
	return st;
}

static enum status
end_leaf(const struct ending *x, int64_t now, int64_t *seq, struct error *err)
{
	const struct run_end *e = x->e;
	struct actor who = session_actor(x->s);
	struct leaf_field f[] = {
		{ .key = "run", .type = LEAF_INT, .number = e->run },
		{ .key = "name", .type = LEAF_TEXT, .text = run_name(e->name) },
		{ .key = "variant", .type = LEAF_TEXT,
		    .text = run_name(e->variant) },
		{ .key = "source", .type = LEAF_TEXT,
		    .text = slice_of(e->source) },
		{ .key = "results_sha256", .type = LEAF_HASH, .hash = &x->sum },
		{ .key = "row_sha256", .type = LEAF_HASH, .hash = &x->row },
		{ .key = "of", .type = LEAF_INT,
		    .number = (int64_t)e->results->n },
		{ .key = "passed", .type = LEAF_INT,
		    .number = (int64_t)e->passed },
		{ .key = "errors", .type = LEAF_INT,
		    .number = (int64_t)e->errors },
		{ .key = "suite", .type = e->suite == NULL ? LEAF_NULL :
		    LEAF_TEXT, .text = slice_of(e->suite) },
		{ .key = "verdict", .type = e->verdict == NULL ? LEAF_NULL :
		    LEAF_TEXT, .text = slice_of(e->verdict) }
	};

	return audit_append(x->s->store, &who, now, "run", SLICE_NONE, f,
	    sizeof(f) / sizeof(f[0]), seq, err);
}

static enum status
end_row(const struct ending *x, int64_t now, struct error *err)
{
	const struct run_end *e = x->e;
	struct query *q;
	enum status st = query_get(&q, x->s->store, QUERY_RUN_END, err);

	if (st != STATUS_OK)
		return st;
	query_bind_int(q, RUN_END_run, e->run);
	query_bind_int(q, RUN_END_ended_ms, now);
	query_bind_int(q, RUN_END_cases, (int64_t)e->cases);
	query_bind_int(q, RUN_END_results, (int64_t)e->results->n);
	query_bind_int(q, RUN_END_passed, (int64_t)e->passed);
	query_bind_int(q, RUN_END_errors, (int64_t)e->errors);
	query_bind_text(q, RUN_END_verdict, slice_of(e->verdict));
	query_bind_double(q, RUN_END_cost_usd, e->cost_usd);
	query_bind_blob(q, RUN_END_sha256, (struct slice){
	    (const char *)x->sum.b, HASH_LEN });
	return query_run(q, err);
}

/* The row first, since the leaf binds it. */
static enum status
end_write(void *arg, struct error *err)
{
	struct ending *x = arg;
	const struct run_end *e = x->e;
	struct store *store = x->s->store;
	int64_t now = store_now_ms(store), seq = -1;
	struct query *q;
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < e->results->n && st == STATUS_OK; i++)
		st = result_write(store, e->run, i, &e->results->v[i], err);
	if (st != STATUS_OK || (st = end_row(x, now, err)) != STATUS_OK ||
	    (st = bound_run(store, e->run, x->hasher, &x->row, err)) != STATUS_OK ||
	    (st = end_leaf(x, now, &seq, err)) != STATUS_OK ||
	    (st = query_get(&q, store, QUERY_RUN_ENDED, err)) != STATUS_OK)
		return st;
	query_bind_int(q, RUN_ENDED_run, e->run);
	query_bind_int(q, RUN_ENDED_seq, seq);
	return query_run(q, err);
}

enum status
run_end(struct session *s, const struct run_end *e, struct error *err)
{
	struct ending x = { .s = s, .e = e };
	struct buf lines = BUF_INIT;
	enum status st;
	size_t i;

	if ((st = hasher_new(&x.hasher, err)) != STATUS_OK)
		return st;
	for (i = 0; i < e->results->n; i++)
		result_line(&lines, &e->results->v[i]);
	if ((st = buf_check(&lines, err)) == STATUS_OK) {
		hash_bytes(x.hasher, buf_slice(&lines), &x.sum);
		st = store_write(s->store, DURABLE_NOW, end_write, &x, err);
	}
	hasher_free(x.hasher);
	buf_release(&lines);
	return st;
}

enum status
run_find(struct session *s, const char *name, int64_t *run, struct error *err)
{
	struct query *q;
	enum status st;
	char *end;

	errno = 0;
	*run = strtoll(name, &end, 10);
	if (*end == '\0' && end != name && errno == 0) {
		if ((st = query_get(&q, s->store, QUERY_RUN_GET, err)) !=
		    STATUS_OK)
			return st;
		query_bind_int(q, RUN_GET_run, *run);
	} else {
		if ((st = query_get(&q, s->store, QUERY_RUN_LABELLED, err)) !=
		    STATUS_OK)
			return st;
		query_bind_text(q, RUN_LABELLED_label, slice_of(name));
	}
	if ((st = query_row(q, err)) == STATUS_OK && *end != '\0')
		*run = query_int(q, RUN_LABELLED_RUN);
	query_done(q);
	return st == STATUS_NOT_FOUND ? error_set(err, st, "%s: no run has this "
	    "number or label", name) : st;
}

struct slice
run_state(const struct run_row *r)
{
	return r->under_way ? SLICE("under way") : r->seq < 0 ?
	    SLICE("broken off") : r->verdict.p == NULL ? SLICE("-") : r->verdict;
}

static enum status
labels_read(struct session *s, int64_t run, struct arena *a,
    struct slice *out, struct error *err)
{
	struct buf b = BUF_INIT;
	struct query *q;
	enum status st;
	bool row;

	if ((st = query_get(&q, s->store, QUERY_RUN_LABELS, err)) != STATUS_OK)
		return st;
	query_bind_int(q, RUN_LABELS_run, run);
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		buf_puts(&b, b.n == 0 ? "" : ", ");
		buf_add_slice(&b, query_text(q, RUN_LABELS_LABEL));
	}
	query_done(q);
	if (st == STATUS_OK && (out->p = arena_str(a, buf_slice(&b))) == NULL)
		st = error_nomem(err);
	out->n = b.n;
	buf_release(&b);
	return st;
}

static enum status
row_fill(struct session *s, struct query *q, struct arena *a, struct run_row *r,
    struct error *err)
{
	const struct kept_text texts[] = {
		{ RUN_NAME, &r->name }, { RUN_SUITE, &r->suite },
		{ RUN_VARIANT, &r->variant }, { RUN_SOURCE, &r->source },
		{ RUN_BY, &r->by }, { RUN_VERDICT, &r->verdict }
	};

	*r = (struct run_row){ .run = query_int(q, RUN_RUN),
	    .seq = query_int_or(q, RUN_SEQ, -1),
	    .started_ms = query_int(q, RUN_STARTED_MS),
	    .ended_ms = query_int_or(q, RUN_ENDED_MS, -1),
	    .cases = query_int(q, RUN_CASES),
	    .results = query_int(q, RUN_RESULTS),
	    .passed = query_int(q, RUN_PASSED),
	    .errors = query_int(q, RUN_ERRORS),
	    .cost_usd = query_double(q, RUN_COST_USD) };
	r->under_way = r->seq < 0 && store_owned(s->store, r->run);
	return query_keep_all(q, texts, sizeof(texts) / sizeof(texts[0]), a) ?
	    STATUS_OK : error_nomem(err);
}

enum status
run_get(struct session *s, int64_t run, struct arena *a, struct run_row *r,
    struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, s->store, QUERY_RUN_GET, err)) != STATUS_OK)
		return st;
	query_bind_int(q, RUN_GET_run, run);
	if ((st = query_row(q, err)) == STATUS_OK)
		st = row_fill(s, q, a, r, err);
	query_done(q);
	if (st == STATUS_NOT_FOUND)
		return error_set(err, st, "there is no run %lld",
		    (long long)run);
	return st == STATUS_OK ? labels_read(s, run, a, &r->labels, err) : st;
}

#define PAGE_RUNS	64

enum status
run_each(struct session *s, int64_t limit, run_fn *each, void *arg,
    struct error *err)
{
	struct arena a = ARENA_INIT;
	struct run_row rows[PAGE_RUNS];
	int64_t before = INT64_MAX;
	struct query *q;
	size_t n = PAGE_RUNS, i;
	enum status st = STATUS_OK;
	bool row;

	while (st == STATUS_OK && n == PAGE_RUNS && limit > 0) {
		arena_reset(&a);
		if ((st = query_get(&q, s->store, QUERY_RUN_LIST, err)) !=
		    STATUS_OK)
			break;
		query_bind_int(q, RUN_LIST_before, before);
		query_bind_int(q, RUN_LIST_limit, limit < PAGE_RUNS ? limit :
		    PAGE_RUNS);
		for (n = 0; (st = query_step(q, &row, err)) == STATUS_OK && row;
		    n++)
			if ((st = row_fill(s, q, &a, &rows[n],
			    err)) != STATUS_OK)
				break;
		query_done(q);
		for (i = 0; i < n && st == STATUS_OK; i++) {
			before = rows[i].run;
			limit--;
			if ((st = labels_read(s, rows[i].run, &a,
			    &rows[i].labels, err)) == STATUS_OK)
				st = each(arg, &rows[i], err);
		}
	}
	arena_release(&a);
	return st;
}

struct labelling {
	struct session	*s;
	int64_t		 run;
	const char	*label;
};

static enum status
label_write(void *arg, struct error *err)
{
	const struct labelling *x = arg;
	struct store *store = x->s->store;
	struct actor who = session_actor(x->s);
	struct leaf_field f[] = {
		{ .key = "run", .type = LEAF_INT, .number = x->run },
		{ .key = "from", .type = LEAF_NULL },
		{ .key = "label", .type = LEAF_TEXT,
		    .text = slice_of(x->label) }
	};
	struct query *q;
	enum status st;
	int64_t seq;

	if ((st = query_get(&q, store, QUERY_RUN_LABELLED, err)) != STATUS_OK)
		return st;
	query_bind_text(q, RUN_LABELLED_label, slice_of(x->label));
	if ((st = query_row(q, err)) == STATUS_OK) {
		f[1].type = LEAF_INT;
		f[1].number = query_int(q, RUN_LABELLED_RUN);
	}
	query_done(q);
	if (st != STATUS_OK && st != STATUS_NOT_FOUND)
		return st;
	if (st == STATUS_OK && f[1].number == x->run)
		return STATUS_OK;
	if ((st = audit_append(store, &who, store_now_ms(store), "run.label",
	    SLICE_NONE, f, 3, &seq, err)) != STATUS_OK ||
	    (st = query_get(&q, store, QUERY_RUN_LABEL_INSERT, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(q, RUN_LABEL_INSERT_seq, seq);
	query_bind_text(q, RUN_LABEL_INSERT_label, slice_of(x->label));
	query_bind_int(q, RUN_LABEL_INSERT_run, x->run);
	return query_run(q, err);
}

static bool
is_word(const char *s)
{
	size_t i, n = strlen(s);

	for (i = 0; i < n && (strchr("-_.", s[i]) != NULL ||
	    (s[i] >= '0' && s[i] <= '9') || (s[i] >= 'a' && s[i] <= 'z') ||
	    (s[i] >= 'A' && s[i] <= 'Z')); i++)
		;
	return n > 0 && n <= LABEL_MAX && i == n && !(s[0] >= '0' &&
	    s[0] <= '9');
}

enum status
run_label(struct session *s, int64_t run, const char *label, struct error *err)
{
	struct labelling x = { s, run, label };
	struct run_row row;
	struct arena a = ARENA_INIT;
	enum status st;

	if (!is_word(label))
		return error_set(err, STATUS_INVALID, "%s: a label is a word "
		    "of at most %d letters, digits and .-_ that begins with no "
		    "digit", label, LABEL_MAX);
	if ((st = session_require(s, MAY_POLICY, "label a run", err)) !=
	    STATUS_OK)
		return st;
	if ((st = run_get(s, run, &a, &row, err)) == STATUS_OK && row.seq < 0)
		st = error_set(err, STATUS_CONFLICT, "run %lld was broken off: "
		    "finish it with `eval --resume`", (long long)run);
	arena_release(&a);
	return st == STATUS_OK ? store_write(s->store, DURABLE_NOW, label_write,
	    &x, err) : st;
}
