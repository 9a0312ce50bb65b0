#include "queue/ingest_out.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/text.h"
#include "db/query.h"
#include "queue/detail.h"
#include "queue/policies.h"
#include "queue/routed.h"

#define TRANSACTION_MS		200	/* at most, alone */
#define TRANSACTION_SHARED_MS	20	/* at most, where another process waits */
#define CLOCK_EVERY		16	/* items between two looks at the clock */
#define SALT_LEN		16
#define SNIPPET_BYTES		120
#define SEED_LEN		32
#define PENDING_MAX		((size_t)4 << 20)	/* verdicts not yet told */

/* How a queue's counts changed in the open transaction. */
struct total {
	struct slice	 queue;
	int64_t		 state[3], review;
};

struct ingest {
	struct session	*s;
	const struct ingest_options *o;
	struct ingest_counts *counts;
	struct pipeline_progress progress;
	uint8_t		 seed[SEED_LEN];	/* of the salts; kept nowhere */

	bool		 open;		/* a transaction is */
	int64_t		 begun_ms;	/* CLOCK_BOOTTIME */
	unsigned	 since_look;
	struct total	*total;
	size_t		 ntotal, total_cap;
	struct arena	 arena;		/* the totals' names */
	struct arena	 known;		/* an item that came again */

	struct ingest_out rejects, verdicts;
	bool		 rejects_open;	/* a refused line goes on */
	int64_t		 told_ms;
};

/* What a worker makes ready, so that the writer only binds. */
struct row {
	struct slice	 rules, guards, snippet;
	uint8_t		 salt[SALT_LEN];
	struct hash	 content;
};

struct slice
snippet_make(struct slice output, struct arena *arena)
{
	size_t at = 0, n = 0, len;
	char *out = arena_alloc(arena, SNIPPET_BYTES + 4);
	bool gap = false;
	uint32_t cp;

	if (out == NULL)
		return SLICE_NONE;
	while (at < output.n && n < SNIPPET_BYTES) {
		if (strchr(" \t\r\n", output.p[at]) != NULL &&
		    output.p[at] != '\0') {
			gap = n > 0;
			at++;
			continue;
		}
		if (gap)
			out[n++] = ' ';
		gap = false;
		if ((len = utf8_decode(output.p + at, output.n - at, &cp)) == 0)
			break;
		memcpy(out + n, output.p + at, len);
		n += len;
		at += len;
	}
	return (struct slice){ out, n };
}

static void *
row_prepare(void *arg, struct hasher *h, const struct item *item,
    const struct verdict *v, struct arena *arena)
{
	const struct ingest *in = arg;
	struct row *r = arena_alloc(arena, sizeof(*r));
	char part[16];
	int n = snprintf(part, sizeof(part), "%u", item->part);
	struct slice salt[] = {
		{ (const char *)in->seed, SEED_LEN }, item->queue, SLICE("\n"),
		item->id
	};
	struct slice content[] = {
		SLICE_NONE, item->record, item->input, { part, (size_t)n }
	};
	struct hash hash;

	if (r == NULL)
		return NULL;
	hash_parts(h, salt, 4, &hash);
	memcpy(r->salt, hash.b, SALT_LEN);
	content[0] = (struct slice){ (const char *)r->salt, SALT_LEN };
	hash_parts(h, content, 4, &r->content);
	r->rules = routed_rules(v, arena);
	r->guards = routed_guards(v, arena);
	r->snippet = snippet_make(item->output, arena);
	return r->rules.p == NULL || r->guards.p == NULL || r->snippet.p == NULL
	    ? NULL : r;
}

void
refusal_json(struct buf *b, const struct judged *j)
{
	buf_printf(b, "{\"line\":%llu,\"error\":", (unsigned long long)j->line);
	text_json(b, slice_of(j->refused));
	buf_puts(b, "}\n");
}

static void
row_render(void *arg, struct buf *b, const struct judged *j)
{
	const struct ingest *in = arg;

	if (j->refused == NULL)
		verdict_json(b, j->item, j->verdict,
		    slice_of(in->s->policy->id));
	else if (!j->more)
		refusal_json(b, j);
}

static enum status
total_of(struct ingest *in, struct slice queue, struct total **out,
    struct error *err)
{
	struct total *t;
	size_t i, cap;
	char *name;

