#include "queue/loop/answers.h"

#include <math.h>
#include <stdlib.h>

#include "core/shape/read.h"
#include "db/query.h"
#include "queue/ingest/lines.h"

#define BLOCK		((size_t)256 << 10)
#define ITEMS_PAGE	256

enum status
answers_init(struct answers *a, const struct suite *s, struct error *err)
{
	enum status st = STATUS_OK;
	bool fresh;
	size_t i;

	*a = (struct answers){ .suite = s, .ncases = s->ncases,
	    .cases_cap = s->ncases };
	a->cases = malloc((s->ncases + 1) * sizeof(*a->cases));
	if (a->cases == NULL)
		return error_nomem(err);
	for (i = 0; i < s->ncases && st == STATUS_OK; i++) {
		a->cases[i] = s->cases[i];
		st = titles_add(&a->ids, 0, a->cases[i].id, (uint32_t)i, &fresh,
		    err);
	}
	return st;
}

void
answers_release(struct answers *a)
{
	free(a->cases);
	free(a->v);
	titles_release(&a->ids);
	arena_release(&a->arena);
	*a = (struct answers){ .suite = NULL };
}

struct eval_answer *
answers_add(struct answers *a, size_t at, int repeat)
{
	size_t cap = a->cap == 0 ? 256 : a->cap * 2;
	struct eval_answer *v;

	if (a->n == a->cap) {
		if ((v = realloc(a->v, cap * sizeof(*v))) == NULL)
			return NULL;
		a->v = v;
		a->cap = cap;
	}
	v = &a->v[a->n++];
	memset(v, 0, sizeof(*v));
	v->at = at;
	v->repeat = repeat;
	v->item.input_tokens = v->item.output_tokens = -1;
	v->item.cost_usd = v->item.latency_ms = -1;
	v->item.created_ms = -1;
	return v;
}

enum status
answers_case(struct answers *a, const struct suite_case *c, size_t *at,
    struct error *err)
{
	size_t cap = a->cases_cap == 0 ? 256 : a->cases_cap * 2;
	struct suite_case *v;
	bool fresh;

	if (a->ncases == a->cases_cap) {
		if ((v = realloc(a->cases, cap * sizeof(*v))) == NULL)
			return error_nomem(err);
		a->cases = v;
		a->cases_cap = cap;
	}
	*at = a->ncases;
	a->cases[a->ncases++] = *c;
	return titles_add(&a->ids, 0, c->id, (uint32_t)*at, &fresh, err);
}

/* Records while they are read. */
struct recording {
	struct answers	*a;
	struct item_reader reader;
	int		*tries;		/* of each case */
	size_t		 ntries;
	bool		 open;		/* the suite has no cases of its own */
};

static enum status
tries_room(struct recording *r, size_t at, struct error *err)
{
	size_t n = r->ntries == 0 ? 1024 : r->ntries * 2;
	int *v;

	while (n <= at)
		n *= 2;
	if (at < r->ntries)
		return STATUS_OK;
	if ((v = realloc(r->tries, n * sizeof(*v))) == NULL)
		return error_nomem(err);
	memset(v + r->ntries, 0, (n - r->ntries) * sizeof(*v));
	r->tries = v;
	r->ntries = n;
	return STATUS_OK;
}

static enum status
record_take(void *arg, const struct item *it, struct error *err)
{
	struct recording *r = arg;
	struct suite_case c = { .threshold = NAN };
	struct eval_answer *v;
	enum status st;
	uint32_t known;
	size_t at;

	if (titles_find(&r->a->ids, 0, it->id, &known))
		at = known;
	else if (!r->open) {
		r->a->unmatched++;
		return STATUS_OK;
	} else {
		if ((c.id = arena_str(&r->a->arena, it->id)) == NULL)
			return error_nomem(err);
		if ((st = answers_case(r->a, &c, &at, err)) != STATUS_OK)
			return st;
	}
	if ((st = tries_room(r, at, err)) != STATUS_OK)
		return st;
	if ((v = answers_add(r->a, at, ++r->tries[at])) == NULL)
		return error_nomem(err);
	v->item = *it;
	return STATUS_OK;
}

/* The record stays in the arena, since its item points into it. */
static enum status
line_take(struct recording *r, const struct line_block *b, struct slice line,
    uint64_t number, struct error *err)
{
	char *kept;
	enum status st;

	while (line.n > 0 && strchr(" \t\r", line.p[line.n - 1]) != NULL)
		line.n--;
	if (line.n == 0)
		return STATUS_OK;
	if ((kept = arena_str(&r->a->arena, line)) == NULL)
		return error_nomem(err);
	st = item_read(&r->reader, (struct slice){ kept, line.n }, record_take,
	    r, err);
	return st == STATUS_OK ? st : error_prefix(err, "%s:%llu", b->file,
	    (unsigned long long)number);
}

static enum status
block_take(struct recording *r, const struct line_block *b, struct error *err)
{
	const char *p = b->bytes, *end = p + b->n, *lf;
	uint64_t number = b->line;
	enum status st = STATUS_OK;

	if (b->overlong)
		return error_set(err, STATUS_LIMIT, "%s:%llu: a record has at "
		    "most %zu bytes", b->file, (unsigned long long)number,
		    ITEM_RECORD_MAX);
	for (; p < end && st == STATUS_OK; p = lf + 1, number++) {
		if ((lf = memchr(p, '\n', (size_t)(end - p))) == NULL)
			lf = end;
		st = line_take(r, b, (struct slice){ p, (size_t)(lf - p) },
		    number, err);
	}
	return st;
}

