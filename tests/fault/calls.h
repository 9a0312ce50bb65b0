/*
 * One call of a run fails: a query, a transaction's begin or end, an allocation, a
 * system call.  Each does so once for every way of functions that leads to it.
 */
#ifndef TESTS_FAULT_CALLS_H
#define TESTS_FAULT_CALLS_H

#include <errno.h>
#include <execinfo.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "core/base/arena.h"
#include "core/base/hash.h"
#include "db/audit/audit.h"
#include "db/engine/engine.h"
#include "db/query.h"
#include "db/schema.h"

#define WHY		"a call was made to fail"
#define WAY		8	/* functions of a way that are told apart, at most */
#define WAYS_MAX	20000

/* The ways on which a call failed already; one call of a run fails. */
static uint64_t way[WAYS_MAX];
static size_t nways;
static int way_depth;
static bool armed, failed;
static _Thread_local bool opening;
/* Calls of this run, and how many of them went the known ways in the last. */
static size_t ncalls, known_calls;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static bool
way_is_new(void)
{
	void *at[WAY + 2];
	int i, n = backtrace(at, way_depth + 2);
	uint64_t h = 14695981039346656037u;
	size_t k;

	for (i = 2; i < n; i++)
		h = (h ^ (uintptr_t)at[i]) * 1099511628211u;
	for (k = 0; k < nways; k++)
		if (way[k] == h)
			return false;
	if (nways == WAYS_MAX)
		abort();
	way[nways++] = h;
	return true;
}

static __attribute__((noinline)) bool
refused(void)
{
	bool no;

	if (!armed || failed || opening)
		return false;
	(void)pthread_mutex_lock(&mutex);
	no = !failed && ++ncalls > known_calls && way_is_new();
	if (no)
		known_calls = ncalls;
	failed |= no;
	(void)pthread_mutex_unlock(&mutex);
	if (no)
		errno = EIO;
	return no;
}

/* The linker puts __wrap_F where F is called (CALLS_WRAP in the Makefile). */
#define WRAP(type, f, takes, gives, no)					\
type __real_##f takes;							\
type __wrap_##f takes;							\
type __wrap_##f takes							\
{									\
	return refused() ? (no) : __real_##f gives;			\
}
#define WRAP_STATUS(f, takes, gives)					\
	WRAP(enum status, f, takes, gives, error_set(err, STATUS_IO, WHY))
/* ... whose first parameter is NULL then. */
#define WRAP_NEW(f, takes, gives, out)					\
	WRAP(enum status, f, takes, gives,				\
	    (*(out) = NULL, error_set(err, STATUS_IO, WHY)))

WRAP(void *, malloc, (size_t n), (n), NULL)
WRAP(void *, calloc, (size_t n, size_t size), (n, size), NULL)
WRAP(void *, realloc, (void *p, size_t n), (p, n), NULL)
WRAP(char *, strdup, (const char *s), (s), NULL)
WRAP(char *, strndup, (const char *s, size_t n), (s, n), NULL)
WRAP(void *, arena_alloc, (struct arena *a, size_t n), (a, n), NULL)
WRAP(void *, arena_zalloc, (struct arena *a, size_t n), (a, n), NULL)
WRAP(void *, arena_copy, (struct arena *a, const void *p, size_t n), (a, p, n), NULL)
WRAP(char *, arena_str, (struct arena *a, struct slice s), (a, s), NULL)
WRAP(bool, buf_grow, (struct buf *b, size_t n), (b, n), !(b->failed = true))
WRAP(enum status, buf_check, (const struct buf *b, struct error *err), (b, err),
    error_nomem(err))
WRAP(enum status, hasher_new, (struct hasher **h, struct error *err), (h, err),
    (*h = NULL, error_nomem(err)))
WRAP_STATUS(store_begin, (struct store *s, enum durability d, struct error *err),
    (s, d, err))
WRAP_STATUS(store_begin_read, (struct store *s, struct error *err), (s, err))
WRAP_STATUS(store_random, (void *p, size_t n, struct error *err), (p, n, err))
WRAP_STATUS(schema_check, (struct store *s, schema_fn *fn, void *arg, struct error *err),
    (s, fn, arg, err))
WRAP_STATUS(batch_run, (const struct batch *b, struct store *s, enum query_id id,
    size_t *n, struct error *err), (b, s, id, n, err))
static char *
no_path(void)
{
	errno = ENOMEM;
	return NULL;
}

