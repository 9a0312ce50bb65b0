/*
 * A guard: one check over an item's output (or an input message) that produces
 * findings.  A kind of guard is one file here and one row of guard_kinds[].
 *
 * A kind compiles its options once into something immutable that every worker
 * shares; what a run needs to write in is the worker's own `struct scratch`.
 * A guard that cannot run returns an error, never a pass.
 */
#ifndef CORE_GUARD_GUARD_H
#define CORE_GUARD_GUARD_H

#include "core/base/arena.h"
#include "core/item/item.h"

struct scratch;			/* core/pattern/pattern.h */

/* Static or arena text only; spans are bytes of the text that was checked. */
struct finding {
	const char	*guard;		/* the guard's title in the policy */
	struct slice	 kind;		/* "EMAIL_ADDRESS", "aws-access-key" ... */
	enum severity	 severity;
	double		 score;		/* 0..1 */
	uint32_t	 start, end;
	struct slice	 message;	/* what and why, one line */
	struct slice	 on;		/* place in the record, or absent: output */
	struct slice	 pointer;	/* which value of a JSON output, or absent */
	int		 redact;	/* enum redact; set by the engine */
};

struct findings {
	struct finding	*v;
	size_t		 n, cap;
};
#define FINDINGS_MAX	1000	/* of one guard on one item; the last says so */

enum redact { REDACT_OFF, REDACT_LABEL, REDACT_MASK, REDACT_HASH,
	REDACT_PLACEHOLDER	/* of an input, until the answer is there */
};

/* What a guard reads of an output that is JSON (core/json/decoded.h). */
enum guard_reads {
	READS_OUTPUT,		/* the bytes as they came */
	READS_EACH,		/* every key, string and number by itself */
	READS_JOINED		/* all string values, one a line, at once */
};

enum option_type {
	OPTION_STRING,
	OPTION_NUMBER,
	OPTION_BOOL,
	OPTION_CHOICE,		/* one of `choices`, kept as its index in number */
	OPTION_LIST,		/* { a, b } */
	OPTION_FILE,		/* a path, relative to the file that names it */
	OPTION_FILES,		/* a list of them */
	OPTION_DIR		/* a folder: every file below it */
};

struct option_row {
	const char		*name;
	enum option_type	 type;
	const char		*choices;	/* "absent|present" */
	bool			 required;
};

/* A file that a policy is made of; its bytes count into the policy's id. */
struct policy_file {
	const char	*path;	/* as the policy names it (below a DIR: relative) */
	struct slice	 bytes;
};

struct option_value {
	bool			 set;
	int			 line;		/* of the policy file */
	const char		*string;
	double			 number;	/* BOOL: 0 or 1; CHOICE: its index */
	const char *const	*list;
	size_t			 nlist;
	const struct policy_file *files;	/* FILE: one */
	size_t			 nfiles;
};

/* A section "own" within a guard's: a kind that the policy adds. */
struct guard_own {
	const char			*name;		/* title */
	const struct option_value	*values;	/* beside kind->own */
};

/* What a kind is compiled from; lives as long as the policy does. */
struct guard_config {
	const char			*name;	/* title */
	const struct guard_kind		*kind;
	const struct option_value	*values;	/* beside kind->options */
	const struct guard_outside	*outside;
	const struct guard_own		*own;
	size_t				 nown;
	bool				 on_input;	/* not on the output */
	bool				 on_record;	/* on the whole record */
};

#define GUARD_IN_FLIGHT_MAX	64

struct guard_request {
	const char	*url;
	const char	*token_env;	/* NULL: none */
	const char	*proxy;		/* its address, or "env"; NULL: none */
	struct slice	 body;
	long		 timeout_ms;
	int		 retries;
	int		 in_flight;	/* 1 to GUARD_IN_FLIGHT_MAX */
};

/* What core may not do itself, handed in by its caller; members may be NULL. */
struct guard_outside {
	/* POST body to url; STATUS_OK only for a 2xx answer within timeout. */
	enum status	(*http)(void *, const struct guard_request *,
			    struct buf *answer, struct error *);
	void		*arg;
};

