#include "queue/loop/infer.h"

#include "core/shape/read.h"
#include "db/query.h"

#define PAGE		256

struct inferring {
	struct session	*s;
	const struct infer_records *o;
	struct infer	*in;
	struct json	 json;
	struct arena	 arena;		/* of the record in turn */
	struct item_reader reader;
};

static enum status
text_add(struct inferring *x, struct slice text, struct error *err)
{
	struct json_error why;
	enum status st;

	st = json_parse(&x->json, text, JSON_DEPTH_MAX, JSON_NUL_ALLOWED, &why);
	if (st == STATUS_NOMEM)
		return error_nomem(err);
	/* An output that is no JSON has no form. */
	return st != STATUS_OK ? STATUS_OK : infer_add(x->in, &x->json, err);
}

/* Its own record, or the output that is read out of it. */
static enum status
item_add(struct inferring *x, struct query *q, struct error *err)
{
	struct item_stored stored;
	struct item it;
	enum status st;

	stored.record = query_blob(q, INFER_ITEMS_RECORD);
	stored.input = query_blob(q, INFER_ITEMS_INPUT);
	stored.choice = (uint32_t)query_int(q, INFER_ITEMS_PART);
	stored.shape = query_text(q, INFER_ITEMS_SHAPE);
	stored.mapping = (uint32_t)query_int(q, INFER_ITEMS_MAPPING);
	if (stored.record.p == NULL || (!x->o->outputs && stored.choice > 1))
		return STATUS_OK;
	if (!x->o->outputs)
		return text_add(x, stored.record, err);
	arena_reset(&x->arena);
	stored.record.p = arena_copy(&x->arena, stored.record.p, stored.record.n);
	if (stored.record.p == NULL)
		return error_nomem(err);
	if ((st = item_reread(&x->reader, &stored, &it, err)) != STATUS_OK)
		return st;
	return text_add(x, it.output, err);
}

static enum status
page_add(struct inferring *x, struct query *q, int64_t *after, size_t *n,
    int64_t *first_ms, int64_t *last_ms, struct error *err)
{
	enum status st;
	bool row;

	query_bind_int(q, INFER_ITEMS_after, *after);
	query_bind_int(q, INFER_ITEMS_limit, PAGE);
	query_bind_int(q, INFER_ITEMS_since, x->o->since_ms);
	query_bind_int(q, INFER_ITEMS_until, x->o->until_ms < 0 ? INT64_MAX :
	    x->o->until_ms);
	query_bind_text(q, INFER_ITEMS_queue, slice_of(x->o->queue));
	for (*n = 0; (st = query_step(q, &row, err)) == STATUS_OK && row; ++*n) {
		*after = query_int(q, INFER_ITEMS_ITEM);
		*last_ms = query_int(q, INFER_ITEMS_INGESTED_MS);
		if (*first_ms < 0)
			*first_ms = *last_ms;
		if ((st = item_add(x, q, err)) != STATUS_OK)
			break;
	}
	query_done(q);
	return st;
}

enum status
infer_stored(struct session *s, const struct infer_records *o, struct infer *in,
    int64_t *first_ms, int64_t *last_ms, struct error *err)
{
	struct inferring x = { .s = s, .o = o, .in = in, .json = JSON_INIT };
	int64_t after = 0;
	size_t n = PAGE;
	struct query *q;
	enum status st;

	*first_ms = *last_ms = -1;
	x.reader.arena = &x.arena;
	if ((st = query_new_where(&q, s->store, QUERY_INFER_ITEMS, o->where,
	    err)) != STATUS_OK)
		return st;
	while (st == STATUS_OK && n == PAGE)
		st = o->stop != NULL && *o->stop != 0 ? error_set(err,
		    STATUS_INTERRUPTED, "interrupted") : page_add(&x, q, &after,
		    &n, first_ms, last_ms, err);
	query_free(q);
	item_reader_release(&x.reader);
	json_release(&x.json);
	arena_release(&x.arena);
	return st;
}
