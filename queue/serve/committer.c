#include "queue/serve/committer.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "db/audit/checkpoint.h"
#include "db/query.h"
#include "db/write.h"
#include "queue/ingest/items.h"
#include "queue/release/release.h"
#include "queue/search.h"
#include "queue/serve/calls.h"
#include "queue/serve/mailbox.h"

#define GROUP_MOST	256	/* calls of one transaction */
#define GATHER_NS	5000000	/* for more, where nobody waits for the first */
#define WAIT_MOST_MS	5000	/* for the store, where another holds it */
#define DUE_MS		1000	/* between two looks at what is held */
#define WAITING_MOST	4096	/* calls that wait ... */
#define BYTES_MOST	((size_t)64 << 20)	/* ... with so much to be stored */
#define INDEXED_MOST	2048	/* items of a second that go into the index of texts */
#define SIGN_LOOK_MS	60000	/* ... and at how much of the log is unsigned */
#define SIGN_AGE_MS	3600000	/* it is signed when the last checkpoint is so old, */
#define SIGN_LEAVES	1000	/* or so many leaves behind, and at the end */
#define KEY_ACTOR	"key:"	/* and its name: who did it */

struct committer {
	struct committer_options o;
	struct mailbox	 in;
	struct ingest_store *store;
	struct ingest_rows rows;
	struct hasher	*hasher;
	struct calls_rows beside;	/* what a group writes beside its items */
	pthread_t	 thread;
	bool		 started;
	atomic_int	 failing;	/* an enum status */
	_Atomic int64_t	 wrote_ms;
	_Atomic uint64_t commits, items, failures;
	_Atomic size_t	 bytes;		/* of the calls that wait */
};

static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
tell(struct committer *w, const char *what)
{
	char line[1200];

	(void)snprintf(line, sizeof(line), "serve: %s", what);
	if (w->o.notice != NULL)
		w->o.notice(line);
}

/* Makes the rows of a call's items and adds them to the chain. */
static enum status
call_rows(struct committer *w, struct call *c, struct ingest_item ***end,
    struct error *err)
{
	size_t n = strlen(c->key->name) + 1;
	char *name = arena_alloc(&c->arena, sizeof(KEY_ACTOR) - 1 + n);

	if (name == NULL)
		return error_nomem(err);
	memcpy(name, KEY_ACTOR, sizeof(KEY_ACTOR) - 1);
	memcpy(name + sizeof(KEY_ACTOR) - 1, c->key->name, n);
	w->rows.policy = c->policy;
	w->rows.who.name = name;
	return ingest_items_row(&w->rows, w->hasher, c->items, c->nitems,
	    &c->arena, end, err);
}

/* Stores the calls from `first` to before `end`; all of them, or none. */
static enum status
group_store(struct committer *w, struct call *first, const struct call *end,
    struct error *err)
{
	struct ingest_item *chain, **last;
	const struct policy *policy;
	enum status st = STATUS_OK;
	struct call *c = first, *of;

	while (c != end && st == STATUS_OK) {
		chain = NULL;
		last = &chain;
		policy = c->policy;
		of = c;
		for (; c != end && call_policy_is(c, policy) &&
		    st == STATUS_OK; c = c->next)
			st = call_rows(w, c, &last, err);
		if (st == STATUS_OK)
			st = ingest_items_add(w->store, policy, chain, err);
		for (; of != c && st == STATUS_OK; of = of->next)
			if (of->write != NULL)
				st = of->write(&w->beside, w->o.session->store,
				    of, err);
	}
	if (st == STATUS_OK)
		st = calls_rows_store(&w->beside, w->o.session->store, err);
	if (st == STATUS_OK)
		st = ingest_store_commit(w->store, err);
	calls_rows_reset(&w->beside);
	if (st != STATUS_OK)
		ingest_store_drop(w->store);
	else
		atomic_fetch_add(&w->commits, 1);
	return st;
}

/* Something was written. */
static void
wrote(struct committer *w)
{
	w->wrote_ms = now_ms();
	if (w->failing != STATUS_OK)
		tell(w, "the store is written to again");
	w->failing = STATUS_OK;
}

static void
failed(struct committer *w, enum status st, const struct error *err)
{
	if (w->failing == STATUS_OK)
		tell(w, err->text[0] == '\0' ?
		    "the store is locked by another process" : err->text);
	w->failing = (int)st;
}

static enum status
touch(void *arg, struct error *err)
{
	static const enum query_id both[] = { QUERY_STORE_TOUCH,
		QUERY_STORE_TOUCHED };
	struct committer *w = arg;
	struct query *q;
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < sizeof(both) / sizeof(both[0]) && st == STATUS_OK; i++) {
		st = query_get(&q, w->o.session->store, both[i], err);
		if (st == STATUS_OK)
			st = query_run(q, err);
	}
	return st;
}

