#include "queue/ingest/store.h"

#include <stdio.h>
#include <stdlib.h>

#include "db/audit/head.h"
#include "db/query.h"
#include "db/write.h"
#include "queue/ingest/row.h"
#include "queue/ingest/transaction.h"
#include "queue/policies.h"
#include "queue/release/delivery.h"
#include "queue/ingest/verdict_rows.h"

#define BULK_ITEMS	256	/* at most by one statement */

/* The rows that one statement each puts into the tables. */
struct bulk {
	struct ingest_row *row[BULK_ITEMS];
	const struct audit_draft *leaf[BULK_ITEMS];
	size_t		 n, most;	/* items: there are; are taken at once */
	struct batch	 items, payloads, findings, errors, releases;
};

struct ingest_store {
	struct store	*store;
	const struct policy *policy;
	struct bulk	 bulk;
	struct ingest_transaction transaction;
};

enum status
ingest_store_new(struct ingest_store **out, struct store *store,
    enum durability durability, struct error *err)
{
	struct ingest_store *is = calloc(1, sizeof(*is));

	*out = NULL;
	if (is == NULL)
		return error_nomem(err);
	is->store = store;
	is->transaction.store = store;
	is->transaction.durability = durability;
	is->bulk.most = BULK_ITEMS;
	*out = is;
	return STATUS_OK;
}

enum status
ingest_store_policy(struct ingest_store *is, const struct policy *p,
    struct error *err)
{
	enum status st;

