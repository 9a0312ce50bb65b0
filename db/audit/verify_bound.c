#include "db/audit/verify_bound.h"

#include "core/json/value.h"
#include "db/audit/bind.h"
#include "db/audit/bound.h"
#include "db/audit/verify_content.h"
#include "db/audit/verify_release.h"

enum status
verify_bound_begin(struct verify *v, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, v->store, QUERY_BOUND_SINCE, err);

	v->bind_seq = INT64_MAX;
	if (st == STATUS_OK && (st = query_row(q, err)) == STATUS_OK)
		v->bind_seq = query_int(q, BOUND_SINCE_SEQ);
	query_done(q);
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

static struct slice
hash_slice(const struct hash *h)
{
	return (struct slice){ (const char *)h->b, HASH_LEN };
}

/* All that there are, as the leaf has their hash; of none it has null. */
static enum status
findings_check(struct verify *v, struct query *q, struct content *c,
    struct error *err)
{
	struct buf found = BUF_INIT;
	struct hash want;
	enum status st = STATUS_OK;
	size_t n;

	if (c->part[0].p == NULL || leaf_null(&v->leaf, LEAF_KEY_FINDINGS))
		return STATUS_OK;
	if ((st = bound_found_read(v->store, query_int(q, AUDIT_ITEMS_ITEM), &found,
	    &n, err)) == STATUS_OK && (st = buf_check(&found, err)) == STATUS_OK) {
		v->seen.findings += n;
		c->part[1] = buf_slice(&found);
		c->want = leaf_hash_value(&v->leaf, LEAF_KEY_FINDINGS, &want) ?
		    hash_slice(&want) : SLICE_NONE;
		st = contents_add(v->contents, v, c, err);
	}
	buf_release(&found);
	return st;
}

/* ... of an item of before, by what was bound then. */
static enum status
old_check(struct verify *v, struct query *q, struct content *c, struct query *bound,
    struct error *err)
{
	struct slice salt = query_blob(q, AUDIT_ITEMS_SALT);
	struct slice want = query_blob(bound, BOUND_GET_FOUND);
	struct hash h;
	enum status st;

	c->want = query_blob(bound, BOUND_GET_ROW);
	if ((st = contents_add(v->contents, v, c, err)) != STATUS_OK ||
	    salt.p == NULL)
		return st;
	if ((st = bind_found_hash(v->store, v->chain.hasher, query_int(q,
	    AUDIT_ITEMS_ITEM), salt, query_text(q, AUDIT_ITEMS_SNIPPET), &h,
	    err)) == STATUS_OK && !slice_eq(hash_slice(&h), want))
		verify_problem(v, "item %.*s: its findings or first words are not "
		    "those that leaf %lld binds", SLICE_ARG(c->name),
		    (long long)v->bind_seq);
	return st;
}

static enum status
old_columns(struct verify *v, struct query *q, struct content *c,
    struct error *err)
{
	struct query *bound;
	enum status st;
	struct buf found = BUF_INIT;
	size_t n;

	/* None has bound anything yet. */
	if (v->bind_seq == INT64_MAX)
		return STATUS_OK;
	if (verify_binds(v)) {
		verify_problem(v, "leaf %lld: does not bind the columns of its item",
		    (long long)v->seq);
		return STATUS_OK;
	}
	if ((st = bound_found_read(v->store, query_int(q, AUDIT_ITEMS_ITEM), &found,
	    &n, err)) != STATUS_OK ||
	    (st = query_get(&bound, v->store, QUERY_BOUND_GET, err)) != STATUS_OK)
		goto out;
	v->seen.findings += n;
	query_bind_int(bound, BOUND_OF_item, query_int(q, AUDIT_ITEMS_ITEM));
	if ((st = query_row(bound, err)) == STATUS_OK) {
		c->seq = v->bind_seq;
		st = old_check(v, q, c, bound, err);
	} else if (st == STATUS_NOT_FOUND) {
		verify_problem(v, "item %.*s: nothing binds its columns",
		    SLICE_ARG(c->name));
		st = STATUS_OK;
	}
	query_done(bound);
out:
	buf_release(&found);
	return st;
}

/* When it came is the time of its leaf, or what the leaf of a rerouting says. */
static void
ingested_check(struct verify *v, struct query *q, struct slice name)
{
	int64_t ms = v->leaf.ts_ms;

	if (v->leaf.at[LEAF_KEY_INGESTED] != JSON_NONE &&
	    !leaf_int(&v->leaf, LEAF_KEY_INGESTED, &ms))
		ms = -1;
	if (ms != query_int(q, AUDIT_ITEMS_INGESTED_MS))
		verify_problem(v, "item %.*s: ingested_ms is not that of leaf %lld",
		    SLICE_ARG(name), (long long)v->seq);
}

