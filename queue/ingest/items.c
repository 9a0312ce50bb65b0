#include "queue/ingest/items.h"

enum status
ingest_items_new(const struct judged_item *j, struct arena *arena,
    struct ingest_item **out, size_t *n, struct error *err)
{
	const struct judged_item *i;
	struct ingest_item *v;

	for (*n = 0, i = j; i != NULL; i = i->next)
		++*n;
	v = arena_zalloc(arena, (*n + 1) * sizeof(*v));
	if ((*out = v) == NULL)
		return error_nomem(err);
	for (i = j; i != NULL; i = i->next, v++) {
		v->judged = i;
		v->link.item = &i->item;
		v->link.verdict = &i->verdict;
		v->link.file = "the record";
		v->link.line = 1;
	}
	return STATUS_OK;
}

enum status
ingest_items_row(const struct ingest_rows *rows, struct hasher *h,
    struct ingest_item *v, size_t n, struct arena *arena,
    struct ingest_item ***end, struct error *err)
{
	struct ingest_row *row;
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < n && st == STATUS_OK; i++) {
		st = ingest_row_make(rows, h, v[i].link.item, v[i].link.verdict,
		    arena, &row, err);
		v[i].link.prepared = row;
		v[i].link.next = NULL;
		**end = &v[i];
		*end = (struct ingest_item **)(void *)&v[i].link.next;
	}
	return st;
}

static struct ingest_item *
next_of(const struct ingest_item *v)
{
	return (struct ingest_item *)(void *)v->link.next;
}

static bool
same_record(const struct ingest_item *a, const struct ingest_item *b)
{
	return b != NULL && a->link.item->record.p == b->link.item->record.p;
}

/* Does the record name this item twice?  Two outputs of one are never the same. */
static bool
is_named_before(const struct ingest_item *first, const struct ingest_item *v)
{
	for (; first != v; first = next_of(first))
		if (slice_eq(first->link.item->id, v->link.item->id) &&
		    slice_eq(first->link.item->queue, v->link.item->queue))
			return true;
	return false;
}

/* *torn: of the record from `first` to before `end` an item conflicts, and outcomes
 * are set. */
static enum status
record_look(struct ingest_store *is, struct ingest_item *first,
    const struct ingest_item *end, bool *torn, struct error *err)
{
	struct ingest_known known;
	struct ingest_item *v;
	enum status st;
	bool conflicts;

	*torn = false;
	for (v = first; v != end; v = next_of(v)) {
		st = ingest_store_look(is, &v->link, &known, err);
		if (st != STATUS_OK && (st != STATUS_NOT_FOUND ||
		    err->code != STATUS_OK))
			return st;
		conflicts = st == STATUS_OK ? !known.same :
		    is_named_before(first, v);
		v->outcome = conflicts ? OUTCOME_CONFLICT : OUTCOME_LEFT_OUT;
		*torn |= conflicts;
	}
	return STATUS_OK;
}

static enum status
chain_add(struct ingest_store *is, struct ingest_item *v, struct error *err)
{
	struct ingest_known known;
	enum status st;
	bool again;
	size_t n;

	while (v != NULL) {
		if ((st = ingest_store_add(is, &v->link, &n, &again, err)) !=
		    STATUS_OK)
			return st;
		for (; n > 0; n--, v = next_of(v))
			v->outcome = OUTCOME_NEW;
		if (!again)
			continue;
		if ((st = ingest_store_known(is, &v->link, &known, err)) !=
		    STATUS_OK)
			return st;
		v->outcome = known.same ? OUTCOME_SAME : OUTCOME_CONFLICT;
		v = next_of(v);
	}
	return STATUS_OK;
}

/* The last of one record of several items, or of a row of records of one. */
static struct ingest_item *
run_last(struct ingest_item *v)
{
	if (same_record(v, next_of(v)))
		while (same_record(v, next_of(v)))
			v = next_of(v);
	else
		while (next_of(v) != NULL && !same_record(next_of(v),
		    next_of(next_of(v))))
			v = next_of(v);
	return v;
}

enum status
ingest_items_add(struct ingest_store *is, const struct policy *policy,
    struct ingest_item *v, struct error *err)
{
	struct ingest_item *last, *next;
	enum status st;
	bool torn;

	st = ingest_store_policy(is, policy, err);
	for (; v != NULL && st == STATUS_OK; v = next) {
		last = run_last(v);
		next = next_of(last);
		torn = false;
		if (same_record(v, next_of(v)))
			st = record_look(is, v, next, &torn, err);
		if (st != STATUS_OK || torn)
			continue;
		last->link.next = NULL;
		st = chain_add(is, v, err);
		last->link.next = next == NULL ? NULL : &next->link;
	}
	return st;
}

enum status
ingest_items_store(struct store *store, const struct policy *policy,
    struct actor who, struct ingest_item *v, size_t n, struct arena *arena,
    struct error *err)
{
	struct ingest_rows rows = { .store = store, .policy = policy,
	    .who = who };
	struct ingest_item *chain = NULL, **end = &chain;
	struct ingest_store *is = NULL;
	struct hasher *h = NULL;
	enum status st;

	if ((st = store_random(rows.seed, SEED_LEN, err)) == STATUS_OK &&
	    (st = hasher_new(&h, err)) == STATUS_OK &&
	    (st = ingest_items_row(&rows, h, v, n, arena, &end, err)) ==
	    STATUS_OK &&
	    (st = ingest_store_new(&is, store, DURABLE_NOW, err)) == STATUS_OK &&
	    (st = ingest_items_add(is, policy, chain, err)) == STATUS_OK)
		st = ingest_store_commit(is, err);
	ingest_store_free(is);
	hasher_free(h);
	return st;
}
