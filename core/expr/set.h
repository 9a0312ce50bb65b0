/*
 * A set of conditions inside: it is made here, and run over a row by run.h.
 */
#ifndef CORE_EXPR_SET_H
#define CORE_EXPR_SET_H

#include <sqlite3.h>

#include "core/base/arena.h"
#include "core/expr/budget.h"
#include "core/expr/expr.h"

/* Work on texts of this size and more is watched more closely. */
#define EXPR_LARGE	((size_t)64 << 10)

enum bound_column {
	COL_STOP, COL_CONFIDENCE, COL_MODEL, COL_PROMPT, COL_VARIANT, COL_QUEUE,
	COL_COST, COL_LATENCY, COL_INPUT_TOKENS, COL_OUTPUT_TOKENS,
	COL_METADATA, COL_OUTPUT, COL_FAILURES, COL_ERRORS, COL_SEVERITY,
	COL_EXPECT,
	COL_COUNT
};

extern const char *const expr_columns[COL_COUNT];

/* Each alone: where one of them fails, and where a text is large. */
struct condition {
	sqlite3_stmt		*st;
	unsigned		 used;	/* bit a column */
	bool			 json;	/* it calls a JSON function */
};

struct expr_set {
	sqlite3			*db;
	sqlite3_stmt		*all;	/* every condition, in order */
	struct condition	*one;
	size_t			 n;
	unsigned		 used;	/* bit a column */
	struct expr_budget	 budget;
	int			 ops;	/* steps of the progress handler */
	/* While a statement is made. */
	int			 selects;	/* that are still allowed */
	bool			 guards;	/* failed() and so on are allowed */
	bool			 ours;		/* the statement is our own */
	bool			 json;		/* it calls a JSON function */
	const char		*denied;	/* why, where SQLite only says no */
	/* While a statement runs. */
	const struct expr_row	*row;
	enum expr_value		*out;
	size_t			 tried;
	bool			 every;
	struct slice		*value;		/* NULL: not asked for */
	struct arena		*arena;		/* where it goes */
};

enum status	expr_set_open(struct expr_set **, struct error *) MUST_CHECK;
/* Compiles; expr_set_empty() leaves the set as it was opened. */
enum status	expr_set_fill(struct expr_set *, const char *const *conditions,
		    size_t n, const struct expr_names *, size_t *bad,
		    struct error *) MUST_CHECK;
void		expr_set_empty(struct expr_set *);
/* expr_check() with the names that failed() and the others may take. */
enum status	expr_set_takes(struct expr_set *, const char *text,
		    const char *const *columns, size_t n,
		    const struct expr_names *, struct error *) MUST_CHECK;

#endif