/* Does it take anything at all? */
static enum status
store_touch(struct committer *w, struct error *err)
{
	enum status st = store_write(w->o.session->store, DURABLE_GROUP, touch, w,
	    err);

	if (st == STATUS_OK)
		wrote(w);
	return st;
}

/* Of something that could not be stored. */
static void
count_failure(struct committer *w, enum status st, const struct error *why)
{
	struct error err = { 0 };

	atomic_fetch_add(&w->failures, 1);
	failed(w, st, why);
	/* Is it the store, or was it that alone? */
	if (st != STATUS_BUSY)
		(void)store_touch(w, &err);
}

/* All of a group: what other threads look at as well is changed once. */
static void
group_wrote(struct committer *w, struct call *first)
{
	uint64_t n = 0;
	struct call *c;

	for (c = first; c != NULL; c = c->next) {
		c->st = STATUS_OK;
		error_clear(&c->err);
		n += c->nitems;
	}
	atomic_fetch_add(&w->items, n);
	wrote(w);
}

/* One that cannot be stored must not hold up the others: then each by itself. */
static void
group_write(struct committer *w, struct call *first)
{
	struct error err = { 0 };
	enum status st = group_store(w, first, NULL, &err);
	struct call *c;

	if (st == STATUS_OK) {
		group_wrote(w, first);
		return;
	}
	if (first->next == NULL || st == STATUS_BUSY) {
		for (c = first; c != NULL; c = c->next) {
			c->st = st;
			c->err = err;
		}
	} else {
		for (c = first; c != NULL; c = c->next)
			c->st = group_store(w, c, c->next, &c->err);
	}
	for (c = first; c != NULL; c = c->next) {
		if (c->st == STATUS_OK) {
			atomic_fetch_add(&w->items, c->nitems);
			wrote(w);
		} else if (w->failing == STATUS_OK) {
			count_failure(w, c->st, &c->err);
		} else {
			atomic_fetch_add(&w->failures, 1);
		}
	}
}

/* Can something be written now? */
static void
probe(struct committer *w, struct call *c)
{
	struct store *store = w->o.session->store;

	error_clear(&c->err);
	c->st = store_in_place(store, &c->err);
	if (c->st == STATUS_OK && (c->poll || w->failing != STATUS_OK))
		c->st = store_touch(w, &c->err);
	else if (c->st == STATUS_OK &&
	    (c->st = store_begin(store, DURABLE_GROUP, &c->err)) == STATUS_OK)
		store_rollback(store);
	if (c->st != STATUS_OK)
		failed(w, c->st, &c->err);
	else
		c->st = store_room(store, &c->err);
}

/* Splits probes from what is to be stored; each list keeps its order. */
static void
take_apart(struct call *c, struct call **store, struct call **probes)
{
	struct call *next;

	for (; c != NULL; c = next) {
		struct call ***to = c->step == CALL_PROBE ? &probes : &store;

		next = c->next;
		c->next = NULL;
		**to = c;
		*to = &c->next;
	}
}

static void
due_write(struct committer *w)
{
	struct error err = { 0 };
	enum status st = release_due(w->o.session->store, &err);

	if (st != STATUS_OK && st != STATUS_BUSY)
		count_failure(w, st, &err);
}

/* The words of what was stored go into the index of texts, where that is kept. */
static void
index_keep(struct committer *w)
{
	struct error err = { 0 };
	enum status st = search_keep(w->o.session, INDEXED_MOST, NULL, &err);

	if (st != STATUS_OK && st != STATUS_BUSY)
		count_failure(w, st, &err);
}

/* What nobody waits for is stored with what comes in a moment. */
static struct call *
gather(struct committer *w, struct call *first)
{
	const struct timespec moment = { 0, GATHER_NS };
	struct call *last = first;
	size_t n = 1;

	if (first == NULL)
		return NULL;
	for (; last->next != NULL && last->detached; last = last->next)
		n++;
	if (!last->detached || n >= GROUP_MOST)
		return first;
	(void)nanosleep(&moment, NULL);
	last->next = mailbox_wait(&w->in, GROUP_MOST - n, now_ms() - 1);
	return first;
}

/* Only the store's owner has the key; what others serve waits for a timer of the
 * owner's. */
