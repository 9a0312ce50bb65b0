#include "db/audit/verify_prompt.h"

#include <inttypes.h>

#include "core/json/value.h"
#include "core/prompt/bundle.h"
#include "core/prompt/prompt.h"
#include "db/audit/verify_policy.h"

/* What each of the four tables is: its cursor, and what a row of it is called. */
static const struct leaf_table {
	size_t			 cursor;	/* offset in struct verify */
	enum query_column	 seq, by, ts_ms;
	const char		*row;
} prompts = { offsetof(struct verify, prompts), AUDIT_PROMPTS_SEQ,
    AUDIT_PROMPTS_BY, AUDIT_PROMPTS_TS_MS, "version of a prompt" },
    labels = { offsetof(struct verify, labels), AUDIT_LABELS_SEQ,
    AUDIT_LABELS_BY, AUDIT_LABELS_TS_MS, "move of a label" },
    bundles = { offsetof(struct verify, bundles), AUDIT_BUNDLES_SEQ,
    AUDIT_BUNDLES_BY, AUDIT_BUNDLES_TS_MS, "bundle" },
    uses = { offsetof(struct verify, uses), AUDIT_USES_SEQ, AUDIT_USES_BY,
    AUDIT_USES_TS_MS, "use of a bundle" };

static struct cursor *
cursor_of(struct verify *v, const struct leaf_table *t)
{
	return (struct cursor *)((char *)v + t->cursor);
}

/* Rows that the log has passed without a leaf for them. */
static enum status
rows_until(struct verify *v, const struct leaf_table *t, int64_t seq,
    struct error *err)
{
	struct cursor *c = cursor_of(v, t);
	enum status st = STATUS_OK;

	while (st == STATUS_OK && c->row && query_int(c->q, t->seq) < seq) {
		verify_problem(v, "%s, row %lld: no leaf made it", t->row,
		    (long long)c->last);
		st = cursor_step(c, v, err);
	}
	return st;
}

/* Stands on the leaf's row, if it is there: by whom and when are looked at. */
static enum status
leaf_row(struct verify *v, const struct leaf_table *t, bool *there,
    struct error *err)
{
	struct cursor *c = cursor_of(v, t);
	enum status st = rows_until(v, t, v->seq, err);

	*there = st == STATUS_OK && c->row && query_int(c->q, t->seq) == v->seq;
	if (*there && (!slice_eq(query_text(c->q, t->by),
	    leaf_actor_text(&v->leaf, "name")) ||
	    v->leaf.ts_ms != query_int(c->q, t->ts_ms)))
		verify_problem(v, "%s of leaf %lld: not by whom or when the leaf "
		    "says", t->row, (long long)v->seq);
	return st;
}

static enum status
missing(struct verify *v, const struct leaf_table *t)
{
	verify_problem(v, "%s of leaf %lld: missing", t->row, (long long)v->seq);
	return STATUS_OK;
}

/* Are the bytes those that the row and the leaf name? */
static void
check_bytes(struct verify *v, const struct leaf_table *t, struct slice bytes,
    struct slice named)
{
	struct hash h;
	char hex[HASH_HEX];

	hash_bytes(v->chain.hasher, bytes, &h);
	hash_hex(&h, hex);
	if (!slice_is(named, hex) ||
	    !slice_is(leaf_other_text(&v->leaf, "sha256"), hex))
		verify_problem(v, "%s of leaf %lld: its bytes are not those it is "
		    "named by", t->row, (long long)v->seq);
}

static enum status
check_about(struct verify *v, struct slice note, struct slice tags,
    struct error *err)
{
	struct slice named = leaf_other_text(&v->leaf, "about_sha256");
	struct buf about = BUF_INIT;
	char hex[HASH_HEX] = "";
	struct hash h;
	enum status st;

	if (note.p != NULL || tags.p != NULL) {
		/* What the store holds may be anything: tags are hashed as they
		 * are, JSON or not. */
		prompt_about(&about, note, tags);
		hash_bytes(v->chain.hasher, buf_slice(&about), &h);
		hash_hex(&h, hex);
	}
	if (hex[0] == '\0' ? named.p != NULL : !slice_is(named, hex))
		verify_problem(v, "version of a prompt of leaf %lld: its note or "
		    "its tags are not those that were given",
		    (long long)v->seq);
	st = buf_check(&about, err);
	buf_release(&about);
	return st;
}

enum status
verify_prompt_add(struct verify *v, struct error *err)
{
	struct query *q;
	enum status st;
	bool there;

	if ((st = leaf_row(v, &prompts, &there, err)) != STATUS_OK)
		return st;
	if (!there)
		return missing(v, &prompts);
	q = v->prompts.q;
	if (!slice_eq(query_text(q, AUDIT_PROMPTS_NAME),
	    leaf_other_text(&v->leaf, "prompt")) ||
	    !leaf_other_is(&v->leaf, "version",
	    query_int(q, AUDIT_PROMPTS_VERSION)))
		verify_problem(v, "version of a prompt of leaf %lld: not the one "
		    "that the leaf names", (long long)v->seq);
	check_bytes(v, &prompts, query_text(q, AUDIT_PROMPTS_BYTES),
	    query_text(q, AUDIT_PROMPTS_SHA256));
	if ((st = check_about(v, query_text(q, AUDIT_PROMPTS_NOTE),
	    query_text(q, AUDIT_PROMPTS_TAGS), err)) != STATUS_OK)
		return st;
	return cursor_step(&v->prompts, v, err);
}

