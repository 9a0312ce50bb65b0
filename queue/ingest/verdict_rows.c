#include "queue/ingest/verdict_rows.h"

#include <math.h>

#include "core/json/write.h"
#include "core/shape/read.h"

const char *const route_state[] = {
	[ROUTE_APPROVE] = "approved", [ROUTE_FLAG] = "flagged",
	[ROUTE_ESCALATE] = "escalated"
};

struct slice
verdict_rows_rules(const struct verdict *v, struct arena *arena)
{
	static const char digit[] = {
		[EXPR_FALSE] = '0', [EXPR_TRUE] = '1', [EXPR_NULL] = 'n',
		[EXPR_ERROR] = 'e'
	};
	char *p = arena_alloc(arena, v->nrules + 1);
	size_t i;

	if (p == NULL)
		return SLICE_NONE;
	for (i = 0; i < v->nrules; i++)
		p[i] = digit[v->rules[i].value];
	return (struct slice){ p, v->nrules };
}

struct slice
verdict_rows_guards(const struct verdict *v, struct arena *arena)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	struct slice s;
	size_t i;

	if (v->nfailed == 0)
		return SLICE("[]");
	write_array(&w, NULL);
	for (i = 0; i < v->nfailed; i++)
		write_word(&w, NULL, v->failed[i]);
	write_end(&w);
	s = (struct slice){ arena_copy(arena, buf_str(&b), b.n), b.n };
	if (b.failed)
		s.p = NULL;
	buf_release(&b);
	return s;
}

static union findings_insert
finding_values(size_t n, const struct finding *f)
{
	return (union findings_insert){
		.n = value_int((int64_t)n),
		.guard = value_text(slice_of(f->guard)),
		.kind = value_text(f->kind),
		.severity = value_int((int64_t)f->severity),
		.score = value_real(f->score),
		.start = value_int(f->start),
		.end = value_int(f->end),
		.redact = value_int(f->redact),
		.place = value_text(f->on),
		.message = value_text(f->message.p == NULL ? SLICE("") :
		    f->message),
		.pointer = value_text(f->pointer)
	};
}

static union errors_insert
error_values(size_t n, const struct guard_error *e)
{
	return (union errors_insert){
		.n = value_int((int64_t)n),
		.guard = value_text(slice_of(e->guard)),
		.message = value_text(e->message),
		.fail_open = value_int(e->fail_open)
	};
}

enum status
verdict_rows_make(struct verdict_rows *r, const struct verdict *v,
    struct arena *arena, struct error *err)
{
	size_t i;

	*r = (struct verdict_rows){ .nfindings = v->nfindings,
	    .nerrors = v->nguard_errors };
	if (r->nfindings > 0 && (r->finding = arena_alloc(arena,
	    r->nfindings * sizeof(*r->finding))) == NULL)
		return error_nomem(err);
	if (r->nerrors > 0 && (r->error = arena_alloc(arena,
	    r->nerrors * sizeof(*r->error))) == NULL)
		return error_nomem(err);
	for (i = 0; i < r->nfindings; i++)
		r->finding[i] = finding_values(i, &v->findings[i]);
	for (i = 0; i < r->nerrors; i++)
		r->error[i] = error_values(i, &v->guard_errors[i]);
	return STATUS_OK;
}

enum status
verdict_rows_add(struct verdict_rows *r, int64_t item, struct batch *findings,
    struct batch *errors, struct error *err)
{
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < r->nfindings && st == STATUS_OK; i++) {
		r->finding[i].item = value_int(item);
		st = batch_add(findings, r->finding[i].row, err);
	}
	for (i = 0; i < r->nerrors && st == STATUS_OK; i++) {
		r->error[i].item = value_int(item);
		st = batch_add(errors, r->error[i].row, err);
	}
	return st;
}

void
verdict_rows_bound(const struct verdict_rows *r, struct buf *b)
{
	size_t i;

	for (i = 0; i < r->nfindings; i++)
		bound_finding(b, &r->finding[i]);
	for (i = 0; i < r->nerrors; i++)
		bound_error(b, &r->error[i]);
}

/* The names of guards that the policy let pass although they could not run;
 * absent where there are none. */
static enum status
fail_open_names(const struct verdict *v, struct arena *arena, struct slice *out,
    struct error *err)
{
	struct buf b = BUF_INIT;
	enum status st;
	size_t i;

