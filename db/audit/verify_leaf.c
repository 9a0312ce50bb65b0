#include "db/audit/verify_leaf.h"

#include <stdio.h>

#include "db/audit/known.h"
#include "db/audit/proof.h"
#include "db/audit/verify_bound.h"
#include "db/audit/verify_decision.h"
#include "db/audit/verify_eval.h"
#include "db/audit/verify_hook.h"
#include "db/audit/verify_item.h"
#include "db/audit/verify_opinion.h"
#include "db/audit/verify_policy.h"
#include "db/audit/verify_prompt.h"
#include "db/audit/verify_search.h"

static enum status	verify_key(struct verify *, struct error *);

/* What the first leaf binds beside its log; older stores' do not. */
static enum status
verify_bound(struct verify *v, struct error *err)
{
	struct slice named = leaf_other_text(&v->leaf, "store_key_sha256");
	struct slice group = leaf_other_text(&v->leaf, "group");
	struct slice secret = store_key(v->store);
	const char *shared = store_group(v->store);
	char hex[HASH_HEX];
	struct hash h;

	if (named.p == NULL)
		return STATUS_OK;
	hash_parts(v->chain.hasher, &secret, 1, &h);
	hash_hex(&h, hex);
	if (!slice_is(named, hex))
		verify_problem(v, "the store's key, of draws and redaction, is not "
		    "that of leaf %lld", (long long)v->seq);
	if (!slice_eq(group, shared == NULL ? SLICE_NONE : slice_of(shared)))
		verify_problem(v, "the store's group is not that of leaf %lld",
		    (long long)v->seq);
	return leaf_other(&v->leaf, "key") == JSON_NONE ? STATUS_OK :
	    verify_key(v, err);
}

/* A test store's says "test":true; a real store's has no such key. */
static enum status
verify_create(struct verify *v, struct error *err)
{
	v->r->test |= v->seq == 0 && leaf_true(&v->leaf, LEAF_KEY_TEST);
	if (v->leaf.at[LEAF_KEY_TEST] != JSON_NONE &&
	    !leaf_true(&v->leaf, LEAF_KEY_TEST))
		verify_problem(v, "leaf %lld: test is not true",
		    (long long)v->seq);
	if (leaf_true(&v->leaf, LEAF_KEY_BINDS)) {
		if (v->bind_seq != INT64_MAX)
			verify_problem(v, "leaf %lld: binds what it begins, and the "
			    "store says that leaf %lld does", (long long)v->seq,
			    (long long)v->bind_seq);
		v->bind_seq = v->seq;
	}
	return verify_bound(v, err);
}

static enum status
verify_log_bind(struct verify *v, struct error *err)
{
	enum status st = verify_bound(v, err);

	return st == STATUS_OK ? verify_bind(v, err) : st;
}

/* What is signed from here on is signed by this key or an earlier one. */
static enum status
verify_key(struct verify *v, struct error *err)
{
	struct error why = { 0 };
	enum status st = known_key(v->known, "log.key", leaf_other_text(&v->leaf,
	    "key"), &why);

	if (st == STATUS_NOMEM)
		return error_nomem(err);
	if (st != STATUS_OK)
		verify_problem(v, "leaf %lld: %s", (long long)v->seq, why.text);
	return STATUS_OK;
}

static enum status
verify_purge(struct verify *v, struct error *err)
{
	int64_t rows;

	(void)err;
	if (leaf_int(&v->leaf, LEAF_KEY_ROWS, &rows) && rows > 0)
		v->seen.erased_leaves += (uint64_t)rows;
	return STATUS_OK;
}

/* Events that have rows to check besides their leaf.  apart: the check looks at
 * these alone, so that it may run beside that of any other leaf. */
static const struct {
	const char	*event;
	enum status	(*check)(struct verify *, struct error *);
	bool		 apart;
} checks[] = {
	{ "route", verify_route, true },
	{ "decision", verify_decision, true },
	{ "erase", verify_erase, true },
	{ "purge", verify_purge, true },
	{ "note", verify_note, true },
	{ "opinion", verify_opinion, true },
	{ "skip", verify_skip, true },
	{ "hook.drop", verify_drop, true },
	{ "log.create", verify_create, false },
	{ "log.bind", verify_log_bind, false },
	{ "log.key", verify_key, false },
	{ "policy.apply", verify_policy, false },
	{ "prompt.add", verify_prompt_add, false },
	{ "prompt.label", verify_prompt_label, false },
	{ "bundle.make", verify_bundle_make, false },
	{ "bundle.use", verify_bundle_use, false },
	{ "run", verify_eval, false },
	{ "run.label", verify_eval_label, false },
	{ "search", verify_search, false }
};

static enum status
rows_check(struct verify *v, struct error *err)
{
	struct slice event = leaf_text(&v->leaf, LEAF_KEY_EVENT);
	size_t i;

	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		if (!slice_is(event, checks[i].event))
			continue;
		if (v->later == NULL || checks[i].apart)
			return checks[i].check(v, err);
		buf_add(v->later, &v->seq, sizeof(v->seq));
		return buf_check(v->later, err);
	}
	return STATUS_OK;
}

