#include "queue/routed.h"

#include <math.h>
#include <stdio.h>

#include "core/text.h"
#include "db/query.h"
#include "queue/outbox.h"

const char *const routed_state[] = {
	[ROUTE_APPROVE] = "approved", [ROUTE_FLAG] = "flagged",
	[ROUTE_ESCALATE] = "escalated"
};

struct slice
routed_rules(const struct verdict *v, struct arena *arena)
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
routed_guards(const struct verdict *v, struct arena *arena)
{
	struct buf b = BUF_INIT;
	struct slice s;
	size_t i;

	if (v->nfailed == 0)
		return SLICE("[]");
	for (i = 0; i < v->nfailed; i++) {
		buf_putc(&b, i == 0 ? '[' : ',');
		text_json(&b, slice_of(v->failed[i]));
	}
	buf_putc(&b, ']');
	s = (struct slice){ arena_copy(arena, buf_str(&b), b.n), b.n };
	if (b.failed)
		s.p = NULL;
	buf_release(&b);
	return s;
}

enum status
routed_findings(struct store *store, int64_t key, const struct verdict *v,
    struct error *err)
{
	const struct finding *f;
	struct query *q;
	enum status st;
	size_t i;

	for (i = 0; i < v->nfindings; i++) {
		f = &v->findings[i];
		if ((st = query_get(&q, store, QUERY_FINDING_INSERT,
		    err)) != STATUS_OK)
			return st;
		query_bind_int(q, 1, key);
		query_bind_int(q, 2, (int64_t)i);
		query_bind_text(q, 3, slice_of(f->guard));
		query_bind_text(q, 4, f->kind);
		query_bind_int(q, 5, (int64_t)f->severity);
		query_bind_double(q, 6, f->score);
		query_bind_int(q, 7, f->start);
		query_bind_int(q, 8, f->end);
		query_bind_int(q, 9, f->redact);
		query_bind_text(q, 10, f->on);
		query_bind_text(q, 11, f->message.p == NULL ? SLICE("") :
		    f->message);
		if ((st = query_run(q, err)) != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

enum status
routed_errors(struct store *store, int64_t key, const struct verdict *v,
    struct error *err)
{
	struct query *q;
	enum status st;
	size_t i;

	for (i = 0; i < v->nguard_errors; i++) {
		if ((st = query_get(&q, store, QUERY_ERROR_INSERT, err)) !=
		    STATUS_OK)
			return st;
		query_bind_int(q, 1, key);
		query_bind_int(q, 2, (int64_t)i);
		query_bind_text(q, 3, slice_of(v->guard_errors[i].guard));
		query_bind_text(q, 4, v->guard_errors[i].message);
		query_bind_int(q, 5, v->guard_errors[i].fail_open);
		if ((st = query_run(q, err)) != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

/* The names of guards that the policy let pass although they could not run. */
static void
fail_open_names(const struct verdict *v, struct buf *b)
{
	size_t i;

	for (i = 0; i < v->nguard_errors; i++) {
		if (!v->guard_errors[i].fail_open)
			continue;
		if (b->n > 0)
			buf_putc(b, ',');
		buf_puts(b, v->guard_errors[i].guard);
	}
}

/* Is what goes out the output as it came? */
static bool
released_whole(const struct item *item, const struct verdict *v)
{
	return v->release.p == item->output.p && v->release.n == item->output.n;
}

/* What an approval gives out: null where that is the output itself, which the
 * content hash vouches for. */
static enum status
release_field(struct store *store, const struct item *item,
    const struct verdict *v, struct slice salt, struct hash *hash,
    struct leaf_field *f, struct error *err)
{
	*f = (struct leaf_field){ .key = "release_sha256", .type = LEAF_NULL };
	if (released_whole(item, v))
		return STATUS_OK;
	f->type = LEAF_HASH;
	f->hash = hash;
	return audit_content(store, salt, &v->release, 1, hash, err);
}

enum status
routed_leaf(struct session *s, const struct item *item,
    const struct verdict *v, struct slice salt, const struct hash *content,
    int64_t now, int64_t *seq, struct error *err)
{
	struct actor who = session_actor(s);
	struct buf open = BUF_INIT;
	struct leaf_field f[11];
	struct hash release;
	enum status st;
	size_t n = 0;

	f[n++] = (struct leaf_field){ .key = "queue", .text = item->queue };
	f[n++] = (struct leaf_field){ .key = "content_sha256",
	    .type = LEAF_HASH, .hash = content };
	f[n++] = (struct leaf_field){ .key = "route",
	    .text = slice_of(route_name(v->route)) };
	f[n++] = (struct leaf_field){ .key = "rule", .text = slice_of(v->rule) };
	f[n++] = (struct leaf_field){ .key = "policy",
	    .text = slice_of(s->policy->id) };
	f[n++] = (struct leaf_field){ .key = "state",
	    .text = slice_of(routed_state[v->route]) };
	f[n++] = (struct leaf_field){ .key = "confidence_ppm",
	    .type = item->has_confidence ? LEAF_INT : LEAF_NULL,
	    .number = item->has_confidence ? llround(item->confidence * 1e6) :
	    0 };
	if (v->sampled)
		f[n++] = (struct leaf_field){ .key = "sampled",
		    .type = LEAF_BOOL, .number = 1 };
	if (item->forced)
		f[n++] = (struct leaf_field){ .key = "shape",
		    .text = slice_of(item->shape) };
	if (v->route == ROUTE_APPROVE && release_field(s->store, item, v, salt,
	    &release, &f[n++], err) != STATUS_OK)
		return err->code;
	fail_open_names(v, &open);
	if (open.n > 0)
		f[n++] = (struct leaf_field){ .key = "fail_open",
		    .text = buf_slice(&open) };
	if ((st = buf_check(&open, err)) == STATUS_OK)
		st = audit_append(s->store, &who, now, "route", item->id, f, n,
		    seq, err);
	buf_release(&open);
	return st;
}

enum status
routed_release(struct store *store, int64_t key, int64_t seq, int64_t now,
    const struct item *item, const struct verdict *v, struct error *err)
{
	bool same = released_whole(item, v);
	struct outbox_row row = {
		.item = key, .seq = seq, .ts_ms = now, .state = "approved",
		.kind = same ? "output" : "text",
		.text = same ? SLICE_NONE : v->release
	};

	return v->route == ROUTE_APPROVE ? outbox_add(store, &row, 0, err) :
	    STATUS_OK;
}

enum status
routed_total(struct store *store, struct slice queue, const char *state,
    int64_t n, struct error *err)
{
	struct query *q;
	enum status st;

	if (n == 0)
		return STATUS_OK;
	if ((st = query_get(&q, store, QUERY_TOTALS_ADD, err)) != STATUS_OK)
		return st;
	query_bind_text(q, 1, queue);
	query_bind_text(q, 2, slice_of(state));
	query_bind_int(q, 3, n);
	return query_run(q, err);
}
