#include "db/audit/verify_content.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/item/snippet.h"

#define PARCEL_BYTES	((size_t)1 << 20)
#define PARCEL_JOBS	2048

/* What a job's bytes are, one after the other. */
enum content_piece {
	PIECE_NAME, PIECE_PART, PIECE_SHAPE = PIECE_PART + CONTENT_PARTS,
	PIECE_SNIPPET, PIECE_COUNT
};

struct job {
	size_t		at, n[PIECE_COUNT];	/* in the parcel's bytes */
	enum content_what what;
	int64_t		seq;
	uint32_t	choice, mapping;
	struct hash	want;
	bool		words;			/* are compared */
	bool		bad, bad_words;
};

struct parcel {
	struct buf	bytes;		/* the pieces, job by job */
	struct job	jobs[PARCEL_JOBS];
	size_t		n;
};

/* What hashes and reads. */
struct content_reader {
	struct hasher	*hasher;
	struct item_reader reader;
	struct arena	 arena;
	bool		 nomem;
};

struct contents {
	struct parcel	parcel[2];	/* one is filled, one is hashed */
	int		fill;
	struct content_reader reader;	/* the thread's */
	pthread_t	thread;
	bool		threaded;	/* else everything is done here ... */
	bool		at_once;	/* ... and nothing is kept for later */
	pthread_mutex_t	lock;
	pthread_cond_t	changed;
	bool		busy, quit;	/* busy: the thread has the other parcel */
};

static void
job_pieces(const struct parcel *b, const struct job *j,
    struct slice piece[PIECE_COUNT])
{
	const char *p = b->bytes.p + j->at;
	size_t k;

	for (k = 0; k < PIECE_COUNT; p += j->n[k++])
		piece[k] = (struct slice){ p, j->n[k] };
}

/* What is absent has no bytes either. */
static struct slice
text_or_none(struct slice s)
{
	return s.n > 0 ? s : SLICE_NONE;
}

/* Are these the first words of the output that the record has? */
static bool
words_same(struct content_reader *r, const struct job *j,
    const struct slice piece[PIECE_COUNT])
{
	const struct item_stored stored = { .record = piece[PIECE_PART + 1],
	    .input = text_or_none(piece[PIECE_PART + 2]),
	    .shape = text_or_none(piece[PIECE_SHAPE]), .choice = j->choice,
	    .mapping = j->mapping };
	struct error why = { 0 };
	struct item item;
	struct slice words = SLICE_NONE;

	arena_reset(&r->arena);
	if (item_reread(&r->reader, &stored, &item, &why) == STATUS_OK &&
	    (words = snippet_make(item.output, &r->arena)).p == NULL)
		why.code = STATUS_NOMEM;
	r->nomem |= why.code == STATUS_NOMEM;
	return why.code == STATUS_OK && slice_eq(words, piece[PIECE_SNIPPET]);
}

static void
job_hash(struct content_reader *r, struct job *j,
    const struct slice piece[PIECE_COUNT])
{
	struct hash h;

	hash_parts(r->hasher, piece + PIECE_PART, CONTENT_PARTS, &h);
	j->bad = !hash_eq(&h, &j->want);
	j->bad_words = !j->bad && j->words && !words_same(r, j, piece);
}

static void
parcel_hash(struct parcel *b, struct content_reader *r)
{
	struct slice piece[PIECE_COUNT];
	size_t i;

	for (i = 0; i < b->n; i++) {
		job_pieces(b, &b->jobs[i], piece);
		job_hash(r, &b->jobs[i], piece);
	}
}

static void *
contents_main(void *arg)
{
	struct contents *c = arg;

	(void)pthread_mutex_lock(&c->lock);
	for (;;) {
		while (!c->busy && !c->quit)
			(void)pthread_cond_wait(&c->changed, &c->lock);
		if (!c->busy)
			break;
		(void)pthread_mutex_unlock(&c->lock);
		parcel_hash(&c->parcel[1 - c->fill], &c->reader);
		(void)pthread_mutex_lock(&c->lock);
		c->busy = false;
		(void)pthread_cond_broadcast(&c->changed);
	}
	(void)pthread_mutex_unlock(&c->lock);
	return NULL;
}

enum status
contents_new(struct contents **out, bool threaded, struct error *err)
{
	struct contents *c = calloc(1, sizeof(*c));
	enum status st;

	*out = NULL;
	if (c == NULL)
		return error_nomem(err);
	if ((st = hasher_new(&c->reader.hasher, err)) != STATUS_OK) {
		free(c);
		return st;
	}
	c->reader.reader.arena = &c->reader.arena;
	(void)pthread_mutex_init(&c->lock, NULL);
	(void)pthread_cond_init(&c->changed, NULL);
	buf_init(&c->parcel[0].bytes);
	buf_init(&c->parcel[1].bytes);
	c->at_once = !threaded;
	c->threaded = threaded && pthread_create(&c->thread, NULL, contents_main, c) == 0;
	*out = c;
	return STATUS_OK;
}