	for (i = in->ntotal; i > 0; i--)
		if (slice_eq(in->total[i - 1].queue, queue)) {
			*out = &in->total[i - 1];
			return STATUS_OK;
		}
	if (in->ntotal == in->total_cap) {
		cap = in->total_cap == 0 ? 8 : in->total_cap * 2;
		if ((t = realloc(in->total, cap * sizeof(*t))) == NULL)
			return error_nomem(err);
		in->total = t;
		in->total_cap = cap;
	}
	if ((name = arena_str(&in->arena, queue)) == NULL)
		return error_nomem(err);
	t = &in->total[in->ntotal++];
	*t = (struct total){ .queue = { name, queue.n } };
	*out = t;
	return STATUS_OK;
}

static enum status
transaction_begin(struct ingest *in, struct error *err)
{
	enum status st;

	if (in->open)
		return STATUS_OK;
	if ((st = store_begin(in->s->store, DURABLE_LATER, err)) != STATUS_OK)
		return st;
	in->open = true;
	in->begun_ms = clock_boot_ms();
	in->since_look = 0;
	return STATUS_OK;
}

static enum status
transaction_end(struct ingest *in, struct error *err)
{
	enum status st = STATUS_OK;
	size_t i, k;

	if (!in->open)
		return STATUS_OK;
	for (i = 0; i < in->ntotal && st == STATUS_OK; i++) {
		for (k = 0; k < 3 && st == STATUS_OK; k++)
			st = routed_total(in->s->store, in->total[i].queue, routed_state[k],
			    in->total[i].state[k], err);
		if (st == STATUS_OK)
			st = routed_total(in->s->store, in->total[i].queue, "review",
			    in->total[i].review, err);
	}
	in->ntotal = 0;
	arena_reset(&in->arena);
	if (st == STATUS_OK)
		st = store_commit(in->s->store, err);
	if (st != STATUS_OK)
		store_rollback(in->s->store);
	in->open = false;
	/* Before, a crash could leave an answer to nothing in the store. */
	return st == STATUS_OK ? ingest_out_tell(&in->verdicts, err) : st;
}

/* Ends the transaction when its time is up. */
static enum status
transaction_look(struct ingest *in, struct error *err)
{
	int64_t age;

	if (++in->since_look < CLOCK_EVERY)
		return STATUS_OK;
	in->since_look = 0;
	age = clock_boot_ms() - in->begun_ms;
	if (age >= TRANSACTION_MS || in->verdicts.pending.n > PENDING_MAX || (age >= TRANSACTION_SHARED_MS &&
	    store_contended(in->s->store)))
		return transaction_end(in, err);
	return STATUS_OK;
}

static void
bind_count(struct query *q, int n, int64_t v)
{
	if (v >= 0)
		query_bind_int(q, n, v);
}

static void
bind_amount(struct query *q, int n, double v)
{
	if (v >= 0)
		query_bind_double(q, n, v);
}

/* Binds and runs the items row; *inserted is false where (id, queue) is there. */
static enum status
item_insert(struct ingest *in, const struct judged *j, int64_t now,
    int64_t *key, bool *inserted, struct error *err)
{
	const struct item *item = j->item;
	const struct verdict *v = j->verdict;
	const struct row *r = j->prepared;
	struct query *q;
	enum status st;
	int64_t seq;

	if ((st = audit_next(in->s->store, &seq, err)) != STATUS_OK ||
	    (st = query_get(&q, in->s->store, QUERY_ITEM_INSERT, err)) !=
	    STATUS_OK)
		return st;
	query_bind_text(q, 1, item->queue);
	query_bind_text(q, 2, item->id);
	query_bind_text(q, 3, slice_of(routed_state[v->route]));
	query_bind_int(q, 4, v->sampled);
	query_bind_text(q, 5, slice_of(route_name(v->route)));
	query_bind_text(q, 6, slice_of(v->rule));
	query_bind_text(q, 7, r->rules);
	query_bind_text(q, 8, slice_of(in->s->policy->id));
	query_bind_int(q, 9, v->priority);
	query_bind_int(q, 10, now + v->queue->sla_ms);
	if (item->has_confidence)
		query_bind_double(q, 11, item->confidence);
	if (v->severity != SEVERITY_NONE)
		query_bind_int(q, 12, (int64_t)v->severity);
	query_bind_int(q, 13, v->failures);
	query_bind_text(q, 14, r->guards);
	if (v->sampled)
		query_bind_double(q, 15, v->sample_p);
	query_bind_text(q, 16, item->model);
	query_bind_text(q, 17, item->prompt);
	query_bind_text(q, 18, item->variant);
	bind_count(q, 19, item->created_ms);
	query_bind_int(q, 20, now);
	bind_count(q, 21, item->input_tokens);
	bind_count(q, 22, item->output_tokens);
	bind_amount(q, 23, item->cost_usd);
	bind_amount(q, 24, item->latency_ms);
	query_bind_blob(q, 25, (struct slice){ (const char *)r->salt, SALT_LEN });
	query_bind_blob(q, 26, (struct slice){ (const char *)r->content.b,
	    HASH_LEN });
	query_bind_text(q, 27, r->snippet);
	query_bind_int(q, 28, seq);
	if ((st = query_run(q, err)) != STATUS_OK)
		return st;
	*inserted = query_changes(in->s->store) == 1;
	*key = query_last_row(in->s->store);
	return STATUS_OK;
}