	*out = SLICE_NONE;
	for (i = 0; i < v->nguard_errors; i++) {
		if (!v->guard_errors[i].fail_open)
			continue;
		if (b.n > 0)
			buf_putc(&b, ',');
		buf_puts(&b, v->guard_errors[i].guard);
	}
	st = buf_check(&b, err);
	if (st == STATUS_OK && b.n > 0) {
		*out = (struct slice){ arena_copy(arena, b.p, b.n), b.n };
		if (out->p == NULL)
			st = error_nomem(err);
	}
	buf_release(&b);
	return st;
}

/* Is what goes out the output as it came? */
static bool
released_whole(const struct item *item, const struct verdict *v)
{
	return v->release.p == item->output.p && v->release.n == item->output.n;
}

static void
leaf_text(struct verdict_leaf *l, const char *key, struct slice text)
{
	l->field[l->n++] = (struct leaf_field){ .key = key, .text = text };
}

/* What an approval releases: null where that is the output itself, which the
 * content hash vouches for. */
static void
leaf_release(struct verdict_leaf *l, const struct item *item,
    const struct verdict *v, struct slice salt, struct hasher *h)
{
	struct leaf_field *f = &l->field[l->n++];

	*f = (struct leaf_field){ .key = "release_sha256", .type = LEAF_NULL };
	if (released_whole(item, v))
		return;
	f->type = LEAF_HASH;
	f->hash = &l->release;
	hash_parts(h, (struct slice[]){ salt, v->release }, 2, &l->release);
}

static void
leaf_int(struct verdict_leaf *l, const char *key, int64_t n)
{
	l->field[l->n++] = (struct leaf_field){ .key = key, .type = LEAF_INT,
	    .number = n };
}

/* Null where there is no hash. */
static void
leaf_hash_of(struct verdict_leaf *l, const char *key, const struct hash *h)
{
	l->field[l->n++] = (struct leaf_field){ .key = key,
	    .type = h == NULL ? LEAF_NULL : LEAF_HASH, .hash = h };
}

/* Sorted by key, as a leaf has them. */
enum status
verdict_leaf(struct verdict_leaf *l, const struct verdict_leaf_of *of,
    struct hasher *h, struct arena *arena, struct error *err)
{
	const struct item *item = of->item;
	const struct verdict *v = of->verdict;
	struct slice open;

	if (fail_open_names(v, arena, &open, err) != STATUS_OK)
		return err->code;
	l->n = 0;
	l->content = *of->content;
	l->bound = *of->bound;
	if (item->has_confidence)
		leaf_int(l, "confidence_ppm", llround(item->confidence * 1e6));
	else
		leaf_hash_of(l, "confidence_ppm", NULL);
	leaf_hash_of(l, "content_sha256", &l->content);
	if (open.p != NULL)
		leaf_text(l, "fail_open", open);
	leaf_hash_of(l, "findings_sha256", l->bound.any ? &l->bound.found : NULL);
	if (of->ingested_ms >= 0)
		leaf_int(l, "ingested_ms", of->ingested_ms);
	if (item->mapping > MAPPING_FIRST)
		leaf_int(l, "mapping", item->mapping);
	leaf_text(l, "policy", slice_of(of->policy->id));
	leaf_text(l, "queue", item->queue);
	if (v->route == ROUTE_APPROVE)
		leaf_release(l, item, v, of->salt, h);
	leaf_text(l, "route", slice_of(route_name(v->route)));
	leaf_hash_of(l, "row_sha256", &l->bound.row);
	leaf_text(l, "rule", slice_of(v->rule));
	if (v->sampled)
		l->field[l->n++] = (struct leaf_field){ .key = "sampled",
		    .type = LEAF_BOOL, .number = 1 };
	if (item->sent > 0)
		leaf_int(l, "sent", item->sent);
	if (item->forced)
		leaf_text(l, "shape", slice_of(item->shape));
	leaf_text(l, "state", slice_of(route_state[v->route]));
	return STATUS_OK;
}

struct release_row
verdict_release(const struct item *item, const struct verdict *v)
{
	bool same = released_whole(item, v);

	return (struct release_row){
		.state = "approved", .kind = same ? "output" : "text",
		.text = same ? SLICE_NONE : v->release
	};
}
