#include "db/audit/verify_run.h"

#include <stdarg.h>
#include <stdio.h>

#include "db/audit/verify_content.h"

void
verify_problem(struct verify *v, const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	v->r->problems++;
	if (v->report != NULL)
		v->report(v->arg, line);
}

const char *
verify_who(const struct verify *v, const struct verify_who *who)
{
	const struct {
		const char	*key;
		struct slice	 text;
	} texts[] = {
		{ "name", who->by }, { "role", who->role }, { "via", who->via }
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!slice_eq(texts[i].text, leaf_actor_text(&v->leaf,
		    texts[i].key)))
			return texts[i].key;
	if (!leaf_actor_is(&v->leaf, who->uid))
		return "uid";
	return v->leaf.ts_ms == who->ts_ms ? NULL : "ts";
}

/* Rows that an engine may hold in memory at once, of each table. */
#define PAGE_ROWS	64

enum status
cursor_step(struct cursor *c, struct verify *v, struct error *err)
{
	enum status st;

	c->row = false;
	if (c->left == 0)
		return cursor_after(c, v, c->last, err);
	if ((st = query_step(c->q, &c->row, err)) != STATUS_OK)
		return st;
	c->left = c->row ? c->left - 1 : 0;
	c->last = c->row ? query_int(c->q, c->key) : INT64_MAX;
	return STATUS_OK;
}

enum status
cursor_from(struct cursor *c, struct verify *v, int64_t from,
    struct error *err)
{
	enum status st = query_get(&c->q, v->store, c->id, err);

	c->placed = true;
	if (st != STATUS_OK)
		return st;
	query_bind_int(c->q, PAGE_from, from);
	query_bind_int(c->q, PAGE_limit, PAGE_ROWS);
	c->left = PAGE_ROWS;
	return cursor_step(c, v, err);
}

enum status
cursor_after(struct cursor *c, struct verify *v, int64_t key,
    struct error *err)
{
	c->row = false;
	c->placed = true;
	return key == INT64_MAX ? STATUS_OK : cursor_from(c, v, key + 1, err);
}

void
cursor_done(struct cursor *c)
{
	query_done(c->q);
	c->row = c->placed = false;
}

enum status
verify_init(struct verify *v, struct store *s, bool threaded, struct error *err)
{
	static const struct verify none = {
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
	enum status st;

	*v = none;
	v->store = s;
	v->reader.arena = &v->item;
	if ((st = audit_chain_init(&v->chain, err)) == STATUS_OK)
		st = contents_new(&v->contents, threaded, err);
	return st;
}

void
verify_release(struct verify *v)
{
	struct cursor *const cursors[] = {
		&v->items, &v->decisions, &v->releases, &v->policies, &v->prompts,
		&v->labels, &v->bundles, &v->uses
	};
	size_t i;

	for (i = 0; i < sizeof(cursors) / sizeof(cursors[0]); i++)
		cursor_done(cursors[i]);
	contents_free(v->contents);
	item_reader_release(&v->reader);
	arena_release(&v->item);
	audit_chain_release(&v->chain);
}
