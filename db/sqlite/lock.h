/*
 * The turnstile in front of the store: two bytes of STORE-lock, held by open
 * file descriptions (OFD locks), so that it works between threads as between
 * processes and no close() elsewhere drops it.
 *
 * A writer takes byte 1, then byte 0, then gives byte 1 back: the next one waits
 * with byte 1 while another writes.  So a lock taken and dropped in a loop cannot
 * starve the others.  Byte 3 is held shared by all who wait, byte 4
 * by the one service, byte 5 shared by those who write much and see to -wal; those
 * from LOCK_OWN on by who has the thing of that number.
 * Byte 2 is held shared by every open handle of the store, and the file's text
 * says whether the last one closed it.
 */
#ifndef DB_SQLITE_LOCK_H
#define DB_SQLITE_LOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/error.h"

struct lock {
	int		 fd;		/* -1: not open */
	bool		 held, bulk;
	uint32_t	 random;	/* spreads the waiters' naps */
};

#define LOCK_OWN	((int64_t)1 << 20)

#define LOCK_INIT	{ .fd = -1, .random = 1 }

/* Opens the lock file, making it with the mode where it is not there. */
enum status	lock_open(struct lock *, const char *path, mode_t mode,
		    struct error *) MUST_CHECK;
/* To look alone at one that is there; -1 stays where it cannot be opened. */
void		lock_look(struct lock *, const char *path);
void		lock_close(struct lock *);
/*
 * STATUS_BUSY, with no error set, when wait_ms pass; 0 tries once.  One who will
 * hold it long and often lets those who wait go first, for yield_ms at most.
 */
enum status	lock_take(struct lock *, int64_t wait_ms, int64_t yield_ms,
		    struct error *) MUST_CHECK;
void		lock_drop(struct lock *);
/* Does another wait for it? */
bool		lock_contended(const struct lock *);

/*
 * Enters the store as one of its users.  *first tells that nobody else had it
 * open; byte 2 is then held alone, and the others wait, until lock_share().
 */
enum status	lock_enter(struct lock *, int64_t wait_ms, bool *first,
		    struct error *) MUST_CHECK;
void		lock_share(struct lock *);
/* Takes byte 4 for good, the one service's; false: another has it. */
bool		lock_serve(struct lock *);
/* Holds byte 5 from now on, or no longer.  Does another hold it? */
void		lock_bulk(struct lock *, bool);
bool		lock_bulky(const struct lock *);
/* Takes the byte of that number for good; false: another has it. */
bool		lock_own(struct lock *, int64_t number);
bool		lock_owned(const struct lock *, int64_t number);	/* by another */
/* Has anybody else the store open? */
bool		lock_used(const struct lock *);
/* Was anybody else in when we left?  The last one out may mark the file. */
bool		lock_last(struct lock *);

/* What the file says: "" of a new one; at most n - 1 bytes, NUL-terminated. */
void		lock_read_mark(const struct lock *, char *out, size_t n);
void		lock_write_mark(const struct lock *, const char *);

#endif
