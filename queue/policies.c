#include "queue/policies.h"

#include <stdlib.h>

#include "core/policy/loader.h"
#include "core/policy/read.h"
#include "db/audit/bind.h"
#include "db/query.h"
#include "db/write.h"
#include "queue/http.h"
#include "queue/release/hooks.h"

/* The bytes are those that the id names: what was changed in the store since
 * must route nothing. */
static enum status
check_files(const struct policy_file *files, size_t n, struct slice id,
    struct error *err)
{
	char named[HASH_HEX];
	enum status st;

	if ((st = policy_files_id(files, n, named, err)) != STATUS_OK)
		return st;
	return slice_is(id, named) ? STATUS_OK : error_set(err, STATUS_CORRUPT,
	    "policy %.*s: its files in the store are not those it is named by; "
	    "see handrail audit verify", SLICE_ARG(id));
}

/* Loads a policy from the bytes that the store keeps of it. */
static enum status
load_stored(struct store *store, struct slice id, struct policy **out,
    struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct policy_file *files = NULL, *grown;
	struct policy_stored stored;
	struct loader loader;
	struct query *q;
	enum status st;
	size_t n = 0;
	bool row;

	if ((st = query_get(&q, store, QUERY_POLICY_FILES, err)) != STATUS_OK)
		return st;
	query_bind_text(q, POLICY_FILES_policy, id);
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		if ((grown = realloc(files, (n + 1) * sizeof(*files))) == NULL) {
			st = error_nomem(err);
			break;
		}
		files = grown;
		files[n].path = arena_str(&arena,
		    query_text(q, POLICY_FILES_PATH));
		files[n].bytes = query_blob(q, POLICY_FILES_BYTES);
		files[n].bytes.p = arena_str(&arena, files[n].bytes);
		if (files[n].path == NULL || files[n].bytes.p == NULL) {
			st = error_nomem(err);
			break;
		}
		n++;
	}
	query_done(q);
	if (st == STATUS_OK && n == 0)
		st = error_set(err, STATUS_NOT_FOUND, "policy %.*s: the store "
		    "does not have it", SLICE_ARG(id));
	if (st == STATUS_OK)
		st = check_files(files, n, id, err);
	if (st == STATUS_OK) {
		loader = policy_stored_loader(files, n, &stored);
		st = policy_load(out, files[0].path, &loader, &http_outside,
		    err);
	}
	free(files);
	arena_release(&arena);
	return st;
}

enum status
policies_current_id(struct store *store, char id[HASH_HEX], struct error *err)
{
	struct query *q;
	enum status st;
	struct slice s;

	if ((st = query_get(&q, store, QUERY_POLICY_CURRENT, err)) != STATUS_OK)
		return st;
	if ((st = query_row(q, err)) == STATUS_OK) {
		s = query_text(q, POLICY_CURRENT_POLICY);
		if (s.n != HASH_HEX - 1)
			st = error_set(err, STATUS_CORRUPT, "policies: the id of "
			    "the current policy is not a SHA-256");
		else {
			memcpy(id, s.p, s.n);
			id[s.n] = '\0';
		}
	}
	query_done(q);
	return st;
}

enum status
policies_current(struct store *store, struct policy **out, struct error *err)
{
	char id[HASH_HEX];
	enum status st;

	*out = NULL;
	st = policies_current_id(store, id, err);
	if (st == STATUS_NOT_FOUND)
		return policy_builtin(out, err);
	return st == STATUS_OK ? load_stored(store, slice_of(id), out, err) : st;
}

enum status
policies_get(struct store *store, const char *id, struct policy **out,
    struct error *err)
{
	char whole[HASH_HEX] = "";
	struct query *q;
	enum status st;
	struct slice s;
	bool row;

	*out = NULL;
	if ((st = query_get(&q, store, QUERY_POLICY_LIKE, err)) != STATUS_OK)
		return st;
	query_bind_text(q, POLICY_LIKE_prefix, slice_of(id));
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		s = query_text(q, POLICY_LIKE_POLICY);
		if (whole[0] != '\0')
			st = error_set(err, STATUS_INVALID, "policy %s: several "
			    "begin like that; give more of the id", id);
		if (st != STATUS_OK || s.n >= sizeof(whole))
			break;
		memcpy(whole, s.p, s.n);
		whole[s.n] = '\0';
	}
	query_done(q);
	if (st == STATUS_OK && whole[0] == '\0')
		st = error_set(err, STATUS_NOT_FOUND, "policy %s: the store does "
		    "not have it; see handrail policy list", id);
	return st == STATUS_OK ? load_stored(store, slice_of(whole), out, err) :
	    st;
}

