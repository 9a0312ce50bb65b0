#include "db/audit/index.h"

#include "core/base/time.h"
#include "db/audit/audit.h"
#include "db/query.h"
#include "db/write.h"

/* Leaves of one transaction: some 50 ms. */
#define STEP_LEAVES	8192
/* Blocks that are counted to find the rarest. */
#define COUNT_MAX	4096
#define HOUR_LEN	13	/* "2026-11-28T04" */

static enum status
index_end(struct store *s, int64_t *leaves, struct error *err)
{
	struct query *q;
	enum status st;

	*leaves = 0;
	if ((st = query_get(&q, s, QUERY_INDEX_END, err)) != STATUS_OK)
		return st;
	if ((st = query_row(q, err)) == STATUS_OK && !query_null(q, INDEX_END_END))
		*leaves = query_int(q, INDEX_END_END) * INDEX_BLOCK;
	query_done(q);
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

struct following {
	struct store	*s;
	int64_t		 size;		/* leaves in whole blocks */
	int64_t		 end;		/* what is in it, after the step */
};

/* Where another was first, what it did is not done again. */
static enum status
step_run(void *arg, struct error *err)
{
	struct following *x = arg;
	struct query *q;
	int64_t from;
	enum status st;

	if ((st = index_end(x->s, &from, err)) != STATUS_OK)
		return st;
	x->end = from + STEP_LEAVES < x->size ? from + STEP_LEAVES : x->size;
	if (x->end <= from)
		return STATUS_OK;
	if ((st = query_get(&q, x->s, QUERY_INDEX_ADD, err)) != STATUS_OK)
		return st;
	query_bind_int(q, INDEX_ADD_from, from);
	query_bind_int(q, INDEX_ADD_to, x->end);
	if ((st = query_run(q, err)) != STATUS_OK ||
	    (st = query_get(&q, x->s, QUERY_INDEX_END_SET, err)) != STATUS_OK)
		return st;
	query_bind_int(q, INDEX_END_SET_end, x->end / INDEX_BLOCK);
	return query_run(q, err);
}

static enum status
follow(struct store *s, int64_t begun, int64_t size, index_tell_fn *tell, void *arg,
    struct error *err)
{
	struct following x = { s, size, begun };
	enum status st = STATUS_OK;

	while (st == STATUS_OK && x.end < x.size)
		if ((st = store_write(s, DURABLE_BULK, step_run, &x, err)) ==
		    STATUS_OK && tell != NULL)
			tell(arg, (uint64_t)(x.end - begun),
			    (uint64_t)(x.size - begun));
	return st;
}

enum status
index_follow(struct store *s, index_tell_fn *tell, void *arg, struct error *err)
{
	const struct store_options writing = { .wait_ms = 1000 };
	struct error ignored = { 0 };
	struct store *w = NULL;
	enum status st = STATUS_OK;
	struct hash root;
	uint64_t size;
	int64_t end;

	if (store_is_copy(s) || index_end(s, &end, &ignored) != STATUS_OK ||
	    audit_root(s, &size, &root, &ignored) != STATUS_OK ||
	    (int64_t)size - end < INDEX_BEHIND)
		return STATUS_OK;
	/* One opened for reading is opened once more for it. */
	if (store_open(&w, store_path(s), &writing, NULL, &ignored) == STATUS_OK)
		st = follow(w, end, (int64_t)(size - size % INDEX_BLOCK), tell, arg,
		    err);
	store_close(w);
	if (st == STATUS_BUSY) {	/* who writes now, or the next question, goes on */
		error_clear(err);
		st = STATUS_OK;
	}
	return st;
}

bool
index_helps(const struct audit_filter *f)
{
	return f->item != NULL || f->by != NULL || f->event != NULL ||
	    f->queue != NULL || f->rule != NULL || f->since_ms >= 0 ||
	    f->until_ms >= 0;
}

/* A bound of time as blocks; *block stays where there is none. */
static enum status
hour_block(struct store *s, enum query_id id, int64_t ms, int64_t none,
    int64_t *block, struct error *err)
{
	bool since = id == QUERY_INDEX_SINCE;
	char text[TIME_TEXT];
	struct query *q;
	enum status st;

	if (ms < 0)
		return STATUS_OK;
	time_format(ms, text);
	if ((st = query_get(&q, s, id, err)) != STATUS_OK)
		return st;
	query_bind_text(q, since ? INDEX_SINCE_hour : INDEX_UNTIL_hour,
	    (struct slice){ text, HOUR_LEN });
	if ((st = query_row(q, err)) == STATUS_OK)
		*block = query_int_or(q, since ? INDEX_SINCE_BLOCK :
		    INDEX_UNTIL_BLOCK, none);
	query_done(q);
	return st;
}

static enum status
count(struct store *s, const char *key, const char *value, int64_t from,
    int64_t *n, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, s, QUERY_INDEX_COUNT, err)) != STATUS_OK)
		return st;
	query_bind_text(q, INDEX_COUNT_key, slice_of(key));
	query_bind_text(q, INDEX_COUNT_value, slice_of(value));
	query_bind_int(q, INDEX_COUNT_from, from);
	query_bind_int(q, INDEX_COUNT_limit, COUNT_MAX);
	if ((st = query_row(q, err)) == STATUS_OK)
		*n = query_int(q, INDEX_COUNT_N);
	query_done(q);
	return st;
}