static enum status
payload_insert(struct ingest *in, int64_t key, const struct item *item,
    struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, in->s->store, QUERY_PAYLOAD_INSERT, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(q, 1, key);
	query_bind_int(q, 2, item->part);
	query_bind_blob(q, 3, item->record);
	query_bind_blob(q, 4, item->input);
	if (item->forced)
		query_bind_text(q, 5, slice_of(item->shape));
	return query_run(q, err);
}

static void
report(struct ingest *in, const struct judged *j, const char *why)
{
	char line[2048];

	(void)snprintf(line, sizeof(line), "%s:%llu: %s",
	    strcmp(j->file, "-") == 0 ? "standard input" : j->file,
	    (unsigned long long)j->line, why);
	in->o->report(in->o->arg, line);
}

/* The verdict of this run, where anybody asked for one. */
static void
verdict_add(struct ingest *in, struct slice text)
{
	if (in->verdicts.f != NULL && text.n > 0)
		buf_add_slice(&in->verdicts.pending, text);
}

static void
conflict(struct ingest *in, const struct judged *j)
{
	struct judged refusal = { .line = j->line };
	struct buf why = BUF_INIT, text = BUF_INIT;

	in->counts->conflicts++;
	buf_puts(&why, "conflict: ");
	buf_add_slice(&why, j->item->id);
	buf_puts(&why, " is in queue ");
	buf_add_slice(&why, j->item->queue);
	buf_puts(&why, " already, with other bytes; give it another id");
	refusal.refused = buf_str(&why);
	report(in, j, refusal.refused);
	refusal_json(&text, &refusal);
	verdict_add(in, buf_slice(&text));
	buf_release(&text);
	buf_release(&why);
}