WRAP(char *, realpath, (const char *p, char *out), (p, out), no_path())
WRAP(int, flock, (int fd, int how), (fd, how), -1)
WRAP_STATUS(audit_content, (struct store *s, struct slice salt, const struct slice *p,
    size_t n, struct hash *h, struct error *err), (s, salt, p, n, h, err))
WRAP(int, fstat, (int fd, struct stat *st), (fd, st), -1)
WRAP(int, fsync, (int fd), (fd), -1)
WRAP(int, rename, (const char *a, const char *b), (a, b), -1)
WRAP(ssize_t, read, (int fd, void *p, size_t n), (fd, p, n), -1)
WRAP(ssize_t, write, (int fd, const void *p, size_t n), (fd, p, n), -1)
WRAP(int, pthread_create, (pthread_t *t, const pthread_attr_t *a, void *(*fn)(void *),
    void *arg), (t, a, fn, arg), EAGAIN)
WRAP(EVP_MD_CTX *, EVP_MD_CTX_new, (void), (), NULL)
WRAP(EVP_PKEY *, EVP_PKEY_new_raw_public_key, (int t, ENGINE *e, const unsigned char *p,
    size_t n), (t, e, p, n), NULL)
WRAP(EVP_PKEY *, EVP_PKEY_new_raw_private_key, (int t, ENGINE *e, const unsigned char *p,
    size_t n), (t, e, p, n), NULL)
WRAP(int, EVP_PKEY_get_raw_public_key, (const EVP_PKEY *k, unsigned char *p, size_t *n),
    (k, p, n), 0)
WRAP(int, EVP_DigestSignInit, (EVP_MD_CTX *c, EVP_PKEY_CTX **pc, const EVP_MD *md,
    ENGINE *e, EVP_PKEY *k), (c, pc, md, e, k), 0)
WRAP(int, EVP_DigestVerifyInit, (EVP_MD_CTX *c, EVP_PKEY_CTX **pc, const EVP_MD *md,
    ENGINE *e, EVP_PKEY *k), (c, pc, md, e, k), 0)

/* What ends a transaction is prepared before it begins, and cannot be refused. */
static bool
query_ends(const struct query *q)
{
	const struct sql_text *all = q->store->engine->queries;

	return q->sql == &all[QUERY_STORE_COMMIT] || q->sql == &all[QUERY_STORE_ROLLBACK];
}

/* Those that leave something behind where they fail, as db/query.h says. */
#define WRAP_QUERY(f, takes, gives)					\
enum status __real_##f takes;						\
enum status __wrap_##f takes;						\
enum status __wrap_##f takes						\
{									\
	if (query_ends(q) || !refused())				\
		return __real_##f gives;				\
	query_done(q);							\
	return error_set(err, STATUS_IO, WHY);				\
}
WRAP_QUERY(query_step, (struct query *q, bool *row, struct error *err), (q, row, err))
WRAP_QUERY(query_row, (struct query *q, struct error *err), (q, err))
WRAP_QUERY(query_run, (struct query *q, struct error *err), (q, err))

enum status __real_query_get(struct query **, struct store *, enum query_id,
    struct error *);
enum status __wrap_query_get(struct query **, struct store *, enum query_id,
    struct error *);
enum status
__wrap_query_get(struct query **q, struct store *s, enum query_id id, struct error *err)
{
	if ((s->kept[id] != NULL && query_ends(s->kept[id])) || !refused())
		return __real_query_get(q, s, id, err);
	*q = NULL;
	return error_set(err, STATUS_IO, WHY);
}
WRAP_NEW(query_new_where, (struct query **q, struct store *s, enum query_id id,
    const char *where, struct error *err), (q, s, id, where, err), q)

/* To open a store fails as a whole. */
enum status __real_store_open(struct store **, const char *, const struct store_options *,
    bool *, struct error *);
enum status __wrap_store_open(struct store **, const char *, const struct store_options *,
    bool *, struct error *);
enum status
__wrap_store_open(struct store **s, const char *path, const struct store_options *o,
    bool *created, struct error *err)
{
	enum status st;

	*s = NULL;
	if (refused())
		return error_set(err, STATUS_IO, WHY);
	opening = true;
	st = __real_store_open(s, path, o, created, err);
	opening = false;
	return st;
}

enum status __real_store_commit(struct store *, struct error *);
enum status __wrap_store_commit(struct store *, struct error *);
enum status
__wrap_store_commit(struct store *s, struct error *err)
{
	if (!refused())
		return __real_store_commit(s, err);
	store_rollback(s);
	return error_set(err, STATUS_IO, WHY);
}

#endif
