/* The inside of a store handle, for db/ alone. */
#ifndef DB_SQLITE_HANDLE_H
#define DB_SQLITE_HANDLE_H

#include <sqlite3.h>
#if SQLITE_VERSION_NUMBER < 3038000
#error "SQLite 3.38 or newer is needed: STRICT tables and ->>"
#endif

#include "core/expr/budget.h"
#include "db/audit/edge.h"
#include "db/clock.h"
#include "db/sqlite/checkpoint.h"
#include "db/sqlite/lock.h"
#include "db/store.h"
#include "queries.h"

struct store {
	sqlite3			*db;
	char			*path;
	struct lock		 lock;
	bool			 read_only, entered;
	int64_t			 wait_ms;
	enum transaction	 transaction;
	enum durability		 durability;
	int			 wal_pages;	/* after the last commit */
	int			 wal_done;	/* of these, in the file already */
	struct checkpointer	*beside;	/* NULL until it is worth it */
	bool			 passing;	/* a pass is running */
	bool			 grew;		/* the last commit wrote to -wal */
	bool			 anew;		/* -wal restarted since then */
	bool			 checkpoint;	/* at the next commit in any case */
	uint8_t			 key[HASH_LEN];
	char			 log[128];
	bool			 lacked;	/* memory, for a value that was read */
	bool			 unsettled;	/* as it was opened */
	uid_t			 owner;
	char			*group;
	bool			 test;		/* so says its first leaf */
	struct clock		 clock;
	struct query		*kept[QUERY_COUNT];
	struct expr_budget	 budget;	/* of the condition being asked */
	const struct batch	*batch;		/* what the table of that name shows */
	struct audit_edge	 edge;
};

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
