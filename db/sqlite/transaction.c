#include "db/sqlite/transaction.h"

#include <time.h>

#include "db/clock.h"
#include "db/query.h"
#include "db/sqlite/handle.h"
#include "db/sqlite/migrate.h"
#include "db/sqlite/place.h"
#include "db/sqlite/store.h"

/*
 * Pages of -wal after which a checkpoint is due, when nobody waits, and in any case.
 * An ingest does it in small parts before its next transaction, when those who waited
 * have had their turn; others do it where nobody waits for them (store_rest()), and
 * leave it to an ingest that is under way.  Whoever comes meanwhile waits for all of it:
 * a few pages at a time cost hardly more, as the last ones of each table are few.
 */
#define CHECKPOINT_REST	1000
#define CHECKPOINT_MUST	8000
#define CHECKPOINT_LATE	16000	/* where an ingest may see to it */

/*
 * While nobody waits it has it done beside its transactions (db/sqlite/checkpoint.h),
 * each of which leaves its own pages behind.  Once there are BESIDE_FULL, a
 * transaction ends with the pass beside it, and so leaves less than the one
 * before; what is left below BESIDE_REST is done at once, and -wal begins anew.
 */
#define BESIDE_FULL	4000
#define BESIDE_REST	700
#define BESIDE_MUST	16000

/*
 * Where others come and go, it has -wal on the disk before it takes the lock, and
 * under it copies alone: so many pages or more, those of the transaction before the
 * last.  Once -wal is long the rest is done at once, and -wal begins anew: from
 * PART_FULL on where little is left and nobody waits just then, at PART_MUST in any case.
 */
#define PART_PAGES	64
#define PART_FULL	4000
#define PART_REST	2000
#define PART_MUST	8000

/*
 * Others are taken to come and go for so long after one was seen to wait as a
 * transaction ended that another follows at once.  Meanwhile an ingest rests before
 * each transaction: it would else keep the disk so busy that each of their commits
 * waits for it.  Who waits as one pauses for its input is not noted here: the pause
 * is its rest.
 */
#define OTHERS_FOR_MS	1000
#define REST_MS		25

/* How long an ingest lets others go first before it takes its own turn. */
#define YIELD_MS	100

/* Whoever comes first reads all of the -wal: the last to go leaves no more. */
#define LEAVE_PAGES	256

/* How long settling tries, and how often. */
#define SETTLE_MS	5000
#define SETTLE_NAP_MS	50

static enum status
run(struct store *s, enum query_id id, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, s, id, err);

	return st == STATUS_OK ? query_run(q, err) : st;
}

/* Begins a transaction.  What ends it is prepared first: were there no memory for that
 * in the end, it would stay open. */
static enum status
begin_by(struct store *s, enum query_id how, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, s, QUERY_STORE_COMMIT, err)) != STATUS_OK ||
	    (st = query_get(&q, s, QUERY_STORE_ROLLBACK, err)) != STATUS_OK)
		return st;
	return run(s, how, err);
}

/*
 * SQLite takes this only between transactions.  The triggers that keep the
 * append-only tables cost a fifth of a large ingest, and of what a service stores: for
 * them each statement of many rows copies these first.  Both append by
 * audit_append_drafts() and number their releases by db/audit/head.h alone, where the
 * same is checked: for them they are off.  To turn them costs every statement that was
 * prepared.
 */
static enum status
durability_set(struct store *s, enum durability d, struct error *err)
{
	static const char *const pragma[] = {
		[DURABLE_BULK] = ("PRAGMA synchronous=NORMAL;"
		    "PRAGMA cache_size=-32000"),
		[DURABLE_LATER] = "PRAGMA synchronous=NORMAL",
		[DURABLE_NOW] = "PRAGMA synchronous=FULL",
		[DURABLE_GROUP] = "PRAGMA synchronous=FULL"
	};
	enum status st;
	int rc;

	if (lite(s)->durability == d)
		return STATUS_OK;
	if ((st = store_exec(s, pragma[d], "beginning", err)) != STATUS_OK)
		return st;
	rc = sqlite3_db_config(lite(s)->db, SQLITE_DBCONFIG_ENABLE_TRIGGER,
	    d != DURABLE_BULK && d != DURABLE_GROUP, NULL);
	if (rc != SQLITE_OK)
		return store_failed(s, rc, "beginning", err);
	lite(s)->durability = d;
	return STATUS_OK;
}

