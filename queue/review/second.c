#include "queue/review/second.h"

#include <assert.h>
#include <stdio.h>

#include "db/query.h"
#include "db/write.h"
#include "queue/review/item_lock.h"
#include "queue/session.h"

enum status
second_draw(struct session *s, const char *queue, const char *where, size_t n,
    struct second *out, size_t *got, struct error *err)
{
	struct query *q;
	enum status st;
	bool row;

	*got = 0;
	if ((st = session_require(s, MAY_REVIEW, "review", err)) != STATUS_OK ||
	    (st = query_new_where(&q, s->store, QUERY_OPINION_DRAW, where,
	    err)) != STATUS_OK)
		return st;
	query_bind_text(q, OPINION_DRAW_queue, slice_of(queue));
	query_bind_int(q, OPINION_DRAW_uid, s->who.uid);
	query_bind_int(q, OPINION_DRAW_limit, (int64_t)n);
	while (*got < n && (st = query_step(q, &row, err)) == STATUS_OK && row)
		out[(*got)++] = (struct second){ query_int(q,
		    OPINION_DRAW_ITEM), query_int(q, OPINION_DRAW_SEQ) };
	query_free(q);
	return st;
}

struct giving {
	struct session	*s;
	struct opinion	*o;
	struct item_lock w;
};

/* What was decided first, where it may be looked at again. */
static enum status
first_load(struct giving *g, struct error *err)
{
	struct opinion *o = g->o;
	struct query *q;
	enum status st = query_get(&q, g->s->store, QUERY_OPINION_OF, err);

	if (st != STATUS_OK)
		return st;
	query_bind_int(q, OPINION_OF_seq, o->of.seq);
	query_bind_int(q, OPINION_OF_item, o->of.item);
	query_bind_int(q, OPINION_OF_uid, g->s->who.uid);
	if ((st = query_row(q, err)) == STATUS_OK) {
		(void)snprintf(o->first, sizeof(o->first), "%.*s",
		    SLICE_ARG(query_text(q, OPINION_OF_DECISION)));
		(void)snprintf(o->by, sizeof(o->by), "%.*s",
		    SLICE_ARG(query_text(q, OPINION_OF_BY)));
		(void)snprintf(o->reason, sizeof(o->reason), "%.*s",
		    SLICE_ARG(query_text(q, OPINION_OF_REASON)));
	}
	query_done(q);
	return st == STATUS_NOT_FOUND ? error_set(err, STATUS_CONFLICT,
	    "%.*s: that decision does not stand any more, or is not one that you "
	    "may look at again", SLICE_ARG(g->w.id)) : st;
}

static enum status
leaf_append(struct giving *g, int64_t now, int64_t *seq, struct error *err)
{
	struct actor who = session_actor(g->s);
	const struct opinion *o = g->o;
	const struct leaf_field f[] = {
		{ .key = "queue", .text = g->w.queue },
		{ .key = "content_sha256", .type = LEAF_HASH,
		    .hash = &g->w.content },
		{ .key = "value", .text = slice_of(decision_name(o->value)) },
		{ .key = "of", .type = LEAF_INT, .number = o->of.seq },
		{ .key = "blind", .type = LEAF_BOOL, .number = 1 },
		{ .key = "review_ms", .type = o->review_ms <= 0 ? LEAF_NULL :
		    LEAF_INT, .number = o->review_ms }
	};

	return audit_append(g->s->store, &who, now, "opinion", g->w.id, f,
	    sizeof(f) / sizeof(f[0]), seq, err);
}

static enum status
opinion_insert(struct giving *g, int64_t now, int64_t seq, struct error *err)
{
	const struct opinion *o = g->o;
	struct query *q;
	enum status st = query_get(&q, g->s->store, QUERY_OPINION_INSERT, err);

	if (st != STATUS_OK)
		return st;
	query_bind_int(q, OPINION_INSERT_seq, seq);
	query_bind_int(q, OPINION_INSERT_item, o->of.item);
	query_bind_int(q, OPINION_INSERT_decision, o->of.seq);
	query_bind_int(q, OPINION_INSERT_ts_ms, now);
	query_bind_int(q, OPINION_INSERT_uid, g->s->who.uid);
	query_bind_text(q, OPINION_INSERT_by, slice_of(g->s->who.name));
	query_bind_text(q, OPINION_INSERT_role, slice_of(g->s->role));
	query_bind_text(q, OPINION_INSERT_via, slice_of(g->s->via));
	query_bind_text(q, OPINION_INSERT_value,
	    slice_of(decision_name(o->value)));
	if (o->review_ms > 0)
		query_bind_int(q, OPINION_INSERT_review_ms, o->review_ms);
	return query_run(q, err);
}

static enum status
give_write(void *arg, struct error *err)
{
	struct giving *g = arg;
	struct session *s = g->s;
	int64_t now = store_now_ms(s->store), seq;
	enum status st;

	arena_reset(&s->arena);
	if ((st = session_refresh(s, err)) != STATUS_OK ||
	    (st = session_require(s, MAY_REVIEW, "review", err)) != STATUS_OK ||
	    (st = item_lock_load(s, g->o->of.item, &g->w, err)) != STATUS_OK ||
	    (st = first_load(g, err)) != STATUS_OK ||
	    (st = leaf_append(g, now, &seq, err)) != STATUS_OK)
		return st;
	(void)snprintf(g->o->id, sizeof(g->o->id), "%.*s", SLICE_ARG(g->w.id));
	g->o->agrees = strcmp(decision_name(g->o->value), g->o->first) == 0;
	return opinion_insert(g, now, seq, err);
}

enum status
second_give(struct session *s, struct opinion *o, struct error *err)
{
	struct giving g = { .s = s, .o = o };

	assert(o->value <= DECISION_ESCALATE);
	return store_write(s->store, DURABLE_NOW, give_write, &g, err);
}