static enum status
verify_rows(struct verify *v, struct error *err)
{
	struct slice event = leaf_text(&v->leaf, LEAF_KEY_EVENT);

	if (v->seq == 0 && !slice_is(event, "log.create"))
		verify_problem(v, "leaf 0: not log.create, which begins a log");
	if (v->seq == v->bind_seq && v->seq > 0 && !slice_is(event, "log.bind"))
		verify_problem(v, "leaf %lld: the store says that it binds what is "
		    "older, and it does not", (long long)v->seq);
	return rows_check(v, err);
}

enum status
verify_later(struct verify *v, int64_t seq, struct error *err)
{
	struct buf leaf = BUF_INIT;
	enum status st = audit_leaf(v->store, seq, &leaf, err);

	arena_reset(&v->chain.arena);
	if (st == STATUS_OK)
		st = leaf_read(&v->chain.json, &v->chain.arena, (struct slice){
		    leaf.p, leaf.n - 1 }, &v->leaf, err);
	v->seq = seq;
	if (st == STATUS_OK)
		st = rows_check(v, err);
	buf_release(&leaf);
	return st;
}

static void
verify_place(struct verify *v)
{
	if (v->seq == v->next)
		return;
	if (v->seq == v->next + 1)
		verify_problem(v, "leaf %lld: missing", (long long)v->next);
	else
		verify_problem(v, "leaves %lld to %lld: missing",
		    (long long)v->next, (long long)v->seq - 1);
	v->gap = true;
}

static void
verify_subtrees(struct verify *v, const struct hash *out, unsigned n,
    struct slice stored)
{
	/* Behind a gap only the leaf's own hash can be known. */
	if (v->gap)
		n = 1;
	if (stored.n < n * HASH_LEN || (!v->gap && stored.n != n * HASH_LEN) ||
	    memcmp(stored.p, out, n * HASH_LEN) != 0)
		verify_problem(v, "leaf %lld: the hashes stored with it are "
		    "not those of the log", (long long)v->seq);
}

/* The clock may be set back, and the leaf after that says so. */
static void
verify_time(struct verify *v)
{
	int64_t ms = v->leaf.ts_ms, back = 0;
	char line[128];

	(void)leaf_int(&v->leaf, LEAF_KEY_BACK, &back);
	if (v->leaf.at[LEAF_KEY_BACK] != JSON_NONE || verify_binds(v)) {
		if (back != (ms < v->last_ms ? v->last_ms - ms : 0))
			verify_problem(v, "leaf %lld: its time is before that of the "
			    "leaf before, and it does not say so", (long long)v->seq);
		else if (back > 0 && v->report != NULL) {
			(void)snprintf(line, sizeof(line), AUDIT_NOTE "leaf %lld: the "
			    "clock had been set back by %lld ms", (long long)v->seq,
			    (long long)back);
			v->report(v->arg, line);
		}
	}
	v->last_ms = ms;
}

/* One leaf: its form, its place in the chain, its hashes, its rows. */
static enum status
verify_leaf(struct verify *v, struct slice leaf, struct slice stored,
    struct error *err)
{
	struct audit_chain *c = &v->chain;
	struct hash out[MERKLE_MAX], h;
	struct error why = { 0 };
	enum status st;
	unsigned n;

	arena_reset(&c->arena);
	verify_place(v);
	st = leaf_read(&c->json, &c->arena, leaf, &v->leaf, &why);
	if (st == STATUS_NOMEM)
		return error_nomem(err);
	if (st != STATUS_OK)
		verify_problem(v, "leaf %lld: %s", (long long)v->seq, why.text);
	else {
		if (leaf_follows(&v->leaf, store_log(v->store), &c->prev,
		    v->seq, &why) != STATUS_OK)
			verify_problem(v, "leaf %lld: %s", (long long)v->seq,
			    why.text);
		verify_time(v);
		if ((st = verify_rows(v, err)) != STATUS_OK)
			return st;
	}
	hash_leaf(c->hasher, leaf, &h);
	n = merkle_add(c->hasher, &c->tree, &h, out);
	verify_subtrees(v, out, n, stored);
	c->prev = h;
	v->next = v->seq < INT64_MAX ? v->seq + 1 : v->seq;
	/* Behind a gap nobody knows which leaves a root was of. */
	if (!v->gap && v->known != NULL)
		v->r->problems += known_compare(v->known, c->hasher, &c->tree,
		    store_log(v->store), v->report, v->arg);
	return STATUS_OK;
}

#define PROGRESS_LEAVES	8192	/* from one call to the next */

enum status
verify_leaves(struct verify *v, int64_t from, int64_t end, uint64_t most,
    struct error *err)
{
	struct cursor c = { .id = QUERY_AUDIT_LEAVES, .key = AUDIT_LEAVES_SEQ };
	enum status st = cursor_from(&c, v, from, err);

	while (st == STATUS_OK && c.row && (c.last < end || end == INT64_MAX) &&
	    most-- > 0) {
		v->seq = c.last;
		if (++v->r->leaves % PROGRESS_LEAVES == 0 && v->progress != NULL &&
		    !v->progress(v->arg, v->r->leaves, v->total))
			st = error_set(err, STATUS_INTERRUPTED, "stopped");
		else if ((st = verify_leaf(v, query_text(c.q, AUDIT_LEAVES_LEAF),
		    query_blob(c.q, AUDIT_LEAVES_HASHES), err)) == STATUS_OK)
			st = cursor_step(&c, v, err);
	}
	cursor_done(&c);
	return st;
}
