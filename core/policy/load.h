/*
 * How a policy file becomes a policy, in steps that only policy*.c know:
 * conf_read() makes sections and settings, each with its place;
 * policy_guards(), policy_queues() and policy_roles() make of them what
 * core/policy/policy.h promises.
 */
#ifndef CORE_POLICY_LOAD_H
#define CORE_POLICY_LOAD_H

#include "core/base/titles.h"
#include "core/policy/policy.h"
#include "core/policy/names.h"

struct expr_set;		/* core/expr/expr.h */

#define POLICY_INCLUDES_MAX	10	/* one within the other */
#define POLICY_NAME_MAX		256	/* bytes of a title */
#define POLICY_TEXT_MAX		((size_t)4 << 20)	/* bytes of a policy file */

struct place {
	const char	*file;		/* as messages show it */
	int		 line, column;	/* from 1; a column is a character */
	const char	*named;		/* the file as the policy names it */
};

/* "name = value" or "name = { a, b }". */
struct setting {
	const char	*name;
	struct place	 at;		/* of its name */
	const char	**v;
	struct spot {
		int	line, column;
	}		*spots;		/* beside v */
	size_t		 n, cap;
};

struct section {
	const char	*title;
	struct place	 at;		/* of its title */
	struct setting	*settings;
	size_t		 nsettings, cap;
	struct sections {
		struct section	*v;
		size_t		 n, cap;
	}		 inner;		/* a queue's rules, a guard's own kinds */
};

struct load {
	struct policy			*policy;
	struct arena			*arena;		/* the policy's */
	const struct loader		*loader;
	const struct guard_outside	*outside;
	const char			*dir;	/* of the policy file, or "" */
	struct policy_file		**files;
	size_t				 nfiles, cap;
	struct titles			 paths;	/* of files */
	struct sections			 top[SECTION_TOP];
	struct titles			 guards;
	struct titles			 listed;	/* each list a scope */
	uint32_t			 lists;
	struct titles			 alike;	/* what queues have, as text */
	struct expr_set			*check;	/* for conditions' mistakes */
};

/* Sets "FILE:LINE:COLUMN: " and the message. */
enum status	place_error(struct error *, struct place, const char *, ...)
		    PRINTF(3, 4);
/* Puts "FILE:LINE:COLUMN: WHAT "TITLE": " before the message that is set. */
enum status	place_prefix(struct error *, struct place, const char *what,
		    const char *title);

/*
 * The bytes of a file that `from` (a file as the policy names it) calls
 * `name`; read once and kept as part of the policy, with a NUL behind them.
 */
enum status	load_file(struct load *, const char *from, const char *name,
		    const struct policy_file **, struct error *) MUST_CHECK;
/* Every file below the folder, with paths relative to it. */
enum status	load_dir(struct load *, const char *from, const char *name,
		    struct policy_file **, size_t *n, struct error *)
		    MUST_CHECK;
/* The path that a message shows for a file that the policy names so. */
const char	*load_shown(struct load *, const char *name);

/* Reads the policy's first file, and what it includes, into load->top. */
enum status	conf_read(struct load *, const struct policy_file *,
		    struct error *) MUST_CHECK;
/* NULL: not set. */
const struct setting *conf_get(const struct section *, const char *name);
/* The place of value i; of the setting's name where there is none. */
struct place	setting_place(const struct setting *, size_t i);

enum status	policy_guards(struct load *, struct error *) MUST_CHECK;
enum status	policy_queues(struct load *, struct error *) MUST_CHECK;
enum status	policy_roles(struct load *, struct error *) MUST_CHECK;

/* Values of settings; the errors have no place. */
enum status	value_number(const char *, double *, struct error *) MUST_CHECK;
enum status	value_bool(const char *, bool *, struct error *) MUST_CHECK;
enum status	value_duration(const char *, int64_t *ms, struct error *)
		    MUST_CHECK;
/* Index of a word among "a|b|c". */
enum status	value_choice(const char *, const char *choices, int *,
		    struct error *) MUST_CHECK;
/* The candidate most like the word, or NULL where none is near. */
const char	*value_near(const char *word, const char *(*candidate)(void *,
		    size_t), void *arg);

#endif