enum status
verify_columns(struct verify *v, struct query *q, struct error *err)
{
	struct content c = { .what = CONTENT_ROW, .seq = v->seq,
	    .name = query_text(q, AUDIT_ITEMS_ID) };
	struct buf row = BUF_INIT;
	struct hash want;
	enum status st;

	bound_row_read(&row, q);
	c.part[0] = buf_slice(&row);
	if ((st = buf_check(&row, err)) != STATUS_OK)
		goto out;
	if (v->leaf.at[LEAF_KEY_ROW] == JSON_NONE) {
		st = old_columns(v, q, &c, err);
		goto out;
	}
	ingested_check(v, q, c.name);
	c.want = leaf_hash_value(&v->leaf, LEAF_KEY_ROW, &want) ?
	    hash_slice(&want) : SLICE_NONE;
	if ((st = contents_add(v->contents, v, &c, err)) != STATUS_OK)
		goto out;
	c.what = CONTENT_FINDINGS;
	c.part[0] = query_blob(q, AUDIT_ITEMS_SALT);
	st = findings_check(v, q, &c, err);
out:
	buf_release(&row);
	return st;
}

static void
note_check(struct verify *v, struct query *q)
{
	struct slice salt = query_blob(q, AUDIT_NOTE_SALT);

	if (!slice_eq(query_text(q, AUDIT_NOTE_QUEUE),
	    leaf_text(&v->leaf, LEAF_KEY_QUEUE)) ||
	    !slice_eq(query_text(q, AUDIT_NOTE_ID),
	    leaf_text(&v->leaf, LEAF_KEY_ITEM)))
		verify_problem(v, "note of leaf %lld: on another item",
		    (long long)v->seq);
	if (!slice_eq(query_text(q, AUDIT_NOTE_BY),
	    leaf_actor_text(&v->leaf, "name")) ||
	    !leaf_actor_is(&v->leaf, query_int(q, AUDIT_NOTE_UID)) ||
	    v->leaf.ts_ms != query_int(q, AUDIT_NOTE_TS_MS))
		verify_problem(v, "note of leaf %lld: not by whom and when the leaf "
		    "says", (long long)v->seq);
	if (!verify_salted(v, LEAF_KEY_NOTE, salt, query_text(q, AUDIT_NOTE_TEXT)))
		verify_problem(v, "note of leaf %lld: its text is not that of the "
		    "leaf", (long long)v->seq);
}

/* Notes go with their item's texts: one whose item has some is there. */
static enum status
note_gone(struct verify *v, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, v->store, QUERY_AUDIT_ITEM, err);

	if (st != STATUS_OK)
		return st;
	query_bind_text(q, AUDIT_ITEM_queue, leaf_text(&v->leaf, LEAF_KEY_QUEUE));
	query_bind_text(q, AUDIT_ITEM_id, leaf_text(&v->leaf, LEAF_KEY_ITEM));
	if ((st = query_row(q, err)) == STATUS_OK &&
	    !query_null(q, AUDIT_ITEMS_SALT))
		verify_problem(v, "note of leaf %lld: missing", (long long)v->seq);
	query_done(q);
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

enum status
verify_note(struct verify *v, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, v->store, QUERY_AUDIT_NOTE, err);
	bool found;

	if (st != STATUS_OK)
		return st;
	query_bind_int(q, AUDIT_NOTE_seq, v->seq);
	found = (st = query_row(q, err)) == STATUS_OK;
	if (found) {
		v->seen.notes++;
		note_check(v, q);
	}
	query_done(q);
	return st == STATUS_NOT_FOUND ? note_gone(v, err) : st;
}

static bool
other_hash_is(struct verify *v, const char *key, const struct hash *h)
{
	struct hash named;

	return hash_from_hex(leaf_other_text(&v->leaf, key), &named) &&
	    hash_eq(&named, h);
}

