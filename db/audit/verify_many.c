#include "db/audit/verify_many.h"

#include <pthread.h>
#include <stdlib.h>

#include "core/base/cores.h"
#include "db/audit/audit.h"
#include "db/audit/edge.h"
#include "db/audit/known.h"
#include "db/audit/leaf.h"
#include "db/audit/proof.h"
#include "db/audit/verify_decision.h"
#include "db/audit/verify_end.h"
#include "db/audit/verify_leaf.h"

#define THREADS_MOST	16
#define RANGE_LEAVES	8192	/* of one turn of a thread */
#define BEGIN_TRIES	16	/* while others write */

/* What a turn leaves behind for the one who goes through all in order. */
struct leaf_range {
	struct buf	notes;		/* lines to report, each with its NUL */
	struct buf	later;		/* leaves, by number (int64_t) */
};

struct verifier {
	struct verify_many *many;
	struct store	*store;
	struct verify	 v;
	struct audit_report r;
	pthread_t	 thread;
	bool		 begun;
};

struct verify_many {
	const struct audit_asked *asked;
	struct verifier	 worker[THREADS_MOST];
	unsigned	 n;
	uint64_t	 size, each;	/* leaves, of all and of a range */
	struct leaf_range	*range;
	size_t		 ranges;
	int64_t		 bind_seq;
	pthread_mutex_t	 lock;		/* of the rest */
	pthread_cond_t	 changed;
	size_t		 turn;		/* the next: ends that stand apart, ranges */
	unsigned	 at_work;
	uint64_t	 done;		/* leaves */
	bool		 odd;		/* something is wrong somewhere */
	bool		 stopped;	/* by who asked */
};

static unsigned
processors(void)
{
	unsigned n = cores_count();

	return n > THREADS_MOST ? THREADS_MOST : n;
}

static void
end_reading(struct verify_many *m, struct store *s)
{
	unsigned i;

	store_end_read(s);
	for (i = 0; i < m->n; i++)
		store_end_read(m->worker[i].store);
}

/*
 * The first of the others looks before and after all have begun: where nobody has
 * written meanwhile, they see what it sees.
 */
static bool
begin_same(struct verify_many *m, struct store *s, struct error *err)
{
	struct store *look = m->worker[0].store;
	int64_t before = store_version(look);
	unsigned i;

	/* Asked within, so that the transaction reads from then on. */
	if (store_begin_read(s, err) != STATUS_OK || store_version(s) == -1)
		return false;
	for (i = m->n; i-- > 0; )
		if (store_begin_read(m->worker[i].store, err) != STATUS_OK ||
		    store_version(m->worker[i].store) == -1)
			return false;
	return before != -1 && store_version(look) == before;
}

static bool
open_others(struct verify_many *m, struct store *s, unsigned n, struct error *err)
{
	const struct store_options o = { .read_only = true, .any_version = true,
	    .any_schema = true, .wait_ms = store_wait(s) };
	unsigned i;

	if (store_is_copy(s))	/* which nobody else can open */
		return false;
	for (i = 0; i < n; i++, m->n++) {
		m->worker[i].many = m;
		if (store_open(&m->worker[i].store, store_path(s), &o, NULL,
		    err) != STATUS_OK)
			return false;
	}
	/* They have opened what this handle has. */
	return store_in_place(s, err) == STATUS_OK;
}

/* Room for what each range leaves. */
static bool
ranges_new(struct verify_many *m)
{
	size_t i;

	m->ranges = (size_t)((m->size + m->each - 1) / m->each);
	if ((m->range = calloc(m->ranges, sizeof(*m->range))) == NULL)
		return false;
	for (i = 0; i < m->ranges; i++) {
		buf_init(&m->range[i].notes);
		buf_init(&m->range[i].later);
	}
	return true;
}

static bool
begin_all(struct verify_many *m, struct store *s, unsigned threads)
{
	struct error err = { 0 };
	struct hash root;
	int tries;

	if (!open_others(m, s, threads, &err))
		return false;
	for (tries = 0; tries < BEGIN_TRIES && !begin_same(m, s, &err); tries++) {
		end_reading(m, s);
		if (err.code != STATUS_OK)
			return false;
	}
	return tries < BEGIN_TRIES && audit_root(s, &m->size, &root, &err) ==
	    STATUS_OK && m->size > 0 && ranges_new(m);
}

struct verify_many *
verify_many_begin(struct store *s, const struct audit_asked *a)
{
	unsigned threads = a->threads != 0 ? a->threads : processors();
	struct verify_many *m;
	struct error ignored = { 0 };
	struct hash root;
	uint64_t size, each = a->range != 0 ? a->range : RANGE_LEAVES;

	if (threads < 2 || audit_root(s, &size, &root, &ignored) != STATUS_OK ||
	    size < 2 * each || (m = calloc(1, sizeof(*m))) == NULL)
		return NULL;
	m->asked = a;
	m->each = each;
	(void)pthread_mutex_init(&m->lock, NULL);
	(void)pthread_cond_init(&m->changed, NULL);
	if (begin_all(m, s, threads > THREADS_MOST ? THREADS_MOST : threads))
		return m;
	store_end_read(s);
	verify_many_end(m);
	return NULL;
}