static enum status
keep_files(struct store *store, const struct policy *p, struct error *err)
{
	struct query *q;
	enum status st;
	size_t i;

	for (i = 0; i < p->nfiles; i++) {
		if ((st = query_get(&q, store, QUERY_POLICY_FILE_INSERT, err)) !=
		    STATUS_OK)
			return st;
		query_bind_text(q, POLICY_FILE_INSERT_policy, slice_of(p->id));
		query_bind_int(q, POLICY_FILE_INSERT_n, (int64_t)i);
		query_bind_text(q, POLICY_FILE_INSERT_path,
		    slice_of(p->files[i].path));
		query_bind_blob(q, POLICY_FILE_INSERT_bytes, p->files[i].bytes);
		if ((st = query_run(q, err)) != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

static enum status
keep_rules(struct store *store, const struct policy *p, struct error *err)
{
	const struct queue_policy *queue;
	struct query *q;
	enum status st;
	size_t i, n;

	for (i = 0; i < p->nqueues; i++) {
		queue = &p->queues[i];
		for (n = 0; n < queue->nrules; n++) {
			if ((st = query_get(&q, store, QUERY_POLICY_RULE_INSERT,
			    err)) != STATUS_OK)
				return st;
			query_bind_text(q, POLICY_RULE_INSERT_policy,
			    slice_of(p->id));
			query_bind_text(q, POLICY_RULE_INSERT_queue,
			    slice_of(queue->name));
			query_bind_int(q, POLICY_RULE_INSERT_n, (int64_t)n);
			query_bind_text(q, POLICY_RULE_INSERT_name,
			    slice_of(queue->rules[n].name));
			if ((st = query_run(q, err)) != STATUS_OK)
				return st;
		}
	}
	return STATUS_OK;
}

enum status
policies_keep(struct store *store, const struct policy *p, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, store, QUERY_POLICY_KNOWN, err)) != STATUS_OK)
		return st;
	query_bind_text(q, POLICY_KNOWN_policy, slice_of(p->id));
	st = query_row(q, err);
	query_done(q);
	if (st != STATUS_NOT_FOUND)
		return st;
	st = keep_files(store, p, err);
	return st == STATUS_OK ? keep_rules(store, p, err) : st;
}

enum status
policies_put(struct session *s, struct slice id, int64_t seq, int64_t ts_ms,
    struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, s->store, QUERY_POLICY_INSERT, err);

	if (st != STATUS_OK)
		return st;
	query_bind_text(q, POLICY_INSERT_policy, id);
	query_bind_int(q, POLICY_INSERT_seq, seq);
	query_bind_int(q, POLICY_INSERT_ts_ms, ts_ms);
	query_bind_text(q, POLICY_INSERT_by, slice_of(s->who.name));
	return query_run(q, err);
}

struct applying {
	struct session	*s;
	const struct policy *policy;
	bool		 same;		/* it is in force already */
};

static enum status
apply_write(void *arg, struct error *err)
{
	struct applying *a = arg;
	struct session *s = a->s;
	const struct policy *p = a->policy;
	struct hash rules;
	const struct leaf_field f[] = {
		{ .key = "policy", .type = LEAF_TEXT, .text = slice_of(p->id) },
		{ .key = "rules_sha256", .type = LEAF_HASH, .hash = &rules }
	};
	struct actor who = session_actor(s);
	int64_t now = store_now_ms(s->store), seq;
	char id[HASH_HEX] = "";
	enum status st;

	st = policies_current_id(s->store, id, err);
	if (st != STATUS_OK && st != STATUS_NOT_FOUND)
		return st;
	if ((a->same = st == STATUS_OK && strcmp(id, p->id) == 0))
		return STATUS_OK;
	if ((st = session_require(s, MAY_POLICY, "apply a policy", err)) !=
	    STATUS_OK ||
	    (st = policies_keep(s->store, p, err)) != STATUS_OK ||
	    (st = bind_rules_hash(s->store, f[0].text, &rules, err)) !=
	    STATUS_OK ||
	    (st = audit_append(s->store, &who, now, "policy.apply", SLICE_NONE,
	    f, 2, &seq, err)) != STATUS_OK)
		return st;
	if ((st = policies_put(s, slice_of(p->id), seq, now, err)) !=
	    STATUS_OK)
		return st;
	return hooks_put(s->store, p, err);
}

enum status
policies_apply(struct session *s, const struct policy *p, bool *changed,
    struct error *err)
{
	struct applying a = { .s = s, .policy = p };
	enum status st = store_write(s->store, DURABLE_NOW, apply_write, &a,
	    err);

	if (changed != NULL)
		*changed = !a.same;
	return st;
}

enum status
policies_each(struct store *store,
    enum status (*each)(void *, const struct policies_row *, struct error *),
    void *arg, struct error *err)
{
	struct policies_row r;
	char id[HASH_HEX] = "";
	struct query *q;
	enum status st;
	int64_t last = -1;
	bool row;

	if ((st = policies_current_id(store, id, err)) != STATUS_OK)
		return st == STATUS_NOT_FOUND ? STATUS_OK : st;
	if ((st = query_get(&q, store, QUERY_POLICY_CURRENT, err)) != STATUS_OK)
		return st;
	if ((st = query_row(q, err)) == STATUS_OK)
		last = query_int(q, POLICY_CURRENT_SEQ);
	query_done(q);
	if (st != STATUS_OK ||
	    (st = query_get(&q, store, QUERY_POLICY_LIST, err)) != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		r = (struct policies_row){ .n = query_int(q, POLICY_LIST_N),
		    .policy = query_text(q, POLICY_LIST_POLICY),
		    .seq = query_int(q, POLICY_LIST_SEQ),
		    .ts_ms = query_int(q, POLICY_LIST_TS_MS),
		    .by = query_text(q, POLICY_LIST_BY),
		    .current = query_int(q, POLICY_LIST_SEQ) == last };
		if ((st = each(arg, &r, err)) != STATUS_OK)
			break;
	}
	query_done(q);
	return st;
}
