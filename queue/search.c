#include "queue/search.h"

#include "db/audit/audit.h"
#include "db/query.h"
#include "db/write.h"

#define BUILD_ITEMS	256	/* a transaction */

struct indexed {
	bool	on;
	int64_t	low, high, first, last;
};

static enum status
span_get(struct store *store, struct indexed *out, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, store, QUERY_SEARCH_STATE, err);

	if (st != STATUS_OK)
		return st;
	if ((st = query_row(q, err)) == STATUS_OK) {
		out->low = query_int_or(q, SEARCH_STATE_LOW, INT64_MIN);
		out->high = query_int_or(q, SEARCH_STATE_HIGH, INT64_MIN);
		out->first = query_int(q, SEARCH_STATE_FIRST);
		out->last = query_int(q, SEARCH_STATE_LAST);
		out->on = out->low != INT64_MIN;
	}
	query_done(q);
	return st;
}

static enum status
span_set(struct store *store, int64_t low, int64_t high, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, store, QUERY_SEARCH_SPAN, err);

	if (st != STATUS_OK)
		return st;
	query_bind_int(q, SEARCH_SPAN_low, low);
	query_bind_int(q, SEARCH_SPAN_high, high);
	return query_run(q, err);
}

static enum status
plain(struct store *store, enum query_id id, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, store, id, err);

	return st == STATUS_OK ? query_run(q, err) : st;
}

/* A damaged index is made anew of the texts beside it, for what takes some of it away. */
static enum status
less(struct store *store, enum query_id id, int64_t item, struct error *err)
{
	enum status st = STATUS_OK;
	struct query *q;
	int tries;

	for (tries = 0; tries < 2; tries++) {
		if ((st = query_get(&q, store, id, err)) != STATUS_OK)
			return st;
		if (item >= 0)
			query_bind_int(q, ERASE_item, item);
		if ((st = query_run(q, err)) == STATUS_OK)
			st = plain(store, QUERY_SEARCH_SETTLE, err);
		if (st != STATUS_CORRUPT || tries > 0)
			break;
		error_clear(err);
		if ((st = plain(store, QUERY_SEARCH_ANEW, err)) != STATUS_OK)
			break;
	}
	return st;
}

static void
state_of(const struct indexed *s, struct search_state *out)
{
	out->on = s->on;
	out->of = s->last - s->first + 1;
	out->done = !s->on ? 0 : s->high - (s->low > s->first ? s->low :
	    s->first) + 1;
}

enum status
search_state(struct session *s, struct search_state *out, struct error *err)
{
	struct indexed span;
	enum status st = span_get(s->store, &span, err);

	if (st == STATUS_OK)
		state_of(&span, out);
	return st;
}

/* The log has who turned it on or off. */
static enum status
log_state(struct session *s, const char *state, struct error *err)
{
	const struct leaf_field f[] = {
		{ .key = "state", .type = LEAF_TEXT, .text = slice_of(state) }
	};
	struct actor who = session_actor(s);

	return audit_append(s->store, &who, store_now_ms(s->store), "search",
	    SLICE_NONE, f, 1, NULL, err);
}

static enum status
on_write(void *arg, struct error *err)
{
	struct session *s = arg;
	struct indexed span;
	enum status st = span_get(s->store, &span, err);

	if (st != STATUS_OK || span.on)
		return st;
	st = span_set(s->store, span.last + 1, span.last, err);
	return st == STATUS_OK ? log_state(s, "on", err) : st;
}

enum status
search_on(struct session *s, struct error *err)
{
	enum status st = session_require(s, MAY_ADMIN, "turn search on", err);

	return st == STATUS_OK ? store_write(s->store, DURABLE_NOW, on_write, s,
	    err) : st;
}

static enum status
off_write(void *arg, struct error *err)
{
	struct session *s = arg;
	struct indexed span;
	enum status st = span_get(s->store, &span, err);

	if (st != STATUS_OK || !span.on)
		return st;
	if ((st = less(s->store, QUERY_SEARCH_CLEAR, -1, err)) == STATUS_OK &&
	    (st = plain(s->store, QUERY_SEARCH_OFF, err)) == STATUS_OK)
		st = log_state(s, "off", err);
	return st;
}

enum status
search_off(struct session *s, struct error *err)
{
	enum status st = session_require(s, MAY_ADMIN, "turn search off", err);

	return st == STATUS_OK ? store_write(s->store, DURABLE_NOW, off_write, s,
	    err) : st;
}

/* One transaction's worth. */
struct building {
	struct session	*s;
	struct indexed	 span;
	bool		 old;		/* those from before it was on, too */
	int64_t		 most;		/* items of it */
	int64_t		 taken;
};

static enum status
fill(struct store *store, int64_t from, int64_t to, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, store, QUERY_SEARCH_FILL, err);

	if (st != STATUS_OK)
		return st;
	query_bind_int(q, SEARCH_FILL_from, from);
	query_bind_int(q, SEARCH_FILL_to, to);
	return query_run(q, err);
}

static enum status
build_write(void *arg, struct error *err)
{
	struct building *b = arg;
	struct indexed *p = &b->span;
	int64_t from, to;
	enum status st;

	b->taken = 0;
	if ((st = span_get(b->s->store, p, err)) != STATUS_OK || !p->on)
		return st;
	if (p->high < p->last) {
		from = p->high + 1;
		to = p->last - from >= b->most ? from + b->most - 1 : p->last;
		p->high = to;
	} else if (b->old && p->low > p->first) {
		to = p->low - 1;
		from = to - p->first >= b->most ? to - b->most + 1 : p->first;
		p->low = from;
	} else
		return STATUS_OK;
	b->taken = to - from + 1;
	if ((st = fill(b->s->store, from, to, err)) == STATUS_OK)
		st = span_set(b->s->store, p->low, p->high, err);
	return st;
}