	is->policy = p;
	if ((st = ingest_transaction_begin(&is->transaction, err)) != STATUS_OK)
		return st;
	return policies_keep(is->store, p, err);
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

void
ingest_store_free(struct ingest_store *is)
{
	if (is == NULL)
		return;
	bulk_release(&is->bulk);
	ingest_transaction_release(&is->transaction);
	free(is);
}

enum status
ingest_store_yield(struct ingest_store *is, bool full, bool *settled,
    struct error *err)
{
	return ingest_transaction_yield(&is->transaction, full, settled, err);
}

enum status
ingest_store_pause(struct ingest_store *is, bool *settled, struct error *err)
{
	return ingest_transaction_pause(&is->transaction, settled, err);
}

enum status
ingest_store_commit(struct ingest_store *is, struct error *err)
{
	return ingest_transaction_commit(&is->transaction, err);
}

static enum status
note_ingest(void *arg, struct error *err)
{
	struct store *store = arg;
	struct query *q;
	enum status st;

	if ((st = query_get(&q, store, QUERY_STORE_META_SET, err)) != STATUS_OK)
		return st;
	query_bind_text(q, STORE_META_SET_name, SLICE("last_ingest_ms"));
	query_bind_int(q, STORE_META_SET_value, store_now_ms(store));
	return query_run(q, err);
}

void
ingest_store_drop(struct ingest_store *is)
{
	ingest_transaction_drop(&is->transaction);
}

enum status
ingest_store_sync(struct ingest_store *is, struct error *err)
{
	return store_write(is->store, DURABLE_NOW, note_ingest, is->store,
	    err);
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

/* The numbers of the next row, and its time. */
struct numbers {
	int64_t		 key, seq, now, release;
};

/*
 * Puts the rows into `items`, up to one whose (queue, id) is there already.
 * Gives how many.
 */
static enum status
bulk_items(struct ingest_store *is, const struct numbers *p, size_t *n,
    struct error *err)
{
	struct bulk *b = &is->bulk;
	enum status st = STATUS_OK;
	size_t i;

	*n = b->items.n = 0;
	for (i = 0; i < b->n && st == STATUS_OK; i++) {
		ingest_row_place(b->row[i], p->key + (int64_t)i, p->now,
		    p->seq + (int64_t)i);
		st = batch_add(&b->items, b->row[i]->values.row, err);
	}
	if (st == STATUS_OK)
		st = batch_run(&b->items, is->store, QUERY_ITEMS_INSERT, n,
		    err);
	head_take(is->store, HEAD_ITEM, (int64_t)*n);
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
bulk_add(struct bulk *b, struct ingest_row *r, struct numbers *p,
    struct error *err)
{
	enum status st;

	if ((st = batch_add(&b->payloads, r->payload.row, err)) != STATUS_OK ||
	    (st = verdict_rows_add(&r->found, p->key, &b->findings, &b->errors,
	    err)) != STATUS_OK)
		return st;
	if (r->verdict->route == ROUTE_APPROVE) {
		r->release.n = value_int(p->release++);
		r->release.item = value_int(p->key);
		r->release.seq = value_int(p->seq);
		r->release.ts_ms = value_int(p->now);
		st = batch_add(&b->releases, r->release.row, err);
	}
	p->key++;
	p->seq++;
	return st;
}

/* All that belongs to the first n. */
static enum status
bulk_rest(struct ingest_store *is, size_t n, struct numbers p, struct error *err)
{
	struct bulk *b = &is->bulk;
	const struct {
		const struct batch *batch;
		enum query_id query;
	} table[] = {
		{ &b->payloads, QUERY_PAYLOADS_INSERT },
		{ &b->findings, QUERY_FINDINGS_INSERT },
		{ &b->errors, QUERY_ERRORS_INSERT },
		{ &b->releases, QUERY_OUTBOX_INSERT_ALL }
	};
	enum status st = STATUS_OK;
	size_t i;

	b->payloads.n = b->findings.n = b->errors.n = b->releases.n = 0;
	for (i = 0; i < n && st == STATUS_OK; i++) {
		b->leaf[i] = &b->row[i]->leaf;
		if ((st = bulk_add(b, b->row[i], &p, err)) == STATUS_OK)
			st = ingest_transaction_add(&is->transaction,
			    b->row[i]->item, b->row[i]->verdict, err);
	}
	for (i = 0; i < sizeof(table) / sizeof(table[0]) && st == STATUS_OK; i++)
		st = batch_run(table[i].batch, is->store, table[i].query,
		    NULL, err);
	head_take(is->store, HEAD_RELEASE, (int64_t)b->releases.n);
	if (st == STATUS_OK && b->releases.n > 0)
		st = deliveries_write(is->store, p.release -
		    (int64_t)b->releases.n, err);
	return st != STATUS_OK ? st : audit_append_drafts(is->store, b->leaf,
	    n, p.now, err);
}

enum status
ingest_store_add(struct ingest_store *is, const struct judged *j, size_t *n,
    bool *again, struct error *err)
{
	struct numbers p = { 0 };
	enum status st;

	*n = 0;
	*again = false;
	bulk_fill(&is->bulk, j);
	if (is->bulk.n == 0)
		return STATUS_OK;
	if ((st = ingest_transaction_begin(&is->transaction, err)) != STATUS_OK)
		return st;
	/* Under the lock: nobody's leaf of a later moment comes before. */
	p.now = store_now_ms(is->store);
	if ((st = audit_next(is->store, &p.seq, err)) != STATUS_OK ||
	    (st = head_next(is->store, HEAD_ITEM, &p.key, err)) !=
	    STATUS_OK || (st = head_next(is->store, HEAD_RELEASE,
	    &p.release, err)) != STATUS_OK ||
	    (st = bulk_items(is, &p, n, err)) != STATUS_OK)
		return st;
	*again = *n < is->bulk.n;
	return *n == 0 ? STATUS_OK : bulk_rest(is, *n, p, err);
}

/* Are these the bytes that the stored hash is of? */
static enum status
content_same(struct store *store, struct query *q, const struct item *item,
    bool *same, struct error *err)
{
	char choice[16];
	int n = snprintf(choice, sizeof(choice), "%u", item->choice);
	struct slice parts[] = { item->record, item->input,
	    { choice, (size_t)n } };
	struct hash hash;
	enum status st;

	if ((*same = query_null(q, ITEM_CONTENT_SALT)))
		return STATUS_OK;
	if ((st = audit_content(store, query_blob(q, ITEM_CONTENT_SALT), parts,
	    3, &hash, err)) != STATUS_OK)
		return st;
	*same = slice_eq(query_blob(q, ITEM_CONTENT_CONTENT_SHA256),
	    (struct slice){ (const char *)hash.b, HASH_LEN });
	return STATUS_OK;
}

static enum status
known_find(struct ingest_store *is, const struct judged *j,
    struct ingest_known *known, struct error *err)
{
	struct store *store = is->store;
	struct query *q;
	enum status st;

	memset(known, 0, sizeof(*known));
	if ((st = query_get(&q, store, QUERY_ITEM_CONTENT, err)) != STATUS_OK)
		return st;
	query_bind_text(q, ITEM_CONTENT_queue, j->item->queue);
	query_bind_text(q, ITEM_CONTENT_id, j->item->id);
	if ((st = query_row(q, err)) == STATUS_OK) {
		known->item = query_int(q, ITEM_CONTENT_ITEM);
		known->as_now = slice_is(query_text(q, ITEM_CONTENT_POLICY),
		    is->policy->id) &&
		    slice_is(query_text(q, ITEM_CONTENT_STATE),
		    route_state[j->verdict->route]);
		st = content_same(store, q, j->item, &known->same, err);
	}
	query_done(q);
	return st;
}

enum status
ingest_store_look(struct ingest_store *is, const struct judged *j,
    struct ingest_known *known, struct error *err)
{
	enum status st = ingest_transaction_begin(&is->transaction, err);

	return st == STATUS_OK ? known_find(is, j, known, err) : st;
}

enum status
ingest_store_known(struct ingest_store *is, const struct judged *j,
    struct ingest_known *known, struct error *err)
{
	enum status st = known_find(is, j, known, err);

	if (st == STATUS_NOT_FOUND)
		return error_set(err, STATUS_CORRUPT, "%s:%llu: the store "
		    "refuses the item though it has none of its id: handrail "
		    "doctor looks into it", j->file,
		    (unsigned long long)j->line);
	return st;
}