void
verify_many_end(struct verify_many *m)
{
	unsigned i;
	size_t k;

	if (m == NULL)
		return;
	for (i = 0; i < m->n; i++) {
		store_end_read(m->worker[i].store);
		store_close(m->worker[i].store);
	}
	for (k = 0; m->range != NULL && k < m->ranges; k++) {
		buf_release(&m->range[k].notes);
		buf_release(&m->range[k].later);
	}
	free(m->range);
	(void)pthread_mutex_destroy(&m->lock);
	(void)pthread_cond_destroy(&m->changed);
	free(m);
}

static void
keep_line(void *arg, const char *line)
{
	buf_add(arg, line, strlen(line) + 1);
}

/* As the leaf before left it: what is stored of the log up to there is proved by
 * the ranges before. */
static enum status
range_begin(struct verify *v, int64_t from, struct error *err)
{
	struct buf leaf = BUF_INIT;
	struct leaf_view before;
	enum status st;

	cursor_done(&v->items);
	cursor_done(&v->releases);
	v->next = from;
	v->last_ms = 0;
	if ((st = edge_at(v->store, (uint64_t)from, &v->chain.tree, &v->chain.prev,
	    err)) != STATUS_OK ||
	    (st = cursor_from(&v->decisions, v, from, err)) != STATUS_OK ||
	    (st = audit_leaf(v->store, from - 1, &leaf, err)) != STATUS_OK)
		goto out;
	arena_reset(&v->chain.arena);
	st = leaf_read(&v->chain.json, &v->chain.arena, (struct slice){ leaf.p,
	    leaf.n - 1 }, &before, err);
	if (st == STATUS_OK)
		(void)leaf_ts_read(leaf_text(&before, LEAF_KEY_TS), &v->last_ms);
out:
	buf_release(&leaf);
	return st;
}

/* The first leaf was seen already. */
static enum status
range_run(struct verifier *w, size_t i, struct error *err)
{
	struct verify_many *m = w->many;
	struct verify *v = &w->v;
	int64_t from = i == 0 ? 1 : (int64_t)(i * m->each);
	int64_t end = (int64_t)((i + 1) * m->each);
	enum status st;

	if ((uint64_t)end > m->size)
		end = (int64_t)m->size;
	v->report = keep_line;
	v->arg = &m->range[i].notes;
	v->later = &m->range[i].later;
	if ((st = range_begin(v, from, err)) != STATUS_OK ||
	    (st = verify_leaves(v, from, end, UINT64_MAX, err)) != STATUS_OK ||
	    (st = verify_decisions_until(v, end, err)) != STATUS_OK)
		return st;
	if (v->next != end)
		verify_problem(v, "leaf %lld: missing", (long long)v->next);
	return buf_check(&m->range[i].notes, err);
}

/* The ends that stand apart come first: they are the longest turns. */
static enum status
turn_run(struct verifier *w, size_t turn, struct error *err)
{
	size_t i;

	for (i = 0; i < verify_ends_count; i++)
		if (verify_ends[i].apart && turn-- == 0) {
			w->v.report = NULL;
			return verify_ends[i].run(&w->v, err);
		}
	return range_run(w, turn, err);
}

static bool
turn_next(struct verify_many *m, size_t *turn)
{
	size_t i, turns = m->ranges;

	for (i = 0; i < verify_ends_count; i++)
		turns += verify_ends[i].apart;
	if (m->odd || m->turn == turns)
		return false;
	*turn = m->turn++;
	return true;
}

static void *
verifier_main(void *arg)
{
	struct verifier *w = arg;
	struct verify_many *m = w->many;
	struct error err = { 0 };
	enum status st = verify_init(&w->v, w->store, false, &err);
	uint64_t leaves = 0;
	size_t turn;

	w->v.r = &w->r;
	w->v.bind_seq = m->bind_seq;
	(void)pthread_mutex_lock(&m->lock);
	while (st == STATUS_OK && turn_next(m, &turn)) {
		(void)pthread_mutex_unlock(&m->lock);
		st = turn_run(w, turn, &err);
		(void)pthread_mutex_lock(&m->lock);
		m->odd |= w->r.problems > 0;
		m->done += w->r.leaves - leaves;
		leaves = w->r.leaves;
		(void)pthread_cond_signal(&m->changed);
	}
	m->odd |= st != STATUS_OK;
	m->at_work--;
	(void)pthread_cond_signal(&m->changed);
	(void)pthread_mutex_unlock(&m->lock);
	verify_release(&w->v);
	return NULL;
}

/* Until all are done; who asked hears how far they are. */
static void
wait_for_all(struct verify_many *m)
{
	uint64_t done;
	bool on;

	(void)pthread_mutex_lock(&m->lock);
	while (m->at_work > 0) {
		(void)pthread_cond_wait(&m->changed, &m->lock);
		done = m->done;
		if (m->asked->progress == NULL || m->stopped)
			continue;
		(void)pthread_mutex_unlock(&m->lock);
		on = m->asked->progress(m->asked->arg, done, m->size);
		(void)pthread_mutex_lock(&m->lock);
		m->stopped = !on;
		m->odd |= m->stopped;
	}
	(void)pthread_mutex_unlock(&m->lock);
}

