#include "db/sqlite/checkpoint.h"

#include <pthread.h>
#include <stdlib.h>

#include "db/sqlite/handle.h"

enum errand { ERRAND_NONE, ERRAND_PASS, ERRAND_SYNC, ERRAND_END };

struct checkpointer {
	sqlite3		*db;
	pthread_t	 thread;
	pthread_mutex_t	 lock;
	pthread_cond_t	 changed;
	enum errand	 errand;
	int		 done;		/* pages, of the last pass */
	bool		 pinned;
	bool		 failed;	/* to have something on the disk */
	sqlite3_file	*store, *wal;	/* of the connection, once pinned */
};

/*
 * What the disk refuses is told once to each descriptor that was open then, and never
 * to one that is opened later: who finishes the checkpoint need not learn of it.  So
 * nothing more of this -wal may be counted as done (checkpointer_failed()).
 */
static bool
sync_file(sqlite3_file *f)
{
	return f->pMethods != NULL && f->pMethods->xSync(f, SQLITE_SYNC_NORMAL |
	    SQLITE_SYNC_DATAONLY) == SQLITE_OK;
}

static int
pass(struct checkpointer *c, bool *synced)
{
	int pages = -1, done = -1;

	/* Any other failure is none of the transaction's; the next pass tries again. */
	*synced = sqlite3_wal_checkpoint_v2(c->db, NULL, SQLITE_CHECKPOINT_PASSIVE,
	    &pages, &done) != SQLITE_IOERR_FSYNC;
	return done;
}

static void *
checkpointer_main(void *arg)
{
	struct checkpointer *c = arg;
	enum errand errand;
	bool synced = true;
	int done = -1;

	pthread_mutex_lock(&c->lock);
	for (;;) {
		while (c->errand == ERRAND_NONE)
			pthread_cond_wait(&c->changed, &c->lock);
		if ((errand = c->errand) == ERRAND_END)
			break;
		pthread_mutex_unlock(&c->lock);
		if (errand == ERRAND_PASS)
			done = pass(c, &synced);
		else
			synced = sync_file(c->store);
		pthread_mutex_lock(&c->lock);
		c->failed |= !synced;
		c->done = done;
		c->errand = ERRAND_NONE;
		pthread_cond_broadcast(&c->changed);
	}
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

static int
connect(struct checkpointer *c, const char *path)
{
	char *p = store_sqlite_path(path);
	int rc;

	if (p == NULL)
		return SQLITE_NOMEM;
	rc = sqlite3_open_v2(p, &c->db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	free(p);
	if (rc == SQLITE_OK)
		rc = sqlite3_db_config(c->db,
		    SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	return rc != SQLITE_OK ? rc : sqlite3_exec(c->db,
	    "PRAGMA mmap_size=0; PRAGMA synchronous=NORMAL;", NULL, NULL,
	    NULL);
}

struct checkpointer *
checkpointer_new(const char *path)
{
	struct checkpointer *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->changed, NULL);
	if (connect(c, path) == SQLITE_OK &&
	    pthread_create(&c->thread, NULL, checkpointer_main, c) == 0)
		return c;
	(void)sqlite3_close(c->db);
	pthread_cond_destroy(&c->changed);
	pthread_mutex_destroy(&c->lock);
	free(c);
	return NULL;
}

static void
send(struct checkpointer *c, enum errand errand)
{
	pthread_mutex_lock(&c->lock);
	c->errand = errand;
	pthread_cond_broadcast(&c->changed);
	pthread_mutex_unlock(&c->lock);
}

void
checkpointer_go(struct checkpointer *c)
{
	send(c, ERRAND_PASS);
}

void
checkpointer_pin(struct checkpointer *c)
{
	c->pinned = sqlite3_exec(c->db, "BEGIN; SELECT 1 FROM sqlite_schema "
	    "LIMIT 1", NULL, NULL, NULL) == SQLITE_OK &&
	    sqlite3_file_control(c->db, "main", SQLITE_FCNTL_FILE_POINTER,
	    &c->store) == SQLITE_OK &&
	    sqlite3_file_control(c->db, "main", SQLITE_FCNTL_JOURNAL_POINTER,
	    &c->wal) == SQLITE_OK;
	if (!c->pinned)
		(void)sqlite3_exec(c->db, "END", NULL, NULL, NULL);
}

bool
checkpointer_pinned(const struct checkpointer *c)
{
	return c != NULL && c->pinned;
}

void
checkpointer_unpin(struct checkpointer *c)
{
	if (!checkpointer_pinned(c))
		return;
	(void)sqlite3_exec(c->db, "END", NULL, NULL, NULL);
	c->pinned = false;
}

void
checkpointer_fail(struct checkpointer *c)
{
	if (c == NULL)
		return;
	pthread_mutex_lock(&c->lock);
	c->failed = true;
	pthread_mutex_unlock(&c->lock);
}

bool
checkpointer_failed(struct checkpointer *c)
{
	bool failed;

	if (c == NULL)
		return false;
	pthread_mutex_lock(&c->lock);
	failed = c->failed;
	pthread_mutex_unlock(&c->lock);
	return failed;
}

void
checkpointer_sync_wal(struct checkpointer *c)
{
	if (!sync_file(c->wal))
		checkpointer_fail(c);
}

void
checkpointer_sync_store(struct checkpointer *c)
{
	send(c, ERRAND_SYNC);
}

bool
checkpointer_idle(struct checkpointer *c)
{
	bool idle;

	pthread_mutex_lock(&c->lock);
	idle = c->errand == ERRAND_NONE && !c->failed;
	pthread_mutex_unlock(&c->lock);
	return idle;
}

bool
checkpointer_busy(struct checkpointer *c)
{
	bool busy;

	pthread_mutex_lock(&c->lock);
	busy = c->errand != ERRAND_NONE;
	pthread_mutex_unlock(&c->lock);
	return busy;
}

int
checkpointer_wait(struct checkpointer *c)
{
	int done;

	pthread_mutex_lock(&c->lock);
	while (c->errand != ERRAND_NONE)
		pthread_cond_wait(&c->changed, &c->lock);
	done = c->done;
	pthread_mutex_unlock(&c->lock);
	return done;
}

void
checkpointer_free(struct checkpointer *c)
{
	if (c == NULL)
		return;
	(void)checkpointer_wait(c);
	send(c, ERRAND_END);
	(void)pthread_join(c->thread, NULL);
	(void)sqlite3_close(c->db);
	pthread_cond_destroy(&c->changed);
	pthread_mutex_destroy(&c->lock);
	free(c);
}