/* What the store says of the item: its route of then, and what stands now. */
static enum status
verdict_known(struct ingest *in, int64_t key, struct error *err)
{
	static const enum route routes[] = {
		ROUTE_APPROVE, ROUTE_FLAG, ROUTE_ESCALATE
	};
	struct verdict v = { .route = ROUTE_FLAG };
	struct item item = { .queue = SLICE_NONE };
	struct buf text = BUF_INIT;
	struct detail d;
	enum status st;
	size_t i;

	arena_reset(&in->known);
	arena_reset(&in->s->arena);
	if ((st = detail_load_within(in->s, key, &in->known, &d, err)) !=
	    STATUS_OK)
		return st;
	item.id = d.row.id;
	item.queue = d.row.queue;
	item.output = d.item.output;
	for (i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
		if (slice_is(d.row.route, route_name(routes[i])))
			v.route = routes[i];
	v.rule = arena_str(&in->known, d.row.rule);
	v.findings = d.findings;
	v.nfindings = d.nfindings;
	v.released = d.released;
	v.release = d.release;
	if (v.rule == NULL)
		return error_nomem(err);
	verdict_json(&text, &item, &v, d.row.policy);
	st = buf_check(&text, err);
	verdict_add(in, buf_slice(&text));
	buf_release(&text);
	return st;
}

/* The same (queue, id) is there: with the same bytes a duplicate. */
static enum status
item_again(struct ingest *in, const struct judged *j, struct error *err)
{
	const struct item *item = j->item;
	char part[16];
	int n = snprintf(part, sizeof(part), "%u", item->part);
	struct slice parts[] = { item->record, item->input, { part, (size_t)n } };
	bool same = false, as_now = false;
	int64_t key = 0;
	struct hash hash;
	struct query *q;
	enum status st;

	if ((st = query_get(&q, in->s->store, QUERY_ITEM_CONTENT, err)) !=
	    STATUS_OK)
		return st;
	query_bind_text(q, 1, item->queue);
	query_bind_text(q, 2, item->id);
	if ((st = query_row(q, err)) == STATUS_OK) {
		key = query_int(q, 2);
		as_now = slice_is(query_text(q, 3), in->s->policy->id) &&
		    slice_is(query_text(q, 4), routed_state[j->verdict->route]);
	}
	if (st == STATUS_OK && query_null(q, 0))
		same = true;		/* erased: it does not come back */
	else if (st == STATUS_OK &&
	    (st = audit_content(in->s->store, query_blob(q, 0), parts, 3, &hash,
	    err)) == STATUS_OK)
		same = slice_eq(query_blob(q, 1), (struct slice){
		    (const char *)hash.b, HASH_LEN });
	query_done(q);
	if (st != STATUS_OK)
		return st;
	if (!same) {
		conflict(in, j);
		return STATUS_OK;
	}
	in->counts->duplicates++;
	if (in->verdicts.f != NULL && !as_now)
		return verdict_known(in, key, err);
	verdict_add(in, j->text);
	return STATUS_OK;
}

static enum status
count_item(struct ingest *in, const struct judged *j, struct error *err)
{
	const struct verdict *v = j->verdict;
	uint64_t *count[] = {
		[ROUTE_APPROVE] = &in->counts->approved,
		[ROUTE_FLAG] = &in->counts->flagged,
		[ROUTE_ESCALATE] = &in->counts->escalated
	};
	struct total *t = NULL;
	enum status st;

	if ((st = total_of(in, j->item->queue, &t, err)) != STATUS_OK)
		return st;
	t->state[v->route]++;
	++*count[v->route];
	if (v->sampled) {
		t->review++;
		in->counts->sampled++;
	}
	return STATUS_OK;
}

static enum status
item_store(struct ingest *in, const struct judged *j, struct error *err)
{
	struct store *store = in->s->store;
	const struct row *r = j->prepared;
	int64_t key, seq, now = clock_now_ms();
	enum status st;
	bool inserted;

	if ((st = item_insert(in, j, now, &key, &inserted, err)) != STATUS_OK)
		return st;
	if (!inserted)
		return item_again(in, j, err);
	if ((st = payload_insert(in, key, j->item, err)) != STATUS_OK ||
	    (st = routed_findings(store, key, j->verdict, err)) != STATUS_OK ||
	    (st = routed_errors(store, key, j->verdict, err)) != STATUS_OK ||
	    (st = routed_leaf(in->s, j->item, j->verdict, (struct slice){
	    (const char *)r->salt, SALT_LEN }, &r->content, now, &seq, err)) !=
	    STATUS_OK ||
	    (st = routed_release(store, key, seq, now, j->item, j->verdict,
	    err)) != STATUS_OK)
		return st;
	verdict_add(in, j->text);
	return count_item(in, j, err);
}

static void
refused(struct ingest *in, const struct judged *j)
{
	FILE *f = in->rejects.f;

	if (!j->more) {
		in->counts->refused++;
		report(in, j, j->refused);
		if (f != NULL && in->rejects_open)
			(void)putc('\n', f);
	}
	if (f != NULL && j->record.n > 0)
		(void)fwrite(j->record.p, 1, j->record.n, f);
	in->rejects_open = true;
}

static void
tell_progress(struct ingest *in)
{
	int64_t now = clock_boot_ms();

	if (in->o->progress == NULL || now - in->told_ms < 200)
		return;
	in->told_ms = now;
	in->o->progress(in->o->arg, in->counts, &in->progress);
}

static enum status
ingest_consume(void *arg, const struct judged *j, struct error *err)
{
	struct ingest *in = arg;
	enum status st;

	if (j->refused != NULL) {
		refused(in, j);
		verdict_add(in, j->text);
		return in->open ? transaction_look(in, err) :
		    ingest_out_tell(&in->verdicts, err);
	}
	if ((st = transaction_begin(in, err)) != STATUS_OK ||
	    (st = item_store(in, j, err)) != STATUS_OK ||
	    (st = transaction_look(in, err)) != STATUS_OK)
		return st;
	tell_progress(in);
	return STATUS_OK;
}

/* Nothing more at hand: what was read is committed and handed on. */
static enum status
ingest_idle(void *arg, struct error *err)
{
	struct ingest *in = arg;
	enum status st;

	if ((st = transaction_end(in, err)) != STATUS_OK ||
	    (st = ingest_out_tell(&in->verdicts, err)) != STATUS_OK)
		return st;
	tell_progress(in);
	return ingest_out_flush(&in->verdicts, err);
}

/* One last commit that is on the disk before anyone is told of success. */
static enum status
ingest_sync(struct ingest *in, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = store_begin(in->s->store, DURABLE_NOW, err)) != STATUS_OK)
		return st;
	if ((st = query_get(&q, in->s->store, QUERY_META_SET, err)) ==
	    STATUS_OK) {
		query_bind_text(q, 1, SLICE("last_ingest_ms"));
		query_bind_int(q, 2, clock_now_ms());
		st = query_run(q, err);
	}
	if (st == STATUS_OK)
		return store_commit(in->s->store, err);
	store_rollback(in->s->store);
	return st;
}

