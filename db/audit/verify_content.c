#include "db/audit/verify_content.h"

#include <pthread.h>
#include <stdlib.h>

#define PARCEL_BYTES	((size_t)1 << 20)
#define PARCEL_JOBS	2048

struct job {
	size_t		at;			/* in the parcel's bytes */
	size_t		name_n, n[CONTENT_PARTS];
	struct hash	want;
	bool		bad;
};

struct parcel {
	struct buf	bytes;		/* a name and its parts, job by job */
	struct job	jobs[PARCEL_JOBS];
	size_t		n;
};

struct contents {
	struct parcel	parcel[2];	/* one is filled, one is hashed */
	int		fill;
	struct hasher	*hasher;	/* the thread's */
	pthread_t	thread;
	bool		threaded;	/* else everything is done here */
	pthread_mutex_t	lock;
	pthread_cond_t	changed;
	bool		busy, quit;	/* busy: the thread has the other parcel */
};

static void
parcel_hash(struct parcel *b, struct hasher *hasher)
{
	struct slice parts[CONTENT_PARTS];
	struct hash h;
	const char *p;
	struct job *j;
	size_t i, k;

	for (i = 0; i < b->n; i++) {
		j = &b->jobs[i];
		p = b->bytes.p + j->at + j->name_n;
		for (k = 0; k < CONTENT_PARTS; p += j->n[k++])
			parts[k] = (struct slice){ p, j->n[k] };
		hash_parts(hasher, parts, CONTENT_PARTS, &h);
		j->bad = !hash_eq(&h, &j->want);
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
		parcel_hash(&c->parcel[1 - c->fill], c->hasher);
		(void)pthread_mutex_lock(&c->lock);
		c->busy = false;
		(void)pthread_cond_broadcast(&c->changed);
	}
	(void)pthread_mutex_unlock(&c->lock);
	return NULL;
}

enum status
contents_new(struct contents **out, struct error *err)
{
	struct contents *c = calloc(1, sizeof(*c));
	enum status st;

	*out = NULL;
	if (c == NULL)
		return error_nomem(err);
	if ((st = hasher_new(&c->hasher, err)) != STATUS_OK) {
		free(c);
		return st;
	}
	(void)pthread_mutex_init(&c->lock, NULL);
	(void)pthread_cond_init(&c->changed, NULL);
	buf_init(&c->parcel[0].bytes);
	buf_init(&c->parcel[1].bytes);
	c->threaded = pthread_create(&c->thread, NULL, contents_main, c) == 0;
	*out = c;
	return STATUS_OK;
}

/* Waits until the thread is idle, and reports what it found. */
static void
parcel_take(struct contents *c, struct verify *v)
{
	struct parcel *b = &c->parcel[1 - c->fill];
	const struct job *j;
	size_t i;

	(void)pthread_mutex_lock(&c->lock);
	while (c->busy)
		(void)pthread_cond_wait(&c->changed, &c->lock);
	(void)pthread_mutex_unlock(&c->lock);
	for (i = 0; i < b->n; i++) {
		j = &b->jobs[i];
		if (j->bad)
			verify_problem(v, "item %.*s: its record is not the one "
			    "that was taken in", (int)j->name_n,
			    b->bytes.p + j->at);
	}
	b->n = 0;
	buf_clear(&b->bytes);
}

static void
parcel_give(struct contents *c, struct verify *v)
{
	parcel_take(c, v);
	(void)pthread_mutex_lock(&c->lock);
	c->fill = 1 - c->fill;
	c->busy = c->threaded;
	(void)pthread_cond_broadcast(&c->changed);
	(void)pthread_mutex_unlock(&c->lock);
	if (!c->threaded)
		parcel_hash(&c->parcel[1 - c->fill], c->hasher);
}

enum status
contents_add(struct contents *c, struct verify *v, struct slice name,
    const struct slice parts[CONTENT_PARTS], struct slice want,
    struct error *err)
{
	struct parcel *b = &c->parcel[c->fill];
	struct job *j = &b->jobs[b->n];
	size_t k;

	memset(j, 0, sizeof(*j));
	j->at = b->bytes.n;
	j->name_n = name.n;
	/* A hash of another length is equal to none: nothing hashes to zeros. */
	if (want.n == HASH_LEN)
		memcpy(j->want.b, want.p, HASH_LEN);
	buf_add_slice(&b->bytes, name);
	for (k = 0; k < CONTENT_PARTS; k++) {
		j->n[k] = parts[k].p == NULL ? 0 : parts[k].n;
		buf_add_slice(&b->bytes, parts[k]);
	}
	if (b->bytes.failed)
		return buf_check(&b->bytes, err);
	b->n++;
	if (b->n == PARCEL_JOBS || b->bytes.n >= PARCEL_BYTES)
		parcel_give(c, v);
	return STATUS_OK;
}

void
contents_end(struct contents *c, struct verify *v)
{
	parcel_give(c, v);
	parcel_take(c, v);
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
	hasher_free(c->hasher);
	buf_release(&c->parcel[0].bytes);
	buf_release(&c->parcel[1].bytes);
	free(c);
}
