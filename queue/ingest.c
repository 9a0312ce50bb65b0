#include "queue/ingest_out.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/text.h"
#include "db/query.h"
#include "queue/detail.h"
#include "queue/ingest_row.h"
#include "queue/policies.h"
#include "queue/routed.h"

#define TRANSACTION_MS		200	/* at most, alone */
#define TRANSACTION_SHARED_MS	5	/* at most, where another process waits */
#define BULK_ITEMS		256	/* at most by one statement */
#define TRANSACTION_BYTES	((size_t)12 << 20)	/* of records, at most */
#define PENDING_MAX		((size_t)4 << 20)	/* verdicts not yet told */

/* How a queue's counts changed in the open transaction. */
struct total {
	struct slice	 queue;
	int64_t		 state[3], review;
};

/* The rows that one statement each puts into the tables. */
struct bulk {
	struct ingest_row *row[BULK_ITEMS];
	const struct audit_draft *leaf[BULK_ITEMS];
	size_t		 n, most;	/* items: there are; are taken at once */
	struct batch	 items, payloads, findings, errors, releases;
};

struct ingest {
	struct session	*s;
	const struct ingest_options *o;
	struct ingest_counts *counts;
	struct pipeline_progress progress;
	struct ingest_rows rows;	/* what they have in common */
	struct bulk	 bulk;

	bool		 open;		/* a transaction is */
	int64_t		 begun_ms;	/* CLOCK_BOOTTIME */
	size_t		 bytes;		/* of its records */
	struct total	*total;
	size_t		 ntotal, total_cap;
	struct arena	 arena;		/* the totals' names */
	struct arena	 known;		/* an item that came again */

	struct ingest_out rejects, verdicts;
	bool		 rejects_open;	/* a refused line goes on */
	int64_t		 told_ms;
};

static enum status
row_prepare(void *arg, struct hasher *h, const struct item *item,
    const struct verdict *v, struct arena *arena, void **prepared,
    struct error *err)
{
	const struct ingest *in = arg;
	struct ingest_row *r = NULL;
	enum status st = ingest_row_make(&in->rows, h, item, v, arena, &r, err);

	*prepared = r;
	return st;
}

static void
row_render(void *arg, struct buf *b, const struct judged *j)
{
	const struct ingest *in = arg;

	judged_json(b, j, slice_of(in->s->policy->id));
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

static void
transaction_started(struct ingest *in)
{
	in->begun_ms = clock_boot_ms(NULL);
	in->bytes = 0;
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
	transaction_started(in);
	return STATUS_OK;
}

/* Ends the transaction; with `next`, another begins. */
static enum status
transaction_end(struct ingest *in, bool next, struct error *err)
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
		st = next ? store_next(in->s->store, err) :
		    store_commit(in->s->store, err);
	if (st != STATUS_OK)
		store_rollback(in->s->store);
	in->open = st == STATUS_OK && next;
	transaction_started(in);
	/* Before, a crash could leave an answer to nothing in the store. */
	return st == STATUS_OK ? ingest_out_tell(&in->verdicts, err) : st;
}