/*
 * Only under the lock: the SQLite of the systems we run on can lose pages when
 * a checkpoint and a commit of two connections meet.  A failure is no failure
 * of the transaction; the next one tries again, but where the disk refused what
 * an ingest copied in parts.
 */
static void
checkpoint(struct store *s)
{
	int pages = -1, done = -1;

	lite(s)->checkpoint = false;
	if (checkpointer_failed(lite(s)->beside))
		return;
	if (sqlite3_wal_checkpoint_v2(lite(s)->db, NULL, SQLITE_CHECKPOINT_PASSIVE,
	    &pages, &done) == SQLITE_IOERR_FSYNC)
		checkpointer_fail(lite(s)->beside);
	if (done >= 0)
		lite(s)->wal_done = done;
}

static int
pages_left(const struct store *s)
{
	return lite(s)->wal_pages - lite(s)->wal_done;
}

/* At the end of a transaction that is no large ingest's. */
static bool
checkpoint_due_now(const struct store *s)
{
	return lite(s)->checkpoint || pages_left(s) >= CHECKPOINT_LATE ||
	    (pages_left(s) >= CHECKPOINT_MUST && !lock_bulky(&lite(s)->lock));
}

/* Is there one who could do something beside us now? */
static bool
beside_free(struct store *s)
{
	if (lite(s)->beside == NULL)
		lite(s)->beside = checkpointer_new(s->path);
	return lite(s)->beside != NULL && checkpointer_idle(lite(s)->beside);
}

/*
 * Begins a pass beside the transaction that has just begun.  With pages left
 * since our own last commit that transaction cannot begin -wal anew.
 */
static void
beside_go(struct store *s)
{
	if (lite(s)->passing)
		return;
	checkpointer_unpin(lite(s)->beside);
	if (pages_left(s) <= 0 || !beside_free(s))
		return;
	checkpointer_go(lite(s)->beside);
	lite(s)->passing = true;
	lite(s)->anew = false;
}

/* Notes what the pass has done; waits for its end where it must. */
static void
beside_look(struct store *s, bool wait)
{
	int done;

	if (!lite(s)->passing || (!wait && checkpointer_busy(lite(s)->beside)))
		return;
	lite(s)->passing = false;
	if ((done = checkpointer_wait(lite(s)->beside)) >= 0 && !lite(s)->anew)
		lite(s)->wal_done = done;
}

static enum status
lock_for(struct store *s, enum durability d, struct error *err)
{
	enum status st = lock_take(&lite(s)->lock, s->wait_ms,
	    d == DURABLE_BULK ? YIELD_MS : 0, err);

	if (st == STATUS_OK)
		return st;
	checkpointer_unpin(lite(s)->beside);
	lock_bulk(&lite(s)->lock, false);
	if (st == STATUS_BUSY)
		return error_set(err, st, "%s: locked by another process for "
		    "%lld ms; try again, or wait longer with --wait", s->path,
		    (long long)s->wait_ms);
	return error_prefix(err, "%s-lock", s->path);
}

/*
 * Whoever moved the file away and put another in its place would else not see
 * what is still written to the old one.
 */
enum status
sqlite_in_place(struct store *s, struct error *err)
{
	int moved = 0;

	if (sqlite3_file_control(lite(s)->db, "main", SQLITE_FCNTL_HAS_MOVED,
	    &moved) != SQLITE_OK || !moved)
		return STATUS_OK;
	return error_set(err, STATUS_IO, "%s: moved away or replaced while in "
	    "use: leave, and begin again", s->path);
}

enum status
sqlite_room(struct store *s, struct error *err)
{
	return place_room(s->path, err);
}

/* An ingest goes no further once the disk has refused what it wrote. */
static enum status
disk_takes(struct store *s, enum durability d, struct error *err)
{
	if (d != DURABLE_BULK || !checkpointer_failed(lite(s)->beside))
		return STATUS_OK;
	return error_set(err, STATUS_IO, "%s: the disk did not take what was written "
	    "to it: it is full, or dmesg says why; end every handrail that has the "
	    "store open, mend that, and run this again", s->path);
}

