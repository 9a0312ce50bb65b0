#include "db/audit/verify_item.h"

#include <math.h>
#include <stdio.h>

#include "db/audit/verify_bound.h"
#include "db/audit/verify_content.h"
#include "db/audit/verify_release.h"

static bool
is_item(struct query *q, struct slice queue, struct slice id)
{
	return slice_eq(query_text(q, AUDIT_ITEMS_ID), id) &&
	    slice_eq(query_text(q, AUDIT_ITEMS_QUEUE), queue);
}

/* Looks an item up by its name; *q is NULL where there is none. */
static enum status
item_look(struct verify *v, struct slice queue, struct slice id,
    struct query **q, struct error *err)
{
	enum status st;

	if ((st = query_get(q, v->store, QUERY_AUDIT_ITEM, err)) != STATUS_OK)
		return st;
	query_bind_text(*q, AUDIT_ITEM_queue, queue);
	query_bind_text(*q, AUDIT_ITEM_id, id);
	st = query_row(*q, err);
	if (st == STATUS_NOT_FOUND) {
		query_done(*q);
		*q = NULL;
		return STATUS_OK;
	}
	return st;
}

/* The bytes that the content hash is of are there and are the same. */
static enum status
content_check(struct verify *v, struct query *q, struct slice name,
    struct error *err)
{
	struct content c = { .what = CONTENT_RECORD, .seq = v->seq, .name = name };
	int64_t mapping = MAPPING_FIRST;
	char choice[24];

	if (query_null(q, AUDIT_ITEMS_SALT)) {
		v->seen.erased_rows++;
		return STATUS_OK;
	}
	if (query_null(q, AUDIT_ITEMS_RECORD)) {
		verify_problem(v, "item %.*s: its record is gone, and it was "
		    "not erased", SLICE_ARG(name));
		return STATUS_OK;
	}
	if (!slice_eq(query_text(q, AUDIT_ITEMS_SHAPE),
	    leaf_text(&v->leaf, LEAF_KEY_SHAPE)))
		verify_problem(v, "item %.*s: its record is read in another "
		    "shape than leaf %lld says", SLICE_ARG(name),
		    (long long)v->seq);
	(void)leaf_int(&v->leaf, LEAF_KEY_MAPPING, &mapping);
	if (query_int(q, AUDIT_ITEMS_MAPPING) != mapping)
		verify_problem(v, "item %.*s: its record is read by another "
		    "mapping than leaf %lld says", SLICE_ARG(name),
		    (long long)v->seq);
	(void)snprintf(choice, sizeof(choice), "%lld",
	    (long long)query_int(q, AUDIT_ITEMS_PART));
	c.part[0] = query_blob(q, AUDIT_ITEMS_SALT);
	c.part[1] = query_blob(q, AUDIT_ITEMS_RECORD);
	c.part[2] = query_blob(q, AUDIT_ITEMS_INPUT);
	c.part[3] = slice_of(choice);
	c.want = query_blob(q, AUDIT_ITEMS_CONTENT_SHA256);
	/* Those of before are bound as they were. */
	if (v->leaf.at[LEAF_KEY_ROW] != JSON_NONE)
		c.snippet = query_text(q, AUDIT_ITEMS_SNIPPET);
	c.shape = query_text(q, AUDIT_ITEMS_SHAPE);
	c.choice = (uint32_t)query_int(q, AUDIT_ITEMS_PART);
	c.mapping = (uint32_t)mapping;
	return contents_add(v->contents, v, &c, err);
}

static bool
content_same(struct verify *v, struct query *q)
{
	struct hash h;

	return leaf_hash_value(&v->leaf, LEAF_KEY_CONTENT, &h) &&
	    slice_eq(query_blob(q, AUDIT_ITEMS_CONTENT_SHA256),
	    (struct slice){ (const char *)h.b, HASH_LEN });
}

static bool
confidence_same(struct verify *v, struct query *q)
{
	double confidence = query_double(q, AUDIT_ITEMS_CONFIDENCE);
	int64_t ppm;

	if (isnan(confidence))
		return leaf_null(&v->leaf, LEAF_KEY_CONFIDENCE);
	return leaf_int(&v->leaf, LEAF_KEY_CONFIDENCE, &ppm) &&
	    fabs(confidence * 1e6 - (double)ppm) < 1.0;
}

