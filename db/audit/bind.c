#include "db/audit/bind.h"

#include "core/json/write.h"
#include "db/audit/bound.h"
#include "db/audit/checkpoint.h"
#include "db/query.h"
#include "db/write.h"

#define PAGE_ROWS	256

struct binding {
	struct store	*s;
	const struct actor *actor;
	struct hasher	*hasher;
	struct buf	 row;
};

enum status
bind_needed(struct store *s, bool *needed, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, s, QUERY_BOUND_NEEDED, err);

	if (st != STATUS_OK)
		return st;
	if ((st = query_row(q, err)) == STATUS_OK)
		*needed = query_int(q, BOUND_NEEDED_NEEDED) != 0;
	query_done(q);
	return st;
}

enum status
bind_found_hash(struct store *s, struct hasher *h, int64_t item, struct slice salt,
    struct slice snippet, struct hash *out, struct error *err)
{
	struct buf found = BUF_INIT;
	enum status st;
	size_t n;

	st = bound_found_read(s, item, &found, &n, err);
	buf_add_slice(&found, snippet);
	if (st == STATUS_OK && (st = buf_check(&found, err)) == STATUS_OK)
		hash_parts(h, (struct slice[]){ salt, buf_slice(&found) }, 2, out);
	buf_release(&found);
	return st;
}

enum status
bind_notes_hash(struct store *s, struct hasher *h, int64_t item, struct slice salt,
    struct hash *out, bool *any, struct error *err)
{
	struct buf notes = BUF_INIT;
	struct query *q;
	enum status st;
	bool row;

	if ((st = query_get(&q, s, QUERY_BOUND_NOTES, err)) != STATUS_OK)
		return st;
	query_bind_int(q, BOUND_OF_item, item);
	while ((st = query_step(q, &row, err)) == STATUS_OK && row)
		bound_note(&notes, query_text(q, BOUND_NOTES_BY),
		    query_int(q, BOUND_NOTES_UID),
		    query_int(q, BOUND_NOTES_TS_MS),
		    query_text(q, BOUND_NOTES_TEXT));
	query_done(q);
	*any = notes.n > 0;
	if (st == STATUS_OK && (st = buf_check(&notes, err)) == STATUS_OK)
		hash_parts(h, (struct slice[]){ salt, buf_slice(&notes) }, 2, out);
	buf_release(&notes);
	return st;
}

static struct slice
hash_slice(const struct hash *h, bool there)
{
	return there ? (struct slice){ (const char *)h->b, HASH_LEN } : SLICE_NONE;
}

static enum status
item_put(struct binding *b, int64_t item, const struct hash *row,
    const struct hash *found, const struct hash *notes, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, b->s, QUERY_BOUND_INSERT, err);

	if (st != STATUS_OK)
		return st;
	query_bind_int(q, BOUND_INSERT_item, item);
	query_bind_blob(q, BOUND_INSERT_row, hash_slice(row, row != NULL));
	query_bind_blob(q, BOUND_INSERT_found, hash_slice(found, found != NULL));
	query_bind_blob(q, BOUND_INSERT_notes, hash_slice(notes, notes != NULL));
	return query_run(q, err);
}

/* unbound: its leaf says nothing of its columns; else only notes are bound. */
static enum status
item_bind(struct binding *b, int64_t item, bool unbound, struct error *err)
{
	struct hash row, found, notes;
	bool any = false, whole = false;
	struct query *q;
	enum status st;

	buf_clear(&b->row);
	if ((st = query_get(&q, b->s, QUERY_AUDIT_ITEM_KEY, err)) != STATUS_OK)
		return st;
	query_bind_int(q, BOUND_OF_item, item);
	if ((st = query_row(q, err)) == STATUS_OK) {
		struct slice salt = query_blob(q, AUDIT_ITEMS_SALT);

		whole = salt.p != NULL;
		bound_row_read(&b->row, q);
		hash_bytes(b->hasher, buf_slice(&b->row), &row);
		if (whole && (st = bind_found_hash(b->s, b->hasher, item, salt,
		    query_text(q, AUDIT_ITEMS_SNIPPET), &found, err)) ==
		    STATUS_OK)
			st = bind_notes_hash(b->s, b->hasher, item, salt, &notes,
			    &any, err);
	}
	query_done(q);
	if (st == STATUS_OK)
		st = buf_check(&b->row, err);
	return st != STATUS_OK ? st : item_put(b, item, unbound ? &row : NULL,
	    unbound && whole ? &found : NULL, any ? &notes : NULL, err);
}

