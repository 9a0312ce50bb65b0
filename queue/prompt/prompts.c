#include "queue/prompt/prompts.h"

#include <inttypes.h>

#include "core/base/utf8.h"
#include "core/prompt/ref.h"
#include "db/query.h"
#include "db/write.h"
#include "queue/prompt/move.h"

#define ABOUT_MAX	((size_t)64 << 10)	/* bytes of note and tags */

/* The row that a query stands on; what was changed in the store since must reach no
 * model. */
static enum status
take_row(struct query *q, struct arena *arena, struct prompt_version *v,
    struct error *err)
{
	struct slice bytes, sha256;
	const struct kept_text texts[] = {
		{ PROMPT_NAME, &v->name }, { PROMPT_BYTES, &bytes },
		{ PROMPT_NOTE, &v->note }, { PROMPT_TAGS, &v->tags },
		{ PROMPT_BY, &v->by }, { PROMPT_SHA256, &sha256 }
	};
	char hex[HASH_HEX];
	enum status st;

	if (!query_keep_all(q, texts, sizeof(texts) / sizeof(texts[0]), arena))
		return error_nomem(err);
	v->version = query_int(q, PROMPT_VERSION);
	v->seq = query_int(q, PROMPT_SEQ);
	v->ts_ms = query_int(q, PROMPT_TS_MS);
	v->ref = arena_printf(arena, "%.*s@%" PRId64, SLICE_ARG(v->name),
	    v->version);
	if (v->ref.p == NULL)
		return error_nomem(err);
	st = prompt_read(&v->body, bytes, arena, err);
	if (st == STATUS_OK)
		hash_hex(&v->body.sha256, hex);
	if (st == STATUS_NOMEM || (st == STATUS_OK && slice_is(sha256, hex)))
		return st;
	error_clear(err);
	return error_set(err, STATUS_CORRUPT, "prompt %.*s: its bytes in the store "
	    "are not those it is named by; see handrail audit verify",
	    SLICE_ARG(v->ref));
}

static enum status
get_row(struct store *store, struct slice name, int64_t version,
    struct arena *arena, struct prompt_version *v, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, store, version > 0 ? QUERY_PROMPT_VERSION :
	    QUERY_PROMPT_NEWEST, err)) != STATUS_OK)
		return st;
	query_bind_text(q, PROMPT_name, name);
	if (version > 0)
		query_bind_int(q, PROMPT_version, version);
	if ((st = query_row(q, err)) == STATUS_OK)
		st = take_row(q, arena, v, err);
	query_done(q);
	return st;
}

/* Which part of the reference leads nowhere. */
static enum status
not_there(struct store *store, const struct prompt_ref *ref, struct arena *arena,
    struct error *err)
{
	struct prompt_version newest;
	enum status st = get_row(store, ref->name, 0, arena, &newest, err);

	if (st == STATUS_NOT_FOUND)
		return error_set(err, STATUS_NOT_FOUND, "%.*s: no such prompt; see "
		    "handrail prompt list", SLICE_ARG(ref->name));
	if (st != STATUS_OK)
		return st;
	if (ref->label.p != NULL)
		return error_set(err, STATUS_NOT_FOUND, "%.*s@%.*s: no version has "
		    "that label; the newest is %.*s", SLICE_ARG(ref->name),
		    SLICE_ARG(ref->label), SLICE_ARG(newest.ref));
	return error_set(err, STATUS_NOT_FOUND, "%.*s@%" PRId64 ": no such "
	    "version; the newest is %.*s", SLICE_ARG(ref->name), ref->version,
	    SLICE_ARG(newest.ref));
}

enum status
prompts_get(struct store *store, struct slice text, struct arena *arena,
    struct prompt_version *v, struct error *err)
{
	struct prompt_ref ref;
	int64_t version;
	enum status st;

	if ((st = prompt_ref_parse(text, &ref, err)) != STATUS_OK)
		return st;
	version = ref.version;
	if (ref.label.p != NULL) {
		if ((st = label_now(store, ref.name, ref.label, &version, err)) !=
		    STATUS_OK)
			return st;
		if (version == 0)
			return not_there(store, &ref, arena, err);
	}
	st = get_row(store, ref.name, version, arena, v, err);
	return st == STATUS_NOT_FOUND ? not_there(store, &ref, arena, err) : st;
}

