/*
 * Conditions: SQLite expressions over an item and its findings, safe against
 * what such a text may try: a name in double quotes that becomes a string, a
 * function that is random or loads code, a nested SELECT or a table, a bind
 * parameter, a second statement, a comment that swallows the closing parenthesis,
 * and work without an end.
 *
 * A set is the conditions of one queue's rules.  A prepared statement belongs
 * to one thread, so every worker makes its own set (expr_set_new is cheap).
 */
#ifndef CORE_EXPR_EXPR_H
#define CORE_EXPR_EXPR_H

#include "core/base/arena.h"
#include "core/item/item.h"

/*
 * Bytes of a value that a condition makes.  A column that is longer is seen as
 * it is, and leaves room for twice itself; but JSON functions take no longer
 * one, since they read it anew at each call.
 */
#define EXPR_VALUE_MAX	((size_t)1 << 20)
/* What all conditions of one item may take, and so much more for each MiB of its
 * longest text; then they are EXPR_ERROR. */
#define EXPR_ITEM_NS	((int64_t)50 * 1000000)

/* What a condition can see; the names are handrail-policy.5's. */
struct expr_row {
	const struct item	*item;
	int			 failures, errors;
	enum severity		 severity;
	/* What failed(), errored(), score() and kind() ask. */
	const struct expr_facts	*facts;
};
struct expr_facts {
	bool	(*failed)(void *, const char *guard);
	bool	(*errored)(void *, const char *guard);
	double	(*score)(void *, const char *guard);	/* NAN: NULL */
	bool	(*kind)(void *, const char *guard, const char *kind);
	void	*arg;
};

enum expr_value { EXPR_FALSE, EXPR_TRUE, EXPR_NULL, EXPR_ERROR };

struct expr_set;
/* Which names failed() and the others may take; for STATUS_INVALID at load. */
struct expr_names {
	const char *const	*v;
	size_t			 n;
	const char		*queue;		/* for the message, or NULL */
	bool			 expect;	/* a case's `expect` may be seen */
};

/*
 * STATUS_INVALID with SQLite's own reason ("no such column: confidnce"), the
 * condition's index in *bad.
 */
enum status	expr_set_new(struct expr_set **, const char *const *conditions,
		    size_t n, const struct expr_names *, size_t *bad,
		    struct error *) MUST_CHECK;
void		expr_set_free(struct expr_set *);
/*
 * Only to find their mistakes, with what *set keeps from one call to the next
 * (NULL before the first; expr_set_free() ends it).
 */
enum status	expr_set_check(struct expr_set **set,
		    const char *const *conditions, size_t n,
		    const struct expr_names *, size_t *bad, struct error *)
		    MUST_CHECK;
/*
 * Evaluates in order until one is true, and the rest only when `all`; out[i]
 * for those evaluated, *tried their number.  An EXPR_ERROR does not end it.
 */
enum status	expr_set_run(struct expr_set *, const struct expr_row *, bool all,
		    enum expr_value *out, size_t *tried, struct error *)
		    MUST_CHECK;

/* Bytes of a text that expr_set_values() gives, and what a set may take for all of
 * its values: it is called where a key or a request waits. */
#define EXPR_TEXT_SHOWN	200
#define EXPR_VALUES_NS	((int64_t)20 * 1000000)
/*
 * What n expressions come to for a row, each by itself, as JSON in the arena;
 * SLICE_NONE for a longer text, bytes, and what fails or comes too late.  They are
 * parts of conditions that were taken.  *set is expr_set_check()'s, for one item.
 */
enum status	expr_set_values(struct expr_set **set, const char *const *texts,
		    size_t n, const struct expr_names *, const struct expr_row *,
		    struct arena *, struct slice *out, struct error *)
		    MUST_CHECK;

/*
 * Checks that text is one safe expression over the given columns, for --where:
 * the caller then puts it, wrapped by expr_wrap(), into a statement of its own.
 * failed() and the others may stand in it where one of the columns is "guards";
 * the caller's statement has to know them.
 */
enum status	expr_check(const char *text, const char *const *columns,
		    size_t ncolumns, struct error *) MUST_CHECK;
/* "(TEXT\n)": the newline keeps a trailing comment from swallowing more. */
void		expr_wrap(struct buf *, const char *text);

#endif
