#include "queue/pipeline.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "queue/inputs.h"
#include "queue/source.h"

#define CHUNK_BYTES	((size_t)256 * 1024)
#define CHUNK_JOINED	((size_t)16 * 1024)	/* each line brings its request */
#define CHUNK_WAITING	((size_t)4 * 1024)	/* and is cut after one line */
#define WORKERS_MAX	16u
#define CHUNKS_WAITING	2u	/* done: the consumer has enough to do */
#define STOP_POLL_MS	100

enum chunk_state { CHUNK_FREE, CHUNK_FILLED, CHUNK_DONE };

/* One item or refusal of a chunk. */
struct result {
	struct judged	 judged;	/* first: a list of them is one of results */
	struct item	 item;
	struct verdict	 verdict;
	size_t		 text_at, text_n;
};

/* Whole lines (or, overlong, a piece of one that is refused). */
struct chunk {
	enum chunk_state state;
	char		*bytes;
	size_t		 n, cap;
	const char	*file;
	uint64_t	 line;		/* number of the first line */
	bool		 overlong, more;
	uint64_t	 offset;	/* of all input, once this is consumed */
	struct arena	 arena;
	struct buf	 text;
	struct result	*first, *last;
	struct error	 err;		/* what ended a worker */
};

struct pipeline {
	const struct pipeline_options *o;
	struct source_list list;
	struct inputs	*inputs;
	pthread_mutex_t	 lock;
	pthread_cond_t	 changed;
	struct chunk	*chunk;		/* a ring: filled, worked on, consumed */
	size_t		 nchunk;
	uint64_t	 filled, taken, consumed;	/* chunk counts so far */
	unsigned	 working, workers;
	bool		 eof, cancel;
	bool		 starved;	/* the reader waits for input */
	bool		 waits;		/* for services: a line is a chunk */
	struct error	 read_err;

	/* The reader's own. */
	uint64_t	 before;	/* bytes of the files already done */
	char		*carry;		/* the beginning of a line not yet whole */
	size_t		 ncarry, carry_cap;
};

struct worker {
	struct pipeline	*p;
	struct judge	*judge;
	struct hasher	*hasher;
	struct item_reader reader;
	struct chunk	*chunk;		/* the one in hand */
	struct judged	 at;		/* file, line, record of the one in hand */
	pthread_t	 thread;
};

static bool
stopped(const struct pipeline *p)
{
	return p->cancel || (p->o->stop != NULL && *p->o->stop != 0);
}