/* The lock is held; gives it back where it fails, and nothing goes on beside it. */
static enum status
begin_locked(struct store *s, enum durability d, struct error *err)
{
	enum status st;

	if ((st = sqlite_in_place(s, err)) != STATUS_OK ||
	    (st = disk_takes(s, d, err)) != STATUS_OK ||
	    (st = durability_set(s, d, err)) != STATUS_OK ||
	    (st = begin_by(s, QUERY_STORE_BEGIN, err)) != STATUS_OK) {
		beside_look(s, true);
		checkpointer_unpin(lite(s)->beside);
		lock_bulk(&lite(s)->lock, false);
		lock_drop(&lite(s)->lock);
		return st;
	}
	lock_bulk(&lite(s)->lock, d == DURABLE_BULK);
	return STATUS_OK;
}

/*
 * All that -wal holds can be in the file, and still it grows: somebody reads an
 * older state, and not we ourselves.  Waits as long as for the lock, without holding it.
 */
static enum status
wait_for_readers(struct store *s, struct error *err)
{
	const struct timespec pause = { 0, SETTLE_NAP_MS * 1000000 };
	int64_t tries = s->wait_ms / SETTLE_NAP_MS;
	enum status st;
	int rc;

	checkpointer_unpin(lite(s)->beside);
	do {
		if ((st = lock_for(s, DURABLE_BULK, err)) != STATUS_OK)
			return st;
		(void)sqlite3_busy_timeout(lite(s)->db, 0);
		rc = sqlite3_wal_checkpoint_v2(lite(s)->db, NULL,
		    SQLITE_CHECKPOINT_RESTART, NULL, NULL);
		sqlite_wait_changed(s);
		lock_drop(&lite(s)->lock);
		if ((rc & 0xff) != SQLITE_BUSY) {
			lite(s)->wal_pages = lite(s)->wal_done = 0;
			return STATUS_OK;
		}
	} while (tries-- > 0 && nanosleep(&pause, NULL) == 0);
	return error_set(err, STATUS_BUSY, "%s: %s-wal has %lld MB and cannot "
	    "begin anew while somebody reads an older state: handrail doctor "
	    "names who; end it, and run this again", s->path, s->path,
	    (long long)lite(s)->wal_pages * STORE_PAGE_SIZE >> 20);
}

/* The lock is held.  What was pinned goes into the file, and what was committed since
 * then is pinned. */
static void
part(struct store *s)
{
	struct checkpointer *c = lite(s)->beside;
	bool copied = checkpointer_pinned(c);

	if (copied) {
		checkpoint(s);
		checkpointer_unpin(c);
	}
	if (pages_left(s) >= PART_PAGES && (lite(s)->wal_pages < PART_FULL ||
	    pages_left(s) > PART_REST) && beside_free(s))
		checkpointer_pin(lite(s)->beside);
	if (copied && beside_free(s))
		checkpointer_sync_store(c);
}

/* Must others wait for a whole checkpoint? */
static bool
whole_due(const struct store *s)
{
	return pages_left(s) > 0 && (lite(s)->wal_pages >= PART_MUST ||
	    (lite(s)->wal_pages >= PART_FULL && pages_left(s) <= PART_REST &&
	    !lock_contended(&lite(s)->lock)));
}

/* Has another waited for the lock within the last second? */
static bool
others_come(struct store *s)
{
	int64_t now = clock_boot_ms(NULL);

	if (lock_contended(&lite(s)->lock))
		lite(s)->others_until_ms = now + OTHERS_FOR_MS;
	return now < lite(s)->others_until_ms;
}

static void
rest(const struct store *s)
{
	const struct timespec t = { 0, REST_MS * 1000000 };

	if (clock_boot_ms(NULL) < lite(s)->others_until_ms)
		(void)nanosleep(&t, NULL);
}

static enum status
lock_for_bulk(struct store *s, struct error *err)
{
	enum status st;

	if (checkpointer_pinned(lite(s)->beside))
		checkpointer_sync_wal(lite(s)->beside);
	rest(s);
	if ((st = lock_for(s, DURABLE_BULK, err)) != STATUS_OK)
		return st;
	if (!whole_due(s)) {
		part(s);
		return STATUS_OK;
	}
	checkpointer_unpin(lite(s)->beside);
	checkpoint(s);
	/* Who came since then must not wait for the checkpoint too. */
	lock_drop(&lite(s)->lock);
	return lock_for(s, DURABLE_BULK, err);
}

static enum status
begin_write(struct store *s, enum durability d, struct error *err)
{
	enum status st;

	if (d == DURABLE_BULK && lite(s)->wal_pages >= WAL_MOST &&
	    !checkpointer_failed(lite(s)->beside) &&
	    (st = wait_for_readers(s, err)) != STATUS_OK)
		return st;
	if (d == DURABLE_BULK)
		st = lock_for_bulk(s, err);
	else
		st = lock_for(s, d, err);
	return st == STATUS_OK ? begin_locked(s, d, err) : st;
}