/* A little, by who writes other things too, or all that there is. */
static enum durability
step_durability(int64_t most)
{
	return most > 0 ? DURABLE_LATER : DURABLE_BULK;
}

static enum status
build(struct session *s, bool old, int64_t most, const volatile sig_atomic_t *stop,
    search_tell_fn *tell, void *arg, struct error *err)
{
	struct building b = { .s = s, .old = old };
	struct search_state now;
	enum status st;

	if ((st = span_get(s->store, &b.span, err)) != STATUS_OK || !b.span.on)
		return st;
	while (most != 0 && (stop == NULL || *stop == 0)) {
		if (b.span.high >= b.span.last && (!old ||
		    b.span.low <= b.span.first))
			break;	/* and so no lock is taken where all is in */
		b.most = most > 0 && most < BUILD_ITEMS ? most : BUILD_ITEMS;
		st = store_write(s->store, step_durability(most), build_write,
		    &b, err);
		if (st != STATUS_OK || b.taken == 0)
			return st;
		most -= most > 0 ? b.taken : 0;
		state_of(&b.span, &now);
		if (tell != NULL)
			tell(arg, &now);
	}
	return STATUS_OK;
}

enum status
search_build(struct session *s, int64_t most, const volatile sig_atomic_t *stop,
    search_tell_fn *tell, void *arg, struct error *err)
{
	return build(s, true, most, stop, tell, arg, err);
}

enum status
search_keep(struct session *s, int64_t most, const volatile sig_atomic_t *stop,
    struct error *err)
{
	return build(s, false, most, stop, NULL, NULL, err);
}

enum status
search_more(struct store *store, int64_t item, struct slice text,
    struct error *err)
{
	struct query *q;
	enum status st;

	if (text.n == 0)
		return STATUS_OK;
	if ((st = query_get(&q, store, QUERY_SEARCH_MORE, err)) != STATUS_OK)
		return st;
	query_bind_text(q, SEARCH_MORE_more, text);
	query_bind_int(q, SEARCH_MORE_item, item);
	return query_run(q, err);
}

enum status
search_erase(struct store *store, int64_t item, struct error *err)
{
	struct indexed span;
	enum status st = span_get(store, &span, err);

	if (st != STATUS_OK || !span.on)
		return st;
	if (item >= 0)
		return less(store, QUERY_SEARCH_ERASE, item, err);
	st = less(store, QUERY_SEARCH_CLEAR, -1, err);
	return st == STATUS_OK ? span_set(store, span.last + 1, span.last, err) : st;
}

/* Words in FTS5's form: each quoted and the beginning of one, "..." whole. */
static void
match_write(struct slice words, struct buf *b)
{
	bool quoted = false, open = false;
	size_t i;

	for (i = 0; i < words.n; i++) {
		if (words.p[i] == '"') {
			if (open)
				buf_puts(b, quoted ? "\" " : "\"* ");
			open = false;
			quoted = !quoted;
		} else if (!quoted && (words.p[i] == ' ' || words.p[i] == '\t')) {
			if (open)
				buf_puts(b, "\"* ");
			open = false;
		} else {
			if (!open)
				buf_putc(b, '"');
			open = true;
			buf_putc(b, words.p[i] == '\0' ? ' ' : words.p[i]);
		}
	}
	if (open)
		buf_puts(b, quoted ? "\"" : "\"*");
}

static enum status
hits_read(struct store *store, struct slice match, int64_t before, size_t limit,
    struct arena *a, struct search_hit *out, size_t *n, struct error *err)
{
	struct query *q;
	enum status st;
	bool row;

	if ((st = query_get(&q, store, QUERY_SEARCH_FIND, err)) != STATUS_OK)
		return st;
	query_bind_text(q, SEARCH_FIND_match, match);
	query_bind_int(q, SEARCH_FIND_before, before);
	query_bind_int(q, SEARCH_FIND_limit, (int64_t)limit);
	while (*n < limit && (st = query_step(q, &row, err)) == STATUS_OK && row) {
		out[*n].item = query_int(q, SEARCH_FIND_ITEM);
		if (!query_keep(q, SEARCH_FIND_FOUND, a, &out[*n].found)) {
			st = error_nomem(err);
			break;
		}
		++*n;
	}
	query_done(q);
	return st;
}

enum status
search_find(struct session *s, struct slice words, int64_t before, size_t limit,
    struct arena *a, struct search_hit *out, size_t *n, struct error *err)
{
	struct buf match = BUF_INIT;
	struct indexed span;
	enum status st;

	*n = 0;
	if ((st = span_get(s->store, &span, err)) != STATUS_OK)
		return st;
	if (!span.on)
		return error_set(err, STATUS_INVALID, "search is off: handrail "
		    "search on makes the index");
	match_write(words, &match);
	if ((st = buf_check(&match, err)) == STATUS_OK && match.n == 0)
		st = error_set(err, STATUS_INVALID, "a word to search for is "
		    "wanted");
	if (st == STATUS_OK)
		st = hits_read(s->store, buf_slice(&match), before, limit, a, out,
		    n, err);
	buf_release(&match);
	return st;
}