/* One page; *from is where the next begins, INT64_MAX at the end. */
static enum status
page_bind(struct binding *b, int64_t *from, struct error *err)
{
	int64_t item[PAGE_ROWS];
	bool unbound[PAGE_ROWS], row;
	struct query *q;
	enum status st;
	size_t i, n = 0;

	if ((st = query_get(&q, b->s, QUERY_BOUND_ITEMS, err)) != STATUS_OK)
		return st;
	query_bind_int(q, PAGE_from, *from);
	query_bind_int(q, PAGE_limit, PAGE_ROWS);
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		item[n] = query_int(q, BOUND_ITEMS_ITEM);
		unbound[n++] = query_int(q, BOUND_ITEMS_UNBOUND) != 0;
	}
	query_done(q);
	for (i = 0; i < n && st == STATUS_OK; i++)
		st = item_bind(b, item[i], unbound[i], err);
	*from = n < PAGE_ROWS || item[n - 1] == INT64_MAX ? INT64_MAX :
	    item[n - 1] + 1;
	return st;
}

static void
hash_member(struct writer *w, const char *name, struct slice b)
{
	struct hash h;
	char hex[HASH_HEX];

	if (b.n != HASH_LEN) {
		write_null(w, name);
		return;
	}
	memcpy(h.b, b.p, HASH_LEN);
	hash_hex(&h, hex);
	write_word(w, name, hex);
}

enum status
bind_items_hash(struct store *s, struct hash *out, uint64_t *n, struct error *err)
{
	struct buf line = BUF_INIT;
	struct hasher *h = NULL;
	struct query *q;
	enum status st;
	bool row;

	*n = 0;
	if ((st = hasher_new(&h, err)) != STATUS_OK ||
	    (st = query_get(&q, s, QUERY_BOUND_ALL, err)) != STATUS_OK)
		goto out;
	hash_begin(h);
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		struct writer w = WRITER(&line, WRITE_CANONICAL);

		buf_clear(&line);
		write_object(&w, NULL);
		hash_member(&w, "found", query_blob(q, BOUND_ALL_FOUND));
		write_int(&w, "item", query_int(q, BOUND_ALL_ITEM));
		hash_member(&w, "notes", query_blob(q, BOUND_ALL_NOTES));
		hash_member(&w, "row", query_blob(q, BOUND_ALL_ROW));
		write_end(&w);
		buf_putc(&line, '\n');
		if ((st = buf_check(&line, err)) != STATUS_OK)
			break;
		hash_more(h, buf_slice(&line));
		++*n;
	}
	query_done(q);
	hash_end(h, out);
out:
	hasher_free(h);
	buf_release(&line);
	return st;
}

static void
decision_line(struct writer *w, struct query *q)
{
	if (query_null(q, BOUND_DECISIONS_REVIEW_MS))
		write_null(w, "review_ms");
	else
		write_int(w, "review_ms", query_int(q, BOUND_DECISIONS_REVIEW_MS));
	write_int(w, "seq", query_int(q, BOUND_DECISIONS_SEQ));
}

static void
feed_line(struct writer *w, struct query *q)
{
	write_int(w, "n", query_int(q, BOUND_FEED_N));
	write_int(w, "ts_ms", query_int(q, BOUND_FEED_TS_MS));
}

static void
rule_line(struct writer *w, struct query *q)
{
	write_int(w, "n", query_int(q, BOUND_RULE_N));
	write_text(w, "name", query_text(q, BOUND_RULE_NAME));
	write_text(w, "policy", query_text(q, BOUND_RULE_POLICY));
	write_text(w, "queue", query_text(q, BOUND_RULE_QUEUE));
}

/* A line for each row of a statement goes into the hash. */
static enum status
rows_more(struct query *q, struct hasher *h,
    void (*members)(struct writer *, struct query *), struct error *err)
{
	struct buf line = BUF_INIT;
	enum status st;
	bool row;

	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		struct writer w = WRITER(&line, WRITE_CANONICAL);

		buf_clear(&line);
		write_object(&w, NULL);
		members(&w, q);
		write_end(&w);
		buf_putc(&line, '\n');
		if ((st = buf_check(&line, err)) != STATUS_OK)
			break;
		hash_more(h, buf_slice(&line));
	}
	query_done(q);
	buf_release(&line);
	return st;
}

static enum status
rows_hash(struct store *s, struct hasher *h, int64_t seq, int64_t feed,
    struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, s, QUERY_BOUND_DECISIONS, err)) != STATUS_OK)
		return st;
	query_bind_int(q, BOUND_BEFORE_seq, seq);
	if ((st = rows_more(q, h, decision_line, err)) != STATUS_OK ||
	    (st = query_get(&q, s, QUERY_BOUND_FEED, err)) != STATUS_OK)
		return st;
	query_bind_int(q, BOUND_FEED_n, feed);
	if ((st = rows_more(q, h, feed_line, err)) != STATUS_OK ||
	    (st = query_get(&q, s, QUERY_BOUND_RULES, err)) != STATUS_OK)
		return st;
	query_bind_int(q, BOUND_BEFORE_seq, seq);
	return rows_more(q, h, rule_line, err);
}

enum status
bind_rows_hash(struct store *s, int64_t seq, int64_t feed, struct hash *out,
    struct error *err)
{
	struct hasher *h = NULL;
	enum status st = hasher_new(&h, err);