enum status
sqlite_begin(struct store *s, enum transaction kind, enum durability d,
    struct error *err)
{
	return kind == TRANSACTION_READ ? begin_by(s, QUERY_STORE_BEGIN_READ, err) :
	    begin_write(s, d, err);
}

/* Gives the lock back. */
static void
rollback_locked(struct store *s)
{
	struct error ignored = { 0 };

	beside_look(s, true);
	checkpointer_unpin(lite(s)->beside);
	/* SQLite has rolled back by itself after some errors. */
	if (sqlite3_get_autocommit(lite(s)->db) == 0)
		(void)run(s, QUERY_STORE_ROLLBACK, &ignored);
	lock_bulk(&lite(s)->lock, false);
	lock_drop(&lite(s)->lock);
}

/* Keeps the lock where it succeeds, and lets a pass go on. */
static enum status
commit_locked(struct store *s, struct error *err)
{
	enum status st;

	lite(s)->grew = false;
	if ((st = run(s, QUERY_STORE_COMMIT, err)) != STATUS_OK)
		rollback_locked(s);
	return st;
}

/* Nothing is begun after this: no pin stays, and where nobody is in the way what
 * it kept goes into the file. */
static void
part_last(struct store *s)
{
	struct error ignored = { 0 };

	if (!checkpointer_pinned(lite(s)->beside))
		return;
	checkpointer_sync_wal(lite(s)->beside);
	if (lock_take(&lite(s)->lock, 0, 0, &ignored) == STATUS_OK) {
		checkpoint(s);
		lock_drop(&lite(s)->lock);
	}
	checkpointer_unpin(lite(s)->beside);
	if (beside_free(s))
		checkpointer_sync_store(lite(s)->beside);
}

static enum status
commit_last(struct store *s, struct error *err)
{
	enum status st;

	if ((st = commit_locked(s, err)) != STATUS_OK)
		return st;
	beside_look(s, true);
	if (lite(s)->checkpoint || (lite(s)->durability != DURABLE_BULK &&
	    checkpoint_due_now(s)))
		checkpoint(s);
	lock_bulk(&lite(s)->lock, false);
	lock_drop(&lite(s)->lock);
	part_last(s);
	return STATUS_OK;
}

static enum status
commit_next(struct store *s, struct error *err)
{
	enum status st;

	if ((st = commit_locked(s, err)) != STATUS_OK)
		return st;
	if (others_come(s) || lite(s)->wal_pages >= WAL_MOST) {
		beside_look(s, true);
		lock_drop(&lite(s)->lock);
		return begin_write(s, DURABLE_BULK, err);
	}
	/* Only a transaction that wrote keeps the next from a new beginning. */
	beside_look(s, !lite(s)->grew || lite(s)->wal_pages >= BESIDE_MUST);
	if (!lite(s)->passing && (lite(s)->wal_pages >= BESIDE_MUST ||
	    (lite(s)->wal_pages >= BESIDE_FULL && pages_left(s) <= BESIDE_REST)))
		checkpoint(s);
	if ((st = begin_locked(s, DURABLE_BULK, err)) == STATUS_OK)
		beside_go(s);
	return st;
}

enum status
sqlite_commit(struct store *s, bool next, struct error *err)
{
	return next ? commit_next(s, err) : commit_last(s, err);
}

enum status
sqlite_serve(struct store *s, struct error *err)
{
	if (lock_serve(&lite(s)->lock))
		return STATUS_OK;
	return error_set(err, STATUS_BUSY, "%s: another handrail serve has this "
	    "store; there is one at a time", s->path);
}

void
sqlite_rollback(struct store *s)
{
	struct error ignored = { 0 };

	if (s->transaction == TRANSACTION_WRITE)
		rollback_locked(s);
	else if (sqlite3_get_autocommit(lite(s)->db) == 0)
		(void)run(s, QUERY_STORE_COMMIT, &ignored);
}

bool
sqlite_waited_for(const struct store *s)
{
	return lock_contended(&lite(s)->lock);
}

bool
sqlite_yields(const struct store *s)
{
	return sqlite_waited_for(s) || (lite(s)->passing &&
	    lite(s)->wal_pages >= BESIDE_FULL && !checkpointer_busy(lite(s)->beside));
}

