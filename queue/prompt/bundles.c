#include "queue/prompt/bundles.h"

#include <inttypes.h>

#include "core/base/hash.h"
#include "db/query.h"

/* The row that a query stands on; what was changed in the store since must come into
 * force nowhere. */
static enum status
take_row(struct query *q, struct arena *arena, struct bundle *b,
    struct error *err)
{
	struct slice bytes;
	const struct kept_text texts[] = {
		{ BUNDLE_SHA256, &b->sha256 }, { BUNDLE_BYTES, &bytes },
		{ BUNDLE_BY, &b->by }
	};
	struct hasher *hasher;
	struct hash h;
	char hex[HASH_HEX];
	enum status st;

	if (!query_keep_all(q, texts, sizeof(texts) / sizeof(texts[0]), arena))
		return error_nomem(err);
	b->n = query_int(q, BUNDLE_BUNDLE);
	b->seq = query_int(q, BUNDLE_SEQ);
	b->ts_ms = query_int(q, BUNDLE_TS_MS);
	if ((st = hasher_new(&hasher, err)) != STATUS_OK)
		return st;
	hash_bytes(hasher, bytes, &h);
	hasher_free(hasher);
	hash_hex(&h, hex);
	st = slice_is(b->sha256, hex) ? bundle_read(&b->body, bytes, arena, err) :
	    STATUS_INVALID;
	if (st == STATUS_OK || st == STATUS_NOMEM)
		return st;
	error_clear(err);
	return error_set(err, STATUS_CORRUPT, "bundle %" PRId64 ": its bytes in "
	    "the store are not those it is named by; see handrail audit verify",
	    b->n);
}

enum status
bundles_get(struct store *store, int64_t n, struct arena *arena,
    struct bundle *b, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, store, QUERY_BUNDLE_GET, err)) != STATUS_OK)
		return st;
	query_bind_int(q, BUNDLE_GET_bundle, n);
	if ((st = query_row(q, err)) == STATUS_OK)
		st = take_row(q, arena, b, err);
	query_done(q);
	return st != STATUS_NOT_FOUND ? st : error_set(err, STATUS_NOT_FOUND,
	    "bundle %" PRId64 ": the store has none of that number; see handrail "
	    "bundle list", n);
}

enum status
bundles_each(struct store *store,
    enum status (*each)(void *, const struct bundle *, struct error *),
    void *arg, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct bundle b;
	struct query *q;
	enum status st;
	bool row;

	if ((st = query_get(&q, store, QUERY_BUNDLE_ALL, err)) != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		arena_reset(&arena);
		if ((st = take_row(q, &arena, &b, err)) != STATUS_OK ||
		    (st = each(arg, &b, err)) != STATUS_OK)
			break;
	}
	query_done(q);
	arena_release(&arena);
	return st;
}

enum status
bundles_in_force(struct store *store, int64_t at_ms, struct arena *arena,
    struct bundle_use *use, int64_t *before, struct error *err)
{
	struct query *q;
	enum status st;
	int64_t n;
	bool row;

	*use = (struct bundle_use){ 0 };
	*before = 0;
	if ((st = query_get(&q, store, QUERY_BUNDLE_USES, err)) != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		if (query_int(q, BUNDLE_USES_TS_MS) > at_ms)
			continue;
		n = query_int(q, BUNDLE_USES_BUNDLE);
		if (use->bundle != n)
			*before = use->bundle;
		*use = (struct bundle_use){ .bundle = n,
		    .seq = query_int(q, BUNDLE_USES_SEQ),
		    .ts_ms = query_int(q, BUNDLE_USES_TS_MS) };
		if (!query_keep(q, BUNDLE_USES_BY, arena, &use->by)) {
			st = error_nomem(err);
			break;
		}
	}
	query_done(q);
	return st == STATUS_OK && use->bundle == 0 ? STATUS_NOT_FOUND : st;
}

/* Where the label pointed; *m says so. */
static enum status
label_at(struct store *store, struct slice label, int64_t at_ms,
    struct arena *arena, struct bundle_moved *m, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, store, QUERY_PROMPT_LABEL_AT, err)) != STATUS_OK)
		return st;
	query_bind_text(q, PROMPT_LABEL_AT_name, m->prompt->name);
	query_bind_text(q, PROMPT_LABEL_AT_label, label);
	query_bind_int(q, PROMPT_LABEL_AT_at, at_ms);
	if ((st = query_row(q, err)) == STATUS_OK) {
		m->version = query_int(q, PROMPT_LABEL_AT_VERSION);
		m->seq = query_int(q, PROMPT_LABEL_AT_SEQ);
		m->ts_ms = query_int(q, PROMPT_LABEL_AT_TS_MS);
		if (!query_keep(q, PROMPT_LABEL_AT_BY, arena, &m->by))
			st = error_nomem(err);
	}
	query_done(q);
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

enum status
bundles_moved(struct store *store, const struct bundle *b, int64_t at_ms,
    struct arena *arena, struct bundle_moved **out, size_t *n,
    struct error *err)
{
	const struct bundle_body *body = &b->body;
	struct bundle_moved *v = arena_zalloc(arena, (body->nprompts + 1) *
	    sizeof(*v));
	enum status st = v == NULL ? error_nomem(err) : STATUS_OK;
	size_t i;

	*n = 0;
	*out = v;
	for (i = 0; i < body->nprompts && st == STATUS_OK; i++) {
		v[*n] = (struct bundle_moved){ .prompt = &body->prompts[i] };
		st = label_at(store, body->label, at_ms, arena, &v[*n], err);
		if (v[*n].version != body->prompts[i].version)
			++*n;
	}
	return st;
}
