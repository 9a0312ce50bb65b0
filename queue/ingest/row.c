#include "queue/ingest/row.h"

#include <assert.h>
#include <math.h>

#include "core/item/snippet.h"
#include "db/audit/bound.h"

#define CHOICE_TEXT	10	/* digits of a number of 32 bits */

/* In decimal: of all that an item's hash is of only this is no text yet. */
static struct slice
choice_text(char room[CHOICE_TEXT], uint32_t choice)
{
	size_t at = CHOICE_TEXT;

	do
		room[--at] = (char)('0' + choice % 10);
	while ((choice /= 10) != 0);
	return (struct slice){ room + at, CHOICE_TEXT - at };
}

/* SHA-256(salt || record || input || choice) under a salt of the item's own. */
static void
hash_content(struct ingest_row *r, const struct ingest_rows *all,
    struct hasher *h, struct slice choice)
{
	const struct item *item = r->item;
	struct slice salt[] = {
		{ (const char *)all->seed, SEED_LEN }, item->queue, SLICE("\n"),
		item->id
	};
	struct slice content[] = {
		{ (const char *)r->salt, SALT_LEN }, item->record, item->input,
		choice
	};
	struct hash hash;

	hash_parts(h, salt, 4, &hash);
	memcpy(r->salt, hash.b, SALT_LEN);
	hash_parts(h, content, 4, &r->content);
}

static struct value
value_count(int64_t v)
{
	return v >= 0 ? value_int(v) : value_null();
}

static struct value
value_amount(double v)
{
	return value_real(v >= 0 ? v : (double)NAN);
}

/* But for item, due_ms, ingested_ms and seq, which are known when it is stored. */
static void
item_values(struct ingest_row *r, const struct policy *policy)
{
	const struct item *item = r->item;
	const struct verdict *v = r->verdict;

	r->values = (union items_insert){
		.queue = value_text(item->queue),
		.id = value_text(item->id),
		.state = value_text(slice_of(route_state[v->route])),
		.review = value_int(v->sampled),
		.route = value_text(slice_of(route_name(v->route))),
		.rule = value_text(slice_of(v->rule)),
		.rules = value_text(r->rules),
		.policy = value_text(slice_of(policy->id)),
		.priority = value_int(v->priority),
		.confidence = value_real(item->has_confidence ?
		    item->confidence : (double)NAN),
		.severity = v->severity == SEVERITY_NONE ? value_null() :
		    value_int((int64_t)v->severity),
		.failures = value_int(v->failures),
		.guards = value_text(r->guards),
		.sample_p = value_real(v->sampled ? v->sample_p : (double)NAN),
		.model = value_text(item->model),
		.prompt = value_text(item->prompt),
		.variant = value_text(item->variant),
		.created_ms = value_count(item->created_ms),
		.input_tokens = value_count(item->input_tokens),
		.output_tokens = value_count(item->output_tokens),
		.cost_usd = value_amount(item->cost_usd),
		.latency_ms = value_amount(item->latency_ms),
		.salt = value_blob((struct slice){ (const char *)r->salt,
		    SALT_LEN }),
		.content_sha256 = value_blob((struct slice){
		    (const char *)r->content.b, HASH_LEN }),
		.snippet = value_text(r->snippet),
		.stop = value_text(stop_name(item->stop)),
		.sent = value_count(item->sent > 0 ? item->sent : -1)
	};
}

/* But for the item's key. */
static void
payload_values(struct ingest_row *r)
{
	const struct item *item = r->item;

	r->payload = (union payloads_insert){
		.part = value_int(item->choice),
		.record = value_blob(item->record),
		.input = value_blob(item->input),
		.shape = value_text(item->forced ? slice_of(item->shape) :
		    SLICE_NONE),
		.mapping = value_int(item->mapping)
	};
}

/* The columns and findings that its leaf binds. */
static enum status
hash_bound(const struct ingest_row *r, struct hasher *h, struct bound_hashes *out,
    struct error *err)
{
	struct slice salt = { (const char *)r->salt, SALT_LEN };
	struct buf row = BUF_INIT, found = BUF_INIT;
	enum status st;

	bound_row(&row, &r->values, r->verdict->queue->sla_ms);
	verdict_rows_bound(&r->found, &found);
	if ((st = buf_check(&row, err)) == STATUS_OK &&
	    (st = buf_check(&found, err)) == STATUS_OK)
		bound_hash(h, buf_slice(&row), salt, buf_slice(&found), out);
	buf_release(&row);
	buf_release(&found);
	return st;
}

static enum status
draft_leaf(struct ingest_row *r, const struct ingest_rows *all, struct hasher *h,
    struct arena *arena, struct error *err)
{
	struct bound_hashes bound;
	const struct verdict_leaf_of of = { .policy = all->policy,
	    .item = r->item, .verdict = r->verdict, .content = &r->content,
	    .salt = { (const char *)r->salt, SALT_LEN }, .bound = &bound,
	    .ingested_ms = -1 };
	struct verdict_leaf l;
	enum status st;

	if ((st = hash_bound(r, h, &bound, err)) != STATUS_OK ||
	    (st = verdict_leaf(&l, &of, h, arena, err)) != STATUS_OK)
		return st;
	return audit_draft(all->store, &all->who, "route", r->item->id, l.field,
	    l.n, arena, &r->leaf, err);
}

enum status
ingest_row_make(const struct ingest_rows *all, struct hasher *h,
    const struct item *item, const struct verdict *v, struct arena *arena,
    struct ingest_row **out, struct error *err)
{
	struct ingest_row *r = arena_alloc(arena, sizeof(*r));
	struct release_row release;
	char choice[CHOICE_TEXT];

	if (r == NULL)
		return error_nomem(err);
	assert(arena_holds(arena, v) && arena_holds(arena, item));
	*out = r;
	r->item = item;
	r->verdict = v;
	r->rules = verdict_rows_rules(v, arena);
	r->guards = verdict_rows_guards(v, arena);
	r->snippet = snippet_make(item->output, arena);
	if (r->rules.p == NULL || r->guards.p == NULL || r->snippet.p == NULL)
		return error_nomem(err);
	hash_content(r, all, h, choice_text(choice, item->choice));
	item_values(r, all->policy);
	payload_values(r);
	if (v->route == ROUTE_APPROVE) {
		release = verdict_release(item, v);
		release_values(&r->release, &release);
	}
	if (verdict_rows_make(&r->found, v, arena, err) != STATUS_OK)
		return err->code;
	return draft_leaf(r, all, h, arena, err);
}

void
ingest_row_place(struct ingest_row *r, int64_t item, int64_t now_ms, int64_t seq)
{
	r->values.item = r->payload.item = value_int(item);
	r->values.due_ms = value_int(now_ms + r->verdict->queue->sla_ms);
	r->values.ingested_ms = value_int(now_ms);
	r->values.seq = value_int(seq);
}
