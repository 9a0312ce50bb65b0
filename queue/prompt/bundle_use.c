#include "queue/prompt/bundle_use.h"

#include <inttypes.h>

#include "db/audit/bind.h"
#include "db/query.h"
#include "db/write.h"
#include "queue/policies.h"
#include "queue/release/hooks.h"
#include "queue/prompt/bundles.h"
#include "queue/prompt/prompts.h"

struct using {
	struct session		*s;
	struct arena		*arena;
	struct bundle_used	*used;
	int64_t			 asked;		/* 0: the one before */
	/* The one that was loaded before the transaction, its policy with it. */
	int64_t			 loaded;
	struct bundle		 bundle;
};

/* Which bundle it is to be, and which is in force. */
static enum status
which(struct using *u, struct error *err)
{
	struct bundle_use now;
	int64_t before;
	enum status st = bundles_in_force(u->s->store, INT64_MAX, u->arena, &now,
	    &before, err);

	if (st != STATUS_OK && st != STATUS_NOT_FOUND)
		return st;
	u->used->from = now.bundle;
	u->used->n = u->asked != 0 ? u->asked : before;
	return u->used->n != 0 ? STATUS_OK : error_set(err, STATUS_NOT_FOUND,
	    "rollback: no bundle was in force before %s; see handrail bundle list",
	    now.bundle == 0 ? "now" : "this one");
}

/* Reads the bundle, and sees that its policy still loads, which may take a while. */
static enum status
load(struct using *u, struct error *err)
{
	char id[HASH_HEX] = "";
	struct policy *p;
	enum status st;

	if ((st = which(u, err)) != STATUS_OK ||
	    (st = bundles_get(u->s->store, u->used->n, u->arena, &u->bundle,
	    err)) != STATUS_OK)
		return st;
	u->loaded = u->used->n;
	if (u->bundle.body.policy.n == HASH_HEX - 1)
		memcpy(id, u->bundle.body.policy.p, HASH_HEX - 1);
	if ((st = policies_get(u->s->store, id, &p, err)) != STATUS_OK)
		return error_prefix(err, "bundle %" PRId64, u->loaded);
	memcpy(u->used->policy, p->id, HASH_HEX);
	policy_free(p);
	return STATUS_OK;
}

/* Is the version the one that the bundle was made with? */
static enum status
check_version(struct using *u, const struct bundle_prompt *p, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct prompt_version v;
	struct slice ref;
	char hex[HASH_HEX];
	enum status st;

	ref = arena_printf(&arena, "%.*s@%" PRId64, SLICE_ARG(p->name),
	    p->version);
	st = ref.p == NULL ? error_nomem(err) : prompts_get(u->s->store, ref,
	    &arena, &v, err);
	if (st == STATUS_OK) {
		hash_hex(&v.body.sha256, hex);
		if (!slice_is(p->sha256, hex))
			st = error_set(err, STATUS_CORRUPT, "%.*s: not the one of "
			    "that bundle; see handrail audit verify",
			    SLICE_ARG(ref));
	}
	arena_release(&arena);
	return st;
}

static enum status
find_moves(struct using *u, struct error *err)
{
	const struct bundle_body *b = &u->bundle.body;
	struct bundle_used *used = u->used;
	struct label_move *m;
	enum status st = STATUS_OK;
	size_t i;

	used->nmoves = 0;
	used->moves = arena_alloc(u->arena, (b->nprompts + 1) *
	    sizeof(*used->moves));
	if (used->moves == NULL)
		return error_nomem(err);
	for (i = 0; i < b->nprompts && st == STATUS_OK; i++) {
		m = &used->moves[used->nmoves];
		*m = (struct label_move){ .name = b->prompts[i].name,
		    .label = b->label, .to = b->prompts[i].version };
		if ((st = check_version(u, &b->prompts[i], err)) == STATUS_OK)
			st = label_now(u->s->store, m->name, m->label, &m->from,
			    err);
		if (m->from != m->to)
			used->nmoves++;
	}
	return st;
}

static enum status
moves_hash(struct using *u, struct hash *out, struct error *err)
{
	const struct bundle_used *used = u->used;
	struct buf lines = BUF_INIT;
	const struct label_move *m;
	enum status st;
	size_t i;

	for (i = 0; i < used->nmoves; i++) {
		m = &used->moves[i];
		bundle_move(&lines, m->name, m->label, m->from, m->to);
	}
	if ((st = buf_check(&lines, err)) == STATUS_OK)
		st = audit_content(u->s->store, used->nmoves == 0 ? SLICE("") :
		    buf_slice(&lines), NULL, 0, out, err);
	buf_release(&lines);
	return st;
}

