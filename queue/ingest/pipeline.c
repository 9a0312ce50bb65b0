#include "queue/ingest/pipeline.h"

#include <pthread.h>
#include <stdlib.h>

#include "core/base/cores.h"
#include "queue/ingest/chunk.h"
#include "queue/ingest/pool.h"

#define CHUNK_BYTES	((size_t)256 * 1024)
#define CHUNK_JOINED	((size_t)16 * 1024)	/* each line brings its request */
#define CHUNK_WAITING	((size_t)4 * 1024)	/* and is cut after one line */

struct pipeline {
	const struct pipeline_options *o;
	struct pipeline_progress *progress;
	struct lines	*lines;
	struct batch_requests	*requests;
	struct pool	*pool;
	struct chunk	*chunk;		/* one a slot of the pool */
	size_t		 nchunk;
	struct chunk_worker worker[POOL_WORKERS_MAX];
	unsigned	 workers;
	bool		 waits;		/* for services: a line is a chunk */
	struct error	 read_err;
};

static bool
reader_stopped(void *arg)
{
	struct pipeline *p = arg;

	return (p->o->stop != NULL && *p->o->stop != 0) ||
	    pool_cancelled(p->pool);
}

static void
reader_waiting(void *arg, bool waiting)
{
	struct pipeline *p = arg;

	pool_starve(p->pool, waiting);
}

static void *
reader_main(void *arg)
{
	struct pipeline *p = arg;
	enum status st = STATUS_OK;
	bool more = true;
	size_t slot;

	while (st == STATUS_OK && more && pool_take(p->pool, &slot) &&
	    !reader_stopped(p)) {
		st = lines_next(p->lines, &p->chunk[slot].lines, &more,
		    &p->read_err);
		if (st == STATUS_OK && more)
			pool_put(p->pool);
	}
	pool_put_end(p->pool);
	return NULL;
}

static void
worker_run(void *arg, unsigned worker, size_t slot)
{
	struct pipeline *p = arg;

	chunk_judge(&p->worker[worker], &p->chunk[slot]);
}

static enum status
consume_chunk(struct pipeline *p, struct chunk *c, struct error *err)
{
	const struct pipeline_options *o = p->o;
	enum status st = STATUS_OK;

	p->progress->bytes = c->lines.offset;
	if (c->first != NULL)
		st = o->consume(o->arg, c->first, err);
	if (st == STATUS_OK && c->err.code != STATUS_OK)
		st = error_set(err, c->err.code, "%s", c->err.text);
	chunk_clear(c);
	return st;
}

static enum status
before_waiting(struct pipeline *p, struct error *err)
{
	return p->o->pause == NULL || pool_ready(p->pool) ? STATUS_OK :
	    p->o->pause(p->o->arg, err);
}

static enum status
consume_all(struct pipeline *p, struct error *err)
{
	const struct pipeline_options *o = p->o;
	enum pool_next next = POOL_SLOT;
	enum status st = STATUS_OK;
	size_t slot;

	while (st == STATUS_OK && next != POOL_END) {
		if ((st = before_waiting(p, err)) != STATUS_OK)
			break;
		next = pool_next(p->pool, next == POOL_IDLE, &slot);
		if (next == POOL_SLOT) {
			st = consume_chunk(p, &p->chunk[slot], err);
			pool_release(p->pool);
		} else if (o->idle != NULL)
			st = o->idle(o->arg, err);
	}
	return st;
}

static bool
policy_waits(const struct policy *p)
{
	size_t i;

	for (i = 0; i < p->nguards; i++)
		if (p->guards[i].kind->waits)
			return true;
	return false;
}

static unsigned
worker_count(const struct pipeline_options *o, bool waits)
{
	unsigned n = o->workers != 0 ? o->workers : cores_count();

	return n > POOL_WORKERS_MAX || waits ? POOL_WORKERS_MAX : n;
}

static enum status
input_open(struct pipeline *p, struct error *err)
{
	const struct pipeline_options *o = p->o;
	const struct lines_options lo = {
		.paths = o->paths, .npaths = o->npaths,
		.block = p->waits ? CHUNK_WAITING : o->inputs_path != NULL ?
		    CHUNK_JOINED : CHUNK_BYTES,
		.line_max = ITEM_RECORD_MAX, .single = p->waits,
		.stopped = reader_stopped, .waiting = reader_waiting, .arg = p
	};
	enum status st;

	if ((st = lines_new(&p->lines, &lo, err)) != STATUS_OK)
		return st;
	p->progress->bytes = 0;
	p->progress->total = lines_total(p->lines);
	return o->inputs_path == NULL ? STATUS_OK :
	    batch_requests_load(&p->requests, o->inputs_path, err);
}

static enum status
pipeline_init(struct pipeline *p, struct error *err)
{
	unsigned n = worker_count(p->o, p->waits);
	struct pool_options po = {
		.workers = n, .slots = 4 * (size_t)n + 4, .waits = p->waits,
		.run = worker_run, .arg = p
	};
	enum status st;

	if ((st = input_open(p, err)) != STATUS_OK)
		return st;
	if ((p->chunk = calloc(po.slots, sizeof(*p->chunk))) == NULL)
		return error_nomem(err);
	p->nchunk = po.slots;
	while (p->workers < n) {
		st = chunk_worker_init(&p->worker[p->workers++], p->o,
		    p->requests, err);
		if (st != STATUS_OK)
			return st;
	}
	return pool_new(&p->pool, &po, err);
}

static void
pipeline_release(struct pipeline *p)
{
	size_t i;

	pool_free(p->pool);
	while (p->workers > 0)
		chunk_worker_release(&p->worker[--p->workers]);
	for (i = 0; i < p->nchunk; i++)
		chunk_release(&p->chunk[i]);
	free(p->chunk);
	batch_requests_free(p->requests);
	lines_free(p->lines);
}

/* Runs the reader in a thread of its own. */
static enum status
pipeline_flow(struct pipeline *p, struct error *err)
{
	pthread_t reader;
	enum status st;

	if (pthread_create(&reader, NULL, reader_main, p) != 0)
		return error_set(err, STATUS_NOMEM, "cannot start a thread");
	st = consume_all(p, err);
	pool_cancel(p->pool);
	pthread_join(reader, NULL);
	if (st == STATUS_OK && p->read_err.code != STATUS_OK)
		st = error_set(err, p->read_err.code, "%s", p->read_err.text);
	return st;
}

static enum status
tell_unused(const struct pipeline *p, struct error *err)
{
	struct buf b = BUF_INIT;
	enum status st = STATUS_OK;

	if (p->requests != NULL)
		st = batch_requests_unused(p->requests, &b, err);
	if (st == STATUS_OK && b.n > 0)
		p->o->tell(p->o->arg, buf_str(&b));
	buf_release(&b);
	return st;
}

enum status
pipeline_run(const struct pipeline_options *o,
    struct pipeline_progress *progress, struct error *err)
{
	struct pipeline p = {
		.o = o, .progress = progress, .waits = policy_waits(o->policy)
	};
	enum status st;

	if ((st = pipeline_init(&p, err)) == STATUS_OK)
		st = pipeline_flow(&p, err);
	if (st == STATUS_OK && o->stop != NULL && *o->stop != 0)
		st = STATUS_INTERRUPTED;
	if (st == STATUS_OK)
		st = tell_unused(&p, err);
	pipeline_release(&p);
	return st;
}
