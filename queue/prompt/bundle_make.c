#include "queue/prompt/bundle_make.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/json/value.h"
#include "core/prompt/bundle.h"
#include "core/prompt/ref.h"
#include "db/query.h"
#include "db/write.h"
#include "queue/loop/runs.h"
#include "queue/policies.h"
#include "queue/prompt/move.h"
#include "queue/prompt/prompts.h"

#define MODELS_MAX	100

struct composing {
	struct session		*s;
	struct bundle_making	*m;
	char			 data_sha256[HASH_HEX];
	int64_t			 data_bytes;
	/* Of one try of the transaction. */
	struct arena		 arena;
	struct bundle_prompt	*prompts;
	size_t			 nprompts, cap;
	struct slice		*models;
	size_t			 nmodels;
};

/* A snapshot may be larger than memory. */
static enum status
hash_fd(int fd, struct hasher *hasher, int64_t *bytes)
{
	static char part[1 << 16];
	ssize_t n;

	while ((n = read(fd, part, sizeof(part))) > 0 ||
	    (n == -1 && errno == EINTR))
		if (n > 0) {
			hash_more(hasher, (struct slice){ part, (size_t)n });
			*bytes += n;
		}
	return n == 0 ? STATUS_OK : STATUS_IO;
}

static enum status
hash_data(struct composing *x, struct error *err)
{
	const char *path = x->m->data;
	struct hasher *hasher;
	struct hash h;
	struct stat sb;
	enum status st;
	int fd;

	if ((st = hasher_new(&hasher, err)) != STATUS_OK)
		return st;
	hash_begin(hasher);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd == -1)
		st = error_set(err, errno == ENOENT ? STATUS_INVALID : STATUS_IO,
		    "%s: %s", path, strerror(errno));
	else if (fstat(fd, &sb) == 0 && !S_ISREG(sb.st_mode))
		st = error_set(err, STATUS_INVALID, "%s: no regular file", path);
	else if (hash_fd(fd, hasher, &x->data_bytes) != STATUS_OK)
		st = error_set(err, STATUS_IO, "%s: %s", path, strerror(errno));
	hash_end(hasher, &h);
	hash_hex(&h, x->data_sha256);
	if (fd != -1)
		(void)close(fd);
	hasher_free(hasher);
	return st;
}

/* Only a run that came to its results vouches for anything. */
static enum status
run_vouches(struct composing *x, struct error *err)
{
	int64_t n = x->m->run;
	struct run_row row;
	enum status st;

	if (n == 0)
		return STATUS_OK;
	if ((st = run_get(x->s, n, &x->arena, &row, err)) == STATUS_NOT_FOUND)
		return error_prefix(err, "--run");
	if (st == STATUS_OK && row.seq < 0)
		return error_set(err, STATUS_INVALID, "--run %" PRId64 ": that "
		    "run was broken off; handrail eval --resume goes on with it",
		    n);
	return st;
}

static struct bundle_prompt *
prompt_of(struct composing *x, struct slice name)
{
	size_t i;

	for (i = 0; i < x->nprompts; i++)
		if (slice_eq(x->prompts[i].name, name))
			return &x->prompts[i];
	return NULL;
}

/* Adds a version, or puts it in the place of another of its name. */
static enum status
put_prompt(struct composing *x, const struct prompt_version *v,
    struct error *err)
{
	struct bundle_prompt *p = prompt_of(x, v->name), *grown;
	char hex[HASH_HEX];

	if (p == NULL && x->nprompts == x->cap) {
		x->cap = x->cap == 0 ? 16 : x->cap * 2;
		grown = arena_alloc(&x->arena, x->cap * sizeof(*grown));
		if (grown == NULL)
			return error_nomem(err);
		if (x->nprompts > 0)
			memcpy(grown, x->prompts, x->nprompts * sizeof(*grown));
		x->prompts = grown;
	}
	if (p == NULL)
		p = &x->prompts[x->nprompts++];
	hash_hex(&v->body.sha256, hex);
	*p = (struct bundle_prompt){ .name = v->name, .version = v->version,
	    .sha256 = { arena_copy(&x->arena, hex, HASH_HEX - 1),
	    HASH_HEX - 1 } };
	return p->sha256.p == NULL ? error_nomem(err) : STATUS_OK;
}

