/*
 * Statements of db/queries.sql by name, whatever engine keeps the store.
 *
 * A query is prepared on first use and kept.  query_get() hands it out reset
 * and with every parameter NULL.  Parameters and columns go by the constants that
 * queries.h has of the statement: STATEMENT_name binds :name, STATEMENT_NAME reads
 * the column.  One of another statement is caught when it is used.  Bound text
 * must live until the query is got again or done.
 *
 *	if (query_get(&q, store, QUERY_ITEM_FIND, err) != STATUS_OK) ...
 *	query_bind_text(q, ITEM_FIND_id, id);
 *	while ((st = query_step(q, &row, err)) == STATUS_OK && row)
 *		... query_text(q, ITEM_FIND_QUEUE) ...
 *	query_done(q);
 */
#ifndef DB_QUERY_H
#define DB_QUERY_H

#include <stdint.h>

#include "core/base/arena.h"
#include "db/store.h"
#include "queries.h"		/* made from db/queries.sql */

struct query;

enum status	query_get(struct query **, struct store *, enum query_id,
		    struct error *) MUST_CHECK;
/*
 * A statement whose text has the mark WHERE_CONDITION, which becomes `where`
 * (NULL: true), checked and wrapped by core/expr.  Not kept: query_free() it.
 * The wrong condition is STATUS_INVALID with SQLite's reason.
 */
enum status	query_new_where(struct query **, struct store *, enum query_id,
		    const char *where, struct error *) MUST_CHECK;
void		query_free(struct query *);

void		query_bind_int(struct query *, enum query_parameter, int64_t);
/* NAN: NULL */
void		query_bind_double(struct query *, enum query_parameter, double);
/* p NULL: NULL */
void		query_bind_text(struct query *, enum query_parameter,
		    struct slice);
void		query_bind_blob(struct query *, enum query_parameter,
		    struct slice);

/* Rows of values for a statement with ROWS, each the row of its union. */
struct batch {
	const struct value	**row;
	size_t			 n, cap;
};
#define BATCH_INIT	{ NULL, 0, 0 }
enum status	batch_add(struct batch *, const struct value *row,
		    struct error *) MUST_CHECK;
void		batch_release(struct batch *);
/*
 * Puts them into the store; does nothing where there are none.  Where a row cannot
 * be inserted (STATUS_CONFLICT) those before it stay: *loaded (NULL: nobody asks)
 * are in.
 */
enum status	batch_run(const struct batch *, struct store *, enum query_id,
		    size_t *loaded, struct error *) MUST_CHECK;

enum status	query_step(struct query *, bool *row, struct error *) MUST_CHECK;
/* Steps a statement that returns nothing, to its end, and resets it. */
enum status	query_run(struct query *, struct error *) MUST_CHECK;
/* Steps once: STATUS_NOT_FOUND (no error set) where there is no row. */
enum status	query_row(struct query *, struct error *) MUST_CHECK;
void		query_done(struct query *);		/* NULL is fine */

/* Columns of the row last stepped to; slices live until the next step. */
bool		query_null(struct query *, enum query_column);
int64_t		query_int(struct query *, enum query_column);
int64_t		query_int_or(struct query *, enum query_column, int64_t null);
double		query_double(struct query *,
    enum query_column);	/* NULL: NAN */
struct slice	query_text(struct query *,
    enum query_column);	/* NULL: absent */
struct slice	query_blob(struct query *, enum query_column);
/* Copies a text into the arena; an absent one stays so.  False without memory. */
bool		query_keep(struct query *, enum query_column, struct arena *,
		    struct slice *);
struct kept_text {
	enum query_column column;
	struct slice	*to;
};
bool		query_keep_all(struct query *, const struct kept_text *,
		    size_t n, struct arena *);

#endif