static struct result *
result_add(struct worker *w)
{
	struct chunk *c = w->chunk;
	struct result *r = arena_zalloc(&c->arena, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->judged = w->at;
	if (c->first == NULL)
		c->first = r;
	else
		c->last->judged.next = &r->judged;
	c->last = r;
	return r;
}

static void
result_render(struct worker *w, struct result *r)
{
	const struct pipeline_options *o = w->p->o;

	if (o->render == NULL)
		return;
	r->text_at = w->chunk->text.n;
	o->render(o->arg, &w->chunk->text, &r->judged);
	r->text_n = w->chunk->text.n - r->text_at;
}

static enum status
worker_item(void *arg, const struct item *item, struct error *err)
{
	struct worker *w = arg;
	const struct pipeline_options *o = w->p->o;
	struct chunk *c = w->chunk;
	struct result *r;
	enum status st;

	if ((r = result_add(w)) == NULL)
		return error_nomem(err);
	r->item = *item;
	if (o->queue != NULL)
		r->item.queue = slice_of(o->queue);
	r->judged.item = &r->item;
	r->judged.verdict = &r->verdict;
	st = judge_item(w->judge, &r->item, &c->arena, &r->verdict, err);
	if (st != STATUS_OK)
		return st;
	if (o->prepare != NULL)
		st = o->prepare(o->arg, w->hasher, &r->item, &r->verdict,
		    &c->arena, &r->judged.prepared, err);
	if (st == STATUS_OK)
		result_render(w, r);
	return st;
}

static enum status
worker_refuse(struct worker *w, const char *reason, struct error *err)
{
	struct result *r;

	if ((r = result_add(w)) == NULL || (r->judged.refused = arena_str(
	    &w->chunk->arena, slice_of(reason))) == NULL)
		return error_nomem(err);
	result_render(w, r);
	return STATUS_OK;
}

static bool
blank(struct slice line)
{
	size_t i;

	for (i = 0; i < line.n; i++)
		if (line.p[i] != ' ' && line.p[i] != '\t' && line.p[i] != '\r')
			return false;
	return true;
}

static enum status
worker_line(struct worker *w, struct slice line, struct error *err)
{
	struct error why = { 0 };
	enum status st;

	w->at.record = line;
	st = item_read(&w->reader, line, worker_item, w, &why);
	if (st == STATUS_OK)
		return st;
	if (st == STATUS_INVALID)
		return worker_refuse(w, why.text, err);
	return error_set(err, st, "%s:%llu: %s", w->at.file,
	    (unsigned long long)w->at.line, why.text);
}

static enum status
worker_chunk(struct worker *w, struct chunk *c, struct error *err)
{
	static const char bom[] = "\xef\xbb\xbf";
	enum status st = STATUS_OK;
	struct slice line;
	char *p = c->bytes, *end = c->bytes + c->n, *lf;

	w->chunk = c;
	w->at = (struct judged){ .file = c->file, .line = c->line };
	w->reader.arena = &c->arena;
	if (c->overlong) {
		w->at.record = (struct slice){ c->bytes, c->n };
		w->at.more = c->more;
		return worker_refuse(w, c->bytes[0] == '[' ? "the line is over 8 "
		    "MiB; jq -c '.[]' makes a line of each record in it" :
		    "the line is over 8 MiB", err);
	}
	if (c->line == 1 && c->n >= 3 && memcmp(p, bom, 3) == 0)
		p += 3;
	for (; p < end && st == STATUS_OK; p = lf + 1, w->at.line++) {
		if ((lf = memchr(p, '\n', (size_t)(end - p))) == NULL)
			lf = end;
		line = (struct slice){ p, (size_t)(lf - p) };
		if (!blank(line))
			st = worker_line(w, line, err);
	}
	return st == STATUS_OK ? buf_check(&c->text, err) : st;
}

/*
 * May one more worker go to work?  Not the last where chunks that are done wait
 * for the consumer: it then is the slowest, and a core is better left to it.
 */
static bool
worker_wanted(const struct pipeline *p)
{
	uint64_t waiting = p->taken - p->consumed - p->working;

	return p->taken < p->filled && (p->working == 0 ||
	    p->working + 1 < p->workers || waiting < CHUNKS_WAITING);
}

static void *
worker_main(void *arg)
{
	struct worker *w = arg;
	struct pipeline *p = w->p;
	struct chunk *c;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		while (!worker_wanted(p) && !p->cancel &&
		    !(p->eof && p->taken == p->filled))
			pthread_cond_wait(&p->changed, &p->lock);
		if (p->cancel || p->taken == p->filled)
			break;
		c = &p->chunk[p->taken++ % p->nchunk];
		p->working++;
		pthread_mutex_unlock(&p->lock);
		(void)worker_chunk(w, c, &c->err);
		pthread_mutex_lock(&p->lock);
		p->working--;
		c->state = CHUNK_DONE;
		pthread_cond_broadcast(&p->changed);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* The next free chunk, emptied; NULL when the work is to end. */
static struct chunk *
reader_chunk(struct pipeline *p)
{
	struct chunk *c;

	pthread_mutex_lock(&p->lock);
	c = &p->chunk[p->filled % p->nchunk];
	while (c->state != CHUNK_FREE && !p->cancel)
		pthread_cond_wait(&p->changed, &p->lock);
	pthread_mutex_unlock(&p->lock);
	if (stopped(p))
		return NULL;
	c->n = 0;
	c->overlong = c->more = false;
	return c;
}

static void
reader_deliver(struct pipeline *p, struct chunk *c)
{
	pthread_mutex_lock(&p->lock);
	c->state = CHUNK_FILLED;
	p->filled++;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

static enum status
grow(char **p, size_t *cap, size_t want, struct error *err)
{
	char *q;

	if (want <= *cap)
		return STATUS_OK;
	if ((q = realloc(*p, want)) == NULL)
		return error_nomem(err);
	*p = q;
	*cap = want;
	return STATUS_OK;
}

/* Where one file is being read. */
struct reading {
	struct pipeline	*p;
	struct source	*source;
	const char	*file;
	uint64_t	 line;		/* number of the next line */
	bool		 in_overlong;	/* the rest of a refused line goes on */
	bool		 eof;
};

static void
reader_starves(struct pipeline *p, bool starved)
{
	pthread_mutex_lock(&p->lock);
	p->starved = starved;
	if (starved)
		pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

/* Waits for input, and lets the consumer know. */
static enum status
reading_wait(struct reading *r)
{
	bool stop = false;

	reader_starves(r->p, true);
	while (!stop && !source_ready(r->source, STOP_POLL_MS))
		stop = stopped(r->p);
	reader_starves(r->p, false);
	return stop ? STATUS_INTERRUPTED : STATUS_OK;
}

/*
 * Appends what is at hand to the chunk, up to its size; waits only while there
 * is no whole line, so that what has come is judged at once.
 */
static enum status
reading_fill(struct reading *r, struct chunk *c, size_t size, struct error *err)
{
	enum status st;
	size_t got;

	while (c->n < size && !r->eof) {
		if (!source_ready(r->source, 0)) {
			if (memchr(c->bytes, '\n', c->n) != NULL)
				break;
			if ((st = reading_wait(r)) != STATUS_OK)
				return st;
		}
		st = source_read(r->source, c->bytes + c->n, size - c->n, &got,
		    err);
		if (st != STATUS_OK)
			return st;
		r->eof = got == 0;
		c->n += got;
	}
	return STATUS_OK;
}

/* Fills the chunk until it holds a whole line, the file's end, or so much of a
 * line that it is refused. */
static enum status
reading_lines(struct reading *r, struct chunk *c, struct error *err)
{
	struct pipeline *p = r->p;
	size_t size = p->waits ? CHUNK_WAITING : p->inputs != NULL ?
	    CHUNK_JOINED : CHUNK_BYTES;
	enum status st;

	while (size < p->ncarry + 1)
		size *= 2;
	if ((st = grow(&c->bytes, &c->cap, size, err)) != STATUS_OK)
		return st;
	if (p->ncarry > 0)
		memcpy(c->bytes, p->carry, p->ncarry);
	c->n = p->ncarry;
	p->ncarry = 0;
	for (;;) {
		if ((st = reading_fill(r, c, size, err)) != STATUS_OK)
			return st;
		if (r->eof || r->in_overlong || c->n > ITEM_RECORD_MAX ||
		    memchr(c->bytes, '\n', c->n) != NULL)
			return STATUS_OK;
		size = size * 2 > ITEM_RECORD_MAX ? ITEM_RECORD_MAX + 1 :
		    size * 2;
		if ((st = grow(&c->bytes, &c->cap, size, err)) != STATUS_OK)
			return st;
	}
}

static uint64_t
count_lines(const char *p, size_t n)
{
	const char *end = p + n;
	uint64_t lines = 0;

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		lines++;
		p++;
	}
	return lines;
}

/* Leaves whole lines in the chunk and carries the rest over to the next. */
static enum status
reading_cut(struct reading *r, struct chunk *c, struct error *err)
{
	struct pipeline *p = r->p;
	const char *lf;
	size_t keep = c->n;
	enum status st;

	c->line = r->line;
	lf = r->in_overlong || p->waits ? memchr(c->bytes, '\n', c->n) :
	    memrchr(c->bytes, '\n', c->n);
	if (lf != NULL && (r->in_overlong || p->waits || !r->eof))
		keep = (size_t)(lf + 1 - c->bytes);
	c->overlong = r->in_overlong || (lf == NULL && c->n > ITEM_RECORD_MAX);
	c->more = r->in_overlong;
	r->in_overlong = c->overlong && lf == NULL && !r->eof;
	p->ncarry = c->n - keep;
	if ((st = grow(&p->carry, &p->carry_cap, p->ncarry, err)) != STATUS_OK)
		return st;
	if (p->ncarry > 0)
		memcpy(p->carry, c->bytes + keep, p->ncarry);
	c->n = keep;
	r->line += count_lines(c->bytes, c->n);
	if (c->overlong && lf != NULL)
		c->n--;				/* the piece without its LF */
	return STATUS_OK;
}

static enum status
read_file(struct pipeline *p, const char *path, struct error *err)
{
	struct reading r = { .p = p, .file = path, .line = 1 };
	struct chunk *c;
	enum status st;

	if ((st = source_open(&r.source, path, err)) != STATUS_OK)
		return st;
	p->ncarry = 0;
	while (!r.eof || p->ncarry > 0) {
		if ((c = reader_chunk(p)) == NULL) {
			st = STATUS_INTERRUPTED;
			break;
		}
		c->file = path;
		if ((st = reading_lines(&r, c, err)) != STATUS_OK ||
		    (st = reading_cut(&r, c, err)) != STATUS_OK)
			break;
		c->offset = p->before + source_offset(r.source);
		if (c->n > 0 || c->overlong)
			reader_deliver(p, c);
	}
	p->before += source_offset(r.source);
	source_close(r.source);
	return st;
}

static void *
reader_main(void *arg)
{
	struct pipeline *p = arg;
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < p->list.n && st == STATUS_OK; i++)
		st = read_file(p, p->list.path[i], &p->read_err);
	pthread_mutex_lock(&p->lock);
	p->eof = true;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

static enum status
consume_chunk(struct pipeline *p, struct chunk *c, struct error *err)
{
	const struct pipeline_options *o = p->o;
	enum status st = STATUS_OK;
	struct result *r;

	/* Only now does the text grow, and move, no more. */
	for (r = c->first; r != NULL; r = (struct result *)r->judged.next)
		if (r->text_n > 0)
			r->judged.text = (struct slice){
			    c->text.p + r->text_at, r->text_n };
	if (c->first != NULL)
		st = o->consume(o->arg, &c->first->judged, err);
	if (st == STATUS_OK && c->err.code != STATUS_OK)
		st = error_set(err, c->err.code, "%s", c->err.text);
	return st;
}

static void
chunk_clear(struct chunk *c)
{
	arena_reset(&c->arena);
	buf_clear(&c->text);
	c->first = c->last = NULL;
	c->err.code = STATUS_OK;
}

enum next { NEXT_CHUNK, NEXT_IDLE, NEXT_END };

/* Is there nothing to consume before others have done their part? */
static bool
nothing_at_hand(const struct pipeline *p)
{
	/* What is under way is soon done, unless it waits for a service. */
	return p->waits || (p->starved && p->consumed == p->filled);
}

/* Waits for the chunk that is next in order, or for a reason to be idle. */
static enum next
next_done(struct pipeline *p, bool idled)
{
	const struct chunk *c = &p->chunk[p->consumed % p->nchunk];
	enum next next = NEXT_CHUNK;

	pthread_mutex_lock(&p->lock);
	while (c->state != CHUNK_DONE) {
		if (p->eof && p->consumed == p->filled)
			next = NEXT_END;
		else if (!idled && nothing_at_hand(p))
			next = NEXT_IDLE;
		if (next != NEXT_CHUNK)
			break;
		pthread_cond_wait(&p->changed, &p->lock);
	}
	pthread_mutex_unlock(&p->lock);
	return next;
}

static enum status
consume_next(struct pipeline *p, struct pipeline_progress *progress,
    struct error *err)
{
	struct chunk *c = &p->chunk[p->consumed % p->nchunk];
	enum status st;

	progress->bytes = c->offset;
	st = consume_chunk(p, c, err);
	chunk_clear(c);
	pthread_mutex_lock(&p->lock);
	c->state = CHUNK_FREE;
	p->consumed++;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
	return st;
}

static enum status
consume_all(struct pipeline *p, struct pipeline_progress *progress,
    struct error *err)
{
	const struct pipeline_options *o = p->o;
	enum status st = STATUS_OK;
	enum next next = NEXT_CHUNK;

	while (st == STATUS_OK && next != NEXT_END) {
		next = next_done(p, next == NEXT_IDLE);
		if (next == NEXT_CHUNK)
			st = consume_next(p, progress, err);
		else if (o->idle != NULL)
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
worker_count(const struct pipeline_options *o)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned n = o->workers != 0 ? o->workers : (unsigned)(cores < 1 ? 1 :
	    cores);

	return n > WORKERS_MAX || policy_waits(o->policy) ? WORKERS_MAX : n;
}

static enum status
pipeline_init(struct pipeline *p, const struct pipeline_options *o,
    unsigned workers, struct error *err)
{
	enum status st;
	size_t i;

	memset(p, 0, sizeof(*p));
	p->o = o;
	p->waits = policy_waits(o->policy);
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->changed, NULL);
	if ((st = source_list_make(&p->list, o->paths, o->npaths, err)) !=
	    STATUS_OK)
		return st;
	if (o->inputs_path != NULL && (st = inputs_load(&p->inputs,
	    o->inputs_path, err)) != STATUS_OK)
		return st;
	p->workers = workers;
	p->nchunk = 4 * (size_t)workers + 4;
	if ((p->chunk = calloc(p->nchunk, sizeof(*p->chunk))) == NULL)
		return error_nomem(err);
	for (i = 0; i < p->nchunk; i++)
		chunk_clear(&p->chunk[i]);
	return STATUS_OK;
}

static void
pipeline_release(struct pipeline *p)
{
	size_t i;

	for (i = 0; p->chunk != NULL && i < p->nchunk; i++) {
		free(p->chunk[i].bytes);
		arena_release(&p->chunk[i].arena);
		buf_release(&p->chunk[i].text);
	}
	free(p->chunk);
	free(p->carry);
	inputs_free(p->inputs);
	source_list_release(&p->list);
	pthread_cond_destroy(&p->changed);
	pthread_mutex_destroy(&p->lock);
}

static void
pipeline_cancel(struct pipeline *p)
{
	pthread_mutex_lock(&p->lock);
	p->cancel = true;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

static void
worker_release(struct worker *w)
{
	judge_free(w->judge);
	hasher_free(w->hasher);
	item_reader_release(&w->reader);
}

static enum status
worker_start(struct worker *w, struct pipeline *p, struct error *err)
{
	enum status st;

	w->p = p;
	w->reader.format = p->o->format;
	if (p->inputs != NULL) {
		w->reader.inputs = inputs_find;
		w->reader.inputs_arg = p->inputs;
	}
	if ((st = hasher_new(&w->hasher, err)) == STATUS_OK &&
	    (st = judge_new(&w->judge, p->o->policy, &p->o->judge, err)) ==
	    STATUS_OK && pthread_create(&w->thread, NULL, worker_main, w) != 0)
		st = error_set(err, STATUS_NOMEM, "cannot start a thread");
	if (st != STATUS_OK)
		worker_release(w);
	return st;
}

enum status
pipeline_run(const struct pipeline_options *o,
    struct pipeline_progress *progress, struct error *err)
{
	struct worker worker[WORKERS_MAX];
	struct pipeline p;
	unsigned i, started = 0, n = worker_count(o);
	bool reading = false;
	pthread_t reader;
	enum status st;

	memset(worker, 0, sizeof(worker));
	if ((st = pipeline_init(&p, o, n, err)) != STATUS_OK)
		goto done;
	progress->bytes = 0;
	progress->total = p.list.bytes;
	for (; started < n; started++)
		if ((st = worker_start(&worker[started], &p, err)) != STATUS_OK)
			goto done;
	if (pthread_create(&reader, NULL, reader_main, &p) != 0) {
		st = error_set(err, STATUS_NOMEM, "cannot start a thread");
		goto done;
	}
	reading = true;
	st = consume_all(&p, progress, err);
done:
	pipeline_cancel(&p);
	if (reading)
		pthread_join(reader, NULL);
	for (i = 0; i < started; i++) {
		pthread_join(worker[i].thread, NULL);
		worker_release(&worker[i]);
	}
	if (st == STATUS_OK && p.read_err.code != STATUS_OK)
		st = error_set(err, p.read_err.code, "%s", p.read_err.text);
	if (st == STATUS_OK && o->stop != NULL && *o->stop != 0)
		st = STATUS_INTERRUPTED;
	pipeline_release(&p);
	return st;
}