static void
add_model(struct composing *x, struct slice name)
{
	size_t i;

	for (i = 0; i < x->nmodels; i++)
		if (slice_eq(x->models[i], name))
			return;
	if (x->nmodels < MODELS_MAX)
		x->models[x->nmodels++] = name;
}

/* The model that a config names. */
static enum status
find_model(struct composing *x, const struct prompt_version *v,
    struct error *err)
{
	struct json d = JSON_INIT;
	struct json_error why;
	struct slice name;
	enum status st = json_parse(&d, v->body.config, JSON_DEPTH_MAX, 0, &why);
	uint32_t t;

	if (st == STATUS_NOMEM)
		return error_nomem(err);
	t = json_get(&d, 0, "model");
	if (t == JSON_NONE)
		t = json_get(&d, 0, "model_name");
	if (t != JSON_NONE && json_kind(&d, t) == TOKEN_STRING) {
		name = value_string(&d, t, &x->arena);
		if (name.p != NULL)
			add_model(x, name);
	}
	json_release(&d);
	return STATUS_OK;
}

static enum status
get_labelled(struct composing *x, struct error *err)
{
	struct prompt_label *v;
	struct prompt_version version;
	struct slice ref;
	enum status st;
	size_t n, i;

	st = prompts_labels(x->s->store, SLICE_NONE, x->m->label, &x->arena, &v,
	    &n, err);
	for (i = 0; i < n && st == STATUS_OK; i++) {
		ref = arena_printf(&x->arena, "%.*s@%" PRId64,
		    SLICE_ARG(v[i].name), v[i].version);
		st = ref.p == NULL ? error_nomem(err) : prompts_get(x->s->store,
		    ref, &x->arena, &version, err);
		if (st == STATUS_OK)
			st = put_prompt(x, &version, err);
	}
	return st;
}

static enum status
get_named(struct composing *x, struct error *err)
{
	struct prompt_version v, *named;
	enum status st = STATUS_OK;
	size_t i, k;

	named = arena_zalloc(&x->arena, (x->m->nrefs + 1) * sizeof(*named));
	if (named == NULL)
		return error_nomem(err);
	for (i = 0; i < x->m->nrefs && st == STATUS_OK; i++) {
		st = prompts_get(x->s->store, x->m->refs[i], &x->arena, &v, err);
		if (st != STATUS_OK)
			return st;
		for (k = 0; k < i; k++)
			if (slice_eq(named[k].name, v.name))
				return error_set(err, STATUS_INVALID, "%.*s and "
				    "%.*s: a bundle has one version of a prompt",
				    SLICE_ARG(named[k].ref), SLICE_ARG(v.ref));
		named[i] = v;
		st = put_prompt(x, &v, err);
	}
	return st;
}

static enum status
get_models(struct composing *x, struct error *err)
{
	struct prompt_version v;
	struct slice ref;
	enum status st = STATUS_OK;
	size_t i;

	x->models = arena_alloc(&x->arena, MODELS_MAX * sizeof(*x->models));
	if (x->models == NULL)
		return error_nomem(err);
	for (i = 0; x->m->models != NULL && i < x->m->nmodels; i++)
		add_model(x, x->m->models[i]);
	for (i = 0; x->m->models == NULL && i < x->nprompts && st == STATUS_OK;
	    i++) {
		ref = arena_printf(&x->arena, "%.*s@%" PRId64,
		    SLICE_ARG(x->prompts[i].name), x->prompts[i].version);
		st = ref.p == NULL ? error_nomem(err) : prompts_get(x->s->store,
		    ref, &x->arena, &v, err);
		if (st == STATUS_OK)
			st = find_model(x, &v, err);
	}
	return st;
}

static int
by_name(const void *a, const void *b)
{
	const struct slice x = ((const struct bundle_prompt *)a)->name;
	const struct slice y = ((const struct bundle_prompt *)b)->name;
	int cmp = memcmp(x.p, y.p, x.n < y.n ? x.n : y.n);

	return cmp != 0 ? cmp : (x.n > y.n) - (x.n < y.n);
}

/* The policy, kept whether it was ever in force or not. */
static enum status
get_policy(struct composing *x, struct error *err)
{
	const struct policy *p = x->m->policy;
	enum status st;

	if ((st = session_refresh(x->s, err)) != STATUS_OK)
		return st;
	if (p == NULL)
		p = x->s->policy;
	memcpy(x->m->policy_id, p->id, sizeof(x->m->policy_id));
	return policies_keep(x->s->store, p, err);
}