static void
log_sign(struct committer *w, int64_t age_ms, uint64_t leaves)
{
	struct session *s = w->o.session;
	struct actor who = session_actor(s);
	struct buf note = BUF_INIT;
	struct error err = { 0 };
	char line[1100];
	enum status st;
	bool due = false;

	if (geteuid() != store_owner(s->store))
		return;
	st = checkpoint_due(s->store, age_ms, leaves, &due, &err);
	if (st == STATUS_OK && due)
		st = checkpoint_sign(s->store, &who, &note, &err);
	buf_release(&note);
	if (st == STATUS_OK || st == STATUS_BUSY)
		return;
	(void)snprintf(line, sizeof(line), "the log is not signed: %s", err.text);
	tell(w, line);
}

static void *
committer_main(void *arg)
{
	struct committer *w = arg;
	struct call *c, *store, *probes;
	int64_t due = now_ms() + DUE_MS, sign = now_ms() + SIGN_LOOK_MS;
	size_t bytes;

	while (!mailbox_closed(&w->in)) {
		store = probes = NULL;
		c = gather(w, mailbox_wait(&w->in, GROUP_MOST, due));
		take_apart(c, &store, &probes);
		if (store != NULL) {
			group_write(w, store);
			for (bytes = 0, c = store; c != NULL; c = c->next)
				bytes += c->log_bytes;
			atomic_fetch_sub(&w->bytes, bytes);
			mailbox_return(store);
			store_rest(w->o.session->store);
		}
		for (c = probes; c != NULL; c = c->next)
			probe(w, c);
		mailbox_return(probes);
		if (now_ms() >= due) {
			due_write(w);
			index_keep(w);
			due = now_ms() + DUE_MS;
		}
		if (now_ms() >= sign) {
			log_sign(w, SIGN_AGE_MS, SIGN_LEAVES);
			session_witness(w->o.session);
			sign = now_ms() + SIGN_LOOK_MS;
		}
	}
	if (w->failing == STATUS_OK)
		log_sign(w, 1, 1);
	return NULL;
}

enum status
committer_new(struct committer **out, const struct committer_options *o,
    struct error *err)
{
	struct committer *w = calloc(1, sizeof(*w));
	struct session *s = o->session;
	enum status st;

	*out = NULL;
	if (w == NULL)
		return error_nomem(err);
	w->o = *o;
	/* Meanwhile callers are told so, and what came waits in memory. */
	if (store_wait(s->store) > WAIT_MOST_MS)
		store_set_wait(s->store, WAIT_MOST_MS);
	w->rows.store = s->store;
	w->rows.who = (struct actor){ NULL, "key", "serve", s->who.uid };
	if ((st = mailbox_init(&w->in, false, err)) != STATUS_OK ||
	    (st = store_random(w->rows.seed, SEED_LEN, err)) != STATUS_OK ||
	    (st = hasher_new(&w->hasher, err)) != STATUS_OK ||
	    (st = ingest_store_new(&w->store, s->store, DURABLE_GROUP, err)) !=
	    STATUS_OK)
		goto fail;
	if (pthread_create(&w->thread, NULL, committer_main, w) != 0) {
		st = error_set(err, STATUS_NOMEM, "cannot start a thread");
		goto fail;
	}
	w->started = true;
	*out = w;
	return STATUS_OK;
fail:
	committer_free(w);
	return st;
}

void
committer_free(struct committer *w)
{
	if (w == NULL)
		return;
	if (w->started) {
		mailbox_close(&w->in);
		(void)pthread_join(w->thread, NULL);
	}
	ingest_store_free(w->store);
	hasher_free(w->hasher);
	calls_rows_release(&w->beside);
	mailbox_release(&w->in);
	free(w);
}

void
committer_put(struct committer *w, struct call *c)
{
	atomic_fetch_add(&w->bytes, c->log_bytes);
	mailbox_put(&w->in, c);
}

bool
committer_full(struct committer *w)
{
	return w != NULL && (atomic_load(&w->bytes) >= BYTES_MOST ||
	    mailbox_count(&w->in) >= WAITING_MOST);
}

enum status
committer_failing(struct committer *w)
{
	return w == NULL ? STATUS_OK : (enum status)atomic_load(&w->failing);
}

int64_t
committer_wrote_ms(struct committer *w)
{
	return w == NULL ? 0 : atomic_load(&w->wrote_ms);
}

size_t
committer_waiting(struct committer *w)
{
	return w == NULL ? 0 : mailbox_count(&w->in);
}

struct committer_counts
committer_counts(struct committer *w)
{
	return w == NULL ? (struct committer_counts){ 0 } :
	    (struct committer_counts){ atomic_load(&w->commits),
	    atomic_load(&w->items), atomic_load(&w->failures) };
}