static void
job_tell(struct verify *v, struct slice name, const struct job *j)
{
	static const char *const says[CONTENT_WHAT_COUNT] = {
		[CONTENT_RECORD] = "its record is not the one that was taken in",
		[CONTENT_ROW] = "a column that it is listed or counted by is not "
		    "that which leaf %lld binds",
		[CONTENT_FINDINGS] = "its findings are not those which leaf %lld "
		    "binds"
	};
	char line[128];

	(void)snprintf(line, sizeof(line), says[j->what], (long long)j->seq);
	if (j->bad)
		verify_problem(v, "item %.*s: %s", SLICE_ARG(name), line);
	if (j->bad_words)
		verify_problem(v, "item %.*s: its first words are not those of "
		    "its output", SLICE_ARG(name));
}

/* Waits until the thread is idle, and reports what it found. */
static enum status
parcel_take(struct contents *c, struct verify *v, struct error *err)
{
	struct parcel *b = &c->parcel[1 - c->fill];
	size_t i;

	(void)pthread_mutex_lock(&c->lock);
	while (c->busy)
		(void)pthread_cond_wait(&c->changed, &c->lock);
	(void)pthread_mutex_unlock(&c->lock);
	if (c->reader.nomem)
		return error_nomem(err);
	for (i = 0; i < b->n; i++)
		job_tell(v, (struct slice){ b->bytes.p + b->jobs[i].at,
		    b->jobs[i].n[PIECE_NAME] }, &b->jobs[i]);
	b->n = 0;
	buf_clear(&b->bytes);
	return STATUS_OK;
}

static enum status
parcel_give(struct contents *c, struct verify *v, struct error *err)
{
	enum status st = parcel_take(c, v, err);

	if (st != STATUS_OK)
		return st;
	(void)pthread_mutex_lock(&c->lock);
	c->fill = 1 - c->fill;
	c->busy = c->threaded;
	(void)pthread_cond_broadcast(&c->changed);
	(void)pthread_mutex_unlock(&c->lock);
	if (!c->threaded)
		parcel_hash(&c->parcel[1 - c->fill], &c->reader);
	return STATUS_OK;
}

static void
job_add(struct parcel *b, struct job *j, size_t piece, struct slice s)
{
	j->n[piece] = s.p == NULL ? 0 : s.n;
	buf_add_slice(&b->bytes, s);
}

static void
job_begin(struct job *j, const struct content *one)
{
	memset(j, 0, sizeof(*j));
	j->what = one->what;
	j->seq = one->seq;
	j->choice = one->choice;
	j->mapping = one->mapping;
	j->words = one->snippet.p != NULL;
	/* A hash of another length is equal to none: nothing hashes to zeros. */
	if (one->want.n == HASH_LEN)
		memcpy(j->want.b, one->want.p, HASH_LEN);
}

/* Pieces as they lie where they were read. */
static enum status
content_at_once(struct contents *c, struct verify *v, const struct content *one,
    struct error *err)
{
	struct slice piece[PIECE_COUNT];
	struct job j;

	job_begin(&j, one);
	memcpy(piece + PIECE_PART, one->part, sizeof(one->part));
	piece[PIECE_SHAPE] = one->shape;
	piece[PIECE_SNIPPET] = one->snippet;
	job_hash(&c->reader, &j, piece);
	if (c->reader.nomem)
		return error_nomem(err);
	job_tell(v, one->name, &j);
	return STATUS_OK;
}

enum status
contents_add(struct contents *c, struct verify *v, const struct content *one,
    struct error *err)
{
	struct parcel *b = &c->parcel[c->fill];
	struct job *j = &b->jobs[b->n];
	size_t k;

	if (c->at_once)
		return content_at_once(c, v, one, err);
	job_begin(j, one);
	j->at = b->bytes.n;
	job_add(b, j, PIECE_NAME, one->name);
	for (k = 0; k < CONTENT_PARTS; k++)
		job_add(b, j, PIECE_PART + k, one->part[k]);
	job_add(b, j, PIECE_SHAPE, one->shape);
	job_add(b, j, PIECE_SNIPPET, one->snippet);
	if (b->bytes.failed)
		return buf_check(&b->bytes, err);
	b->n++;
	return b->n == PARCEL_JOBS || b->bytes.n >= PARCEL_BYTES ?
	    parcel_give(c, v, err) : STATUS_OK;
}

enum status
contents_end(struct contents *c, struct verify *v, struct error *err)
{
	enum status st = parcel_give(c, v, err);

	return st == STATUS_OK ? parcel_take(c, v, err) : st;
}

void
contents_free(struct contents *c)
{
	if (c == NULL)
		return;
	if (c->threaded) {
		(void)pthread_mutex_lock(&c->lock);
		c->quit = true;
		(void)pthread_cond_broadcast(&c->changed);
		(void)pthread_mutex_unlock(&c->lock);
		(void)pthread_join(c->thread, NULL);
	}
	(void)pthread_mutex_destroy(&c->lock);
	(void)pthread_cond_destroy(&c->changed);
	hasher_free(c->reader.hasher);
	item_reader_release(&c->reader.reader);
	arena_release(&c->reader.arena);
	buf_release(&c->parcel[0].bytes);
	buf_release(&c->parcel[1].bytes);
	free(c);
}