/* The columns that say the same as the leaf of the item's latest routing. */
static void
row_check(struct verify *v, struct query *q, struct slice name)
{
	static const struct {
		enum leaf_key	key;
		enum query_column column;
	} texts[] = {
		{ LEAF_KEY_ROUTE, AUDIT_ITEMS_ROUTE },
		{ LEAF_KEY_RULE, AUDIT_ITEMS_RULE },
		{ LEAF_KEY_POLICY, AUDIT_ITEMS_POLICY }
	};
	struct slice row, leaf;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		row = query_text(q, texts[i].column);
		leaf = leaf_text(&v->leaf, texts[i].key);
		if (!slice_eq(row, leaf))
			verify_problem(v, "item %.*s: %s is \"%.*s\", where "
			    "leaf %lld says \"%.*s\"", SLICE_ARG(name),
			    leaf_key_name[texts[i].key], SLICE_ARG(row),
			    (long long)v->seq, SLICE_ARG(leaf));
	}
	if (!confidence_same(v, q))
		verify_problem(v, "item %.*s: its confidence is not that of "
		    "leaf %lld", SLICE_ARG(name), (long long)v->seq);
	if (leaf_true(&v->leaf, LEAF_KEY_SAMPLED) !=
	    (query_int(q, AUDIT_ITEMS_SAMPLED) != 0))
		verify_problem(v, "item %.*s: drawn for review or not: leaf "
		    "%lld says otherwise", SLICE_ARG(name), (long long)v->seq);
	/* Drawn and still approved: nobody has decided. */
	if ((query_int(q, AUDIT_ITEMS_REVIEW) != 0) !=
	    (query_int(q, AUDIT_ITEMS_SAMPLED) != 0 &&
	    slice_is(query_text(q, AUDIT_ITEMS_STATE), "approved")))
		verify_problem(v, "item %.*s: whether it waits for review does "
		    "not follow from its leaves", SLICE_ARG(name));
}

/* A state other than that of the routing needs a decision behind it; which
 * state that leads to is verify_decisions_end()'s to compare. */
static enum status
state_check(struct verify *v, struct query *q, struct slice name,
    struct error *err)
{
	struct slice row = query_text(q, AUDIT_ITEMS_STATE);
	struct slice leaf = leaf_text(&v->leaf, LEAF_KEY_STATE);
	struct query *since;
	enum status st;