static void
work(struct verify_many *m)
{
	unsigned i;

	(void)pthread_mutex_lock(&m->lock);
	for (i = 0; i < m->n; i++) {
		m->worker[i].begun = pthread_create(&m->worker[i].thread, NULL,
		    verifier_main, &m->worker[i]) == 0;
		m->at_work += m->worker[i].begun;
	}
	m->odd |= m->at_work == 0;
	(void)pthread_mutex_unlock(&m->lock);
	wait_for_all(m);
	for (i = 0; i < m->n; i++)
		if (m->worker[i].begun)
			(void)pthread_join(m->worker[i].thread, NULL);
}

static void
add_up(struct verify *v, const struct verifier *w)
{
	const struct verify_seen *n = &w->v.seen;

	v->r->leaves += w->r.leaves;
	v->r->decisions += w->r.decisions;
	v->r->items += w->r.items;
	v->seen.items += n->items;
	v->seen.releases += n->releases;
	v->seen.drops += n->drops;
	v->seen.opinions += n->opinions;
	v->seen.skips += n->skips;
	v->seen.findings += n->findings;
	v->seen.notes += n->notes;
	v->seen.erased_rows += n->erased_rows;
	v->seen.erased_leaves += n->erased_leaves;
}

/* What each range left, in their order. */
static enum status
go_through(struct verify_many *m, struct verify *v, struct buf *notes,
    struct error *err)
{
	enum status st = STATUS_OK;
	struct leaf_range *r;
	int64_t seq;
	size_t i, at;

	for (i = 0; i < m->ranges && st == STATUS_OK; i++) {
		r = &m->range[i];
		buf_add(notes, r->notes.p, r->notes.n);
		for (at = 0; at < r->later.n && st == STATUS_OK; at += sizeof(seq)) {
			memcpy(&seq, r->later.p + at, sizeof(seq));
			st = verify_later(v, seq, err);
		}
	}
	return st;
}

/* Roots at the sizes that are known, of hashes that are proved now. */
static enum status
compare_known(struct verify_many *m, struct verify *v, struct error *err)
{
	struct known_roots *k = v->known;
	enum status st = STATUS_OK;
	struct merkle tree;
	struct hash prev;

	while (k->next < k->n && k->root[k->next].c.size <= m->size &&
	    st == STATUS_OK) {
		st = edge_at(v->store, k->root[k->next].c.size, &tree, &prev, err);
		if (st == STATUS_OK)
			v->r->problems += known_compare(k, v->chain.hasher, &tree,
			    store_log(v->store), NULL, NULL);
	}
	v->next = (int64_t)m->size;
	return st == STATUS_OK ? edge_at(v->store, m->size, &v->chain.tree,
	    &v->chain.prev, err) : st;
}

/* Nothing was odd so far. */
static enum status
finish(struct verify_many *m, struct verify *v, struct buf *notes, struct error *err)
{
	enum status st;
	unsigned i;
	size_t k;

	for (i = 0; i < m->n; i++)
		add_up(v, &m->worker[i]);
	if ((st = go_through(m, v, notes, err)) != STATUS_OK ||
	    (st = compare_known(m, v, err)) != STATUS_OK ||
	    /* The decisions up to there are seen. */
	    (st = cursor_from(&v->decisions, v, v->next, err)) != STATUS_OK)
		return st;
	for (k = 0; k < verify_ends_count && st == STATUS_OK; k++)
		if (!verify_ends[k].apart)
			st = verify_ends[k].run(v, err);
	verify_size(v);
	return st;
}

static void
tell_notes(const struct audit_asked *a, const struct buf *notes)
{
	size_t at;

	for (at = 0; at < notes->n && a->report != NULL;
	    at += strlen(notes->p + at) + 1)
		a->report(a->arg, notes->p + at);
}

enum status
verify_many_run(struct verify_many *m, struct verify *v, bool *sound,
    struct error *err)
{
	struct buf notes = BUF_INIT;
	enum status st;

	v->report = keep_line;
	v->arg = &notes;
	v->progress = NULL;
	/* The first leaf says what binds the others. */
	if ((st = verify_leaves(v, INT64_MIN, INT64_MAX, 1, err)) != STATUS_OK ||
	    (st = verify_decisions_until(v, 1, err)) != STATUS_OK ||
	    v->next != 1 || v->r->problems > 0)
		goto out;
	m->bind_seq = v->bind_seq;
	work(m);
	if (m->stopped)
		st = error_set(err, STATUS_INTERRUPTED, "stopped");
	if (m->odd || (st = finish(m, v, &notes, err)) != STATUS_OK ||
	    (st = buf_check(&notes, err)) != STATUS_OK)
		goto out;
	*sound = v->r->problems == 0 && v->bind_seq == m->bind_seq &&
	    v->r->leaves == m->size;
	if (*sound)
		tell_notes(m->asked, &notes);
out:
	buf_release(&notes);
	return st;
}
