/* The inside of a store handle, for db/sqlite alone. */
#ifndef DB_SQLITE_HANDLE_H
#define DB_SQLITE_HANDLE_H

#include <sqlite3.h>
#if SQLITE_VERSION_NUMBER < 3038000
#error "SQLite 3.38 or newer is needed: STRICT tables and ->>"
#endif

#include "core/expr/budget.h"
#include "db/engine/engine.h"
#include "db/sqlite/checkpoint.h"
#include "db/sqlite/lock.h"

struct lite {
	struct store		 store;
	sqlite3			*db;
	struct lock		 lock;
	bool			 entered;
	enum durability		 durability;
	int			 wal_pages;	/* after the last commit */
	int			 wal_done;	/* of these, in the file already */
	struct checkpointer	*beside;	/* NULL until it is worth it */
	int64_t			 others_until_ms; /* are taken to come for the lock */
	bool			 passing;	/* a pass is running */
	bool			 grew;		/* the last commit wrote to -wal */
	bool			 anew;		/* -wal restarted since then */
	bool			 checkpoint;	/* at the next commit in any case */
	struct expr_budget	 budget;	/* of the condition being asked */
	const struct batch	*batch;		/* what the table of that name shows */
};

static inline struct lite *
lite(const struct store *s)
{
	return (struct lite *)(uintptr_t)s;
}

/* What an SQLite result code means here; the text names the store's file. */
enum status	store_failed(struct store *, int rc, const char *doing,
		    struct error *);
/* Runs statements that return nothing. */
enum status	store_exec(struct store *, const char *sql, const char *doing,
		    struct error *) MUST_CHECK;
/* The one integer that a statement gives, say PRAGMA user_version. */
enum status	store_number(struct store *, const char *sql, int64_t *,
		    struct error *) MUST_CHECK;
/* Path of a file beside the store: "STORE-lock". */
char		*store_beside(const char *path, const char *suffix);
/* The path as SQLite must be given it: "file:x" is no URI, ":memory:" a file. */
char		*store_sqlite_path(const char *path);
/* STATUS_CORRUPT with the first thing that a PRAGMA ..._check finds. */
enum status	store_look_through(struct store *, const char *pragma,
		    struct error *) MUST_CHECK;

#endif