struct guard_run {
	struct slice		 text;		/* valid UTF-8 */
	bool			 is_string;	/* else JSON bytes */
	const struct item	*item;
	struct scratch		*scratch;
	struct arena		*arena;		/* the verdict's: findings' texts */
	struct findings		*out;
	const char		*guard;		/* title, for finding.guard */
	const struct guard_kind	*kind;		/* NULL: findings are medium */
};

/* A pattern that can be looked for together with those of other guards. */
struct guard_pattern {
	const char	*pattern;
	int		 flags;		/* core/pattern/pattern.h */
	uint32_t	 limit;
};

struct guard_kind {
	const char		*name;
	const struct option_row	*options;	/* ends with a null name */
	/* Of a section "own" (core/policy/names.c names them too); NULL: takes none. */
	const struct option_row	*own;
	enum severity		 severity;	/* where the policy names none */
	int			 cost;		/* cheap ones run first; 1..1000 */
	bool			 waits;		/* mostly: more workers than cores pay */
	/* Where the policy says nothing; unless it waits, such a guard reads the
	 * bytes too, and with each value its key. */
	enum guard_reads	 reads;
	enum guard_reads	 leaves;	/* with on = leaves */
	/* With these options one value says nothing without the others, and all
	 * are read at once.  NULL: never. */
	bool		(*joins)(const struct guard_config *);
	/*
	 * How many code points all that it finds lies within, so that a text may
	 * go out while it still grows; 0, or NULL: it has to see the whole.
	 */
	size_t		(*window)(const struct guard_config *);
	bool			 records;	/* on = record: finding.on is then the place */
	bool			 private;	/* what it finds is nobody's to read */
	/* The kinds of what it can find, one after the other, NULL behind the last.
	 * NULL: nobody knows them beforehand. */
	const char	*(*finds)(const void *compiled, size_t i);
	bool			 hides;		/* what it finds, nobody sees */
	/* *compiled is NULL-safe in free.  Errors: without file and line. */
	enum status	(*compile)(const struct guard_config *,
			    void **compiled, struct error *);
	enum status	(*run)(const void *compiled, struct guard_run *,
			    struct error *);
	void		(*free)(void *compiled);
	/* What the author of its options can hardly want, or NULL; lives as long
	 * as *compiled.  NULL: nothing is doubtful. */
	const char	*(*doubt)(const void *compiled);
	/*
	 * Both, or neither: where pattern() says true, run() does nothing but
	 * call found() for each match of that pattern (core/guard/sweep.h).
	 */
	bool		(*pattern)(const void *compiled, struct guard_pattern *);
	enum status	(*found)(const void *compiled, struct guard_run *,
			    size_t start, size_t end, struct error *);
};

/* A guard ready to run, whatever the policy says of it beside. */
struct compiled_guard {
	const struct guard_kind	*kind;
	const void		*compiled;
	enum guard_reads	 reads;
	bool			 on_input;	/* not on the output */
};

extern const struct guard_kind *const guard_kinds[];	/* ends with NULL */
const struct guard_kind	*guard_kind_find(const char *name);

/* The value of an option that the kind has, never NULL (unset: .set is false). */
const struct option_value *guard_option(const struct guard_config *,
		    const char *name);
/* For kinds whose finds are words, numbers and marks of some 100 characters. */
size_t		 guard_window_word(const struct guard_config *);
/* The option max_match, unless it must = present. */
size_t		 guard_window_said(const struct guard_config *);
#define GUARD_WINDOW_MAX	4096
/* Of kinds with the option must = absent|present: is it the second? */
bool		 guard_must_be_there(const struct guard_config *);

/*
 * Appends a finding with the kind's severity and score 1; the caller changes
 * what differs.  NULL where there is no memory or FINDINGS_MAX is reached.
 */
struct finding	*finding_add(struct guard_run *, const char *kind,
		    size_t start, size_t end, const char *message, ...)
		    PRINTF(5, 6);
/* After finding_add() gave NULL: STATUS_OK where FINDINGS_MAX is reached (the
 * last finding says so and the guard may stop), else STATUS_NOMEM. */
enum status	 finding_stop(const struct guard_run *, struct error *);

/*
 * A whole number from min up.  Unset: *n keeps its value.  STATUS_INVALID names
 * the option.
 */
enum status	 guard_option_size(const struct guard_config *,
		    const char *name, size_t min, size_t *n, struct error *)
		    MUST_CHECK;

#endif
