/* What an import gathers, whatever tool the file is of. */
#ifndef QUEUE_LOOP_IMPORT_ROWS_H
#define QUEUE_LOOP_IMPORT_ROWS_H

#include "core/base/titles.h"
#include "core/json/parse.h"
#include "core/suite/result.h"
#include "queue/loop/import.h"

#define IMPORT_CHECKS_MAX	1000	/* of one result */

struct import_run {
	const char	*variant;
	struct results	 results;
	struct titles	 ids;		/* of cases: number into `seen` */
	int		*seen;		/* how often each came */
	size_t		 nseen, cap;
};

struct importing {
	const struct import_options *o;
	const char	*name;		/* of the runs, or NULL */
	const char	*model;		/* what the file says before its results */
	struct import_run run[IMPORT_RUNS_MAX];
	size_t		 nruns;
	struct arena	 arena;
	struct json	 json;		/* the document, or the line */
	struct check_result checks[IMPORT_CHECKS_MAX];	/* of the result in turn */
	size_t		 nchecks;
	uint64_t	 line;
};

/* A result of that variant and case; how often it came by now is its repeat. */
enum status	row_add(struct importing *, struct slice variant,
		    struct slice id, struct result **, struct error *)
		    MUST_CHECK;
/* The result of that case that is there already, or a new one. */
enum status	row_find(struct importing *, struct slice variant,
		    struct slice id, struct result **, struct error *)
		    MUST_CHECK;
/* A check of the result in turn: of a bool, a number, or a word such as "C", "pass"
 * and "no".  Another value is CHECK_ERROR. */
enum status	row_check(struct importing *, struct slice name, uint32_t value,
		    struct slice reason, struct error *) MUST_CHECK;
enum status	row_check_is(struct importing *, struct slice name,
		    enum check_state, double score, struct slice reason,
		    struct error *) MUST_CHECK;
/* Gives the checks to the result; it passes by them, and not where it has none. */
enum status	row_end(struct importing *, struct result *, struct error *)
		    MUST_CHECK;

/* Values of the document, in the arena; absent where they are not there. */
struct slice	row_text(struct importing *, uint32_t object, const char *key);
struct slice	row_value(struct importing *, uint32_t token);
uint32_t	row_at(const struct importing *, uint32_t object,
		    const char *path);	/* "a.b"; JSON_NONE */
double		row_number(const struct importing *, uint32_t object,
		    const char *path);	/* -1: none */
/* "row:" and the beginning of a hash. */
struct slice	row_digest(struct importing *, struct slice, struct error *);

/* A tool's form. */
struct import_format {
	const char	*name;
	bool		 lines;		/* each line by itself */
	bool		(*is)(const struct importing *);
	enum status	(*read)(struct importing *, struct error *);
};
extern const struct import_format import_formats[];	/* ends with a null name */

#endif
