#include "db/audit/verify.h"

#include <stdio.h>

#include "core/base/merkle.h"
#include "db/audit/audit.h"
#include "db/audit/checkpoint.h"
#include "db/audit/leaf.h"
#include "db/audit/verify_bound.h"
#include "db/audit/verify_content.h"
#include "db/audit/verify_decision.h"
#include "db/audit/verify_eval.h"
#include "db/audit/verify_hook.h"
#include "db/audit/verify_item.h"
#include "db/audit/verify_opinion.h"
#include "db/audit/verify_policy.h"
#include "db/audit/verify_prompt.h"
#include "db/audit/verify_release.h"
#include "db/schema.h"
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

	(void)err;
	if (known_key(v->known, "log.key", leaf_other_text(&v->leaf, "key"),
	    &why) != STATUS_OK)
		verify_problem(v, "leaf %lld: %s", (long long)v->seq, why.text);
	return STATUS_OK;
}

/* Events that have rows to check besides their leaf. */
static const struct {
	const char	*event;
	enum status	(*check)(struct verify *, struct error *);
} checks[] = {
	{ "route", verify_route },
	{ "decision", verify_decision },
	{ "erase", verify_erase },
	{ "log.create", verify_create },
	{ "log.bind", verify_log_bind },
	{ "log.key", verify_key },
	{ "note", verify_note },
	{ "policy.apply", verify_policy },
	{ "prompt.add", verify_prompt_add },
	{ "prompt.label", verify_prompt_label },
	{ "bundle.make", verify_bundle_make },
	{ "bundle.use", verify_bundle_use },
	{ "run", verify_eval },
	{ "run.label", verify_eval_label },
	{ "opinion", verify_opinion },
	{ "skip", verify_skip },
	{ "hook.drop", verify_drop },
	{ "search", verify_search }
};

static enum status
verify_rows(struct verify *v, struct error *err)
{
	struct slice event = leaf_text(&v->leaf, LEAF_KEY_EVENT);
	int64_t rows;
	size_t i;

	if (slice_is(event, "purge") &&
	    leaf_int(&v->leaf, LEAF_KEY_ROWS, &rows) && rows > 0)
		v->erased_leaves += (uint64_t)rows;
	if (v->seq == 0 && !slice_is(event, "log.create"))
		verify_problem(v, "leaf 0: not log.create, which begins a log");
	if (v->seq == v->bind_seq && v->seq > 0 && !slice_is(event, "log.bind"))
		verify_problem(v, "leaf %lld: the store says that it binds what is "
		    "older, and it does not", (long long)v->seq);
	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		if (slice_is(event, checks[i].event))
			return checks[i].check(v, err);
	return STATUS_OK;
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
	int64_t ms = 0, back = 0;
	char line[128];

	(void)leaf_ts_read(leaf_text(&v->leaf, LEAF_KEY_TS), &ms);
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
	v->next = v->seq + 1;
	/* Behind a gap nobody knows which leaves a root was of. */
	if (!v->gap)
		v->r->problems += known_compare(v->known, c->hasher, &c->tree,
		    store_log(v->store), v->report, v->arg);
	return STATUS_OK;
}

#define PROGRESS_LEAVES	8192	/* from one call to the next */

/* How many there will be; nobody is told where that cannot be known. */
static void
progress_begin(struct verify *v)
{
	struct error ignored = { 0 };
	struct hash root;

	if (v->progress != NULL && audit_root(v->store, &v->total, &root,
	    &ignored) != STATUS_OK)
		v->progress = NULL;
}