static enum status
answers_missing(struct answers *a, const int *tries, size_t ntries,
    const char *why, struct error *err)
{
	struct eval_answer *v;
	size_t i;

	for (i = 0; i < a->ncases; i++) {
		if (i < ntries && tries[i] > 0)
			continue;
		if ((v = answers_add(a, i, 1)) == NULL)
			return error_nomem(err);
		v->error = slice_of(why);
	}
	return STATUS_OK;
}

enum status
answers_records(struct answers *a, const char *path, const char *format,
    struct error *err)
{
	const char *paths[] = { path };
	struct lines_options lo = { .paths = paths, .npaths = 1, .block = BLOCK,
	    .line_max = ITEM_RECORD_MAX };
	struct recording r = { .a = a, .open = a->ncases == 0 };
	struct line_block b = { .bytes = NULL };
	struct lines *lines;
	enum status st;
	bool more = true;

	r.reader.arena = &a->arena;
	r.reader.format = format;
	if ((st = lines_new(&lines, &lo, err)) != STATUS_OK)
		return st;
	while (st == STATUS_OK && (st = lines_next(lines, &b, &more, err)) ==
	    STATUS_OK && more)
		st = block_take(&r, &b, err);
	if (st == STATUS_OK)
		st = answers_missing(a, r.tries, r.ntries,
		    "no record has the id of this case", err);
	lines_free(lines);
	line_block_release(&b);
	item_reader_release(&r.reader);
	free(r.tries);
	return st;
}

enum status
answers_own(struct answers *a, struct error *err)
{
	struct eval_answer *v;
	size_t i;

	for (i = 0; i < a->ncases; i++) {
		if ((v = answers_add(a, i, 1)) == NULL)
			return error_nomem(err);
		v->item.id = slice_of(a->cases[i].id);
		if (a->cases[i].output.p == NULL)
			v->error = SLICE("the suite brings no output for it");
		v->item.output = a->cases[i].output;
		v->item.output_is_string = true;
		v->item.shape = "native";
	}
	return STATUS_OK;
}

/* One item of the store as a case and its answer. */
static enum status
item_take(struct answers *a, struct session *s, struct item_reader *reader,
    int64_t item, const char *id, struct error *err)
{
	struct suite_case c = { .id = id, .threshold = NAN };
	struct item_stored stored;
	struct eval_answer *v;
	struct query *q;
	enum status st;
	size_t at = 0;
	bool kept;

	if ((st = query_get(&q, s->store, QUERY_EVAL_PAYLOAD, err)) != STATUS_OK)
		return st;
	query_bind_int(q, EVAL_PAYLOAD_item, item);
	if ((st = query_row(q, err)) == STATUS_OK) {
		kept = query_keep(q, EVAL_PAYLOAD_RECORD, &a->arena,
		    &stored.record) && query_keep(q, EVAL_PAYLOAD_INPUT,
		    &a->arena, &stored.input) && query_keep(q,
		    EVAL_PAYLOAD_SHAPE, &a->arena, &stored.shape);
		stored.choice = (uint32_t)query_int(q, EVAL_PAYLOAD_PART);
		stored.mapping = (uint32_t)query_int(q, EVAL_PAYLOAD_MAPPING);
		st = kept ? STATUS_OK : error_nomem(err);
	}
	query_done(q);
	if (st == STATUS_NOT_FOUND)
		return STATUS_OK;	/* its text was erased */
	if (st != STATUS_OK || (st = answers_case(a, &c, &at, err)) != STATUS_OK)
		return st;
	if ((v = answers_add(a, at, 1)) == NULL)
		return error_nomem(err);
	st = item_reread(reader, &stored, &v->item, err);
	v->stored = slice_of(id);
	a->cases[at].messages = v->item.messages;
	a->cases[at].metadata = v->item.metadata;
	return st;
}

/* The ids of a page, so that no statement is open while items are read. */
static enum status
items_page(struct answers *a, struct query *q, int64_t after, int64_t *item,
    const char **id, size_t *n, struct error *err)
{
	enum status st;
	bool row;

	query_bind_int(q, EVAL_ITEMS_after, after);
	query_bind_int(q, EVAL_ITEMS_limit, ITEMS_PAGE);
	for (*n = 0; (st = query_step(q, &row, err)) == STATUS_OK && row; ++*n) {
		item[*n] = query_int(q, EVAL_ITEMS_ITEM);
		id[*n] = arena_str(&a->arena, query_text(q, EVAL_ITEMS_ID));
		if (id[*n] == NULL) {
			st = error_nomem(err);
			break;
		}
	}
	query_done(q);
	return st;
}

enum status
answers_stored(struct answers *a, struct session *s, const char *where,
    struct error *err)
{
	struct item_reader reader = { .arena = &a->arena };
	int64_t item[ITEMS_PAGE], after = 0;
	const char *id[ITEMS_PAGE];
	struct query *q;
	size_t n = ITEMS_PAGE, i;
	enum status st;

	if ((st = query_new_where(&q, s->store, QUERY_EVAL_ITEMS, where, err)) !=
	    STATUS_OK)
		return st;
	while (st == STATUS_OK && n == ITEMS_PAGE) {
		st = items_page(a, q, after, item, id, &n, err);
		for (i = 0; i < n && st == STATUS_OK; i++) {
			after = item[i];
			st = item_take(a, s, &reader, item[i], id[i], err);
		}
	}
	query_free(q);
	item_reader_release(&reader);
	return st;
}
