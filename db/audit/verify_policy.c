#include "db/audit/verify_policy.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/policy/policy.h"
#include "db/audit/verify_bound.h"

/* The files of one policy or suite. */
struct files {
	char			 kind[8];
	char			 id[HASH_HEX];
	struct policy_file	*v;
	size_t			 n, cap;
	struct arena		 arena;
};

/* Rows that the log has passed without a leaf for them. */
static enum status
policies_until(struct verify *v, int64_t seq, struct error *err)
{
	struct query *q = v->policies.q;
	enum status st = STATUS_OK;

	while (st == STATUS_OK && v->policies.row &&
	    query_int(q, AUDIT_POLICIES_SEQ) < seq) {
		verify_problem(v, "policy %.*s: no leaf applied it",
		    SLICE_ARG(query_text(q, AUDIT_POLICIES_POLICY)));
		st = cursor_step(&v->policies, v, err);
	}
	return st;
}

static enum status
known_check(struct verify *v, struct slice id, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, v->store, QUERY_POLICY_KNOWN, err)) != STATUS_OK)
		return st;
	query_bind_text(q, POLICY_KNOWN_policy, id);
	st = query_row(q, err);
	query_done(q);
	if (st != STATUS_NOT_FOUND)
		return st;
	verify_problem(v, "policy %.*s: its files are gone", SLICE_ARG(id));
	return STATUS_OK;
}

enum status
verify_policy(struct verify *v, struct error *err)
{
	struct query *q = v->policies.q;
	struct slice by = leaf_actor_text(&v->leaf, "name");
	enum status st;

	if ((st = policies_until(v, v->seq, err)) != STATUS_OK ||
	    (st = known_check(v, leaf_text(&v->leaf, LEAF_KEY_POLICY), err)) !=
	    STATUS_OK || (st = verify_rules(v, leaf_text(&v->leaf,
	    LEAF_KEY_POLICY), err)) != STATUS_OK)
		return st;
	if (!v->policies.row || query_int(q, AUDIT_POLICIES_SEQ) != v->seq) {
		verify_problem(v, "policy of leaf %lld: missing",
		    (long long)v->seq);
		return STATUS_OK;
	}
	if (!slice_eq(query_text(q, AUDIT_POLICIES_POLICY),
	    leaf_text(&v->leaf, LEAF_KEY_POLICY)) ||
	    !slice_eq(query_text(q, AUDIT_POLICIES_BY), by) ||
	    v->leaf.ts_ms != query_int(q, AUDIT_POLICIES_TS_MS))
		verify_problem(v, "policy of leaf %lld: not what the leaf says "
		    "was applied, by whom and when", (long long)v->seq);
	return cursor_step(&v->policies, v, err);
}

static enum status
files_add(struct files *f, struct query *q, struct error *err)
{
	struct slice bytes = query_blob(q, AUDIT_NAMED_FILES_BYTES);
	struct policy_file *grown;
	size_t cap = f->cap == 0 ? 8 : f->cap * 2;

	if (f->n == f->cap) {
		grown = realloc(f->v, cap * sizeof(*grown));
		if (grown == NULL)
			return error_nomem(err);
		f->v = grown;
		f->cap = cap;
	}
	f->v[f->n].path = arena_str(&f->arena,
	    query_text(q, AUDIT_NAMED_FILES_PATH));
	f->v[f->n].bytes = (struct slice){ arena_str(&f->arena, bytes),
	    bytes.n };
	if (f->v[f->n].path == NULL || f->v[f->n].bytes.p == NULL)
		return error_nomem(err);
	f->n++;
	return STATUS_OK;
}

/* All files are there, as they were when it got its name. */
static enum status
files_check(struct verify *v, struct files *f, struct error *err)
{
	char id[HASH_HEX];
	enum status st;

	if (f->n == 0)
		return STATUS_OK;
	st = policy_files_id(f->v, f->n, id, err);
	if (st == STATUS_OK && strcmp(id, f->id) != 0)
		verify_problem(v, "%s %s: its files are not those it is named by",
		    f->kind, f->id);
	f->n = 0;
	arena_reset(&f->arena);
	return st;
}

static enum status
files_walk(struct verify *v, struct files *f, struct query *q,
    struct error *err)
{
	struct slice id, kind;
	enum status st;
	bool row;

	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		id = query_text(q, AUDIT_NAMED_FILES_NAME);
		kind = query_text(q, AUDIT_NAMED_FILES_KIND);
		if (f->n > 0 && (!slice_is(id, f->id) || !slice_is(kind, f->kind)) &&
		    (st = files_check(v, f, err)) != STATUS_OK)
			return st;
		(void)snprintf(f->id, sizeof(f->id), "%.*s", SLICE_ARG(id));
		(void)snprintf(f->kind, sizeof(f->kind), "%.*s", SLICE_ARG(kind));
		if ((st = files_add(f, q, err)) != STATUS_OK)
			return st;
	}
	return st == STATUS_OK ? files_check(v, f, err) : st;
}

enum status
verify_policies_end(struct verify *v, struct error *err)
{
	struct files f = { .arena = ARENA_INIT };
	struct query *q;
	enum status st;

	if ((st = policies_until(v, INT64_MAX, err)) != STATUS_OK ||
	    (st = query_get(&q, v->store, QUERY_AUDIT_NAMED_FILES, err)) !=
	    STATUS_OK)
		return st;
	st = files_walk(v, &f, q, err);
	query_done(q);
	free(f.v);
	arena_release(&f.arena);
	return st;
}
