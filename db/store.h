/*
 * The store: one SQLite file in WAL mode behind the turnstile lock.
 *
 * Every write transaction takes STORE-lock first (db/sqlite/lock.h) and checkpoints
 * run only under it.  Readers never wait.  A store handle, and everything got
 * from it, belongs to one thread.
 */
#ifndef DB_STORE_H
#define DB_STORE_H

#include "core/base/error.h"
#include <stdbool.h>
#include <sys/types.h>


struct store;

#define STORE_WAIT_MS	30000

struct store_options {
	bool		 create;	/* make it where it is not there */
	bool		 read_only;
	int64_t		 wait_ms;	/* for the lock, before STATUS_BUSY */
	const char	*group;		/* with create: share with this group */
	bool		 test;		/* with create: a test store */
	bool		 any_version;	/* with read_only: an older one as it is */
	bool		 untouched;	/* with read_only: no broken-off write taken back */
	bool		 any_schema;	/* to mend it: whatever schema_sound() says */
};

/*
 * STATUS_NOT_FOUND: no such file (and not `create`); STATUS_CORRUPT: not a
 * store, damaged, or newer than this program, with what to do; STATUS_IO: on a
 * network file system, no permission, disk.  *created: it was made now.
 */
enum status	store_open(struct store **, const char *path,
		    const struct store_options *, bool *created,
		    struct error *) MUST_CHECK;
void		store_close(struct store *);

const char	*store_path(const struct store *);
/* The store's secret key: draws, redaction hashes. */
struct slice	store_key(const struct store *);
/* The audit log's origin. */
const char	*store_log(const struct store *);
/* What db/audit keeps of the log with this handle (db/audit/edge.h). */
struct audit_edge *store_edge(struct store *);
uid_t		store_owner(const struct store *);
/* Does the system let the caller write it? */
bool		store_writable(const struct store *);
/* An older version's store, opened for reading: a copy of the caller's own, which was
 * brought up to date and goes with the handle. */
bool		store_is_copy(const struct store *);
const char	*store_group(const struct store *);	/* NULL: not shared */
/*
 * Was it made as a test store?  Its first leaf says so for ever; nothing else can,
 * and no store becomes one.  A clock and keys from outside are for these alone.
 */
bool		store_is_test(const struct store *);
#define STORE_TEST_SAYS	"a test store: its times may be made up " \
			"(HANDRAIL_CLOCK), and prove nothing"
/* 16 fresh random bytes (an item's salt, a session's id). */
enum status	store_random(void *out, size_t n, struct error *) MUST_CHECK;

/* synchronous NORMAL, for many or for a few rows; FULL, for a few or for many. */
enum durability { DURABLE_BULK, DURABLE_LATER, DURABLE_NOW, DURABLE_GROUP };

/*
 * Write transactions.  STATUS_BUSY after wait_ms, changing nothing.  DURABLE_LATER
 * survives a crash of the program but perhaps not of the machine.  So does
 * DURABLE_BULK, which is for a large ingest: it lets others go first, and appends
 * without the tables' triggers.  So does DURABLE_GROUP, which is for what a service
 * stores of many callers at once.  To change between these two and the others costs
 * a handle the statements that it has ready.
 */
enum status	store_begin(struct store *, enum durability, struct error *)
		    MUST_CHECK;
enum status	store_commit(struct store *, struct error *) MUST_CHECK;
/*
 * Commits and begins the next of many that are DURABLE_BULK.  While nobody waits
 * for the lock it is kept, and what -wal holds goes into the file beside the new
 * transaction.  After a failure none is under way.
 */
enum status	store_next(struct store *, struct error *) MUST_CHECK;
void		store_rollback(struct store *);	/* harmless outside one */
/*
 * Writes all that -wal holds into the file and empties it: after erasing, so
 * that no byte of what was erased stays.  STATUS_BUSY while somebody reads an
 * older state; try again later.
 */
enum status	store_settle(struct store *, struct error *) MUST_CHECK;
/*
 * Text was erased whose bytes may still stand in the files, since whoever erased it
 * was killed, or a reader was in the way.  To be said in the transaction that
 * erases; store_settle() takes it back.
 */
enum status	store_unsettle(struct store *, struct error *) MUST_CHECK;
bool		store_unsettled(const struct store *);	/* when it was opened */
/* Settles what another left so, if it can be done at once; else the next one
 * will.  A store opened for reading only is opened once more for it. */
void		store_settle_left(struct store *);
/* A read transaction: several queries see one state. */
enum status	store_begin_read(struct store *, struct error *) MUST_CHECK;
void		store_end_read(struct store *);
enum transaction { TRANSACTION_NONE, TRANSACTION_READ, TRANSACTION_WRITE };
enum transaction store_transaction(const struct store *);	/* under way */
/* Is the file still the one that was opened?  A transaction that writes asks. */
enum status	store_in_place(struct store *, struct error *) MUST_CHECK;
/* Would its disk take a little more?  It is written there, and goes at once; nobody
 * who looks for changes sees it. */
enum status	store_room(struct store *, struct error *) MUST_CHECK;
/*
 * Should a long transaction end now: does another process wait for the lock that
 * this one holds, or has -wal grown large and may be emptied?
 */
bool		store_yields(const struct store *);
/* The first of these alone. */
bool		store_waited_for(const struct store *);
/*
 * Nobody waits for what this handle does: what -wal holds goes into the file now, if
 * it is much and nobody else waits either, and so under none of the next transactions.
 */
void		store_rest(struct store *);
/* Takes the store as its one service, until it is closed; STATUS_BUSY, with the
 * error set, where another serves it. */
enum status	store_serve(struct store *, struct error *) MUST_CHECK;
/*
 * Has the number for itself until it is closed or its process ends, however that
 * comes about; false: another handle has it.  Numbers are those of runs.
 */
bool		store_own(struct store *, int64_t number);
bool		store_owned(struct store *, int64_t number);	/* by another */
/* For the screen: how long store_begin() waits from now on. */
void		store_set_wait(struct store *, int64_t wait_ms);
int64_t		store_wait(const struct store *);
/* Changes whenever another connection has written: for redrawing on change. */
int64_t		store_version(struct store *);

/*
 * The time as the store's releases and leaves have it: the system's, or a test
 * store's own.  HANDRAIL_CLOCK is obeyed by a test store alone (db/clock.h).
 */
int64_t		store_now_ms(const struct store *);
/*
 * The clock of leases, which nobody sets back: milliseconds, and what they count
 * from.  An end that counts from something else has passed.
 */
int64_t		store_lease_ms(const struct store *);
const char	*store_lease_boot(const struct store *);

#endif
