/*
 * Statements of db/queries.sql by name, without a caller knowing SQLite.
 *
 * A query is prepared on first use and kept.  query_get() hands it out reset
 * and with every parameter NULL; parameters and columns count as in SQL, from 1
 * and from 0.  Bound text must live until the query is got again or done.
 *
 *	if (query_get(&q, store, QUERY_ITEM_BY_ID, err) != STATUS_OK) ...
 *	query_bind_text(q, 1, queue);
 *	while ((st = query_step(q, &row, err)) == STATUS_OK && row)
 *		... query_text(q, 0) ...
 *	query_done(q);
 */
#ifndef DB_QUERY_H
#define DB_QUERY_H

#include <stdint.h>

#include "db/store.h"
#include "queries.h"		/* enum query_id, made from db/queries.sql */

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

void		query_bind_int(struct query *, int, int64_t);
void		query_bind_double(struct query *, int, double);	/* NAN: NULL */
void		query_bind_text(struct query *, int, struct slice); /* p NULL: NULL */
void		query_bind_blob(struct query *, int, struct slice);

/* A value of a row in memory; what it points to must live as long. */
struct value {
	union {
		int64_t		 number;
		double		 real;
		const char	*bytes;
	};
	uint32_t	 n;		/* of bytes */
	enum { VALUE_NULL, VALUE_INT, VALUE_REAL, VALUE_TEXT, VALUE_BLOB } type;
};
struct value	value_int(int64_t);
struct value	value_real(double);		/* NAN: NULL */
struct value	value_text(struct slice);	/* p NULL: NULL */
struct value	value_blob(struct slice);
/* Rows of values, for one statement that selects v1, v2 ... FROM batch. */
struct batch {
	const struct value	**row;
	size_t			 n, cap;
};
#define BATCH_INIT	{ NULL, 0, 0 }
enum status	batch_add(struct batch *, const struct value *row,
		    struct error *) MUST_CHECK;
void		batch_release(struct batch *);
/*
 * Runs the statement over them; does nothing where there are none.  Where it is
 * an INSERT OR FAIL and a row cannot be inserted (STATUS_CONFLICT),
 * query_changes() rows before it stay.
 */
enum status	batch_run(const struct batch *, struct store *, enum query_id,
		    struct error *) MUST_CHECK;

enum status	query_step(struct query *, bool *row, struct error *) MUST_CHECK;
/* Steps a statement that returns nothing, to its end, and resets it. */
enum status	query_run(struct query *, struct error *) MUST_CHECK;
/* Steps once: STATUS_NOT_FOUND (no error set) where there is no row. */
enum status	query_row(struct query *, struct error *) MUST_CHECK;
void		query_done(struct query *);		/* NULL is fine */

/* Columns of the row last stepped to; slices live until the next step. */
bool		query_null(struct query *, int);
int64_t		query_int(struct query *, int);
double		query_double(struct query *, int);	/* NULL: NAN */
struct slice	query_text(struct query *, int);	/* NULL: absent */
struct slice	query_blob(struct query *, int);
int64_t		query_changes(struct store *);		/* rows of the last run */
int64_t		query_last_row(struct store *);

#endif