enum status
verify_prompt_label(struct verify *v, struct error *err)
{
	struct query *q;
	enum status st;
	bool there;

	if ((st = leaf_row(v, &labels, &there, err)) != STATUS_OK)
		return st;
	if (!there)
		return missing(v, &labels);
	q = v->labels.q;
	if (!slice_eq(query_text(q, AUDIT_LABELS_NAME),
	    leaf_other_text(&v->leaf, "prompt")) ||
	    !slice_eq(query_text(q, AUDIT_LABELS_LABEL),
	    leaf_other_text(&v->leaf, "label")) ||
	    !leaf_other_is(&v->leaf, "from",
	    query_int_or(q, AUDIT_LABELS_FROM_VERSION, 0)) ||
	    !leaf_other_is(&v->leaf, "to",
	    query_int(q, AUDIT_LABELS_VERSION)))
		verify_problem(v, "move of a label of leaf %lld: not the one that "
		    "the leaf names", (long long)v->seq);
	return cursor_step(&v->labels, v, err);
}

enum status
verify_bundle_make(struct verify *v, struct error *err)
{
	struct query *q;
	enum status st;
	bool there;

	if ((st = leaf_row(v, &bundles, &there, err)) != STATUS_OK)
		return st;
	if (!there)
		return missing(v, &bundles);
	q = v->bundles.q;
	if (!leaf_other_is(&v->leaf, "bundle",
	    query_int(q, AUDIT_BUNDLES_BUNDLE)))
		verify_problem(v, "bundle of leaf %lld: not the one that the leaf "
		    "names", (long long)v->seq);
	check_bytes(v, &bundles, query_text(q, AUDIT_BUNDLES_BYTES),
	    query_text(q, AUDIT_BUNDLES_SHA256));
	return cursor_step(&v->bundles, v, err);
}

/* All moves of the current leaf, whose hash it has. */
static enum status
check_moves(struct verify *v, struct error *err)
{
	struct cursor *c = &v->labels;
	struct buf lines = BUF_INIT;
	char hex[HASH_HEX];
	struct hash h;
	enum status st;
	int64_t n = 0;
	bool there;

	while ((st = leaf_row(v, &labels, &there, err)) == STATUS_OK && there) {
		bundle_move(&lines, query_text(c->q, AUDIT_LABELS_NAME),
		    query_text(c->q, AUDIT_LABELS_LABEL),
		    query_int_or(c->q, AUDIT_LABELS_FROM_VERSION, 0),
		    query_int(c->q, AUDIT_LABELS_VERSION));
		n++;
		if ((st = cursor_step(c, v, err)) != STATUS_OK)
			break;
	}
	if (st == STATUS_OK && (st = buf_check(&lines, err)) == STATUS_OK) {
		hash_bytes(v->chain.hasher, buf_slice(&lines), &h);
		hash_hex(&h, hex);
		if (n == 0 ? leaf_other_text(&v->leaf, "moves_sha256").p != NULL :
		    !slice_is(leaf_other_text(&v->leaf, "moves_sha256"), hex))
			verify_problem(v, "use of a bundle of leaf %lld: the "
			    "labels that it moved are not those that the leaf "
			    "names", (long long)v->seq);
	}
	buf_release(&lines);
	return st;
}

enum status
verify_bundle_use(struct verify *v, struct error *err)
{
	uint32_t applied = leaf_other(&v->leaf, "applied");
	struct query *q;
	enum status st;
	bool there;

	if ((st = leaf_row(v, &uses, &there, err)) != STATUS_OK)
		return st;
	q = v->uses.q;
	if (there && (!leaf_other_is(&v->leaf, "to",
	    query_int(q, AUDIT_USES_BUNDLE)) || !leaf_other_is(&v->leaf, "from",
	    query_int_or(q, AUDIT_USES_FROM_BUNDLE, 0))))
		verify_problem(v, "use of a bundle of leaf %lld: not the one that "
		    "the leaf names", (long long)v->seq);
	st = there ? cursor_step(&v->uses, v, err) : missing(v, &uses);
	if (st == STATUS_OK && applied != JSON_NONE &&
	    json_kind(v->leaf.json, applied) == TOKEN_TRUE)
		st = verify_policy(v, err);
	return st == STATUS_OK ? check_moves(v, err) : st;
}

static const struct leaf_table *const tables[] = {
	&prompts, &labels, &bundles, &uses
};
#define NTABLES	(sizeof(tables) / sizeof(tables[0]))

enum status
verify_prompts_begin(struct verify *v, struct error *err)
{
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < NTABLES && st == STATUS_OK; i++)
		st = cursor_from(cursor_of(v, tables[i]), v, INT64_MIN, err);
	return st;
}

enum status
verify_prompts_end(struct verify *v, struct error *err)
{
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < NTABLES && st == STATUS_OK; i++)
		st = rows_until(v, tables[i], INT64_MAX, err);
	return st;
}