enum status
prompts_each(struct store *store, struct slice name,
    enum status (*each)(void *, const struct prompt_version *, struct error *),
    void *arg, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct prompt_version v;
	struct query *q;
	enum status st;
	bool row;

	if ((st = query_get(&q, store, QUERY_PROMPT_ALL, err)) != STATUS_OK)
		return st;
	query_bind_text(q, PROMPT_name, name);
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		arena_reset(&arena);
		if ((st = take_row(q, &arena, &v, err)) != STATUS_OK ||
		    (st = each(arg, &v, err)) != STATUS_OK)
			break;
	}
	query_done(q);
	arena_release(&arena);
	return st;
}

static enum status
take_label(struct query *q, struct arena *arena, struct prompt_label *l,
    struct error *err)
{
	const struct kept_text texts[] = {
		{ PROMPT_LABELS_NAME, &l->name }, { PROMPT_LABELS_LABEL, &l->label },
		{ PROMPT_LABELS_BY, &l->by }
	};

	l->version = query_int(q, PROMPT_LABELS_VERSION);
	l->ts_ms = query_int(q, PROMPT_LABELS_TS_MS);
	return query_keep_all(q, texts, sizeof(texts) / sizeof(texts[0]), arena) ?
	    STATUS_OK : error_nomem(err);
}

enum status
prompts_labels(struct store *store, struct slice name, struct slice label,
    struct arena *arena, struct prompt_label **out, size_t *n,
    struct error *err)
{
	struct prompt_label *v = NULL, *grown;
	size_t cap = 0;
	struct query *q;
	enum status st;
	bool row;

	*n = 0;
	if ((st = query_get(&q, store, QUERY_PROMPT_LABELS, err)) != STATUS_OK)
		return st;
	query_bind_text(q, PROMPT_LABELS_name, name);
	query_bind_text(q, PROMPT_LABELS_label, label);
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		if (*n == cap) {
			cap = cap == 0 ? 8 : cap * 2;
			grown = arena_alloc(arena, cap * sizeof(*v));
			if (grown == NULL) {
				st = error_nomem(err);
				break;
			}
			if (*n > 0)
				memcpy(grown, v, *n * sizeof(*v));
			v = grown;
		}
		if ((st = take_label(q, arena, &v[*n], err)) != STATUS_OK)
			break;
		++*n;
	}
	query_done(q);
	*out = v;
	return st;
}

enum status
prompts_moves(struct store *store, struct slice name, struct arena *arena,
    struct prompt_move **out, size_t *n, struct error *err)
{
	struct prompt_move *v = NULL, *grown;
	size_t cap = 0;
	struct query *q;
	enum status st;
	bool row;

	*n = 0;
	if ((st = query_get(&q, store, QUERY_PROMPT_MOVES, err)) != STATUS_OK)
		return st;
	query_bind_text(q, PROMPT_MOVES_name, name);
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		if (*n == cap) {
			cap = cap == 0 ? 8 : cap * 2;
			grown = arena_alloc(arena, cap * sizeof(*v));
			if (grown != NULL && *n > 0)
				memcpy(grown, v, *n * sizeof(*v));
			v = grown;
		}
		if (v == NULL || !query_keep(q, PROMPT_MOVES_LABEL, arena,
		    &v[*n].label) || !query_keep(q, PROMPT_MOVES_BY, arena,
		    &v[*n].by)) {
			st = error_nomem(err);
			break;
		}
		v[*n].from = query_int_or(q, PROMPT_MOVES_FROM_VERSION, 0);
		v[*n].to = query_int(q, PROMPT_MOVES_VERSION);
		v[*n].ts_ms = query_int(q, PROMPT_MOVES_TS_MS);
		++*n;
	}
	query_done(q);
	*out = v;
	return st;
}

/* One label, with its leaf. */
static enum status
move_label(struct session *s, const struct label_move *m, struct error *err)
{
	struct actor who = session_actor(s);
	int64_t now = store_now_ms(s->store), seq;
	const struct leaf_field f[] = {
		{ .key = "prompt", .text = m->name },
		{ .key = "label", .text = m->label },
		{ .key = "from", .type = m->from > 0 ? LEAF_INT : LEAF_NULL,
		    .number = m->from },
		{ .key = "to", .type = LEAF_INT, .number = m->to }
	};
	enum status st = audit_append(s->store, &who, now, "prompt.label",
	    SLICE_NONE, f, sizeof(f) / sizeof(f[0]), &seq, err);

	return st == STATUS_OK ? label_move_insert(s, m, seq, now, err) : st;
}