static enum status
rarest(struct index_walk *w, struct store *s, struct error *err)
{
	const struct {
		const char *key, *value;
	} asked[] = {
		{ "by", w->f->by }, { "rule", w->f->rule },
		{ "queue", w->f->queue }, { "event", w->f->event }
	};
	int64_t n, least = INT64_MAX;
	enum status st;
	size_t i;

	w->key = w->value = NULL;
	for (i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		if (asked[i].value == NULL)
			continue;
		if ((st = count(s, asked[i].key, asked[i].value, w->next, &n,
		    err)) != STATUS_OK)
			return st;
		if (n < least) {
			least = n;
			w->key = asked[i].key;
			w->value = asked[i].value;
		}
	}
	return STATUS_OK;
}

enum status
index_walk_begin(struct index_walk *w, struct store *s,
    const struct audit_filter *f, struct error *err)
{
	int64_t last;
	enum status st;

	memset(w, 0, sizeof(*w));
	w->f = f;
	if (!index_helps(f))
		return STATUS_OK;
	if ((st = index_end(s, &w->end, err)) != STATUS_OK)
		return st;
	last = w->to = w->end / INDEX_BLOCK - 1;
	if ((st = hour_block(s, QUERY_INDEX_SINCE, f->since_ms, INT64_MAX,
	    &w->next, err)) != STATUS_OK ||
	    (st = hour_block(s, QUERY_INDEX_UNTIL, f->until_ms, -1, &w->to, err)) !=
	    STATUS_OK)
		return st;
	if (w->to > last)
		w->to = last;
	if (w->next < f->from / INDEX_BLOCK)
		w->next = f->from / INDEX_BLOCK;
	return rarest(w, s, err);
}

static enum status
blocks_query(struct query **q, const struct index_walk *w, struct store *s,
    struct error *err)
{
	const struct audit_filter *f = w->f;
	bool item = f->item != NULL;
	enum status st = query_get(q, s, item ? QUERY_INDEX_ITEM_BLOCKS :
	    QUERY_INDEX_BLOCKS, err);

	if (st != STATUS_OK)
		return st;
	if (item) {
		query_bind_text(*q, INDEX_ITEM_BLOCKS_item, slice_of(f->item));
		query_bind_int(*q, INDEX_ITEM_BLOCKS_from, w->next);
		query_bind_int(*q, INDEX_ITEM_BLOCKS_to, w->to);
		query_bind_int(*q, INDEX_ITEM_BLOCKS_limit,
		    sizeof(w->block) / sizeof(w->block[0]));
		return STATUS_OK;
	}
	query_bind_text(*q, INDEX_BLOCKS_key, slice_of(w->key));
	query_bind_text(*q, INDEX_BLOCKS_value, slice_of(w->value));
	query_bind_int(*q, INDEX_BLOCKS_from, w->next);
	query_bind_int(*q, INDEX_BLOCKS_to, w->to);
	query_bind_text(*q, INDEX_BLOCKS_by, slice_of(f->by));
	query_bind_text(*q, INDEX_BLOCKS_event, slice_of(f->event));
	query_bind_text(*q, INDEX_BLOCKS_queue, slice_of(f->queue));
	query_bind_text(*q, INDEX_BLOCKS_rule, slice_of(f->rule));
	query_bind_int(*q, INDEX_BLOCKS_limit,
	    sizeof(w->block) / sizeof(w->block[0]));
	return STATUS_OK;
}

static enum status
blocks_read(struct index_walk *w, struct store *s, struct error *err)
{
	bool item = w->f->item != NULL;
	struct query *q;
	enum status st;
	bool row;

	w->n = w->at = 0;
	if (w->next > w->to)
		return STATUS_OK;
	if ((st = blocks_query(&q, w, s, err)) != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row)
		w->block[w->n++] = query_int(q, item ? INDEX_ITEM_BLOCKS_BLOCK :
		    INDEX_BLOCKS_BLOCK);
	query_done(q);
	if (st == STATUS_OK)
		w->next = w->n == 0 ? INT64_MAX : w->block[w->n - 1] + 1;
	return st;
}

enum status
index_walk_next(struct index_walk *w, struct store *s, int64_t *from,
    int64_t *last, struct error *err)
{
	enum status st;
	int64_t end;

	*from = *last = -1;
	/* Bounds of time alone: all between them. */
	if (w->f->item == NULL && w->key == NULL) {
		if (w->next <= w->to) {
			*from = w->next * INDEX_BLOCK;
			*last = (w->to + 1) * INDEX_BLOCK - 1;
		}
		w->next = INT64_MAX;
		return STATUS_OK;
	}
	if (w->at == w->n && (st = blocks_read(w, s, err)) != STATUS_OK)
		return st;
	if (w->at == w->n)
		return STATUS_OK;
	*from = w->block[w->at] * INDEX_BLOCK;
	do {
		end = w->block[w->at++] + 1;
	} while (w->at < w->n && w->block[w->at] == end);
	*last = end * INDEX_BLOCK - 1;
	return STATUS_OK;
}