static enum status
find_same(struct composing *x, const char *hex, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, x->s->store, QUERY_BUNDLE_SAME, err)) !=
	    STATUS_OK)
		return st;
	query_bind_text(q, BUNDLE_SAME_sha256, slice_of(hex));
	if ((x->m->known = (st = query_row(q, err)) == STATUS_OK))
		x->m->n = query_int(q, BUNDLE_SAME_BUNDLE);
	query_done(q);
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

static enum status
insert_bundle(struct composing *x, struct slice bytes, const char *hex,
    struct error *err)
{
	struct session *s = x->s;
	struct actor who = session_actor(s);
	int64_t now = store_now_ms(s->store), seq;
	struct prompt_ends ends;
	struct query *q;
	enum status st;

	if ((st = prompt_ends_get(s->store, &ends, err)) != STATUS_OK ||
	    (st = prompt_end_next(ends.bundle, &x->m->n, err)) != STATUS_OK)
		return st;
	const struct leaf_field f[] = {
		{ .key = "bundle", .type = LEAF_INT, .number = x->m->n },
		{ .key = "sha256", .text = slice_of(hex) }
	};
	if ((st = audit_append(s->store, &who, now, "bundle.make", SLICE_NONE, f,
	    sizeof(f) / sizeof(f[0]), &seq, err)) != STATUS_OK ||
	    (st = query_get(&q, s->store, QUERY_BUNDLE_INSERT, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(q, BUNDLE_INSERT_bundle, x->m->n);
	query_bind_text(q, BUNDLE_INSERT_sha256, slice_of(hex));
	query_bind_text(q, BUNDLE_INSERT_bytes, bytes);
	query_bind_int(q, BUNDLE_INSERT_seq, seq);
	query_bind_int(q, BUNDLE_INSERT_ts_ms, now);
	query_bind_text(q, BUNDLE_INSERT_by, slice_of(s->who.name));
	return query_run(q, err);
}

static enum status
store_bundle(struct composing *x, struct error *err)
{
	const struct bundle_making *m = x->m;
	const struct bundle_body b = {
		.label = m->label, .note = m->note,
		.policy = slice_of(m->policy_id), .models = x->models,
		.nmodels = x->nmodels, .prompts = x->prompts,
		.nprompts = x->nprompts, .run = m->run,
		.data_sha256 = slice_of(m->data == NULL ? NULL :
		    x->data_sha256), .data_bytes = x->data_bytes
	};
	struct buf bytes = BUF_INIT;
	char hex[HASH_HEX];
	struct hash h;
	enum status st;

	if ((st = bundle_write(&bytes, &b, err)) == STATUS_OK &&
	    (st = audit_content(x->s->store, buf_slice(&bytes), NULL, 0, &h,
	    err)) == STATUS_OK) {
		hash_hex(&h, hex);
		st = find_same(x, hex, err);
		if (st == STATUS_OK && !m->known)
			st = insert_bundle(x, buf_slice(&bytes), hex, err);
	}
	buf_release(&bytes);
	return st;
}

static enum status
make_write(void *arg, struct error *err)
{
	struct composing *x = arg;
	enum status st;

	arena_reset(&x->arena);
	x->prompts = NULL;
	x->nprompts = x->cap = x->nmodels = 0;
	if ((st = session_require(x->s, MAY_POLICY, "make a bundle", err)) !=
	    STATUS_OK ||
	    (st = run_vouches(x, err)) != STATUS_OK ||
	    (st = get_labelled(x, err)) != STATUS_OK ||
	    (st = get_named(x, err)) != STATUS_OK)
		return st;
	if (x->nprompts > 0)
		qsort(x->prompts, x->nprompts, sizeof(*x->prompts), by_name);
	if ((st = get_models(x, err)) != STATUS_OK ||
	    (st = get_policy(x, err)) != STATUS_OK)
		return st;
	return store_bundle(x, err);
}

enum status
bundles_make(struct session *s, struct bundle_making *m, struct error *err)
{
	struct composing x = { .s = s, .m = m, .arena = ARENA_INIT };
	enum status st = prompt_label_check(m->label, err);

	if (st == STATUS_OK && m->data != NULL)
		st = hash_data(&x, err);
	if (st == STATUS_OK)
		st = store_write(s->store, DURABLE_NOW, make_write, &x, err);
	m->nprompts = x.nprompts;
	m->models_found = x.nmodels;
	arena_release(&x.arena);
	return st;
}