enum status
verify_bind(struct verify *v, struct error *err)
{
	uint32_t feed = leaf_other(&v->leaf, "feed");
	struct hash items, rows;
	int64_t n = 0;
	enum status st;
	uint64_t count;

	if (v->seq != v->bind_seq)
		verify_problem(v, "leaf %lld: binds what is older, and the store says "
		    "that another leaf does", (long long)v->seq);
	if (feed != JSON_NONE)
		(void)json_int64(v->leaf.json, feed, &n);
	if ((st = bind_items_hash(v->store, &items, &count, err)) != STATUS_OK ||
	    (st = bind_rows_hash(v->store, v->seq, n, &rows, err)) != STATUS_OK)
		return st;
	if (!other_hash_is(v, "items_sha256", &items))
		verify_problem(v, "leaf %lld: what was bound of older items is not "
		    "what it names", (long long)v->seq);
	if (!other_hash_is(v, "rows_sha256", &rows))
		verify_problem(v, "leaf %lld: a time of review, a time of a release or "
		    "a rule of before is not what it binds", (long long)v->seq);
	return STATUS_OK;
}

/* The names of its rules, as they are counted and shown. */
enum status
verify_rules(struct verify *v, struct slice policy, struct error *err)
{
	struct hash h;
	enum status st;

	if (leaf_other(&v->leaf, "rules_sha256") == JSON_NONE) {
		if (verify_binds(v))
			verify_problem(v, "leaf %lld: does not bind the policy's "
			    "rules", (long long)v->seq);
		return STATUS_OK;
	}
	if ((st = bind_rules_hash(v->store, policy, &h, err)) == STATUS_OK &&
	    !other_hash_is(v, "rules_sha256", &h))
		verify_problem(v, "policy %.*s: its rules are not those that leaf "
		    "%lld binds", SLICE_ARG(policy), (long long)v->seq);
	return st;
}

enum status
verify_counts_end(struct verify *v, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, v->store, QUERY_AUDIT_COUNTS, err);
	uint64_t findings, notes;

	if (v->bind_seq >= v->next && v->bind_seq != INT64_MAX)
		verify_problem(v, "the store says that leaf %lld binds what is older, "
		    "and there is none", (long long)v->bind_seq);
	if (st != STATUS_OK || (st = query_row(q, err)) != STATUS_OK)
		return st;
	findings = (uint64_t)query_int(q, AUDIT_COUNTS_FINDINGS);
	notes = (uint64_t)query_int(q, AUDIT_COUNTS_NOTES);
	query_done(q);
	if (v->bind_seq != INT64_MAX && findings > v->seen.findings)
		verify_problem(v, "findings: %llu that no leaf accounts for",
		    (unsigned long long)(findings - v->seen.findings));
	if (notes > v->seen.notes)
		verify_problem(v, "notes: %llu that no leaf accounts for",
		    (unsigned long long)(notes - v->seen.notes));
	return STATUS_OK;
}

static enum status
old_notes(struct verify *v, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, v->store, QUERY_BOUND_STRAY, err);
	bool row;

	if (st != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row)
		verify_problem(v, "item %.*s: note %lld: no leaf says so",
		    SLICE_ARG(query_text(q, BOUND_STRAY_ID)),
		    (long long)query_int(q, BOUND_STRAY_N));
	query_done(q);
	return st;
}

static enum status
bound_notes(struct verify *v, struct error *err)
{
	struct query *q;
	struct slice salt;
	struct hash h;
	enum status st = query_get(&q, v->store, QUERY_BOUND_NOTED, err);
	bool row, any;

	if (st != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		salt = query_blob(q, BOUND_NOTED_SALT);
		if ((st = bind_notes_hash(v->store, v->chain.hasher, query_int(q,
		    BOUND_NOTED_ITEM), salt, &h, &any, err)) != STATUS_OK)
			break;
		if (!any || !slice_eq(hash_slice(&h), query_blob(q,
		    BOUND_NOTED_NOTES)))
			verify_problem(v, "item %.*s: its notes are not those that "
			    "leaf %lld binds", SLICE_ARG(query_text(q,
			    BOUND_NOTED_ID)), (long long)v->bind_seq);
	}
	query_done(q);
	return st;
}

enum status
verify_totals_end(struct verify *v, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, v->store, QUERY_DOCTOR_TOTALS, err);
	bool row;

	if (st != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row)
		verify_problem(v, "count of %.*s items in queue %.*s: %lld kept, "
		    "%lld there", SLICE_ARG(query_text(q, DOCTOR_TOTALS_STATE)),
		    SLICE_ARG(query_text(q, DOCTOR_TOTALS_QUEUE)),
		    (long long)query_int(q, DOCTOR_TOTALS_KEPT),
		    (long long)query_int(q, DOCTOR_TOTALS_THERE));
	query_done(q);
	return st;
}

enum status
verify_bound_end(struct verify *v, struct error *err)
{
	enum status st;

	if (v->bind_seq == INT64_MAX)
		return STATUS_OK;
	st = bound_notes(v, err);
	return st == STATUS_OK ? old_notes(v, err) : st;
}
