/*
 * The engines that a store can be kept by, and what each handle begins with; for
 * db/ alone.  Everything else calls db/store.h, db/query.h and db/write.h, which
 * keep the rules that hold for all: what may be called when, which constants go
 * with which statement.
 */
#ifndef DB_ENGINE_ENGINE_H
#define DB_ENGINE_ENGINE_H

#include "core/base/hash.h"
#include "db/audit/edge.h"
#include "db/clock.h"
#include "db/query.h"
#include "db/sql.h"
#include "db/store.h"

/*
 * One row an engine.  After a failure of begin or commit no transaction is under
 * way.  A statement of an engine reads as many rows as it is stepped; others may be
 * run between two steps.
 */
struct engine {
	const char	*scheme;	/* before the first ':' of a store's name */
	size_t		 store_size, query_size;	/* of its handles */
	const struct sql_text *queries;
	/* Finds the store, or makes it, and brings it up to date. */
	enum status	(*open)(struct store *, const struct store_options *,
			    bool *created, struct error *);
	void		(*close)(struct store *);	/* also one half open */
	/* The wait for others is the handle's. */
	void		(*wait_changed)(struct store *);
	enum status	(*begin)(struct store *, enum transaction,
			    enum durability, struct error *);
	enum status	(*commit)(struct store *, bool next, struct error *);
	void		(*rollback)(struct store *);	/* reading: ends it */
	bool		(*yields)(const struct store *);
	bool		(*waited_for)(const struct store *);
	void		(*rest)(struct store *);
	enum status	(*in_place)(struct store *, struct error *);
	enum status	(*room)(struct store *, struct error *);
	enum status	(*serve)(struct store *, struct error *);
	bool		(*own)(struct store *, int64_t number);
	bool		(*owned)(struct store *, int64_t number);
	/* `where` (NULL: none) is checked already and becomes part of the text. */
	enum status	(*prepare)(struct query *, const char *where,
			    struct error *);
	void		(*bind)(struct query *, int, struct value);
	enum status	(*step)(struct query *, bool *row, struct error *);
	void		(*reset)(struct query *, bool forget_values);
	/* A value as that type; VALUE_NULL where it is absent. */
	struct value	(*column)(struct query *, int, enum value_type);
	bool		(*is_null)(struct query *, int);
	void		(*finish)(struct query *);
	/* Puts the rows in, up to one that cannot be (STATUS_CONFLICT). */
	enum status	(*load)(struct store *, enum query_id,
			    const struct batch *, size_t *loaded,
			    struct error *);
	int64_t		(*clock)(const struct store *);	/* of leases, ms */
	const char	*(*clock_from)(const struct store *);
	int64_t		(*version)(struct store *);	/* changed by others */
	enum status	(*settle)(struct store *, struct error *);
	void		(*settle_left)(struct store *);
};

struct store {
	const struct engine	*engine;
	char			*path;
	bool			 read_only;
	bool			 copied;	/* an older one, brought up to date */
	bool			 opened;	/* wholly */
	int64_t			 wait_ms;
	enum transaction	 transaction;
	uint8_t			 key[HASH_LEN];
	char			 log[128];
	bool			 lacked;	/* memory, for a value that was read, and
						 * looks absent to who asked */
	bool			 unsettled;	/* as it was opened */
	uid_t			 owner;
	char			*group;
	bool			 test;		/* so says its first leaf */
	struct clock		 clock;
	struct query		*kept[QUERY_COUNT];
	struct audit_edge	 edge;
};

struct query {
	struct store		*store;
	const struct sql_text	*sql;
};

extern const struct engine engine_sqlite;

#endif