static enum status
verify_leaves(struct verify *v, struct error *err)
{
	struct cursor c = { .id = QUERY_AUDIT_LEAVES, .key = AUDIT_LEAVES_SEQ };
	enum status st = cursor_from(&c, v, INT64_MIN, err);

	progress_begin(v);
	while (st == STATUS_OK && c.row) {
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

static void
tell_schema(void *arg, enum schema_fault fault, const char *type, const char *name)
{
	struct verify *v = arg;
	char line[256];

	if (fault != SCHEMA_FOREIGN) {
		verify_problem(v, "%s %s: %s", type, name, fault == SCHEMA_PLANTED ?
		    "is not Handrail's" : "is gone, or not as it was made");
		return;
	}
	(void)snprintf(line, sizeof(line), AUDIT_NOTE "%s %s is not Handrail's", type, name);
	if (v->report != NULL)
		v->report(v->arg, line);
}

static enum status
verify_schema(struct verify *v, struct error *err)
{
	return schema_check(v->store, tell_schema, v, err);
}

/* The whole log: is it as long as is known, and how far is it signed? */
static void
verify_size(struct verify *v)
{
	if (!v->gap)
		v->r->problems += known_end(v->known, v->r->leaves,
		    store_log(v->store), v->report, v->arg);
	merkle_root(v->chain.hasher, &v->chain.tree, &v->r->root);
	v->r->unsigned_leaves = v->r->leaves - v->known->signed_to;
}

/* Rows that no leaf was there for. */
static enum status
verify_others_end(struct verify *v, struct error *err)
{
	enum status st;

	if ((st = verify_evals_end(v, err)) != STATUS_OK ||
	    (st = verify_opinions_end(v, err)) != STATUS_OK)
		return st;
	if ((st = verify_search_end(v, err)) != STATUS_OK)
		return st;
	return verify_drops_end(v, err);
}

static enum status
verify_contents_end(struct verify *v, struct error *err)
{
	return contents_end(v->contents, v, err);
}

static enum status
verify_run(struct verify *v, struct error *err)
{
	static enum status (*const ends[])(struct verify *, struct error *) = {
		verify_contents_end, verify_items_end, verify_bound_end,
		verify_decisions_end, verify_releases_end, verify_policies_end,
		verify_prompts_end, verify_others_end, verify_schema
	};
	enum status st;
	size_t i;

	if ((st = cursor_from(&v->items, v, INT64_MIN, err)) != STATUS_OK ||
	    (st = cursor_from(&v->decisions, v, INT64_MIN, err)) != STATUS_OK ||
	    (st = cursor_from(&v->releases, v, INT64_MIN, err)) != STATUS_OK ||
	    (st = cursor_from(&v->policies, v, INT64_MIN, err)) != STATUS_OK ||
	    (st = verify_bound_begin(v, err)) != STATUS_OK ||
	    (st = verify_prompts_begin(v, err)) != STATUS_OK)
		return st;
	st = verify_leaves(v, err);
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]) && st == STATUS_OK; i++)
		st = ends[i](v, err);
	if (st != STATUS_OK)
		return st;
	if (v->r->leaves == 0)
		verify_problem(v, "the log is empty");
	verify_size(v);
	return STATUS_OK;
}

/* The store's own checkpoints; one that is none is a problem, and not the end. */
static enum status
verify_signed(struct verify *v, struct error *err)
{
	struct error why = { 0 };
	enum status st = checkpoints_known(v->store, v->known, &why);

	if (st != STATUS_CORRUPT)
		return st == STATUS_OK ? st : error_set(err, st, "%s", why.text);
	verify_problem(v, "%s", why.text);
	return STATUS_OK;
}

enum status
audit_verify(struct store *s, audit_problem_fn *report, void *arg,
    struct audit_report *r, struct error *err)
{
	struct known_roots known = { 0 };
	enum status st = audit_verify_known(s, &known, report, NULL, arg, r, err);

	known_release(&known);
	return st;
}

enum status
audit_verify_known(struct store *s, struct known_roots *known,
    audit_problem_fn *report, audit_progress_fn *progress, void *arg,
    struct audit_report *r, struct error *err)
{
	struct verify v = {
		.store = s, .report = report, .progress = progress, .arg = arg,
		.r = r,
		.known = known,
		.items = { .id = QUERY_AUDIT_ITEMS, .key = AUDIT_ITEMS_ITEM },
		.decisions = { .id = QUERY_AUDIT_DECISIONS,
		    .key = AUDIT_DECISIONS_SEQ },
		.releases = { .id = QUERY_AUDIT_OUTBOX, .key = AUDIT_OUTBOX_N },
		.policies = { .id = QUERY_AUDIT_POLICIES,
		    .key = AUDIT_POLICIES_N },
		.prompts = { .id = QUERY_AUDIT_PROMPTS, .key = AUDIT_PROMPTS_N },
		.labels = { .id = QUERY_AUDIT_LABELS, .key = AUDIT_LABELS_N },
		.bundles = { .id = QUERY_AUDIT_BUNDLES,
		    .key = AUDIT_BUNDLES_BUNDLE },
		.uses = { .id = QUERY_AUDIT_USES, .key = AUDIT_USES_N }
	};
	bool mine = store_transaction(s) == TRANSACTION_NONE;
	enum status st;

	memset(r, 0, sizeof(*r));
	v.reader.arena = &v.item;
	if ((st = audit_chain_init(&v.chain, err)) != STATUS_OK)
		return st;
	if ((st = contents_new(&v.contents, err)) != STATUS_OK)
		goto out;
	/* One state of the store, even while others write. */
	if (mine && (st = store_begin_read(s, err)) != STATUS_OK)
		goto out;
	if ((st = verify_signed(&v, err)) == STATUS_OK)
		st = verify_run(&v, err);
	cursor_done(&v.items);
	cursor_done(&v.decisions);
	cursor_done(&v.releases);
	cursor_done(&v.policies);
	cursor_done(&v.prompts);
	cursor_done(&v.labels);
	cursor_done(&v.bundles);
	cursor_done(&v.uses);
	if (mine)
		store_end_read(s);
out:
	contents_free(v.contents);
	item_reader_release(&v.reader);
	arena_release(&v.item);
	audit_chain_release(&v.chain);
	return st;
}