/* What of the record's name is there: the same bytes, or the version it asks for. */
static enum status
find_same(struct session *s, struct prompt_adding *a, const char *hex,
    struct error *err)
{
	const struct prompt_record *r = &a->record;
	struct query *q;
	enum status st;

	if ((st = query_get(&q, s->store, QUERY_PROMPT_SAME, err)) != STATUS_OK)
		return st;
	query_bind_text(q, PROMPT_SAME_name, r->name);
	query_bind_text(q, PROMPT_SAME_sha256, slice_of(hex));
	if ((st = query_row(q, err)) == STATUS_OK) {
		a->outcome = PROMPT_KNOWN;
		a->version = query_int(q, PROMPT_SAME_VERSION);
	}
	query_done(q);
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

/* Sets outcome and version: which it will be where it is not there yet. */
static enum status
find_version(struct session *s, struct prompt_adding *a, const char *hex,
    struct arena *arena, struct error *err)
{
	const struct prompt_record *r = &a->record;
	struct prompt_version v;
	char there[HASH_HEX];
	enum status st;

	a->outcome = PROMPT_ADDED;
	a->version = r->version;
	if (r->version == 0 && ((st = find_same(s, a, hex, err)) != STATUS_OK ||
	    a->outcome == PROMPT_KNOWN))
		return st;
	st = get_row(s->store, r->name, r->version, arena, &v, err);
	if (st == STATUS_NOT_FOUND) {
		a->version = r->version == 0 ? 1 : r->version;
		return STATUS_OK;
	}
	if (st != STATUS_OK)
		return st;
	if (r->version == 0) {
		a->version = v.version + 1;
		return v.version > 0 && v.version < PROMPT_VERSION_MAX ?
		    STATUS_OK : error_set(err, STATUS_LIMIT, "%.*s: no version "
		    "comes behind that", SLICE_ARG(v.ref));
	}
	hash_hex(&v.body.sha256, there);
	a->outcome = strcmp(there, hex) == 0 ? PROMPT_KNOWN : PROMPT_OTHER;
	return STATUS_OK;
}

static enum status
about_hash(struct session *s, const struct prompt_record *r, struct hash *out,
    bool *any, struct error *err)
{
	struct buf about = BUF_INIT;
	struct slice text;
	enum status st;

	*any = r->note.p != NULL || r->tags.p != NULL;
	if (utf8_valid(r->note.p, r->note.n) != r->note.n)
		return error_set(err, STATUS_INVALID, "%.*s: its note is not "
		    "UTF-8", SLICE_ARG(r->name));
	prompt_about(&about, r->note, r->tags);
	text = buf_slice(&about);
	st = buf_check(&about, err);
	if (st == STATUS_OK && about.n > ABOUT_MAX)
		st = error_set(err, STATUS_LIMIT, "%.*s: note and tags have over "
		    "%zu bytes", SLICE_ARG(r->name), ABOUT_MAX);
	if (st == STATUS_OK)
		st = audit_content(s->store, text, NULL, 0, out, err);
	buf_release(&about);
	return st;
}

/* The leaf and the row of a new version. */
static enum status
insert_version(struct session *s, const struct prompt_adding *a, const char *hex,
    struct error *err)
{
	const struct prompt_record *r = &a->record;
	struct actor who = session_actor(s);
	int64_t now = store_now_ms(s->store), seq, n = 0;
	struct prompt_ends ends;
	struct hash about;
	struct query *q;
	enum status st;
	bool any;