static enum status
insert_use(struct using *u, int64_t seq, int64_t now, struct error *err)
{
	const struct bundle_used *used = u->used;
	struct prompt_ends ends;
	struct query *q;
	enum status st;
	int64_t n = 0;

	if ((st = prompt_ends_get(u->s->store, &ends, err)) != STATUS_OK ||
	    (st = prompt_end_next(ends.use, &n, err)) != STATUS_OK ||
	    (st = query_get(&q, u->s->store, QUERY_BUNDLE_USE_INSERT, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(q, BUNDLE_USE_INSERT_n, n);
	query_bind_int(q, BUNDLE_USE_INSERT_bundle, used->n);
	if (used->from != 0)
		query_bind_int(q, BUNDLE_USE_INSERT_from_bundle, used->from);
	query_bind_int(q, BUNDLE_USE_INSERT_seq, seq);
	query_bind_int(q, BUNDLE_USE_INSERT_ts_ms, now);
	query_bind_text(q, BUNDLE_USE_INSERT_by, slice_of(u->s->who.name));
	return query_run(q, err);
}

/* One leaf for all, and the rows that it accounts for. */
/* The bundle's policy is in force, and so are its hooks. */
static enum status
policy_put(struct using *u, int64_t seq, int64_t now, struct error *err)
{
	struct policy *p;
	enum status st = policies_get(u->s->store, u->used->policy, &p, err);

	if (st != STATUS_OK)
		return st;
	st = policies_put(u->s, slice_of(p->id), seq, now, err);
	if (st == STATUS_OK)
		st = hooks_put(u->s->store, p, err);
	policy_free(p);
	return st;
}

static enum status
put_in_force(struct using *u, struct error *err)
{
	const struct bundle_used *used = u->used;
	struct actor who = session_actor(u->s);
	int64_t now = store_now_ms(u->s->store), seq;
	struct hash moves, rules;
	enum status st;
	size_t i;
	const struct leaf_field f[] = {
		{ .key = "from", .type = used->from != 0 ? LEAF_INT : LEAF_NULL,
		    .number = used->from },
		{ .key = "to", .type = LEAF_INT, .number = used->n },
		{ .key = "sha256", .text = u->bundle.sha256 },
		{ .key = "policy", .text = slice_of(used->policy) },
		{ .key = "applied", .type = LEAF_BOOL, .number = used->applied },
		{ .key = "moves_sha256", .type = used->nmoves > 0 ? LEAF_HASH :
		    LEAF_NULL, .hash = &moves },
		{ .key = "rules_sha256", .type = LEAF_HASH, .hash = &rules }
	};

	if ((st = moves_hash(u, &moves, err)) != STATUS_OK ||
	    (st = bind_rules_hash(u->s->store, slice_of(used->policy), &rules,
	    err)) != STATUS_OK ||
	    (st = audit_append(u->s->store, &who, now, "bundle.use", SLICE_NONE,
	    f, sizeof(f) / sizeof(f[0]), &seq, err)) != STATUS_OK ||
	    (used->applied && (st = policy_put(u, seq, now, err)) !=
	    STATUS_OK))
		return st;
	for (i = 0; i < used->nmoves && st == STATUS_OK; i++)
		st = label_move_insert(u->s, &used->moves[i], seq, now, err);
	return st == STATUS_OK ? insert_use(u, seq, now, err) : st;
}

static enum status
use_write(void *arg, struct error *err)
{
	struct using *u = arg;
	struct bundle_used *used = u->used;
	char id[HASH_HEX] = "";
	enum status st;

	if ((st = session_require(u->s, MAY_POLICY, "put a bundle in force",
	    err)) != STATUS_OK || (st = which(u, err)) != STATUS_OK)
		return st;
	/* Another was faster: what is "before" is another bundle now. */
	if (used->n != u->loaded && (st = load(u, err)) != STATUS_OK)
		return st;
	st = policies_current_id(u->s->store, id, err);
	if ((st != STATUS_OK && st != STATUS_NOT_FOUND) ||
	    (st = find_moves(u, err)) != STATUS_OK)
		return st;
	used->applied = strcmp(id, used->policy) != 0;
	used->changed = used->applied || used->nmoves > 0 ||
	    used->from != used->n;
	return used->changed ? put_in_force(u, err) : STATUS_OK;
}

enum status
bundles_use(struct session *s, int64_t n, struct arena *arena,
    struct bundle_used *used, struct error *err)
{
	struct using u = { .s = s, .arena = arena, .used = used, .asked = n };
	enum status st;

	*used = (struct bundle_used){ 0 };
	if ((st = load(&u, err)) != STATUS_OK)
		return st;
	return store_write(s->store, DURABLE_NOW, use_write, &u, err);
}