/* Opens what it will write to and keeps the policy's rule names. */
static enum status
ingest_begin(struct ingest *in, struct error *err)
{
	enum status st;

	if ((st = store_random(in->seed, SEED_LEN, err)) != STATUS_OK ||
	    (st = ingest_out_open(&in->rejects, in->o->rejects_path, in->o,
	    store_path(in->s->store), err)) != STATUS_OK ||
	    (st = ingest_out_open(&in->verdicts, in->o->verdicts_path, in->o,
	    store_path(in->s->store), err)) != STATUS_OK ||
	    (st = store_begin(in->s->store, DURABLE_LATER, err)) != STATUS_OK)
		return st;
	if ((st = policies_keep(in->s->store, in->s->policy, err)) == STATUS_OK)
		st = store_commit(in->s->store, err);
	if (st != STATUS_OK)
		store_rollback(in->s->store);
	return st;
}

static enum status
ingest_end(struct ingest *in, enum status st, struct error *err)
{
	struct error ignored = { 0 }, *e = st == STATUS_OK ||
	    st == STATUS_INTERRUPTED ? err : &ignored;
	enum status end = STATUS_OK;

	if (e == &ignored)
		store_rollback(in->s->store);
	else
		end = ingest_sync(in, e);
	if (in->rejects.f != NULL && in->rejects_open)
		(void)putc('\n', in->rejects.f);
	if (ingest_out_close(&in->rejects, e) != STATUS_OK)
		end = e->code;
	if (ingest_out_close(&in->verdicts, e) != STATUS_OK)
		end = e->code;
	free(in->total);
	arena_release(&in->arena);
	arena_release(&in->known);
	return e == err && end != STATUS_OK ? end : st;
}

enum status
ingest_run(struct session *s, const struct ingest_options *o,
    struct ingest_counts *counts, struct error *err)
{
	struct ingest in = {
		.s = s, .o = o, .counts = counts
	};
	struct pipeline_options po = {
		.policy = s->policy, .judge = { .key = store_key(s->store) },
		.paths = o->paths, .npaths = o->npaths, .format = o->format,
		.inputs_path = o->inputs_path, .queue = o->queue,
		.stop = o->stop, .prepare = row_prepare,
		.render = o->verdicts_path == NULL ? NULL : row_render,
		.consume = ingest_consume, .idle = ingest_idle, .arg = &in
	};
	enum status st;

	memset(counts, 0, sizeof(*counts));
	if ((st = ingest_begin(&in, err)) == STATUS_OK)
		st = pipeline_run(&po, &in.progress, err);
	return ingest_end(&in, st, err);
}