	if (slice_eq(row, leaf))
		return STATUS_OK;
	if ((st = query_get(&since, v->store, QUERY_AUDIT_DECIDED_SINCE, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(since, AUDIT_DECIDED_SINCE_item,
	    query_int(q, AUDIT_ITEMS_ITEM));
	query_bind_int(since, AUDIT_DECIDED_SINCE_seq, v->seq);
	st = query_row(since, err);
	query_done(since);
	if (st == STATUS_NOT_FOUND) {
		verify_problem(v, "item %.*s: its state is %.*s, where leaf "
		    "%lld says %.*s", SLICE_ARG(name), SLICE_ARG(row),
		    (long long)v->seq, SLICE_ARG(leaf));
		st = STATUS_OK;
	}
	return st;
}

static enum status
item_check(struct verify *v, struct query *q, struct error *err)
{
	int64_t seq = query_int(q, AUDIT_ITEMS_SEQ);
	struct slice name = query_text(q, AUDIT_ITEMS_ID);
	enum status st;

	if (!content_same(v, q))
		verify_problem(v, "item %.*s: its content hash is not that of "
		    "leaf %lld", SLICE_ARG(name), (long long)v->seq);
	if (slice_is(leaf_text(&v->leaf, LEAF_KEY_STATE), "approved") &&
	    (st = verify_approved(v, query_int(q, AUDIT_ITEMS_ITEM),
	    query_blob(q, AUDIT_ITEMS_SALT), err)) != STATUS_OK)
		return st;
	/* It was routed again since: its row is of that routing. */
	if (seq > v->seq)
		return STATUS_OK;
	if (seq < v->seq) {
		verify_problem(v, "item %.*s: its row is that of leaf %lld, "
		    "but leaf %lld routed it", SLICE_ARG(name), (long long)seq,
		    (long long)v->seq);
		return STATUS_OK;
	}
	v->seen.items++;
	v->r->items++;
	if ((st = content_check(v, q, name, err)) != STATUS_OK ||
	    (st = verify_columns(v, q, err)) != STATUS_OK)
		return st;
	row_check(v, q, name);
	return state_check(v, q, name, err);
}

enum status
verify_route(struct verify *v, struct error *err)
{
	struct slice queue = leaf_text(&v->leaf, LEAF_KEY_QUEUE);
	struct slice id = leaf_text(&v->leaf, LEAF_KEY_ITEM);
	struct query *q;
	enum status st;
	int64_t key;

	if (v->items.row && is_item(v->items.q, queue, id)) {
		if ((st = item_check(v, v->items.q, err)) != STATUS_OK)
			return st;
		return cursor_step(&v->items, v, err);
	}
	if ((st = item_look(v, queue, id, &q, err)) != STATUS_OK)
		return st;
	if (q == NULL) {
		verify_problem(v, "item %.*s of queue %.*s: leaf %lld routed "
		    "it, and it is not there", SLICE_ARG(id), SLICE_ARG(queue),
		    (long long)v->seq);
		return STATUS_OK;
	}
	key = query_int(q, AUDIT_ITEMS_ITEM);
	st = item_check(v, q, err);
	query_done(q);
	/* Rows between are met again by name, if a leaf names them. */
	if (st == STATUS_OK && (!v->items.placed ||
	    (v->items.row && key > v->items.last)))
		st = cursor_after(&v->items, v, key, err);
	return st;
}

enum status
verify_erase(struct verify *v, struct error *err)
{
	struct slice id = leaf_text(&v->leaf, LEAF_KEY_ITEM);
	struct query *q;
	enum status st;

	if ((st = item_look(v, leaf_text(&v->leaf, LEAF_KEY_QUEUE), id, &q,
	    err)) != STATUS_OK)
		return st;
	v->seen.erased_leaves++;
	if (q != NULL && (!query_null(q, AUDIT_ITEMS_SALT) ||
	    !query_null(q, AUDIT_ITEMS_RECORD)))
		verify_problem(v, "item %.*s: erased by leaf %lld, yet its "
		    "text is there", SLICE_ARG(id), (long long)v->seq);
	query_done(q);
	return STATUS_OK;
}

/* Is the leaf that an item's row names the routing of that item? */
static enum status
item_leaf(struct verify *v, struct query *item, struct error *err)
{
	struct audit_chain *c = &v->chain;
	struct slice queue = query_text(item, AUDIT_ITEM_LEAVES_QUEUE);
	struct slice id = query_text(item, AUDIT_ITEM_LEAVES_ID);
	struct error why = { 0 };
	struct leaf_view leaf;
	struct query *q;
	enum status st;
	bool found;

	if ((st = query_get(&q, v->store, QUERY_AUDIT_LEAF, err)) != STATUS_OK)
		return st;
	query_bind_int(q, AUDIT_LEAF_seq,
	    query_int(item, AUDIT_ITEM_LEAVES_SEQ));
	st = query_row(q, err);
	arena_reset(&c->arena);
	found = st == STATUS_OK && leaf_read(&c->json, &c->arena,
	    query_text(q, AUDIT_LEAF_LEAF), &leaf, &why) == STATUS_OK &&
	    slice_is(leaf_text(&leaf, LEAF_KEY_EVENT), "route") &&
	    slice_eq(leaf_text(&leaf, LEAF_KEY_QUEUE), queue) &&
	    slice_eq(leaf_text(&leaf, LEAF_KEY_ITEM), id);
	query_done(q);
	if (st != STATUS_OK && st != STATUS_NOT_FOUND)
		return st;
	if (!found)
		verify_problem(v, "item %.*s of queue %.*s: no leaf routed it",
		    SLICE_ARG(id), SLICE_ARG(queue));
	return STATUS_OK;
}

/* Each row was met at the one leaf that it names, or it has none. */
enum status
verify_items_end(struct verify *v, struct error *err)
{
	struct cursor c = { .id = QUERY_AUDIT_ITEM_LEAVES,
	    .key = AUDIT_ITEM_LEAVES_ITEM };
	struct query *q;
	enum status st;
	uint64_t rows;

	if (v->seen.erased_rows > v->seen.erased_leaves)
		verify_problem(v, "%llu items have no text, but leaves erased "
		    "only %llu", (unsigned long long)v->seen.erased_rows,
		    (unsigned long long)v->seen.erased_leaves);
	if ((st = query_get(&q, v->store, QUERY_AUDIT_COUNTS, err)) != STATUS_OK ||
	    (st = query_row(q, err)) != STATUS_OK)
		return st;
	rows = (uint64_t)query_int(q, AUDIT_COUNTS_ITEMS);
	query_done(q);
	if (rows == v->seen.items)
		return STATUS_OK;
	st = cursor_from(&c, v, INT64_MIN, err);
	while (st == STATUS_OK && c.row)
		if ((st = item_leaf(v, c.q, err)) == STATUS_OK)
			st = cursor_step(&c, v, err);
	cursor_done(&c);
	return st;
}