	if ((st = about_hash(s, r, &about, &any, err)) != STATUS_OK)
		return st;
	const struct leaf_field f[] = {
		{ .key = "prompt", .text = r->name },
		{ .key = "version", .type = LEAF_INT, .number = a->version },
		{ .key = "sha256", .text = slice_of(hex) },
		{ .key = "about_sha256", .type = any ? LEAF_HASH : LEAF_NULL,
		    .hash = &about }
	};
	if ((st = prompt_ends_get(s->store, &ends, err)) != STATUS_OK ||
	    (st = prompt_end_next(ends.prompt, &n, err)) != STATUS_OK ||
	    (st = audit_append(s->store, &who, now, "prompt.add", SLICE_NONE, f,
	    sizeof(f) / sizeof(f[0]), &seq, err)) != STATUS_OK ||
	    (st = query_get(&q, s->store, QUERY_PROMPT_INSERT, err)) !=
	    STATUS_OK)
		return st;
	query_bind_int(q, PROMPT_INSERT_n, n);
	query_bind_text(q, PROMPT_INSERT_name, r->name);
	query_bind_int(q, PROMPT_INSERT_version, a->version);
	query_bind_text(q, PROMPT_INSERT_sha256, slice_of(hex));
	query_bind_text(q, PROMPT_INSERT_bytes, r->body.bytes);
	query_bind_text(q, PROMPT_INSERT_note, r->note);
	query_bind_text(q, PROMPT_INSERT_tags, r->tags);
	query_bind_int(q, PROMPT_INSERT_seq, seq);
	query_bind_int(q, PROMPT_INSERT_ts_ms, now);
	query_bind_text(q, PROMPT_INSERT_by, slice_of(s->who.name));
	return query_run(q, err);
}

static enum status
add_labels(struct session *s, struct prompt_adding *a, struct error *err)
{
	const struct prompt_record *r = &a->record;
	struct label_move m = { .name = r->name, .to = a->version };
	enum status st;
	size_t i;

	for (i = 0; i < r->nlabels; i++) {
		m.label = r->labels[i];
		if ((st = label_now(s->store, m.name, m.label, &m.from, err)) !=
		    STATUS_OK)
			return st;
		if (m.from == m.to)
			continue;
		if (m.from != 0 && !a->move) {
			if (a->nstay++ == 0)
				a->stay = (struct prompt_label){
					.name = m.name, .label = m.label,
					.version = m.from };
		} else if ((st = move_label(s, &m, err)) != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

static enum status
add_one(struct session *s, struct prompt_adding *a, struct error *err)
{
	struct arena arena = ARENA_INIT;
	char hex[HASH_HEX];
	enum status st;

	a->nstay = 0;
	hash_hex(&a->record.body.sha256, hex);
	st = find_version(s, a, hex, &arena, err);
	if (st == STATUS_OK && a->outcome == PROMPT_ADDED)
		st = insert_version(s, a, hex, err);
	if (st == STATUS_OK && a->outcome != PROMPT_OTHER)
		st = add_labels(s, a, err);
	arena_release(&arena);
	return st;
}

struct prompts_adding {
	struct session		*s;
	struct prompt_adding	*v;
	size_t			 n;
};

static enum status
add_write(void *arg, struct error *err)
{
	const struct prompts_adding *x = arg;
	enum status st = session_require(x->s, MAY_POLICY, "add a prompt", err);
	size_t i;

	for (i = 0; i < x->n && st == STATUS_OK; i++)
		st = add_one(x->s, &x->v[i], err);
	return st;
}

enum status
prompts_add(struct session *s, struct prompt_adding *v, size_t n,
    struct error *err)
{
	struct prompts_adding x = { s, v, n };

	return store_write(s->store, DURABLE_NOW, add_write, &x, err);
}

struct prompt_labelling {
	struct session	*s;
	struct slice	 ref, label;
	int64_t		 from, to;
};

static enum status
label_write(void *arg, struct error *err)
{
	struct prompt_labelling *l = arg;
	struct arena arena = ARENA_INIT;
	struct label_move m = { .label = l->label };
	struct prompt_version v;
	enum status st;

	if ((st = session_require(l->s, MAY_POLICY, "move a label", err)) !=
	    STATUS_OK ||
	    (st = prompts_get(l->s->store, l->ref, &arena, &v, err)) != STATUS_OK)
		goto out;
	m.name = v.name;
	l->to = m.to = v.version;
	if ((st = label_now(l->s->store, m.name, m.label, &m.from, err)) !=
	    STATUS_OK)
		goto out;
	l->from = m.from;
	if (m.from != m.to)
		st = move_label(l->s, &m, err);
out:
	arena_release(&arena);
	return st;
}

enum status
prompts_label(struct session *s, struct slice ref, struct slice label,
    int64_t *from, int64_t *to, struct error *err)
{
	struct prompt_labelling l = { .s = s, .ref = ref, .label = label };
	enum status st = prompt_label_check(label, err);

	if (st == STATUS_OK)
		st = store_write(s->store, DURABLE_NOW, label_write, &l, err);
	*from = l.from;
	*to = l.to;
	return st;
}