	if (st == STATUS_OK) {
		hash_begin(h);
		st = rows_hash(s, h, seq, feed, err);
		hash_end(h, out);
	}
	hasher_free(h);
	return st;
}

enum status
bind_rules_hash(struct store *s, struct slice policy, struct hash *out,
    struct error *err)
{
	struct hasher *h = NULL;
	struct query *q;
	enum status st = hasher_new(&h, err);

	if (st == STATUS_OK && (st = query_get(&q, s, QUERY_BOUND_POLICY_RULES,
	    err)) == STATUS_OK) {
		query_bind_text(q, BOUND_POLICY_RULES_policy, policy);
		hash_begin(h);
		st = rows_more(q, h, rule_line, err);
		hash_end(h, out);
	}
	hasher_free(h);
	return st;
}

static enum status
feed_end(struct store *s, int64_t *n, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, s, QUERY_OUTBOX_END, err);

	*n = 0;
	if (st == STATUS_OK && (st = query_row(q, err)) == STATUS_OK)
		*n = query_int(q, OUTBOX_END_N);
	query_done(q);
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

/* Which leaf it is, so that nobody has to look through the log. */
static enum status
bind_mark(struct store *s, int64_t seq, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, s, QUERY_STORE_META_SET, err);

	if (st != STATUS_OK)
		return st;
	query_bind_text(q, STORE_META_SET_name, SLICE("bind"));
	query_bind_int(q, STORE_META_SET_value, seq);
	return query_run(q, err);
}

static enum status
bind_leaf(struct binding *b, struct buf *vkey, struct error *err)
{
	const char *group = store_group(b->s);
	struct hash items, rows, secret;
	struct leaf_field f[7];
	int64_t seq, feed;
	uint64_t n;
	size_t i = 0;
	enum status st;

	if ((st = audit_next(b->s, &seq, err)) != STATUS_OK)
		return st;
	if (seq == 0)
		return error_set(err, STATUS_CORRUPT, "%s: its log is empty: put "
		    "a backup back with handrail restore", store_path(b->s));
	if ((st = feed_end(b->s, &feed, err)) != STATUS_OK ||
	    (st = bind_items_hash(b->s, &items, &n, err)) != STATUS_OK ||
	    (st = bind_rows_hash(b->s, seq, feed, &rows, err)) != STATUS_OK ||
	    (st = audit_content(b->s, store_key(b->s), NULL, 0, &secret, err)) !=
	    STATUS_OK)
		return st;
	f[i++] = (struct leaf_field){ .key = "feed", .type = LEAF_INT,
	    .number = feed };
	if (group != NULL)
		f[i++] = (struct leaf_field){ .key = "group",
		    .text = slice_of(group) };
	f[i++] = (struct leaf_field){ .key = "items", .type = LEAF_INT,
	    .number = (int64_t)n };
	f[i++] = (struct leaf_field){ .key = "items_sha256", .type = LEAF_HASH,
	    .hash = &items };
	if (vkey->n > 0)
		f[i++] = (struct leaf_field){ .key = "key",
		    .text = buf_slice(vkey) };
	f[i++] = (struct leaf_field){ .key = "rows_sha256", .type = LEAF_HASH,
	    .hash = &rows };
	f[i++] = (struct leaf_field){ .key = "store_key_sha256",
	    .type = LEAF_HASH, .hash = &secret };
	if ((st = audit_append(b->s, b->actor, store_now_ms(b->s), "log.bind",
	    SLICE_NONE, f, i, &seq, err)) != STATUS_OK)
		return st;
	return bind_mark(b->s, seq, err);
}

/* The key that signs, where the log has none so far. */
static enum status
bind_key(struct binding *b, struct buf *vkey, struct error *err)
{
	struct buf known = BUF_INIT;
	enum status st = checkpoint_key(b->s, &known, err);

	buf_release(&known);
	return st == STATUS_NOT_FOUND ? checkpoint_key_make(b->s, vkey, err) : st;
}

static enum status
bind_write(void *arg, struct error *err)
{
	struct binding *b = arg;
	struct buf vkey = BUF_INIT;
	int64_t from = INT64_MIN;
	bool needed = false;
	enum status st;

	/* Another may have done so meanwhile. */
	if ((st = bind_needed(b->s, &needed, err)) != STATUS_OK || !needed)
		return st;
	while (st == STATUS_OK && from != INT64_MAX)
		st = page_bind(b, &from, err);
	if (st == STATUS_OK && (st = bind_key(b, &vkey, err)) == STATUS_OK)
		st = bind_leaf(b, &vkey, err);
	buf_release(&vkey);
	return st;
}

enum status
bind_log(struct store *s, const struct actor *actor, struct error *err)
{
	struct binding b = { .s = s, .actor = actor, .row = BUF_INIT };
	enum status st = hasher_new(&b.hasher, err);

	if (st == STATUS_OK)
		st = store_write(s, DURABLE_NOW, bind_write, &b, err);
	hasher_free(b.hasher);
	buf_release(&b.row);
	return st;
}