/* Waits for no reader: others want to write meanwhile. */
static int
truncate_wal(struct store *s)
{
	int rc, pages = 0, done = 0;

	(void)sqlite3_busy_timeout(lite(s)->db, 0);
	rc = sqlite3_wal_checkpoint_v2(lite(s)->db, NULL, SQLITE_CHECKPOINT_TRUNCATE,
	    &pages, &done);
	sqlite_wait_changed(s);
	lite(s)->wal_done = lite(s)->wal_pages;
	return rc;
}

/* Nothing of what was erased is left now; what says that it may be goes too.
 * Under the lock of the checkpoint: else another's erasing came between. */
static enum status
settled(struct store *s, int *rc, struct error *err)
{
	struct error ignored = { 0 };
	struct query *q;
	enum status st;

	if ((st = query_get(&q, s, QUERY_STORE_UNSETTLED, err)) != STATUS_OK)
		return st;
	st = query_row(q, err);
	query_done(q);
	if (st == STATUS_NOT_FOUND)
		return STATUS_OK;
	if (st == STATUS_OK && (st = begin_by(s, QUERY_STORE_BEGIN, err)) == STATUS_OK &&
	    ((st = run(s, QUERY_STORE_SETTLED, err)) != STATUS_OK ||
	    (st = run(s, QUERY_STORE_COMMIT, err)) != STATUS_OK))
		(void)run(s, QUERY_STORE_ROLLBACK, &ignored);
	if (st == STATUS_OK)
		*rc = truncate_wal(s);
	return st;
}

/* The lock is held, and given back. */
static enum status
settle_locked(struct store *s, int *rc, struct error *err)
{
	enum status st = STATUS_OK;

	if ((*rc = truncate_wal(s)) == SQLITE_OK)
		st = settled(s, rc, err);
	lock_drop(&lite(s)->lock);
	return st;
}

static enum status
settle_once(struct store *s, int *rc, struct error *err)
{
	enum status st = lock_for(s, DURABLE_NOW, err);

	return st == STATUS_OK ? settle_locked(s, rc, err) : st;
}

void
sqlite_rest(struct store *s)
{
	struct error ignored = { 0 };

	if (pages_left(s) < CHECKPOINT_REST || lock_bulky(&lite(s)->lock) ||
	    lock_take(&lite(s)->lock, 0, 0, &ignored) != STATUS_OK)
		return;
	if (!lock_contended(&lite(s)->lock))
		checkpoint(s);
	lock_drop(&lite(s)->lock);
}

void
store_fold(struct store *s)
{
	struct error ignored = { 0 };

	/* What fails now is tried again by who writes next. */
	if (lock_take(&lite(s)->lock, 0, 0, &ignored) != STATUS_OK)
		return;
	if (lite(s)->wal_pages >= LEAVE_PAGES)
		(void)truncate_wal(s);
	else
		checkpoint(s);
	lock_drop(&lite(s)->lock);
}

void
sqlite_settle_left(struct store *s)
{
	const struct store_options writing = { .wait_ms = 0 };
	struct error ignored = { 0 };
	struct store *w = s;
	int rc;

	if (s->read_only && store_open(&w, s->path, &writing, NULL, &ignored) !=
	    STATUS_OK)
		return;
	if (lock_take(&lite(w)->lock, 0, 0, &ignored) == STATUS_OK &&
	    settle_locked(w, &rc, &ignored) == STATUS_OK && rc == SQLITE_OK)
		s->unsettled = false;
	if (w != s)
		store_close(w);
}

enum status
sqlite_settle(struct store *s, struct error *err)
{
	const struct timespec pause = { 0, SETTLE_NAP_MS * 1000000 };
	int rc = SQLITE_OK, tries = SETTLE_MS / SETTLE_NAP_MS;
	enum status st;

	do {
		if ((st = settle_once(s, &rc, err)) != STATUS_OK)
			return st;
	} while ((rc & 0xff) == SQLITE_BUSY && tries-- > 0 &&
	    nanosleep(&pause, NULL) == 0);
	if ((rc & 0xff) == SQLITE_BUSY)
		return error_set(err, STATUS_BUSY, "%s: somebody still reads an "
		    "older state of it", s->path);
	return rc == SQLITE_OK ? STATUS_OK : store_failed(s, rc, "settling",
	    err);
}