/* Ends the transaction when its time is up. */
static enum status
transaction_look(struct ingest *in, struct error *err)
{
	int64_t age = clock_boot_ms(NULL) - in->begun_ms;

	if (age >= TRANSACTION_MS || in->bytes >= TRANSACTION_BYTES ||
	    in->verdicts.pending.n > PENDING_MAX ||
	    (age >= TRANSACTION_SHARED_MS && store_yields(in->s->store)))
		return transaction_end(in, true, err);
	return STATUS_OK;
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
	struct buf why = BUF_INIT, text = BUF_INIT;

	in->counts->conflicts++;
	buf_puts(&why, "conflict: ");
	buf_add_slice(&why, j->item->id);
	buf_puts(&why, " is in queue ");
	buf_add_slice(&why, j->item->queue);
	buf_puts(&why, " already, with other bytes; give it another id");
	report(in, j, buf_str(&why));
	refusal_json(&text, j->line, buf_str(&why));
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
	if (st == STATUS_NOT_FOUND)
		return error_set(err, STATUS_CORRUPT, "%s:%llu: the store "
		    "refuses the item though it has none of its id: handrail "
		    "doctor looks into it", j->file,
		    (unsigned long long)j->line);
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

/*
 * The next items, from this one on: many, but few after one that was there
 * already, as another is likely to follow.
 */
static void
bulk_fill(struct bulk *b, const struct judged *j)
{
	for (b->n = 0; j != NULL && b->n < b->most; j = j->next)
		if (j->refused == NULL)
			b->row[b->n++] = j->prepared;
}

static void
bulk_release(struct bulk *b)
{
	batch_release(&b->items);
	batch_release(&b->payloads);
	batch_release(&b->findings);
	batch_release(&b->errors);
	batch_release(&b->releases);
}

/* Where a row goes that is now in `items`. */
struct place {
	int64_t		 key, seq, now, release;
};

/*
 * Puts the rows into `items`, up to one whose (queue, id) is there already.
 * Gives how many, and the key of the first.
 */
static enum status
bulk_items(struct ingest *in, struct place *p, size_t *n, struct error *err)
{
	struct bulk *b = &in->bulk;
	enum status st = STATUS_OK;
	size_t i;

	b->items.n = 0;
	for (i = 0; i < b->n && st == STATUS_OK; i++) {
		ingest_row_place(b->row[i], p->now, p->seq + (int64_t)i);
		st = batch_add(&b->items, b->row[i]->values, err);
	}
	if (st == STATUS_OK)
		st = batch_run(&b->items, in->s->store, QUERY_ITEMS_INSERT, err);
	*n = (size_t)query_changes(in->s->store);
	p->key = query_last_row(in->s->store) - (int64_t)*n + 1;
	if (st == STATUS_CONFLICT && *n < b->n) {
		error_clear(err);
		b->most = 1;
		return STATUS_OK;
	}
	b->most = b->most > BULK_ITEMS / 2 ? BULK_ITEMS : b->most * 2;
	return st;
}

/* Adds what belongs to one item to the batches; p moves on to the next. */
static enum status
bulk_add(struct bulk *b, struct ingest_row *r, struct place *p,
    struct error *err)
{
	enum status st;

	r->payload[0].number = p->key;
	if ((st = batch_add(&b->payloads, r->payload, err)) != STATUS_OK ||
	    (st = routed_rows_add(&r->found, p->key, &b->findings, &b->errors,
	    err)) != STATUS_OK)
		return st;
	if (r->verdict->route == ROUTE_APPROVE) {
		r->release[OUTBOX_N].number = p->release++;
		r->release[OUTBOX_ITEM].number = p->key;
		r->release[OUTBOX_SEQ].number = p->seq;
		r->release[OUTBOX_TS].number = p->now;
		st = batch_add(&b->releases, r->release, err);
	}
	p->key++;
	p->seq++;
	return st;
}

/* All that belongs to the first n. */
static enum status
bulk_rest(struct ingest *in, size_t n, struct place p, struct error *err)
{
	struct bulk *b = &in->bulk;
	const struct {
		const struct batch *batch;
		enum query_id query;
	} table[] = {
		{ &b->payloads, QUERY_PAYLOADS_INSERT },
		{ &b->findings, QUERY_FINDINGS_INSERT },
		{ &b->errors, QUERY_ERRORS_INSERT },
		{ &b->releases, QUERY_OUTBOX_INSERT_ALL }
	};
	enum status st;
	size_t i;

	b->payloads.n = b->findings.n = b->errors.n = b->releases.n = 0;
	st = outbox_next(in->s->store, &p.release, err);
	for (i = 0; i < n && st == STATUS_OK; i++) {
		b->leaf[i] = &b->row[i]->leaf;
		in->bytes += b->row[i]->item->record.n +
		    b->row[i]->item->input.n;
		st = bulk_add(b, b->row[i], &p, err);
	}
	for (i = 0; i < sizeof(table) / sizeof(table[0]) && st == STATUS_OK; i++)
		st = batch_run(table[i].batch, in->s->store, table[i].query,
		    err);
	return st != STATUS_OK ? st : audit_append_drafts(in->s->store, b->leaf,
	    n, p.now, err);
}

/* Stores them up to one that is there already; *n of them. */
static enum status
bulk_store(struct ingest *in, size_t *n, struct error *err)
{
	struct place p = { .now = store_now_ms(in->s->store) };
	enum status st;

	*n = 0;
	if (in->bulk.n == 0)
		return STATUS_OK;
	if ((st = transaction_begin(in, err)) != STATUS_OK ||
	    (st = audit_next(in->s->store, &p.seq, err)) != STATUS_OK ||
	    (st = bulk_items(in, &p, n, err)) != STATUS_OK || *n == 0)
		return st;
	return bulk_rest(in, *n, p, err);
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
	int64_t now = clock_boot_ms(NULL);

	if (in->o->progress == NULL || now - in->told_ms < 200)
		return;
	in->told_ms = now;
	in->o->progress(in->o->arg, in->counts, &in->progress);
}

/* What is said of n stored items, and of the lines refused among them; the
 * item after them, or NULL. */
static enum status
tell_stored(struct ingest *in, const struct judged **j, size_t n,
    struct error *err)
{
	enum status st = STATUS_OK;

	for (; *j != NULL && st == STATUS_OK; *j = (*j)->next) {
		if ((*j)->refused != NULL)
			refused(in, *j);
		else if (n-- == 0)
			break;
		else
			st = count_item(in, *j, err);
		verdict_add(in, (*j)->text);
	}
	return st;
}

static enum status
ingest_consume(void *arg, const struct judged *j, struct error *err)
{
	struct ingest *in = arg;
	enum status st = STATUS_OK;
	size_t n;

	while (j != NULL && st == STATUS_OK) {
		bulk_fill(&in->bulk, j);
		if ((st = bulk_store(in, &n, err)) != STATUS_OK ||
		    (st = tell_stored(in, &j, n, err)) != STATUS_OK)
			return st;
		if (n < in->bulk.n) {
			st = item_again(in, j, err);
			j = j->next;
		}
		if (st == STATUS_OK)
			st = in->open ? transaction_look(in, err) :
			    ingest_out_tell(&in->verdicts, err);
	}
	tell_progress(in);
	return st;
}

/* Nothing more at hand: what was read is committed and handed on. */
static enum status
ingest_idle(void *arg, struct error *err)
{
	struct ingest *in = arg;
	enum status st;

	if ((st = transaction_end(in, false, err)) != STATUS_OK ||
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
		query_bind_int(q, 2, store_now_ms(in->s->store));
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

	if ((st = store_random(in->rows.seed, SEED_LEN, err)) != STATUS_OK ||
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
	bulk_release(&in->bulk);
	arena_release(&in->arena);
	arena_release(&in->known);
	return e == err && end != STATUS_OK ? end : st;
}

enum status
ingest_run(struct session *s, const struct ingest_options *o,
    struct ingest_counts *counts, struct error *err)
{
	struct ingest in = {
		.s = s, .o = o, .counts = counts, .rows.session = s,
		.bulk.most = BULK_ITEMS
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
